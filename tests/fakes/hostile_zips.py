"""Zips that no honest program writes, byte by byte where the library refuses to."""

import io
import struct
import zipfile
from pathlib import Path

from fakes.instagram_export import FakeExport

AN_EXPORT = FakeExport().add()


def with_member(path: Path, name: str, data: bytes = b"x", *, mode: int = 0) -> Path:
    """Write an export with one more member, under any name; ``mode`` is a Unix file mode."""
    info = zipfile.ZipInfo("placeholder")
    info.filename = info.orig_filename = name
    info.external_attr = mode << 16
    with zipfile.ZipFile(AN_EXPORT.zip(path), "a") as archive:
        archive.writestr(info, data)
    return path


def patched(path: Path, member: str, **fields: int) -> Path:
    """Lie in the list of members: ``flags``, ``method``, ``crc``, ``packed``, ``size``, ``at``.

    In the member's own header too, of what stands there as well.
    """
    data = bytearray(path.read_bytes())
    listed = data.rindex(member.encode()) - 46  # 4.3.12: the name follows 46 bytes
    own = struct.unpack_from("<L", data, listed + 42)[0]
    places = {"flags": (8, 6, "H"), "method": (10, 8, "H"), "crc": (16, 14, "L")}
    places |= {"packed": (20, 18, "L"), "size": (24, 22, "L")}
    for name, value in fields.items():
        if name == "at":
            struct.pack_into("<L", data, listed + 42, value)
            continue
        in_list, in_own, form = places[name]
        struct.pack_into(f"<{form}", data, listed + in_list, value)
        struct.pack_into(f"<{form}", data, own + in_own, value)
    path.write_bytes(data)
    return path


def with_flipped_byte(path: Path, member: str) -> Path:
    """Damage the data of a member, in its middle."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(member)
    data = bytearray(path.read_bytes())
    data[info.header_offset + 30 + len(member) + info.compress_size // 2] ^= 0xFF
    path.write_bytes(data)
    return path


def bomb(path: Path, size: int = 2**25) -> Path:
    """Write a member of zeros, which packs to a thousandth."""
    with zipfile.ZipFile(AN_EXPORT.zip(path), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("media/posts/202405/zeros.jpg", bytes(size))
    return path


def claiming_members(path: Path, directory: int) -> Path:
    """Write an archive whose list of members has so many bytes, all of them a hole."""
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, directory, 0, 0)
    return _after_a_hole(path, directory, end)


def claiming_members_in_64_bits(path: Path, directory: int) -> Path:
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**40, 2**40, directory, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    ones = (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *ones, 0)
    return _after_a_hole(path, directory, record + locator + end)


def _after_a_hole(path: Path, size: int, data: bytes) -> Path:
    with path.open("wb") as stream:
        stream.seek(size)
        stream.write(data)
    return path


def with_members_named_alike(path: Path, count: int) -> Path:
    """Write an archive that lists so many members, each under a number, of one empty file."""
    whole = packed({"00000000": b""}, zipfile.ZIP_STORED)
    first, end = whole.index(b"PK\x01\x02"), whole.rindex(b"PK\x05\x06")
    before, after = whole[first : first + 46], whole[first + 54 : end]
    listed = b"".join(before + b"%08d" % number + after for number in range(count))
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listed), first, 0)
    path.write_bytes(whole[:first] + listed + record)
    return path


def packed(members: dict[str, bytes], method: int, comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.comment = comment
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()
