"""What a zip says of its members: the central directory, entry by entry.

PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16, 4.4 and 4.5.3.  The library's own reader
makes a large object of each member and holds them all; an export may have a hundred thousand.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile

_END = struct.Struct("<4s4H2LH")  # 4.3.16
_LOCATOR = struct.Struct("<4sLQL")  # 4.3.15
_END_64 = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_HEADER = struct.Struct("<4s4x4H3L3H4x2L")  # 4.3.12
_LONGEST_COMMENT = 2**16 - 1
_UTF_8 = 0x800  # flag bit 11
_IN_EXTRA_FIELD = 0xFFFFFFFF  # stands for a number of 64 bits
_NUMBERS_OF_64_BITS = 1  # the extra field that has them


class Directory(NamedTuple):
    """Where the list of members is."""

    start: int  # from the beginning of the file
    size: int  # bytes
    shift: int  # bytes before the archive proper, as of a program that unpacks itself


class Entry(NamedTuple):
    """What the list says of a member."""

    name: str
    flags: int
    method: int
    clock: int  # MS-DOS date and time
    crc: int
    packed: int  # bytes
    size: int
    attributes: int  # the upper half is a Unix file mode
    offset: int  # of its own header

    @property
    def modified(self) -> str:
        """Its time in ISO 8601: whatever its zone was, it reads as UTC; 1980 stands for none."""
        date, time = self.clock >> 16, self.clock & 0xFFFF
        try:
            when = datetime(
                *(1980 + (date >> 9), date >> 5 & 15, date & 31),
                *(time >> 11, time >> 5 & 63, (time & 31) * 2),
                tzinfo=UTC,
            )
        except ValueError:
            return ""
        return when.isoformat() if when.year > 1980 else ""


def directory_of(stream: BinaryIO) -> Directory:
    """Find the list of members by the record at the archive's end.

    Raises:
        BadZipFile: there is no such record, or it leads nowhere.
    """
    length = stream.seek(0, 2)
    base = max(0, length - _LONGEST_COMMENT - _END.size - _LOCATOR.size - _END_64.size)
    stream.seek(base)
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06", 0, len(tail) - _END.size + 4)
    if end < 0:
        raise BadZipFile("it has no end")
    _, disk, *_, size, offset, _ = _END.unpack_from(tail, end)
    if disk not in (0, 0xFFFF):
        raise BadZipFile("it is one disk of several")
    before = end - _LOCATOR.size - _END_64.size
    if before >= 0 and tail[end - _LOCATOR.size :].startswith(b"PK\x06\x07"):
        signature, *_, size, offset = _END_64.unpack_from(tail, before)
        if signature != b"PK\x06\x06":
            raise BadZipFile("its end of 64 bits is not where it should be")
        end = before
    start = base + end - size
    if start < offset:
        raise BadZipFile("its beginning is missing")
    return Directory(start, size, start - offset)


def entries(stream: BinaryIO, directory: Directory) -> Iterator[Entry]:
    """Yield what the list says, member by member.

    Raises:
        BadZipFile: the list is damaged.
        UnicodeDecodeError: a name is not the UTF-8 that it says it is.
    """
    stream.seek(directory.start)
    left = directory.size
    while left:
        header = stream.read(_HEADER.size)
        if len(header) < _HEADER.size or left < _HEADER.size:
            raise BadZipFile("its list of members is cut short")
        signature, *fixed, attributes, offset = _HEADER.unpack(header)
        flags, method, time, date, crc, packed, size, name, extra, comment = fixed
        if signature != b"PK\x01\x02":
            raise BadZipFile("its list of members is damaged")
        title = stream.read(name).decode("utf-8" if flags & _UTF_8 else "cp437")
        size, packed, offset = _of_64_bits(stream.read(extra), size, packed, offset)
        stream.seek(comment, 1)
        left -= _HEADER.size + name + extra + comment
        clock = date << 16 | time
        offset += directory.shift
        yield Entry(title, flags, method, clock, crc, packed, size, attributes, offset)


def _of_64_bits(extra: bytes, *numbers: int) -> list[int]:
    """Take the numbers from the extra field that are too large for their places (4.5.3)."""
    if _IN_EXTRA_FIELD not in numbers:
        return list(numbers)
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _NUMBERS_OF_64_BITS:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            return [next(wide, n) if n == _IN_EXTRA_FIELD else n for n in numbers]
        at += 4 + length
    return list(numbers)
