"""One directory of TIFF (IFD): a count, that many entries, and the offset of the next directory.

An entry has twelve bytes: tag, type, count, and the value, or its offset when it needs more than
four bytes.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from pelican_photos.metadata.patch import Data, Extent, Order, number

ORDERS: dict[bytes, Order] = {b"II": "little", b"MM": "big"}
# Bytes per value of each type, from BYTE (1) to IFD (13).
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a directory; ``extent`` is where its value stands."""

    tag: int
    kind: int
    extent: Extent


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory; the offset of the next one follows its table when it is ``chained``."""

    table: Extent  # the count and the entries
    entries: tuple[Entry, ...]
    whole: bool  # false when the table runs past the end of the block
    chained: bool


@dataclass(frozen=True, slots=True)
class Tiff:
    """A block that begins with a TIFF header; all offsets count from there."""

    data: Data
    order: Order

    def number(self, at: int, size: int) -> int:
        """Read an unsigned integer in the block's byte order."""
        return number(self.data, at, size, self.order)

    def numbers(self, entry: Entry) -> Iterable[int]:
        """Read the integers of an entry; none when they are not integers, or not there."""
        size = SIZES.get(entry.kind, 0)
        if size not in {2, 4} or entry.extent.end > len(self.data):
            return ()
        return (self.number(at, size) for at in range(*entry.extent, size))

    def directory(self, at: int, *, chained: bool = False) -> Directory:
        """Read the directory at an offset, as far as it is there."""
        count = self.number(at, 2)
        end = at + 2 + 12 * count
        there = min(count, (len(self.data) - at - 2) // 12)
        lines = self.data[at + 2 : at + 2 + 12 * there]
        head = struct.Struct(("<" if self.order == "little" else ">") + "HHII")
        entries = tuple(
            self._entry(at + 2 + 12 * place, *line)
            for place, line in enumerate(head.iter_unpack(lines))
        )
        return Directory(Extent(at, end), entries, there == count, chained)

    def _entry(self, at: int, tag: int, kind: int, count: int, value: int) -> Entry:
        size = SIZES.get(kind, 0) * count
        start = value if size > 4 else at + 8
        return Entry(tag, kind, Extent(start, start + size))


def is_tiff(block: Data) -> bool:
    """Tell whether a block begins with a TIFF header."""
    return block[:4] in {b"II*\0", b"MM\0*"}


def outside(directory: Directory, entry: Entry) -> tuple[Extent, ...]:
    """Give where a value stands, unless it stands in the table itself."""
    table = directory.table
    if table.start <= entry.extent.start < entry.extent.end <= table.end:
        return ()
    return (entry.extent,)
