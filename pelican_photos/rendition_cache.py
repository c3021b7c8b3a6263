"""What the rendition cache remembers (``Index``) and holds (``Shelf``).

Neither knows how a picture is decoded.  The index may be lost at any time: it
saves reading originals, and is rebuilt from them.  A file on the shelf is named
by what it was made from, so it is right for ever, or absent.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import starmap
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from pelican_photos.cache_database import CacheDatabase
from pelican_photos.errors import PhotosError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS originals (path TEXT PRIMARY KEY, stamp TEXT, digest TEXT);
CREATE TABLE IF NOT EXISTS pictures (
    id INTEGER PRIMARY KEY, digest TEXT, recipe TEXT, facts TEXT, UNIQUE (digest, recipe)
);
"""
_ABANDONED = 3600  # seconds after which a half-written file belongs to no build any more


class Seen(NamedTuple):
    """An original at its last reading; equal stamps mean equal bytes."""

    stamp: str  # size, mtime_ns and inode: compared for equality, never for order
    digest: str  # SHA-256 of its bytes


class Filed(NamedTuple):
    """One rendition on the shelf."""

    width: int
    height: int
    length: int  # bytes, so that a file cut short by a power failure is noticed
    key: str
    format: str = "webp"  # or "avif"; older indexes know WebP alone, and do not say so

    @property
    def file_name(self) -> str:
        """What it is called on the shelf."""
        return f"{self.key}.{self.format}"


class Facts(NamedTuple):
    """What is known of one picture in one recipe."""

    width: int  # of the original, as it is seen
    height: int
    colour: str
    renditions: tuple[Filed, ...]  # small to large; WebP first, then AVIF
    why: str = ""  # when some of them were encoded last, and because of what


@dataclass(slots=True)
class Known:
    """The index in memory.  Facts stay as JSON until somebody asks for them."""

    originals: dict[str, Seen] = field(default_factory=dict)
    pictures: dict[tuple[str, str], str] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)  # digest → newest facts, any recipe
    recipes: dict[str, str] = field(default_factory=dict)  # digest → their recipe
    _by_digest: dict[str, list[str]] = field(default_factory=dict)  # facts, the newest first

    def facts(self, digest: str, recipe: str) -> Facts | None:
        """Give what is known of a picture in this recipe."""
        return _facts(self.pictures.get((digest, recipe)))

    def newest_facts(self, digest: str) -> Facts | None:
        """Give what is known of a picture in the recipe that was used last."""
        return _facts(self.latest.get(digest))

    def facts_in_any_recipe(self, digest: str) -> Iterator[Facts]:
        """Yield all that is known of a picture, the newest first."""
        if not self._by_digest:
            found: dict[str, list[str]] = {}
            for (each, _), text in reversed(self.pictures.items()):
                found.setdefault(each, []).append(text)
            self._by_digest = found  # at once: other threads ask as well
        yield from filter(None, map(_facts, self._by_digest.get(digest, ())))

    def lengths(self, digest: str) -> dict[str, int]:
        """Give how long each file made of a picture is, in bytes, by its name on the shelf."""
        newest_last = reversed(list(self.facts_in_any_recipe(digest)))
        return {it.file_name: it.length for facts in newest_last for it in facts.renditions}


def _facts(text: str | None) -> Facts | None:
    if text is None:
        return None
    try:
        width, height, colour, *rest = json.loads(text)
        why = rest.pop() if rest and isinstance(rest[-1], str) else ""
        return Facts(width, height, colour, tuple(starmap(Filed, rest)), why)
    except (ValueError, TypeError):
        return None  # damaged: the picture is looked at again, and the entry replaced


def _text(facts: Facts) -> str:
    rows = map(_row, facts.renditions)
    return json.dumps((*facts[:3], *rows, facts.why), ensure_ascii=False, separators=(",", ":"))


def _row(entry: Filed) -> tuple[int | str, ...]:
    return entry[:4] if entry.format == "webp" else entry


