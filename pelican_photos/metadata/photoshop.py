"""Photoshop's image resources, which carry IPTC, and may carry EXIF, XMP and a thumbnail."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import iptc
from pelican_photos.metadata.patch import Patch, moved, number, patched
from pelican_photos.metadata.rules import Scan

_SIGNATURES = frozenset({b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa"})
IPTC, _IPTC_DIGEST = 0x0404, 0x0425
_THUMBNAILS = frozenset({0x0409, 0x040C})
_UNUSED = (0x1387).to_bytes(2)  # the last of the numbers for plug-ins: readers pass over it
_OTHER_BLOCKS = frozenset({0x0422, 0x0423, 0x0424})  # EXIF, EXIF, XMP


class Resource(NamedTuple):
    """One image resource, with where it and its data begin."""

    head: int
    number: int
    start: int
    data: bytes


def patches(block: bytes, scan: Scan) -> list[Patch]:
    """Find what must go in a run of image resources.

    Raises:
        MetadataError: a resource runs past the end, or more follow something unreadable.
    """
    found: list[Patch] = []
    resources = list(walk(block))
    digest = next((each for each in resources if each.number == _IPTC_DIGEST), None)
    for resource in resources:
        if resource.number == IPTC:
            edits = iptc.patches(resource.data, scan.rules)
            found += moved(edits, resource.start)
            if edits:
                found += _renewed(digest, resource.data, patched(resource.data, edits))
        elif resource.number in _OTHER_BLOCKS:
            found += moved(scan(resource.data), resource.start)
        elif resource.number in _THUMBNAILS:
            found.append(Patch(resource.head + 4, _UNUSED))
            found.append(Patch(resource.start, bytes(len(resource.data))))
    return found


def _renewed(digest: Resource | None, before: bytes, after: bytes) -> Iterator[Patch]:
    """Renew the MD5 of the IPTC data: the old one is made of the place, and could be guessed."""
    if digest and digest.data == _md5(before):
        yield Patch(digest.start, _md5(after))


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def walk(block: bytes) -> Iterator[Resource]:
    """Walk signature, number, name (its length first, padded to even), size, data (padded)."""
    at = 0
    while block[at : at + 4] in _SIGNATURES:
        name = number(block, at + 6, 1)
        start = at + 6 + (name + 2) // 2 * 2 + 4
        end = start + number(block, start - 4, 4)
        if end > len(block):
            raise MetadataError("its Photoshop resources are cut short")
        yield Resource(at, number(block, at + 4, 2), start, block[start:end])
        at = end + (end - start) % 2
    if b"8BIM" in block[at:]:
        raise MetadataError("its Photoshop resources are not readable to their end")
