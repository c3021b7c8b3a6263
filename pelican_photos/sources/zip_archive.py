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
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipExtFile, ZipInfo

from pelican_photos.errors import SourceError
from pelican_photos.sources.loose_json import as_line
from pelican_photos.sources.zip_directory import Entry, directory_of, entries

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
_METHODS = frozenset((0, 8, 12, 14))  # stored, deflate, bzip2, LZMA
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
                self._directory = directory_of(stream)
        except (*_BROKEN, *_BROKEN_DATA) as error:
            raise self._no_zip(error) from error
        if self._directory.size > _LONGEST_DIRECTORY:
            raise SourceError(f"{self.name}: lists far too many members; {_ASK_AGAIN}")

    def members(self) -> Iterator[Member]:
        """Yield the files, in the order of the archive's list; its folders are left out.

        Raises:
            SourceError: the list is damaged, or holds something that no export does; then
                no member is given.
        """
        try:
            with self._path.open("rb") as stream:
                extents = self._refuse_hostile(entries(stream, self._directory))
                self._refuse_overlap(extents, entries(stream, self._directory))
                for entry in entries(stream, self._directory):
                    if not entry.name.endswith("/"):
                        yield self._member(entry)
        except (*_BROKEN, *_BROKEN_DATA) as error:
            raise self._no_zip(error) from error

    def _member(self, entry: Entry) -> Member:
        says_when = entry.name.lower().endswith((".json", ".html"))
        return Member(
            root=self._root,
            path=entry.name,
            size=entry.size,
            modified=entry.modified if says_when else "",
            offset=entry.offset,
            packed=entry.packed,
            crc=entry.crc,
            method=entry.method,
            flags=entry.flags,
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

    def _refuse_hostile(self, listed: Iterator[Entry]) -> list[int]:
        """Look at each member alone; gives where they lie."""
        names: set[int] = set()
        extents: list[int] = []  # where each begins, and 64 bits further down where it ends
        for number, entry in enumerate(listed):
            if number == _MOST_MEMBERS:
                raise SourceError(f"{self.name}: lists far too many members; {_ASK_AGAIN}")
            if reason := _hostility(entry):
                raise self._refusal(entry.name, reason)
            if (key := hash(entry.name)) in names:
                raise self._refusal(entry.name, "is there twice")
            names.add(key)
            # A member's own header has 30 bytes and the name, at least.
            end = entry.offset + 30 + len(entry.name) + entry.packed
            extents.append(entry.offset << 64 | end)
        return extents

    def _refuse_overlap(self, extents: list[int], listed: Iterator[Entry]) -> None:
        extents.sort()
        for first, second in pairwise(extents):
            if second >> 64 < first & (2**64 - 1):
                name = next(entry.name for entry in listed if entry.offset == second >> 64)
                raise self._refusal(name, "lies over another one")

    def _refusal(self, name: str, reason: str) -> SourceError:
        return SourceError(f"{self.name}: its member {as_line(name)[:120]} {reason}; {_ASK_AGAIN}")


_ASK_AGAIN = "this is no export as Instagram makes them, so ask Instagram for it again"


def _hostility(entry: Entry) -> str:
    return _bad_name(entry.name) or _bad_kind(entry) or _bad_size(entry)


def _bad_name(name: str) -> str:
    if "\\" in name or "\0" in name:
        return "has a backslash or a NUL in its name"
    if name.startswith("/") or _DRIVE.match(name):
        return "has an absolute path"
    if ".." in name.split("/"):
        return "leads out of the archive"
    return "" if name else "has no name"


def _bad_kind(entry: Entry) -> str:
    kind = stat.S_IFMT(entry.attributes >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device"
    if entry.flags & _ENCRYPTED:
        return "is encrypted"
    return "" if entry.method in _METHODS else "is packed in an unknown way"


def _bad_size(entry: Entry) -> str:
    size, packed = entry.size, entry.packed
    if size > _LARGEST_MEMBER or (size > _BOMB_SIZE and size > packed * _BOMB_RATIO):
        return f"would unpack to {size:,} bytes"
    return "has two sizes" if entry.method == 0 and size != packed else ""


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