class Index:
    """A small SQLite file; each verb opens it, holds it for milliseconds, and closes it."""

    def __init__(self, file: Path) -> None:
        self._database = CacheDatabase(file, _SCHEMA)

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Give the index of a cache."""
        return cls(folder / "index-1.sqlite3")

    def load(self) -> Known:
        """Read everything."""
        return self._database.run(_read)

    def remember(
        self, originals: Mapping[str, Seen], pictures: Mapping[tuple[str, str], Facts]
    ) -> None:
        """Add what was found out, in one transaction."""
        if not originals and not pictures:
            return
        seen = [(path, stamp, digest) for path, (stamp, digest) in originals.items()]
        facts = [(*key, _text(entry)) for key, entry in pictures.items()]

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("REPLACE INTO originals VALUES (?, ?, ?)", seen)
                connection.executemany(
                    "REPLACE INTO pictures (digest, recipe, facts) VALUES (?, ?, ?)", facts
                )

        self._database.run(write)

    def forget(self, originals: Iterable[str], pictures: Iterable[tuple[str, str]]) -> None:
        """Take out what nobody needs: originals by their names, facts by digest and recipe."""

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(
                    "DELETE FROM originals WHERE path = ?", [(name,) for name in originals]
                )
                connection.executemany(
                    "DELETE FROM pictures WHERE digest = ? AND recipe = ?", list(pictures)
                )

        self._database.run(write)


def _read(connection: sqlite3.Connection) -> Known:
    known = Known()
    for path, stamp, digest in connection.execute("SELECT path, stamp, digest FROM originals"):
        known.originals[path] = Seen(stamp, digest)
    for digest, recipe, facts in connection.execute(
        "SELECT digest, recipe, facts FROM pictures ORDER BY id"
    ):
        known.pictures[digest, recipe] = known.latest[digest] = facts
        known.recipes[digest] = recipe
    return known


class Shelf:
    """The folder of the finished files; a file that is there under its name is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._place = str(folder)
        self._unfinished = folder / "unfinished"

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Give the shelf of a cache."""
        return cls(folder / "renditions")

    def files(self) -> Iterator[Path]:
        """Yield everything that is finished."""
        for place, _, names in os.walk(self._folder):
            if place != str(self._unfinished):
                yield from (Path(place, name) for name in names)

    def path(self, key: str, form: str = "webp") -> Path:
        """Say where the rendition with this key belongs."""
        return Path(self.location(key, form))

    def location(self, key: str, form: str) -> str:
        """Say the same as a text, which takes a tenth of the time."""
        return f"{self._place}/{key[:2]}/{key}.{form}"

    def whole_length(self, key: str, form: str = "webp") -> int:
        """Give the length of a rendition that no index knows; 0 when it is absent or not whole."""
        try:
            with self.path(key, form).open("rb") as file:
                length = os.fstat(file.fileno()).st_size
                return length if _ENDS[form](file, length) == length else 0
        except OSError:
            return 0

    def put(self, key: str, data: bytes, form: str = "webp") -> None:
        """Store a rendition; it appears whole or not at all.

        There is no fsync, which on a slow disk takes longer than encoding: after
        a power failure the length tells what has to be made again.
        """
        # Two threads may make the same rendition, when two originals are alike.
        part = self._unfinished / f"{key}.{os.getpid()}.{threading.get_ident()}"
        target = self.path(key, form)
        try:
            self._unfinished.mkdir(parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                part.write_bytes(data)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise PhotosError(
                f"{self._folder}: a rendition cannot be stored: {error.strerror}; "
                "free some space, or choose another folder in PHOTOS_CACHE"
            ) from error

    def sweep(self) -> None:
        """Delete what killed builds left unfinished."""
        if not self._unfinished.is_dir():
            return
        for part in self._unfinished.iterdir():
            try:
                if time.time() - part.stat().st_mtime > _ABANDONED:
                    part.unlink()
            except OSError:
                continue  # another build was faster, or it is another user's: neither matters


def _end_of_webp(file: BinaryIO, length: int) -> int:
    """Say where a WebP should end: it is announced at its beginning (RFC 9649, section 2.4)."""
    del length
    head = file.read(8)
    return int.from_bytes(head[4:], "little") + 8 if head[:4] == b"RIFF" else 0


def _end_of_avif(file: BinaryIO, length: int) -> int:
    """Say where an AVIF should end: each of its boxes begins with its own length.

    Of ISO/IEC 14496-12, section 4.2, the usual form alone: 32 bits, then four letters.
    """
    end = 0
    while end < length:
        file.seek(end)
        head = file.read(8)
        size = int.from_bytes(head[:4], "big")
        if size < len(head) or (end == 0 and head[4:] != b"ftyp"):
            return 0
        end += size
    return end


_ENDS: Mapping[str, Callable[[BinaryIO, int], int]] = {"webp": _end_of_webp, "avif": _end_of_avif}
