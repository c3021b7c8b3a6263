"""Writes the files of one build: not made again where they would be the same, nor written again."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pelican.plugins import signals
from pelican.writers import FileOverwriteFailedError, Writer

from pelican_photos.atomic import PARTIAL
from pelican_photos.plugin.assets import hashed_name
from pelican_photos.plugin.page_cache import PageCache, Printed, differing, digest_of, stamp_of


class Made(NamedTuple):
    """A text, and what else came of making it; what is ``doubtful`` is made again next time."""

    text: str
    note: str = ""
    doubtful: bool = False


class Prints(Protocol):
    """What the press needs: a ``Printer``, or somebody who only looks."""

    def put(
        self,
        save_as: str,
        inputs: str,
        make: Callable[[], Made],
        context: Callable[[], Mapping[str, Any]] | None = None,
    ) -> str:
        """Write a file, unless it is there; gives the note of when it was made."""

    def put_named(self, name: str, inputs: str, make: Callable[[], str]) -> str:
        """Write a text whose file has a hash of it in its name; gives the file."""


class Printer:
    """Writes texts below the output; ``writer`` knows what Pelican wrote there itself."""

    def __init__(self, output: Path, writer: Writer, cache: PageCache) -> None:
        self._output = os.path.abspath(output)  # noqa: PTH100 - as Pelican notes what it wrote
        self._writer = writer
        self._cache = cache
        self._now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"

    def put(
        self,
        save_as: str,
        inputs: str,
        make: Callable[[], Made],
        context: Callable[[], Mapping[str, Any]] | None = None,
    ) -> str:
        """Write a file, unless it is there; gives the note of when it was made.

        ``inputs`` is the fingerprint of all that it is made from, "" where that is not known.
        Whoever listens to Pelican's ``content_written`` is told of it, with ``context``.

        Raises:
            OSError: it cannot be written.
            FileOverwriteFailedError: Pelican has a file of its own there.
        """
        path = self._inside(save_as)
        if self._is_overridden(path):
            return ""
        known = self._cache.get(save_as, inputs) if inputs else None
        if known and (stamp := self._brought_back(save_as, path, known)):
            self._cache.keep(save_as, self._told(path, stamp, context))
            return known.note
        made = make()
        digest = digest_of(made.text)
        stamp = self._told(path, self._written(save_as, path, made.text, digest), context)
        why = self._why(save_as, inputs)
        inputs = "" if made.doubtful else inputs
        self._cache.add(save_as, Printed(inputs, stamp, digest, made.note, why), made.text)
        return made.note

    def put_named(self, name: str, inputs: str, make: Callable[[], str]) -> str:
        """Write a text whose file has a hash of it in its name; gives the file, below the output.

        ``name`` is the file's without the hash: "photos/assets/search-2024.json".
        """
        known = self._cache.get(name, inputs) if inputs else None
        if known and (stamp := self._brought_back(name, self._inside(known.note), known)):
            self._cache.keep(name, stamp)
            return known.note
        text = make()
        file = hashed_name(name, text)
        path = self._inside(file)
        digest = digest_of(text)
        stamp = self._written(name, path, text, digest)
        printed = Printed(inputs, stamp, digest, file, self._why(name, inputs))
        self._cache.add(name, printed, text)
        return file

    def _why(self, save_as: str, inputs: str) -> str:
        """Note when a file is made, and because of what."""
        known = self._cache.known(save_as)
        if known is None:
            why = "nothing was known of it"
        elif known.inputs == inputs != "":
            why = "it was not in the output as it was printed"
        else:
            why = differing(known.inputs, inputs) or "nobody can tell what it is made from"
        return f"{self._now}: {why}"

    def _brought_back(self, save_as: str, path: str, known: Printed) -> str:
        """Give the stamp of a file that is there, or was now written as it was; "" else."""
        if known.stamp and stamp_of(path) == known.stamp:
            return known.stamp
        text = self._cache.text(save_as, known)
        return "" if text is None else write(path, text)

    def _written(self, save_as: str, path: str, text: str, digest: str) -> str:
        """Write a text, unless it is what the file holds; gives the file's stamp."""
        stamp = stamp_of(path)
        return stamp if self._cache.holds(save_as, digest, stamp) else write(path, text)

    def _inside(self, save_as: str) -> str:
        """Give the path of a file of the site.

        Raises:
            RuntimeError: it would lie elsewhere; no name of ours does.
        """
        if save_as.startswith("/") or ".." in save_as.split("/"):
            raise RuntimeError(f"{save_as} is no name for a file of the site")
        return f"{self._output}/{save_as}"

    def _is_overridden(self, path: str) -> bool:
        """Keep the writer's books, as if it had opened the file."""
        written, overridden = self._writer._written_files, self._writer._overridden_files  # noqa: SLF001 - nobody else keeps them
        if path in overridden:
            return True
        if path in written:
            raise FileOverwriteFailedError(f"two pages of the site are to be {path}")
        written.add(path)
        return False

    def _told(self, path: str, stamp: str, context: Callable[[], Mapping[str, Any]] | None) -> str:
        """Tell who listens; gives the stamp, "" where that changed the file.

        It is then written anew at the next build, before they are told again.
        """
        if context and signals.content_written.receivers:
            signals.content_written.send(path, context=context())
            return stamp if stamp_of(path) == stamp else ""
        return stamp


def write(path: str, text: str) -> str:
    """Put a text where a reader finds it whole, or as it was before; gives the file's stamp.

    It is taken before the file gets its name, as another build may have one of its own to put
    there.  There is no fsync: what a power failure takes, the next build makes again.

    Raises:
        OSError: it cannot be written.
    """
    folder, name = os.path.split(path)
    part = f"{folder}/.{name}.{os.getpid()}{PARTIAL}"
    try:
        file = open(part, "wb")  # noqa: PTH123, SIM115 - of tens of thousands of files
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - the same
        file = open(part, "wb")  # noqa: PTH123, SIM115 - the same
    try:
        with file:
            file.write(text.encode("utf-8"))
        stamp = stamp_of(part)
        os.replace(part, path)  # noqa: PTH105 - the same
    except BaseException:
        os.unlink(part)  # noqa: PTH108 - the same
        raise
    return stamp
