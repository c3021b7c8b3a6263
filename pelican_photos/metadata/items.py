"""Items of HEIC and AVIF: EXIF and XMP lie anywhere in the file, and a table says where."""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import xmp
from pelican_photos.metadata.boxes import Box, boxes, child
from pelican_photos.metadata.ifd import is_tiff
from pelican_photos.metadata.patch import (
    Data,
    Extent,
    Patch,
    joined,
    moved,
    number,
    spread,
)
from pelican_photos.metadata.rules import Scan, block_patches

XMP = b"application/rdf+xml"
_IN_FILE, _IN_IDAT = 0, 1  # construction methods; in another item (2) is not for metadata
_MOST_EXTENTS = 100_000


class Item(NamedTuple):
    """What the list of items says of one."""

    kind: bytes
    kind_at: int  # where that stands; 0 in the first versions, which do not say it
    content: bytes  # the media type of a "mime" item
    packed: bool


def patches(data: Data, meta: Box, scan: Scan) -> Iterator[Patch]:
    """Find what must go in the items that are not the picture.

    Raises:
        MetadataError: an item is cut short, compressed, or lies where it cannot be read.
    """
    for item, pieces in stored(data, meta):
        yield from spread(_item_patches(item, joined(data, pieces), scan), pieces)


def stored(data: Data, meta: Box) -> Iterator[tuple[Item, list[Extent]]]:
    """Give the items that are not the picture, each with where its pieces lie.

    Raises:
        MetadataError: an item is cut short, or lies where it cannot be read.
    """
    info = child(data, meta, b"iinf")
    if info is None:
        return
    items = {
        number: item
        for number, item in listed(data, info)
        if item.kind in {b"Exif", b"mime", b"jpeg", b"uri "}
    }
    for name, pieces in places_of(data, meta, items):
        yield items[name], pieces


def places_of(
    data: Data, meta: Box, wanted: Container[int] | None = None
) -> Iterator[tuple[int, list[Extent]]]:
    """Give where the pieces of each item lie, or of each ``wanted`` one.

    Raises:
        MetadataError: an item is cut short, or lies where it cannot be read.
    """
    places, idat = child(data, meta, b"iloc"), child(data, meta, b"idat")
    if places is None:
        return
    left = len(data)
    for name, method, extents in _locations(data, places):
        if wanted is not None and name not in wanted:
            continue
        if method == _IN_IDAT and idat is not None:
            pieces = [_within(each, idat.body, idat.end) for each in extents]
        elif method == _IN_FILE:
            pieces = [_within(each, 0, len(data)) for each in extents]
        else:
            raise MetadataError("its metadata lie where they cannot be read")
        left -= sum(end - start for start, end in pieces)
        if left < 0:
            raise MetadataError("the table of its items is damaged")
        yield name, pieces


def _item_patches(item: Item, block: bytes, scan: Scan) -> Sequence[Patch]:
    if item.packed:
        raise MetadataError("its metadata are compressed")
    if item.kind == b"Exif":
        header = exif_start(block)
        if not is_tiff(block[header:]):
            raise MetadataError("its EXIF is not readable")
        return list(moved(scan(block[header:]), header))
    if item.content == XMP:
        return xmp.patches(block, scan.rules)
    return block_patches(block, scan)


def exif_start(block: bytes) -> int:
    """Say where the TIFF header of an EXIF item begins: a length of what precedes it says so."""
    header = 4 + number(block, 0, 4)
    return header + 6 if block[header:].startswith(b"Exif\0") else header


def _within(extent: Extent, start: int, end: int) -> Extent:
    """Place an extent in what holds it; one without an end goes to its end.

    Raises:
        MetadataError: it does not lie there.
    """
    first, last = start + extent.start, start + extent.end
    if extent.end == extent.start:
        last = end
    if not start <= first <= last <= end:
        raise MetadataError("its metadata are cut short")
    return Extent(first, last)


def listed(data: Data, info: Box) -> Iterator[tuple[int, Item]]:
    """Read the list of items: number, kind, and for files their media type."""
    version = number(data, info.body, 1)
    for box in boxes(data, info.body + (6 if version == 0 else 8), info.end):
        if box.kind != b"infe":
            continue
        version, at = number(data, box.body, 1), box.body + 4
        width = 4 if version == 3 else 2
        name, at = number(data, at, width), at + width + 2
        kind, kind_at = b"mime", 0  # what items of the first versions are
        if version >= 2:
            kind, kind_at, at = data[at : at + 4], at, at + 4
        texts = [*data[at : box.end].split(b"\0"), b"", b"", b""]
        yield name, Item(kind, kind_at, texts[1].lower(), packed=kind == b"mime" and bool(texts[2]))


def _locations(data: Data, places: Box) -> Iterator[tuple[int, int, list[Extent]]]:
    """Read the table of places: item, construction method, extents."""
    version, widths = number(data, places.body, 1), number(data, places.body + 4, 2)
    offset, length, base = (widths >> shift & 15 for shift in (12, 8, 4))
    index = widths & 15 if version else 0
    wide = 4 if version == 2 else 2
    at = places.body + 6 + wide
    left = _MOST_EXTENTS
    for _ in range(number(data, at - wide, wide)):
        name, at = number(data, at, wide), at + wide
        method = 0
        if version:
            method, at = number(data, at, 2) & 15, at + 2
        start, at = number(data, at + 2, base), at + 2 + base
        count, at = number(data, at, 2), at + 2
        left -= count + 1
        if left < 0 or at > places.end:
            raise MetadataError("the table of its items is damaged")
        extents = []
        for _ in range(count):
            first = start + number(data, at + index, offset)
            size = number(data, at + index + offset, length)
            extents.append(Extent(first, first + size))
            at += index + offset + length
        yield name, method, extents
