"""Edits that keep a file's length, and the few ways to make, move and check them."""

import mmap
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from pelican_photos.errors import MetadataError

Data: TypeAlias = bytes | mmap.mmap
Order: TypeAlias = Literal["big", "little"]

# Words by which a block that nobody here can read gives away that it holds a place:
# JSON and CBOR of content credentials, GoPro's four-letter keys, drone subtitles, NMEA sentences.
_PLACE = re.compile(
    rb"GPS(?:[A-Z][a-z]|[_ ]?\(|[ _](?:lat|lon|pos|coord)|[59PULASF])"
    rb"|[Ll](?:at|ong)itude|ISO6709|[Gg]eo[Ll]ocation|\$G[PNL](?:RMC|GGA)"
)
# The names of tags in films: Apple's, Android's, iTunes', Matroska's.
_KEY = re.compile(rb"location|gps|latitude|longitude|altitude|iso6709|[\xa9@]xyz", re.IGNORECASE)


class Patch(NamedTuple):
    """Bytes to put over as many others; nothing in the file moves."""

    offset: int
    data: bytes

    @property
    def end(self) -> int:
        """The first byte that is not touched."""
        return self.offset + len(self.data)


class Extent(NamedTuple):
    """A stretch of a file: first byte, and the one after the last."""

    start: int
    end: int


# Finds what has to be changed in a block inside another, whatever its kind turns out to be.
Scan: TypeAlias = Callable[[bytes], Sequence[Patch]]


def number(data: Data, at: int, size: int, order: Order = "big") -> int:
    """Read an unsigned integer.

    Raises:
        MetadataError: the file ends before it does.
    """
    piece = data[at : at + size] if at >= 0 else b""
    if len(piece) != size:
        raise MetadataError("its metadata is cut short")
    return int.from_bytes(piece, order)


def zeros(extent: Extent) -> Patch:
    """Put zeros over a stretch."""
    return Patch(extent.start, bytes(extent.end - extent.start))


def moved(patches: Iterable[Patch], by: int) -> Iterator[Patch]:
    """Turn offsets within a block into offsets within the file that holds it."""
    return (Patch(patch.offset + by, patch.data) for patch in patches)


def joined(data: Data, extents: Iterable[Extent]) -> bytes:
    """Read a block that is stored in pieces."""
    return b"".join(data[start:end] for start, end in extents)


def spread(patches: Iterable[Patch], extents: Sequence[Extent]) -> Iterator[Patch]:
    """Turn offsets within joined pieces into offsets within the file; the inverse of joining."""
    ends: list[int] = []
    for start, end in extents:
        ends.append((ends[-1] if ends else 0) + end - start)
    for offset, data in patches:
        done = 0
        piece = bisect_left(ends, offset + 1)
        while done < len(data):
            room = ends[piece] - (offset + done)
            yield Patch(extents[piece].end - room, data[done : done + room])
            done += room
            piece += 1


def patched(data: bytes, patches: Iterable[Patch]) -> bytes:
    """Carry the edits out in memory, for blocks that are small."""
    result = bytearray(data)
    for patch in patches:
        result[patch.offset : patch.end] = patch.data
    return bytes(result)


def tidy(data: Data, patches: Iterable[Patch]) -> tuple[Patch, ...]:
    """Sort, join what overlaps, and leave out what changes nothing.

    Raises:
        MetadataError: two edits disagree, or one lies outside: the file contradicts itself.
    """
    merged: list[tuple[int, bytearray]] = []
    for patch in sorted(patches):
        if patch.offset < 0 or patch.end > len(data):
            raise MetadataError("its metadata points outside the file")
        start, piece = merged[-1] if merged else (0, bytearray())
        shared = start + len(piece) - patch.offset
        if merged and shared > 0:
            if piece[-shared:][: len(patch.data)] != patch.data[:shared]:
                raise MetadataError("two parts of its metadata lie over each other")
            piece += patch.data[shared:]
        elif patch.data:
            merged.append((patch.offset, bytearray(patch.data)))
    return tuple(
        Patch(offset, bytes(piece))
        for offset, piece in merged
        if data[offset : offset + len(piece)] != piece
    )


def refuse_shared(erased: Iterable[Extent], kept: Iterable[Extent]) -> None:
    """Make sure that nothing is erased that something else also uses.

    Raises:
        MetadataError: a place and, say, a picture share bytes.
    """
    keep = sorted(extent for extent in kept if extent.end > extent.start)
    reach = list[int]()  # how far the extents up to here go; they may lie inside each other
    for extent in keep:
        reach.append(max(extent.end, reach[-1] if reach else 0))
    for start, end in erased:
        before = bisect_left(keep, (end, 0))
        if end > start and before and reach[before - 1] > start:
            raise MetadataError("its location shares bytes with other data")


def names_a_place(block: bytes) -> bool:
    """Tell whether a block that we cannot read says, in plain letters, that it holds a place."""
    return _PLACE.search(block) is not None


def is_place_key(name: bytes) -> bool:
    """Tell whether a film's tag of this name says where it was taken."""
    return _KEY.search(name) is not None
