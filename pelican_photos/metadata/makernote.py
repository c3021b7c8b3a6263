"""Names of places in maker notes: Panasonic's travel mode, and Nikon's points of interest.

The manufacturers publish nothing; the numbers are those that ExifTool's documentation lists.
"""

from collections.abc import Iterator

from pelican_photos.metadata.ifd import ORDERS, SIZES, Tiff, is_tiff
from pelican_photos.metadata.patch import Extent, Patch, number, zeros

_PANASONIC = b"Panasonic\0\0\0"
_PANASONIC_PLACES = frozenset({0x67, 0x69, 0x6B, 0x6D, 0x6F, 0x80})
_NIKON = b"Nikon\0\x02"
_NIKON_HEADER = 10  # bytes before a TIFF header of its own
_NIKON_PLACE = 0x39
_NIKON_PLACE_NAMES = 5  # bytes of version and text encoding before the names
_NIKON_FILM_PLACES = range(0x1200000, 0x1200100)


def places(tiff: Tiff, note: Extent) -> Iterator[Extent]:
    """Find the names of places in a maker note.

    A program that moved the note and left its offsets as they were has lost them: what an
    offset finds outside the note is not looked at.
    """
    start, end = note
    for place in _found(tiff, start, min(end, len(tiff.data))):
        if start <= place.start < place.end <= end and _says_something(tiff, place):
            yield place


def _says_something(tiff: Tiff, place: Extent) -> bool:
    """Tell a name from the dashes that stand for none."""
    return bool(tiff.data[place.start : place.end].strip(b"\0- "))


def _found(tiff: Tiff, start: int, end: int) -> Iterator[Extent]:
    head = tiff.data[start : min(start + 20, end)]
    if head.startswith(_PANASONIC):
        for entry in tiff.directory(start + len(_PANASONIC)).entries:
            if entry.tag in _PANASONIC_PLACES:
                yield entry.extent
    elif head.startswith(_NIKON) and is_tiff(head[_NIKON_HEADER:]):
        base = start + _NIKON_HEADER
        note = Tiff(tiff.data[base:end], ORDERS[head[_NIKON_HEADER : _NIKON_HEADER + 2]])
        for entry in note.directory(note.number(4, 4)).entries:
            if entry.tag == _NIKON_PLACE:
                shift = base + _NIKON_PLACE_NAMES
                yield Extent(entry.extent.start + shift, entry.extent.end + base)


def film_patches(block: bytes) -> Iterator[Patch]:
    """Erase the coordinates among the tags of Nikon's films: number, type, count, value."""
    at = 0
    while at + 8 <= len(block):
        tag, kind, count = (number(block, at + n, size) for n, size in ((0, 4), (4, 2), (6, 2)))
        if kind not in SIZES:
            return
        end = min(at + 8 + SIZES[kind] * count, len(block))
        if tag in _NIKON_FILM_PLACES:
            yield zeros(Extent(at, at + 4))
            yield zeros(Extent(at + 8, end))
        at = end
