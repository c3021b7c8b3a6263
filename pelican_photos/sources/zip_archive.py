"""One zip, read member by member, that nobody is trusted to have written well.

What a zip says of itself is checked before a byte of it is unpacked (PKWARE's APPNOTE.TXT
6.3.10, sections 4.3.7 to 4.4.17): a name that leads out, a link, a password, two members in
one place, sizes that only a bomb has.  One such member condemns the whole archive.
"""

import lzma
import re
import stat
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipExtFile, ZipFile, ZipInfo

from pelican_photos.errors import SourceError
from pelican_photos.sources.loose_json import as_line

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")  # of a member, and of an empty archive's end

_PIECE = 2**18  # bytes
# The list of members, in bytes; Instagram's takes some 140 a member.
_LONGEST_DIRECTORY = 2**26
_MOST_MEMBERS = 400_000
# JSON packs to a twentieth, pictures hardly at all; deflate's limit is one to 1,032.
_BOMB_SIZE, _BOMB_RATIO = 2**24, 100
_LARGEST_MEMBER = 2**34  # bytes; a video on Instagram has 4 GB at most
_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flag bits 0, 6 and 13
_METHODS = {0: "stored", 8: "deflated", 12: "bzip2", 14: "lzma"}
_BROKEN = (BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_BROKEN_DATA = (zlib.error, lzma.LZMAError, struct.error, IndexError)


class Member(NamedTuple):
    """A file inside a zip or a folder.  The last five tell where and how a zip keeps it."""

    root: int  # which of the zips and folders given together, from 0
    path: str  # in it, with slashes
    size: int  # bytes
    modified: str = ""  # ISO 8601, in UTC; "" when not known
    offset: int = 0
    packed: int = 0  # bytes
    crc: int = 0
    method: int = 0
    flags: int = 0


class ZipArchive:
    """A zip that is there and looks whole.

    Args:
        path: the zip.
        root: the number that its members carry.

    Raises:
        SourceError: it is no zip, is cut short, or holds something that no export does.
    """

    def __init__(self, path: Path, root: int = 0) -> None:
        self.name = as_line(str(path))
        self._path = path
        self._root = root
        try:
            with path.open("rb") as stream:
                longest = _directory_size(stream)
        except (*_BROKEN, *_BROKEN_DATA) as error:
            raise self._no_zip(error) from error
        if longest > _LONGEST_DIRECTORY:
            raise SourceError(f"{self.name}: lists far too many members; {_ASK_AGAIN}")

    def members(self) -> Iterator[Member]:
        """Yield the files, in the order of the archive's list; its folders are left out.

        Raises:
            SourceError: the list is damaged, or holds something that no export does.
        """
        try:
            with ZipFile(self._path) as archive:
                listed = archive.infolist()
        except (*_BROKEN, *_BROKEN_DATA) as error:
            raise self._no_zip(error) from error
        self._refuse_hostile(listed)
        for info in listed:
            if not info.is_dir():
                yield Member(
                    root=self._root,
                    path=info.filename,
                    size=info.file_size,
                    modified=_modified(info),
                    offset=info.header_offset,
                    packed=info.compress_size,
                    crc=info.CRC,
                    method=info.compress_type,
                    flags=info.flag_bits,
                )

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a member.

        Raises:
            SourceError: they are damaged, or more or fewer than the archive says.
        """
        shown = f"{as_line(member.path)} in {self.name}"
        given = 0
        try:
            with self._path.open("rb") as stream, _unpacked(stream, member) as data:
                while piece := data.read(_PIECE):
                    given += len(piece)
                    if given > member.size:
                        raise SourceError(f"{shown}: is larger than the archive says")
                    yield piece
        except (*_BROKEN, *_BROKEN_DATA) as error:
            raise SourceError(
                f"{shown}: is damaged ({as_line(str(error))}); download the archive again"
            ) from error
        if given < member.size:
            raise SourceError(f"{shown}: is cut short; download the archive again")

    def _no_zip(self, error: Exception) -> SourceError:
        why = as_line(str(error))
        return SourceError(f"{self.name}: is no whole zip ({why}); download it again")

    def _refuse_hostile(self, listed: list[ZipInfo]) -> None:
        if len(listed) > _MOST_MEMBERS:
            raise SourceError(f"{self.name}: has {len(listed):,} members; {_ASK_AGAIN}")
        for info in listed:
            if reason := _hostility(info):
                self._refuse(info, reason)
        twice = _named_twice(listed) or _overlapping(listed)
        if twice:
            self._refuse(*twice)

    def _refuse(self, info: ZipInfo, reason: str) -> None:
        name = as_line(info.orig_filename)[:120]
        raise SourceError(f"{self.name}: its member {name} {reason}; {_ASK_AGAIN}")


_ASK_AGAIN = "this is no export as Instagram makes them, so ask Instagram for it again"


def _hostility(info: ZipInfo) -> str:
    checks: Iterable[Callable[[ZipInfo], str]] = (_bad_name, _bad_kind, _bad_size)
    return next(filter(None, (check(info) for check in checks)), "")


def _bad_name(info: ZipInfo) -> str:
    name = info.orig_filename
    if "\\" in name or "\0" in name:
        return "has a backslash or a NUL in its name"
    if name.startswith("/") or _DRIVE.match(name):
        return "has an absolute path"
    if ".." in name.split("/"):
        return "leads out of the archive"
    return "" if name else "has no name"


def _bad_kind(info: ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    return "" if info.compress_type in _METHODS else "is packed in an unknown way"


def _bad_size(info: ZipInfo) -> str:
    size, packed = info.file_size, info.compress_size
    if size > _LARGEST_MEMBER or (size > _BOMB_SIZE and size > packed * _BOMB_RATIO):
        return f"would unpack to {size:,} bytes"
    if info.compress_type == 0 and size != packed:
        return "has two sizes"
    return ""


def _named_twice(listed: list[ZipInfo]) -> tuple[ZipInfo, str] | None:
    names: set[str] = set()
    for info in listed:
        if info.filename in names:
            return info, "is there twice"
        names.add(info.filename)
    return None


def _overlapping(listed: list[ZipInfo]) -> tuple[ZipInfo, str] | None:
    """Find a member that begins inside another one; a local header has 30 bytes and the name."""
    end = 0
    for info in sorted(listed, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return info, "lies over another one"
        end = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
    return None


def _modified(info: ZipInfo) -> str:
    """Read a member's time, in which 1980 stands for none; whatever the zone, it reads as UTC."""
    try:
        when = datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return ""
    return when.isoformat() if when.year > 1980 else ""


def _unpacked(stream: BinaryIO, member: Member) -> ZipExtFile:
    """Open a member, whose data follow its own header, name and extra field (4.3.7).

    An archive stays closed between two members: it may have a hundred thousand.
    """
    stream.seek(member.offset)
    signature, name, extra = struct.unpack("<4s22xHH", stream.read(30))
    if signature != SIGNATURES[0]:
        raise BadZipFile("no member begins where it should")
    stream.seek(name + extra, 1)
    info = ZipInfo(member.path)
    info.compress_size = member.packed
    info.compress_type = member.method
    info.flag_bits = member.flags
    info.CRC = member.crc
    # What is more than this is cut off; one byte more shows that there is more.
    info.file_size = member.size + 1
    return ZipExtFile(stream, "r", info)


def _directory_size(stream: BinaryIO) -> int:
    """Give the bytes of the list of members, as the archive's end record says (4.3.14, 4.3.16)."""
    length = stream.seek(0, 2)
    stream.seek(max(0, length - 2**16 - 22 - 20 - 56))
    tail = stream.read()
    end = len(tail) - 22
    if end < 0 or tail[end : end + 4] != b"PK\x05\x06" or tail[-2:] != b"\0\0":
        end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        raise BadZipFile("it has no end")
    if tail[max(0, end - 20) : max(0, end - 16)] == b"PK\x06\x07" and end >= 76:
        size: int = struct.unpack_from("<Q", tail, end - 76 + 40)[0]
        return size
    return int(struct.unpack_from("<L", tail, end + 12)[0])
