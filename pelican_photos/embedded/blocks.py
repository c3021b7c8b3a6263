"""Where EXIF, XMP and IPTC lie in a picture: the way there is the one that takes secrets out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import Data, isobmff, items, jpeg, photoshop, png, webp
from pelican_photos.metadata.boxes import Box, boxes
from pelican_photos.metadata.ifd import is_tiff
from pelican_photos.metadata.patch import joined, number

_EXIF = b"Exif\0\0"
_RIFF_HEADER = 12  # RIFF, length, WEBP
_LARGEST = 16 << 20  # bytes of one block
_MOST_BLOCKS = 1000


class _Block(NamedTuple):
    kind: Literal["exif", "xmp", "iptc"]
    data: bytes


@dataclass(frozen=True, slots=True)
class Blocks:
    """The first block of each kind; empty where there is none."""

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""


def blocks_of(data: Data) -> Blocks:
    """Find the blocks of a picture; damaged ones, and what is behind them, count as missing."""
    found: dict[str, bytes] = {}
    read = next((read for begins, read in _READERS if begins(data)), _nothing)
    try:
        for count, block in enumerate(read(data)):
            if count == _MOST_BLOCKS:
                break
            if block.data and len(block.data) <= _LARGEST:
                found.setdefault(block.kind, block.data)
    except MetadataError:
        return Blocks(**found)
    return Blocks(**found)


def _nothing(_: Data) -> Iterator[_Block]:
    return iter(())


def _of_jpeg(data: Data) -> Iterator[_Block]:
    before_the_picture = takewhile(lambda each: each.marker != jpeg.SCAN, jpeg.walk(data, 0))
    segments = [
        segment for segment, _ in zip(before_the_picture, range(_MOST_BLOCKS), strict=False)
    ]
    for pieces in jpeg.exif_blocks(data, segments):
        yield from _exif(joined(data, pieces))
    for start, end in jpeg.named(data, segments, jpeg.XMP):
        yield _Block("xmp", data[start:end])
    resources = joined(data, jpeg.named(data, segments, jpeg.PHOTOSHOP))
    for resource in photoshop.walk(resources):
        if resource.number == photoshop.IPTC:
            yield _Block("iptc", resource.data)


def _of_png(data: Data) -> Iterator[_Block]:
    for chunk in png.chunks(data):
        if chunk.kind == b"eXIf":
            yield from _exif(chunk.data)
        keyword, _, rest = chunk.data.partition(b"\0")
        head = png.INTERNATIONAL.match(rest)
        if chunk.kind == b"iTXt" and keyword == png.XMP and head:
            text = rest[head.end() :]
            yield _Block("xmp", png.decompressed(text) if rest[:1] == b"\1" else text)


def _of_webp(data: Data) -> Iterator[_Block]:
    """Walk the chunks (WebP container specification): EXIF and XMP are chunks of their own."""
    at = _RIFF_HEADER
    while at + 8 <= len(data):
        kind, start = data[at : at + 4], at + 8
        at = start + number(data, at + 4, 4, "little")
        if kind == b"EXIF":
            yield from _exif(data[start:at])
        elif kind == b"XMP ":
            yield _Block("xmp", data[start:at])
        at += at % 2


def _of_heic(data: Data) -> Iterator[_Block]:
    for box in boxes(data, 0, len(data)):
        if box.kind == b"meta":
            yield from _of_items(data, isobmff.unversioned(data, box))


def _of_items(data: Data, meta: Box) -> Iterator[_Block]:
    for item, pieces in items.stored(data, meta):
        if item.packed or sum(end - start for start, end in pieces) > _LARGEST:
            continue
        if item.kind == b"Exif":
            block = joined(data, pieces)
            yield from _exif(block[items.exif_start(block) :])
        elif item.content == items.XMP:
            yield _Block("xmp", joined(data, pieces))


def _exif(block: bytes) -> Iterator[_Block]:
    block = block.removeprefix(_EXIF)
    if is_tiff(block):
        yield _Block("exif", block)


_READERS: tuple[tuple[Callable[[Data], bool], Callable[[Data], Iterator[_Block]]], ...] = (
    (jpeg.is_jpeg, _of_jpeg),
    (png.is_png, _of_png),
    (webp.is_webp, _of_webp),
    (isobmff.is_boxes, _of_heic),
)
