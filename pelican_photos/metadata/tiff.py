"""TIFF: what EXIF is made of, and TIFF and most raw files as a whole.

The coordinates have a directory of their own.  The entry that points there is taken out of its
table, and what it pointed at becomes zeros.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import makernote
from pelican_photos.metadata.ifd import ORDERS, SIZES, Directory, Entry, Tiff, outside
from pelican_photos.metadata.patch import (
    Data,
    Extent,
    Patch,
    Scan,
    moved,
    refuse_shared,
    zeros,
)

_GPS = 0x8825
_GEOTIFF = frozenset({0x830E, 0x8480, 0x8482, 0x85D8, 0x87AF, 0x87B0, 0x87B1})
_SUBDIRECTORIES = frozenset({0x014A, 0x8769, 0xA005})  # SubIFDs, EXIF, interoperability
_BLOCKS = frozenset({0x02BC, 0x83BB, 0x8649})  # XMP, IPTC, Photoshop
_THUMBNAIL, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_PIXELS = ((0x0111, 0x0117), (0x0144, 0x0145))  # strips and tiles: offsets, lengths
_MAKER_NOTE = 0x927C
# These may claim more than is theirs: a maker note's length is often wrong, padding is nobody's.
_LOOSE = frozenset({_MAKER_NOTE, 0xC634, 0xEA1C})
_MOST_ENTRIES = 50_000
_MOST_VALUES = 1_000_000  # of strips, tiles and the like
_MOST_LISTS = 64  # of coordinates, and of maker notes

_T = TypeVar("_T")


def patches(block: Data, inner: Scan) -> list[Patch]:
    """Find the places in all directories, and in the blocks and thumbnails they hold.

    Raises:
        MetadataError: a directory with coordinates is damaged, or shares bytes with other data.
    """
    tiff = Tiff(block, ORDERS[block[:2]])
    directories = list(_directories(tiff))
    erased = list(_erased(tiff, directories))
    refuse_shared(erased, _few(chain.from_iterable(_kept(tiff, each) for each in directories)))
    found = [zeros(extent) for extent in _merged(erased)]
    for directory in directories:
        found += _without_places(tiff, directory)
        for start, end in _inside(tiff, directory):
            found += moved(inner(block[start:end]), start)
    return found


def _directories(tiff: Tiff) -> Iterator[Directory]:
    """Walk the chain from the first directory, and what hangs on it, each once."""
    waiting, seen, left = [(tiff.number(4, 4), True)], set[int](), _MOST_ENTRIES
    while waiting:
        at, chained = waiting.pop()
        if at in seen or at < 8 or at + 2 > len(tiff.data):
            continue
        seen.add(at)
        directory = tiff.directory(at, chained=chained)
        left -= len(directory.entries)
        if left < 0:
            raise MetadataError("its EXIF has more entries than can be meant")
        yield directory
        targets = _few(
            target
            for entry in directory.entries
            if entry.tag in _SUBDIRECTORIES
            for target in tiff.numbers(entry)
        )
        left -= len(targets)
        waiting += ((target, False) for target in targets)
        if chained and directory.table.end + 4 <= len(tiff.data):
            waiting.append((tiff.number(directory.table.end, 4), True))


def _erased(tiff: Tiff, directories: list[Directory]) -> Iterator[Extent]:
    """Give what becomes zeros: directories of coordinates, and all their values."""
    lists = {at for each in directories for at in _pointers(tiff, each)}
    for at in _few(lists, _MOST_LISTS):
        if at + 2 <= len(tiff.data):
            yield from _coordinates(tiff, tiff.directory(at))
    entries = (entry for directory in directories for entry in directory.entries)
    notes = {entry.extent for entry in entries if entry.tag == _MAKER_NOTE}
    for note in _few(notes, _MOST_LISTS):
        yield from makernote.places(tiff, note)
    for directory in directories:
        for entry in directory.entries:
            if entry.tag in _GEOTIFF and entry.extent.end <= len(tiff.data):
                yield from outside(directory, entry)


def _pointers(tiff: Tiff, directory: Directory) -> Iterator[int]:
    for entry in directory.entries:
        if entry.tag == _GPS:
            pointers = _few(tiff.numbers(entry), _MOST_LISTS)
            if not pointers:
                raise MetadataError("its coordinates are of an unknown type")
            yield from pointers


def _coordinates(tiff: Tiff, gps: Directory) -> Iterator[Extent]:
    if not gps.whole:
        raise MetadataError("the list of its coordinates is cut short")
    yield gps.table
    for entry in gps.entries:
        if entry.kind not in SIZES and (entry.kind, entry.tag) != (0, 0):
            raise MetadataError("its coordinates are of an unknown type")
        if entry.extent.start < len(tiff.data) < entry.extent.end:
            raise MetadataError("its coordinates are cut short")
        if entry.extent.end <= len(tiff.data):
            yield from outside(gps, entry)


def _few(values: Iterable[_T], most: int = _MOST_VALUES) -> list[_T]:
    """Take what may be meant; tables that point at each other can say more than they hold."""
    few = list(islice(values, most + 1))
    if len(few) > most:
        raise MetadataError("its EXIF says more than can be meant")
    return few


def _merged(extents: Iterable[Extent]) -> list[Extent]:
    """Join what overlaps, so that many values on one spot cost no more than one."""
    merged: list[Extent] = []
    for extent in sorted(extents):
        if merged and extent.start <= merged[-1].end:
            merged[-1] = Extent(merged[-1].start, max(merged[-1].end, extent.end))
        else:
            merged.append(extent)
    return merged


def _kept(tiff: Tiff, directory: Directory) -> Iterator[Extent]:
    """Give what must not change: tables, values, thumbnails, strips and tiles."""
    yield directory.table
    for entry in directory.entries:
        loose = entry.tag in _LOOSE or entry.tag in _GEOTIFF or entry.tag == _GPS
        if not loose and entry.extent.end <= len(tiff.data):
            yield from outside(directory, entry)
    for starts, lengths in ((_THUMBNAIL, _THUMBNAIL_LENGTH), *_PIXELS):
        pairs = _pairs(tiff, directory, starts, lengths)
        yield from (extent for extent in pairs if extent.end <= len(tiff.data))


def _pairs(tiff: Tiff, directory: Directory, starts: int, lengths: int) -> Iterator[Extent]:
    tags = {entry.tag: entry for entry in directory.entries}
    if starts in tags and lengths in tags:
        both = zip(tiff.numbers(tags[starts]), tiff.numbers(tags[lengths]), strict=False)
        yield from (Extent(start, start + length) for start, length in both)


def _without_places(tiff: Tiff, directory: Directory) -> Iterator[Patch]:
    """Take the entries out that say where; the rest of the table moves up within it.

    The offset of the next directory moves up as well.  Where it stood stays as it is, for some
    writers leave it out and put a value there.
    """
    start, end = directory.table
    places = [n for n, entry in enumerate(directory.entries) if _is_place(entry)]
    if not places:
        return
    if not directory.whole:
        raise MetadataError("the list of its EXIF tags is cut short")
    lines = [
        tiff.data[at : at + 12]
        for n, at in enumerate(range(start + 2, end, 12))
        if not _is_place(directory.entries[n])
    ]
    following = tiff.data[end : end + 4] if directory.chained else b""
    table = len(lines).to_bytes(2, tiff.order) + b"".join(lines) + following
    yield Patch(start, table.ljust(end - start, b"\0"))


def _is_place(entry: Entry) -> bool:
    return entry.tag == _GPS or entry.tag in _GEOTIFF


def _inside(tiff: Tiff, directory: Directory) -> Iterator[Extent]:
    """Give the blocks that have a format of their own."""
    for entry in directory.entries:
        if entry.tag in _BLOCKS:
            yield entry.extent
    yield from _pairs(tiff, directory, _THUMBNAIL, _THUMBNAIL_LENGTH)
