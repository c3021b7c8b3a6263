"""Frames → a short MP4 with AV1 inside, without a video encoder of our own.

Pillow writes an AVIF image sequence, which is an ISO base media file (ISO/IEC 14496-12)
with an AV1 track, but says that it is pictures.  Here its samples move into a plain MP4
of one video track ("AV1 Codec ISO Media File Format Binding", section 2), with nothing in
it that depends on the clock: the same frames always give the same bytes.
"""

import io
import struct
from collections.abc import Iterator, Sequence

from PIL import Image, features

from pelican_photos.errors import PhotosError

_TIMESCALE = 1000  # ticks in a second
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_FIRST_SAMPLE_ENTRY = 16  # bytes of stsd before its first entry
_VISUAL_FIELDS = 86  # bytes of a visual sample entry before its boxes


def encode(frames: Sequence[Image.Image], rate: int) -> bytes:
    """Encode frames of one even size at ``rate`` frames a second.

    Raises:
        PhotosError: this Pillow was built without AVIF.
    """
    if not features.check("avif"):
        raise PhotosError("The sample video needs a Pillow with AVIF; try: pip install -U pillow")
    target = io.BytesIO()
    tick = _TIMESCALE // rate
    frames[0].save(
        target,
        "AVIF",
        save_all=True,
        append_images=frames[1:],
        duration=tick,
        quality=52,
        speed=9,
        max_threads=1,
    )
    return _movie(target.getvalue(), frames[0].size, tick)


def _movie(avif: bytes, size: tuple[int, int], tick: int) -> bytes:
    """Move the samples of an AVIF sequence into an MP4, its index before its data."""
    table = _find(avif, b"moov", b"trak", b"mdia", b"minf", b"stbl")
    entry = _find(table, b"stsd")[_FIRST_SAMPLE_ENTRY - 8 + _VISUAL_FIELDS :]
    kept = b"".join(_box(kind, body) for kind, body in _boxes(entry) if kind in (b"av1C", b"colr"))
    sizes = _find(table, b"stsz")
    count = struct.unpack(">I", sizes[8:12])[0]
    total = sum(struct.unpack(f">{count}I", sizes[12 : 12 + 4 * count]))
    start = struct.unpack(">I", _find(table, b"stco")[8:12])[0]
    head = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso6av01mp41")

    def index(offset: int) -> bytes:
        samples = _box(
            b"stbl",
            _box(b"stsd", struct.pack(">II", 0, 1), _sample_entry(size, kept)),
            _box(b"stts", struct.pack(">IIII", 0, 1, count, tick)),
            _box(b"stss", _find(table, b"stss")),
            _box(b"stsc", struct.pack(">IIIII", 0, 1, 1, count, 1)),
            _box(b"stsz", sizes),
            _box(b"stco", struct.pack(">III", 0, 1, offset)),
        )
        return _index(samples, size, count * tick)

    offset = len(head) + len(index(0)) + 8
    return head + index(offset) + _box(b"mdat", avif[start : start + total])


def _sample_entry(size: tuple[int, int], kept: bytes) -> bytes:
    resolution = 0x00480000  # 72 dpi, as 16.16 fixed point
    fields = struct.pack(">6xH16xHHIIIH", 1, *size, resolution, resolution, 0, 1)
    return _box(b"av01", fields, bytes(32), struct.pack(">Hh", 24, -1), kept)


def _index(samples: bytes, size: tuple[int, int], ticks: int) -> bytes:
    """The moov box of one video track; all its times are zero."""
    movie = struct.pack(">IIIIIIHH8x", 0, 0, 0, _TIMESCALE, ticks, 0x10000, 0x100, 0)
    track = struct.pack(">IIIIII8xHHHH", 3, 0, 0, 1, 0, ticks, 0, 0, 0, 0)
    extent = struct.pack(">II", size[0] << 16, size[1] << 16)
    no_language = 0x55C4  # "und"
    media = struct.pack(">IIIIIHH", 0, 0, 0, _TIMESCALE, ticks, no_language, 0)
    here = _box(b"dref", struct.pack(">II", 0, 1), _box(b"url ", struct.pack(">I", 1)))
    return _box(
        b"moov",
        _box(b"mvhd", movie, _MATRIX, bytes(24), struct.pack(">I", 2)),
        _box(
            b"trak",
            _box(b"tkhd", track, _MATRIX, extent),
            _box(
                b"mdia",
                _box(b"mdhd", media),
                _box(b"hdlr", struct.pack(">II4s12x", 0, 0, b"vide"), b"video\0"),
                _box(
                    b"minf",
                    _box(b"vmhd", struct.pack(">I8x", 1)),
                    _box(b"dinf", here),
                    samples,
                ),
            ),
        ),
    )


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (kind, body) of each box; our own encoder writes no 64-bit sizes."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind, data[at + 8 : at + length]
        at += length


def _find(data: bytes, *path: bytes) -> bytes:
    """The body of the first box at a path."""
    for kind in path:
        data = next(body for found, body in _boxes(data) if found == kind)
    return data
