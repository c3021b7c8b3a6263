"""Boxes: what MP4, MOV, HEIC, AVIF, JPEG XL and JPEG 2000 are made of."""

from collections.abc import Iterator
from typing import NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata.patch import Data, Extent, Patch, number, zeros

_MAY_BE_CUT = frozenset({b"mdat", b"free", b"skip", b"wide"})


class Box(NamedTuple):
    """A box: length (4 bytes, or 16 with the type between), type, and what it holds."""

    kind: bytes
    start: int
    body: int  # where what it holds begins
    end: int


def boxes(data: Data, start: int, end: int) -> Iterator[Box]:
    """Walk the boxes between two offsets.

    A length of 0 means "to the end of the file" there, and ends a list elsewhere.

    Raises:
        MetadataError: a box is longer than what holds it, or shorter than its own header.
    """
    at = start
    while at + 8 <= end:
        size, kind, body = number(data, at, 4), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = number(data, at + 8, 8), at + 16
        elif size == 0 and end == len(data):
            size = end - at
        if size == 0 or (start == 0 and not _is_name(kind)):
            return  # the end of a list, or what is behind the last box of a file
        stop = at + size
        if stop < body or (stop > end and kind not in _MAY_BE_CUT):
            raise MetadataError("one of its boxes is cut short")
        yield Box(kind, at, body, min(stop, end))
        at = stop


def _is_name(kind: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in kind)


def child(data: Data, box: Box, *path: bytes) -> Box | None:
    """Go down by names, to the first box of each."""
    found: Box | None = box
    for kind in path:
        if found is None:
            return None
        inside = boxes(data, found.body, found.end)
        found = next((each for each in inside if each.kind == kind), None)
    return found


def freed(box: Box) -> list[Patch]:
    """Turn a box into free space, which readers pass over, and what it held into zeros."""
    return [Patch(box.start + 4, b"free"), zeros(Extent(box.body, box.end))]
