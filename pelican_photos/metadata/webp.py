"""WebP: the EXIF and XMP chunks of its RIFF container."""

from collections.abc import Iterator, Sequence

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import xmp
from pelican_photos.metadata.patch import Data, Patch, moved, number
from pelican_photos.metadata.rules import Scan, block_patches

_HEADER = 12  # RIFF, length, WEBP
_PICTURE = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})


def is_webp(data: Data) -> bool:
    """Tell whether a file begins as a WebP does."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def patches(data: Data, scan: Scan) -> Iterator[Patch]:
    """Find what must go in the chunks that are not the picture.

    Raises:
        MetadataError: a chunk runs past the end, or its EXIF cannot be read.
    """
    at = _HEADER
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], number(data, at + 4, 4, "little")
        start, end = at + 8, at + 8 + length
        if kind not in _PICTURE:
            if end > len(data):
                raise MetadataError("one of its chunks is cut short")
            yield from moved(_chunk(kind, data[start:end], scan), start)
        at = end + length % 2


def _chunk(kind: bytes, data: bytes, scan: Scan) -> Sequence[Patch]:
    return xmp.patches(data, scan.rules) if kind == b"XMP " else block_patches(data, scan)
