"""Edits that keep a file's length, and the few ways to make, move and check them."""

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from pelican_photos.errors import MetadataError

Data: TypeAlias = bytes | mmap.mmap
Order: TypeAlias = Literal["big", "little"]


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
        MetadataError: a secret and, say, a picture share bytes.
    """
    keep = sorted(extent for extent in kept if extent.end > extent.start)
    reach = list[int]()  # how far the extents up to here go; they may lie inside each other
    for extent in keep:
        reach.append(max(extent.end, reach[-1] if reach else 0))
    for start, end in erased:
        before = bisect_left(keep, (end, 0))
        if end > start and before and reach[before - 1] > start:
            raise MetadataError("what has to be hidden shares bytes with other data")


def without(extents: Iterable[Extent], kept: Iterable[Extent]) -> Iterator[Extent]:
    """Give what is left of some stretches when others are taken away; each byte once."""
    keep, n = merged(kept), 0
    for start, end in merged(extents):
        at = start
        while n < len(keep) and keep[n].start < end:
            hole = keep[n]
            if hole.start > at:
                yield Extent(at, hole.start)
            at = max(at, hole.end)
            if hole.end > end:
                break
            n += 1
        if at < end:
            yield Extent(at, end)


def merged(extents: Iterable[Extent]) -> list[Extent]:
    """Sort, and join what overlaps, so that many values on one spot cost no more than one."""
    found: list[Extent] = []
    for extent in sorted(extents):
        if found and extent.start <= found[-1].end:
            found[-1] = Extent(found[-1].start, max(found[-1].end, extent.end))
        elif extent.end > extent.start:
            found.append(extent)
    return found
