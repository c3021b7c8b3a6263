"""What a block is, told by how it begins, and who can read it.

A file is the outermost block.  A JPEG holds EXIF, which holds a thumbnail, which is a JPEG: so
every reader is handed a way to have the blocks inside its own read, and none imports another.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import iptc, isobmff, jpeg, matroska, photoshop, png, tiff, webp, xmp
from pelican_photos.metadata.ifd import is_tiff
from pelican_photos.metadata.patch import Data, Patch, moved, tidy
from pelican_photos.metadata.rules import Rules, Scan

_Reader: TypeAlias = Callable[[Data, Scan], Iterable[Patch]]

_DEEPEST = 8
_PER_BLOCK = 1024  # what a block costs besides its bytes
_PACKET_START, _PACKET_END = b"<x:xmpmeta", b"</x:xmpmeta>"
# Olympus, Panasonic and Leica, BigTIFF, Fujifilm; Canon, Minolta, Sigma, Photoshop.
_UNREADABLE = (
    *(b"IIRO", b"MMOR", b"IIRS", b"IIU\0", b"II+\0", b"MM\0+", b"FUJIFILMCCD-RAW"),
    *(b"II\x1a\0\0\0HEAPCCDR", b"\0MRM", b"FOVb", b"8BPS"),
)


class Scanner:
    """One look at a file: it stops when blocks hold each other more often than can be meant."""

    def __init__(self, size: int, rules: Rules) -> None:
        self.rules = rules
        self._left = 4 * size + 1024 * _PER_BLOCK
        self._depth = 0

    @property
    def outermost(self) -> bool:
        """Whether the file itself is being read."""
        return not self._depth

    def __call__(self, block: bytes) -> Sequence[Patch]:
        """Find what must go in a block inside another.

        Raises:
            MetadataError: blocks lie too deep in each other, or this one is damaged.
        """
        self._left -= len(block) + _PER_BLOCK
        if self._depth >= _DEEPEST or self._left < 0:
            raise MetadataError("its metadata hold each other more often than can be meant")
        self._depth += 1
        try:
            return self.patches(block)
        finally:
            self._depth -= 1

    def patches(self, data: Data) -> tuple[Patch, ...]:
        """Find what must go in a file or block.

        Raises:
            MetadataError: it holds metadata that cannot be read.
        """
        return tidy(data, _reader(data)(data, self))


def _reader(data: Data) -> _Reader:
    """Choose who reads a block."""
    head = data[:256]
    for begins, reader in _WHOLE:
        if begins(head):
            return reader
    if head.startswith(_UNREADABLE) or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        raise MetadataError("it is of a kind whose metadata this program cannot read")
    return _part_reader(head)


def _part_reader(head: bytes) -> _Reader:
    """Choose who reads what is seldom a file of its own, or is of an unknown kind."""
    for start, reader in _PARTS:
        if head.startswith(start):
            return reader
    return _packet if xmp.is_packet(head) else _loose_packets


def _exif(data: Data, scan: Scan) -> Iterable[Patch]:
    return moved(scan(data[jpeg.EXIF_HEADER :]), jpeg.EXIF_HEADER)


def _named_packet(data: Data, scan: Scan) -> Iterable[Patch]:
    return moved(xmp.patches(data[len(jpeg.XMP) :], scan.rules), len(jpeg.XMP))


def _packet(data: Data, scan: Scan) -> Iterable[Patch]:
    return xmp.patches(data[:], scan.rules)


def _named_resources(data: Data, scan: Scan) -> Iterable[Patch]:
    start = len(jpeg.PHOTOSHOP)
    return moved(photoshop.patches(data[start:], scan), start)


def _resources(data: Data, scan: Scan) -> Iterable[Patch]:
    return photoshop.patches(data[:], scan)


def _datasets(data: Data, scan: Scan) -> Iterable[Patch]:
    return iptc.patches(data[:], scan.rules)


def _tags(data: Data, scan: Scan) -> Iterable[Patch]:
    return matroska.patches(data, scan.rules)


def _loose_packets(data: Data, scan: Scan) -> Iterator[Patch]:
    """Clean XMP where it lies in the open, as in GIF: it was made to be found so."""
    at = data.find(_PACKET_START)
    while at >= 0:
        end = data.find(_PACKET_END, at)
        if end < 0:
            raise MetadataError("its XMP is cut short")
        end += len(_PACKET_END)
        yield from moved(xmp.patches(data[at:end], scan.rules), at)
        at = data.find(_PACKET_START, end)


_PARTS: tuple[tuple[bytes, _Reader], ...] = (
    (jpeg.EXIF, _exif),
    (jpeg.XMP, _named_packet),
    (jpeg.PHOTOSHOP, _named_resources),
    (b"8BIM", _resources),
    (b"\x1c\1", _datasets),
    (b"\x1c\2", _datasets),
)
_WHOLE: tuple[tuple[Callable[[bytes], bool], _Reader], ...] = (
    (jpeg.is_jpeg, jpeg.patches),
    (png.is_png, png.patches),
    (webp.is_webp, webp.patches),
    (is_tiff, tiff.patches),
    (isobmff.is_boxes, isobmff.patches),
    (matroska.is_matroska, _tags),
)
