"""What was printed at the last build, and from what: pages that need not be made again.

A row is about one file of the built site.  It may be lost at any time; the file is then made
again.  What it says of a file on disk is believed only while that has the size, the time and the
inode that it had when it was written.
"""

import hashlib
import logging
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pelican_photos.cache_database import CacheDatabase
from pelican_photos.errors import PhotosError

logger = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    path TEXT PRIMARY KEY, inputs TEXT, stamp TEXT, digest TEXT, note TEXT, why TEXT, text BLOB
);
"""
# What the inputs of a page are, in this order, with a space between.
PARTS = (
    "templates or code, the locale or the time zone",
    "the site around it: settings, menu, what there is in the gallery",
    "the photo, its neighbours, or its words",
)
_AT_ONCE = 500  # files between two notes; what a killed build had not noted is made again
_LEVEL = 1  # of zlib: a third of the size, in a twentieth of the time that a page takes


class Printed(NamedTuple):
    """One file of the built site."""

    inputs: str  # the fingerprints of all that it was made from, as in PARTS
    stamp: str  # of the file, once it was written
    digest: str  # of its text
    note: str = ""  # what else came of making it
    why: str = ""  # when it was made, and why: for people


class PageCache:
    """The files of one site as it is built in one way.

    With ``keeps_text`` their texts are kept as well, for builds whose output is deleted first,
    and where plugins change what was written.
    """

    def __init__(self, file: Path, *, keeps_text: bool) -> None:
        self._file = file
        self._keeps_text = keeps_text
        self._works = True
        self._database = CacheDatabase(file, _SCHEMA)
        self._known: dict[str, Printed] = {}
        self._made: dict[str, tuple[Printed, bytes | None]] = {}
        self._moved: dict[str, str] = {}
        self._seen: set[str] = set()
        self._texts: sqlite3.Connection | None = None

    def load(self) -> None:
        """Read what is known.

        Raises:
            PhotosError: the cache cannot be read.
        """
        self._known = self._database.run(_read)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Read what is known; what was added is kept, also of a build that is broken off.

        After a whole build, what was not part of it is forgotten.  Where the cache cannot be
        read, every page is made; where it cannot be written, they are the next time.
        """
        with self._warned():
            self.load()
            self._mark_as_used()
        try:
            yield
        except BaseException:
            self._save()
            raise
        else:
            self._save(self._known.keys() - self._seen)
        finally:
            if self._texts is not None:
                self._texts.close()

    def get(self, path: str, inputs: str) -> Printed | None:
        """Say what is known of a file, if it was made from these inputs."""
        known = self._known.get(path)
        return known if known and known.inputs == inputs else None

    def known(self, path: str) -> Printed | None:
        """Say what is known of a file, whatever it was made from."""
        return self._known.get(path)

    def text(self, path: str, known: Printed) -> str | None:
        """Give a file's text as it was printed; None where that was not kept, or is damaged."""
        try:
            if self._texts is None:
                self._texts = sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True)
            row = self._texts.execute("SELECT text FROM pages WHERE path = ?", [path]).fetchone()
            text = zlib.decompress(row[0]).decode() if row and row[0] else ""
        except (sqlite3.Error, zlib.error, UnicodeDecodeError):
            return None
        return text if digest_of(text) == known.digest else None

    def holds(self, path: str, digest: str, stamp: str) -> bool:
        """Whether a file with this stamp is what was printed last, and holds such a text."""
        known = self._known.get(path)
        return bool(known and known.digest == digest and known.stamp == stamp)

    def keep(self, path: str, stamp: str) -> None:
        """Note that a file is part of the site as it was, perhaps written once more."""
        self._seen.add(path)
        if self._known[path].stamp != stamp:
            self._moved[path] = stamp

    def add(self, path: str, printed: Printed, text: str) -> None:
        """Note a file that was made."""
        kept = zlib.compress(text.encode("utf-8"), _LEVEL) if self._keeps_text else None
        self._made[path] = printed, kept
        self._seen.add(path)
        if len(self._made) >= _AT_ONCE:
            self._save()

    def _save(self, gone: Iterable[str] = ()) -> None:
        rows = [(path, *printed, text) for path, (printed, text) in self._made.items()]
        # Another build may have noted the page by now, made from something else.
        moved = [(stamp, path, self._known[path].inputs) for path, stamp in self._moved.items()]
        old = [(path,) for path in gone]

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
                connection.executemany(
                    "UPDATE pages SET stamp = ? WHERE path = ? AND inputs = ?", moved
                )
                connection.executemany("DELETE FROM pages WHERE path = ?", old)

        if self._works and (rows or moved or old):
            with self._warned():
                self._database.run(write)
        self._made.clear()
        self._moved.clear()

    def _mark_as_used(self) -> None:
        """Set the time by which a clean-up tells what is not in use any more."""
        with suppress(OSError):  # a read-only one is never cleaned up either
            os.utime(self._file)

    @contextmanager
    def _warned(self) -> Iterator[None]:
        """Do without the cache where it fails, and say so once."""
        try:
            yield
        except PhotosError as error:
            self._works = False
            logger.warning("All pages of photos are made again next time: %s", error)


def pages_in(file: Path) -> int:
    """Count the pages in a cache of them; 0 where it cannot be read."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM pages").fetchone()[0])
        except sqlite3.Error:
            return 0


def differing(known: str, inputs: str) -> str:
    """Say in which parts two inputs differ; "" where they do not, or are not known."""
    before, now = known.split(), inputs.split()
    if len(before) != len(PARTS) or len(now) != len(PARTS):
        return ""
    pairs = zip(PARTS, before, now, strict=True)
    return "; ".join(part for part, old, new in pairs if old != new)


def digest_of(text: str) -> str:
    """Give a short digest of a text."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()


def stamp_of(file: str) -> str:
    """Tell one state of a file from another; "" where there is none."""
    try:
        status = os.stat(file)  # noqa: PTH116 - of tens of thousands of files
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"


def _read(connection: sqlite3.Connection) -> dict[str, Printed]:
    rows = connection.execute("SELECT path, inputs, stamp, digest, note, why FROM pages")
    return {row[0]: Printed._make(row[1:]) for row in rows}
