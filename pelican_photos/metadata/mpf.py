"""MPF (CIPA DC-007): the list of the pictures that one JPEG file holds.

Among them are smaller copies of the first, and the picture as it was before it was edited: both may
show what its owner cut away.  Gain maps, depth and a second eye are something else, and stay.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pelican_photos.metadata.ifd import ORDERS, Directory, Tiff, is_tiff
from pelican_photos.metadata.patch import Data, Extent, Patch, moved, zeros

NAME = b"MPF\0"
_COUNT, _LIST, _NUMBERS = 0xB001, 0xB002, 0xB003
_ENTRY = 16  # bytes: attributes, length, offset, and the numbers of two pictures that belong to it
_KIND = 0xFFFFFF
_LARGE_THUMBNAILS, _BEFORE_EDITING = range(0x010001, 0x020000), 0x040000
_PICTURE = b"\xff\xd8\xff"


class Small(NamedTuple):
    """What a list asks for: its own patches, and which pictures become zeros."""

    patches: list[Patch]
    pictures: list[Extent]


def small_pictures(data: Data, index: Extent, end: int) -> Small:
    """Find the copies that a list names behind the ``end`` of the first picture.

    They leave the list, and those behind them move up; unique numbers of pictures become zeros.
    """
    block = data[index.start : index.end]
    if not is_tiff(block):
        return Small([], [])
    tiff = Tiff(block, ORDERS[block[:2]])
    directory = tiff.directory(tiff.number(4, 4))
    numbers = (entry.extent for entry in directory.entries if entry.tag == _NUMBERS)
    found = [zeros(each) for each in numbers if each.end <= len(block)]
    entries = _entries(tiff, directory)
    gone = [n for n, entry in enumerate(entries) if n and _is_small(tiff, entry)]
    if gone:
        found += _rewritten(tiff, directory, entries, gone)
    places = (_place(tiff, entries[n], index.start) for n in gone)
    return Small(
        list(moved(found, index.start)),
        [
            Extent(start, min(stop, len(data)))
            for start, stop in places
            if start >= end and data[start : start + len(_PICTURE)] == _PICTURE
        ],
    )


def _entries(tiff: Tiff, directory: Directory) -> list[Extent]:
    """Give where the lines of the list stand."""
    lists = (entry.extent for entry in directory.entries if entry.tag == _LIST)
    start, end = next(lists, Extent(0, 0))
    end = min(end, len(tiff.data))
    return [Extent(at, at + _ENTRY) for at in range(start, end - _ENTRY + 1, _ENTRY)]


def _is_small(tiff: Tiff, entry: Extent) -> bool:
    kind = tiff.number(entry.start, 4) & _KIND
    return kind in _LARGE_THUMBNAILS or kind == _BEFORE_EDITING


def _place(tiff: Tiff, entry: Extent, base: int) -> Extent:
    """Give where a picture lies in the file: its offset counts from the list's own header."""
    length, offset = tiff.number(entry.start + 4, 4), tiff.number(entry.start + 8, 4)
    return Extent(base + offset, base + offset + length)


def _rewritten(
    tiff: Tiff, directory: Directory, entries: list[Extent], gone: list[int]
) -> Iterator[Patch]:
    """Shorten the list, its length in the table, and the count of pictures."""
    stay = sorted(set(range(len(entries))) - set(gone))
    renumbered = {old + 1: new for new, old in enumerate(stay, start=1)}
    lines = b""
    for n in stay:
        start = entries[n].start
        lines += tiff.data[start : start + 12]
        for at in (start + 12, start + 14):
            lines += renumbered.get(tiff.number(at, 2), 0).to_bytes(2, tiff.order)
    yield Patch(entries[0].start, lines.ljust(_ENTRY * len(entries), b"\0"))
    for n, entry in enumerate(directory.entries):
        line = directory.table.start + 2 + 12 * n
        if entry.tag == _LIST:
            yield Patch(line + 4, (_ENTRY * len(stay)).to_bytes(4, tiff.order))
        elif entry.tag == _COUNT:
            yield Patch(line + 8, len(stay).to_bytes(4, tiff.order))
