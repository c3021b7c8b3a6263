"""JSON values laid aside on disk, so that memory holds no more than where each is."""

import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self


class Spill:
    """A nameless temporary file; it is gone when the ``with`` ends, or the process does."""

    def __enter__(self) -> Self:
        self._file = TemporaryFile()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, value: Any) -> int:
        """Lay a value aside; gives where."""
        where = self._file.seek(0, 2)
        self._file.write(json.dumps(value).encode() + b"\n")
        return where

    def get(self, where: int) -> Any:
        """Take a value back."""
        self._file.seek(where)
        return json.loads(self._file.readline())

    def all(self) -> Iterator[tuple[int, Any]]:
        """Yield all of them in the order they came, with where they are."""
        where, end = 0, self._file.seek(0, 2)
        while where < end:
            self._file.seek(where)
            line = self._file.readline()
            yield where, json.loads(line)
            where += len(line)
