"""PNG: the EXIF chunk, XMP, and the profiles that older programs wrote as text.

A compressed chunk is cleaned, compressed again and put back, if it fits with an ignorable chunk
after it; if it does not fit, the ignorable chunk takes its whole place.
"""

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import xmp
from pelican_photos.metadata.patch import (
    Data,
    Extent,
    Patch,
    moved,
    number,
    patched,
    zeros,
)
from pelican_photos.metadata.rules import Scan

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Letters in lower case: may be ignored, is private, may be copied by who does not know it.
_IGNORABLE = b"vpAd"
_AROUND = 12  # length, type and checksum
_PICTURE = frozenset(
    {b"IDAT", b"fdAT", b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"IEND", b"fcTL", b"acTL", _IGNORABLE}
)
_TEXT = frozenset({b"tEXt", b"zTXt", b"iTXt"})
XMP = b"XML:com.adobe.xmp"
_PROFILE = b"Raw profile type "
# A line with a name, one with the length in bytes, then the bytes in hexadecimal.
_PROFILE_HEAD = re.compile(rb"\n[^\n]++\n\s*+[0-9]++\s")
# Of a text in iTXt: compression flag and method, language, translated keyword.
INTERNATIONAL = re.compile(rb"..[^\0]*+\0[^\0]*+\0", re.DOTALL)
_MOST_TEXT = 64 << 20


class Chunk(NamedTuple):
    """A chunk without its length and checksum."""

    kind: bytes
    start: int  # of the length before its type
    data: bytes


def is_png(data: Data) -> bool:
    """Tell whether a file begins as a PNG does."""
    return data[:8] == _SIGNATURE


def patches(data: Data, scan: Scan) -> list[Patch]:
    """Find what must go in the chunks that are not the picture, and behind it.

    What is behind the end nobody sees: it is what an editor left of a larger picture, or a secret.

    Raises:
        MetadataError: a chunk is cut short, or does not decompress.
    """
    found: list[Patch] = []
    for chunk in chunks(data):
        if chunk.kind == b"eXIf":
            edits = _block(chunk.data, scan)
            if edits:
                found.append(_replaced(chunk, patched(chunk.data, edits)))
        elif chunk.kind in _TEXT:
            found += _text(chunk, scan)
        elif chunk.kind == b"IEND":
            found.append(zeros(Extent(chunk.start + _AROUND + len(chunk.data), len(data))))
        elif scan.rules.hide_block(chunk.data):
            found.append(_ignorable(chunk.start, len(chunk.data)))
    return found


def chunks(data: Data) -> Iterator[Chunk]:
    """Walk length, type, data and checksum; of the picture's own the last one alone is given."""
    at = len(_SIGNATURE)
    while at + _AROUND <= len(data):
        length, kind = number(data, at, 4), data[at + 4 : at + 8]
        end = at + 8 + length
        if kind not in _PICTURE:
            if end + 4 > len(data):
                raise MetadataError("one of its chunks is cut short")
            yield Chunk(kind, at, data[at + 8 : end])
        elif kind == b"IEND":
            if end + 4 <= len(data):
                yield Chunk(kind, at, data[at + 8 : end])
            return
        at = end + 4


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return len(data).to_bytes(4) + kind + data + checksum.to_bytes(4)


def _replaced(chunk: Chunk, data: bytes) -> Patch:
    return Patch(chunk.start, _chunk(chunk.kind, data))


def _ignorable(start: int, length: int) -> Patch:
    return Patch(start, _chunk(_IGNORABLE, bytes(length)))


def _block(data: bytes, scan: Scan) -> list[Patch]:
    """Look into a profile; none that is there may be of an unknown kind."""
    edits = scan(data)
    if not edits and scan.rules.hide_block(data):
        raise MetadataError("one of its profiles is not readable")
    return list(edits)


def _text(chunk: Chunk, scan: Scan) -> Iterator[Patch]:
    """Clean a text, which follows a keyword and, in two of three kinds, may be compressed."""
    keyword, zero, rest = chunk.data.partition(b"\0")
    if _is_hidden(keyword, scan):
        yield _ignorable(chunk.start, len(chunk.data))
        return
    if not zero or not (keyword == XMP or keyword.startswith(_PROFILE)):
        return
    before, packed = len(chunk.data) - len(rest), chunk.kind == b"zTXt"
    if chunk.kind == b"iTXt":
        packed = rest[:1] == b"\1"
        head = INTERNATIONAL.match(rest)
        if not head:
            raise MetadataError("one of its texts is cut short")
        before += head.end()
    elif packed:
        before += 1  # the method
    text = decompressed(chunk.data[before:]) if packed else chunk.data[before:]
    edits = xmp.patches(text, scan.rules) if keyword == XMP else _profile(text, scan)
    if edits and packed:
        yield _repacked(chunk, chunk.data[:before], patched(text, edits))
    elif edits:
        yield _replaced(chunk, patched(chunk.data, moved(edits, before)))


def _is_hidden(keyword: bytes, scan: Scan) -> bool:
    """Tell whether a text of this name must go: its words may be in any letters, or apart."""
    title = keyword.rpartition(b":")[2].title().replace(b" ", b"")
    return any(scan.rules.hide_name(name) for name in (keyword, title))


def _repacked(chunk: Chunk, head: bytes, text: bytes) -> Patch:
    data = head + zlib.compress(text, 9)
    room = len(chunk.data) - len(data)
    if room == 0:
        return _replaced(chunk, data)
    if room < _AROUND:
        return _ignorable(chunk.start, len(chunk.data))
    filler = _chunk(_IGNORABLE, bytes(room - _AROUND))
    return Patch(chunk.start, _chunk(chunk.kind, data) + filler)


def decompressed(data: bytes) -> bytes:
    """Decompress a text, up to 64 MB of it.

    Raises:
        MetadataError: it is damaged, or longer.
    """
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(data, _MOST_TEXT)
    except zlib.error as error:
        raise MetadataError("one of its texts does not decompress") from error
    if not stream.eof:
        raise MetadataError("one of its texts is cut short, or too long to be meant")
    return text


def _profile(text: bytes, scan: Scan) -> list[Patch]:
    """Clean a profile in hexadecimal, digit by digit, so that its lines stay as they are."""
    head = _PROFILE_HEAD.match(text)
    if not head:
        raise MetadataError("one of its profiles is not readable")
    digits = re.sub(rb"\s", b"", text[head.end() :])
    try:
        data = bytes.fromhex(digits.decode("ascii"))
    except ValueError as error:
        raise MetadataError("one of its profiles is not readable") from error
    edits = _block(data, scan)
    if not edits:
        return []
    fresh = patched(data, edits).hex().encode()
    places = (match.start() for match in re.finditer(rb"[^\s]", text[head.end() :]))
    result = bytearray(text)
    for place, digit in zip(places, fresh, strict=True):
        result[head.end() + place] = digit
    return [Patch(0, bytes(result))]
