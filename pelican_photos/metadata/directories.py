"""The directories of a TIFF block: which stay, and which are a thumbnail's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TypeVar

from pelican_photos.errors import MetadataError
from pelican_photos.metadata.ifd import Directory, Tiff
from pelican_photos.metadata.patch import Extent

GPS, SUB_IFDS = 0x8825, 0x014A
THUMBNAIL, THUMBNAIL_LENGTH = 0x0201, 0x0202
_PIXELS = ((0x0111, 0x0117), (0x0144, 0x0145))  # strips and tiles: offsets, lengths
_INNER = frozenset({0x8769, 0xA005})  # EXIF, interoperability
_DNG_VERSION = 0xC612
_WIDTH, _SUBFILE, _OLD_SUBFILE = 0x0100, 0x00FE, 0x00FF
_REDUCED, _OLD_REDUCED = 1, 2
# How a sensor's raw values are stored: colour filter array and linear raw; the makers' own packing.
_RAW = {0x0106: {32803, 34892}, 0x0103: {32767, 32769, 32770, 34713, 65535}}
_CANON_RAW = b"CR"  # behind the header
_MOST_ENTRIES = 50_000
_MOST_VALUES = 1_000_000  # of strips, tiles and the like

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a block consists of."""

    kept: tuple[Directory, ...]
    dropped: tuple[Directory, ...]  # a thumbnail's, and what hangs on it
    following: dict[int, int]  # where what follows a kept directory changes: the next, or 0
    raw: bool  # a camera's raw file, other than DNG


def layout(tiff: Tiff, *, whole: bool, keep_places: bool) -> Layout:
    """Walk the chain from the first directory, and what hangs on it, each once.

    Where the block is not the ``whole`` file but EXIF, all behind the first in the chain is a
    thumbnail, and is not read.  In a file they may be pages: there a thumbnail says so.  A DNG
    keeps its previews: its raw values show as much.

    Raises:
        MetadataError: there are more entries than can be meant.
    """
    optional = {SUB_IFDS: whole, GPS: keep_places}
    walk = _Walk(tiff, _INNER | {tag for tag, goes_on in optional.items() if goes_on})
    chain = list(walk.chain() if whole else islice(walk.chain(), 1))
    is_dng = bool(chain) and any(entry.tag == _DNG_VERSION for entry in chain[0].entries)
    thumbnails = [] if is_dng else [each for each in chain[1:] if _is_thumbnail(tiff, each)]
    stay = [each for each in chain if each not in thumbnails]
    kept, dropped = tuple(walk.below(stay)), tuple(walk.below(thumbnails))
    return Layout(
        kept=kept,
        dropped=dropped,
        following=_following(chain, stay) if whole else {each.table.start: 0 for each in stay},
        raw=not is_dng and _is_raw(tiff, kept),
    )


def _following(chain: list[Directory], stay: list[Directory]) -> dict[int, int]:
    before, after = (
        dict(pairwise([*(each.table.start for each in directories), 0]))
        for directories in (chain, stay)
    )
    return {start: target for start, target in after.items() if before[start] != target}


@dataclass(slots=True)
class _Walk:
    tiff: Tiff
    inner: frozenset[int]
    seen: set[int] = field(default_factory=set)
    left: int = _MOST_ENTRIES

    def chain(self) -> Iterator[Directory]:
        at = self.tiff.number(4, 4)
        while directory := self._read(at, chained=True):
            yield directory
            if directory.table.end + 4 > len(self.tiff.data):
                return
            at = self.tiff.number(directory.table.end, 4)

    def below(self, directories: Iterable[Directory]) -> Iterator[Directory]:
        """Give directories, and all that hang on them and were not given yet."""
        waiting = list(directories)
        while waiting:
            directory = waiting.pop()
            yield directory
            targets = few(
                target
                for entry in directory.entries
                if entry.tag in self.inner
                for target in self.tiff.numbers(entry)
            )
            self.left -= len(targets)
            found = (self._read(target, chained=False) for target in targets)
            waiting += (each for each in found if each)

    def _read(self, at: int, *, chained: bool) -> Directory | None:
        if at in self.seen or at < 8 or at + 2 > len(self.tiff.data):
            return None
        self.seen.add(at)
        directory = self.tiff.directory(at, chained=chained)
        self.left -= len(directory.entries)
        if self.left < 0:
            raise MetadataError("its EXIF has more entries than can be meant")
        return directory


def few(values: Iterable[_T], most: int = _MOST_VALUES) -> list[_T]:
    """Take what may be meant; tables that point at each other can say more than they hold.

    Raises:
        MetadataError: there are more.
    """
    taken = list(islice(values, most + 1))
    if len(taken) > most:
        raise MetadataError("its EXIF says more than can be meant")
    return taken


def pixels(tiff: Tiff, directory: Directory) -> Iterator[Extent]:
    """Give where strips, tiles and the JPEG of a directory lie, as far as they are there."""
    for starts, lengths in ((THUMBNAIL, THUMBNAIL_LENGTH), *_PIXELS):
        pairs = _pairs(tiff, directory, starts, lengths)
        yield from (extent for extent in pairs if extent.end <= len(tiff.data))


def old_jpeg(tiff: Tiff, directory: Directory) -> Iterator[Extent]:
    """Give where the JPEG of a directory lies."""
    return _pairs(tiff, directory, THUMBNAIL, THUMBNAIL_LENGTH)


def _pairs(tiff: Tiff, directory: Directory, starts: int, lengths: int) -> Iterator[Extent]:
    tags = {entry.tag: entry for entry in directory.entries}
    if starts in tags and lengths in tags:
        both = zip(tiff.numbers(tags[starts]), tiff.numbers(tags[lengths]), strict=False)
        yield from (Extent(start, start + length) for start, length in both)


def _first(tiff: Tiff, directory: Directory, tag: int) -> int:
    """Read the first number of an entry; 0 when there is none."""
    entry = next((entry for entry in directory.entries if entry.tag == tag), None)
    return next(iter(tiff.numbers(entry)), 0) if entry else 0


def _is_thumbnail(tiff: Tiff, directory: Directory) -> bool:
    reduced = _first(tiff, directory, _SUBFILE) & _REDUCED
    old = _first(tiff, directory, _OLD_SUBFILE) == _OLD_REDUCED
    tags = {entry.tag for entry in directory.entries}
    return bool(reduced or old or (THUMBNAIL in tags and _WIDTH not in tags))


def _is_raw(tiff: Tiff, directories: Iterable[Directory]) -> bool:
    return tiff.data[8:10] == _CANON_RAW or any(
        _first(tiff, directory, tag) in values
        for directory in directories
        for tag, values in _RAW.items()
    )
