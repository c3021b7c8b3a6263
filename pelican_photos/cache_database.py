"""A small SQLite file that may be lost: it saves work, and is built again from what it is about."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from pelican_photos.errors import PhotosError, ReadOnly

T = TypeVar("T")

# Result codes that speak of the disk and of other processes; any other error is damage.
_CIRCUMSTANCES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
_PATIENCE = 60  # seconds to wait for another build; it holds the file for milliseconds


class CacheDatabase:
    """The file; each action opens it, holds it for milliseconds, and closes it."""

    def __init__(self, file: Path, schema: str) -> None:
        self._file = file
        self._schema = f"BEGIN IMMEDIATE; {schema} COMMIT;"

    def run(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``action``; a damaged file is thrown away, and an empty one takes its place.

        Raises:
            ReadOnly: it is there, but cannot be written.
            PhotosError: it cannot be opened, or the disk is full.
        """
        try:
            return self._run(action)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", -1) & 0xFF in _CIRCUMSTANCES:
                raise self._unusable(error) from error
        try:
            for ending in ("", "-journal", "-wal", "-shm"):  # an old journal would spoil a new file
                Path(f"{self._file}{ending}").unlink(missing_ok=True)
            return self._run(action)
        except (sqlite3.DatabaseError, OSError) as error:
            raise self._unusable(error) from error

    def _run(self, action: Callable[[sqlite3.Connection], T]) -> T:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        # IMMEDIATE: a transaction that begins by reading could not wait for another build.
        with closing(
            sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level="IMMEDIATE")
        ) as connection:
            if not connection.execute("SELECT name FROM sqlite_master").fetchone():
                connection.executescript(self._schema)
            return action(connection)

    def _unusable(self, error: Exception) -> PhotosError:
        code = getattr(error, "sqlite_errorcode", -1) & 0xFF
        kind = ReadOnly if code == sqlite3.SQLITE_READONLY else PhotosError
        return kind(
            f"{self._file} cannot be used: {error}; free some space, "
            "or choose another folder in PHOTOS_CACHE"
        )
