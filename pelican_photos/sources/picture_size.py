"""How large a picture is, read from its first bytes; nothing is decoded.

Enough to tell one picture from another.  Where each format keeps its size: JPEG in its
SOFn segment (ITU T.81, B.2.2), PNG in IHDR, WebP in VP8, VP8L or VP8X (RFC 9649).
"""

import struct
from typing import BinaryIO

# SOF0 to SOF15, without DHT (C4), JPG (C8) and DAC (CC), which share the range.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS = 200  # real files have some ten before the frame; a hostile one has no end


def size_of(file: BinaryIO) -> tuple[int, int] | None:
    """Read the pixels across and down from a seekable file; None for what we cannot read."""
    start = file.read(30)
    if start.startswith(b"\xff\xd8"):
        file.seek(2)
        return _jpeg_size(file)
    if start.startswith(b"\x89PNG\r\n\x1a\n") and len(start) >= 24:
        across, down = struct.unpack(">II", start[16:24])
        return across, down
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP" and len(start) == 30:
        return _webp_size(start)
    return None


def _jpeg_size(file: BinaryIO) -> tuple[int, int] | None:
    for _ in range(_MOST_SEGMENTS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return None
        if head[1] == 0xFF:  # a fill byte before the marker
            file.seek(-3, 1)
            continue
        length = int.from_bytes(head[2:], "big")
        if head[1] in _FRAMES:
            frame = file.read(5)  # bits per sample, lines, samples per line
            if len(frame) < 5:
                return None
            return int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")
        if length < 2:
            return None
        file.seek(length - 2, 1)
    return None


def _webp_size(start: bytes) -> tuple[int, int] | None:
    chunk = start[12:16]
    if chunk == b"VP8X":
        across, down = start[24:27], start[27:30]
        return int.from_bytes(across, "little") + 1, int.from_bytes(down, "little") + 1
    if chunk == b"VP8L" and start[20] == 0x2F:
        bits = int.from_bytes(start[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and start[23:26] == b"\x9d\x01\x2a":
        across, down = struct.unpack("<HH", start[26:30])
        return across & 0x3FFF, down & 0x3FFF
    return None
