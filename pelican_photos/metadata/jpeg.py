"""JPEG: EXIF, XMP, Photoshop and whatever else stands before the picture, and what follows it.

What follows may be more pictures (MPO, gain maps) and a video (motion photos), each with metadata
of its own; or a preview that only the maker note knows of.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import mpf, photoshop, tiff, xmp
from pelican_photos.metadata.ifd import is_tiff
from pelican_photos.metadata.patch import (
    Data,
    Extent,
    Patch,
    joined,
    moved,
    number,
    patched,
    spread,
    zeros,
)
from pelican_photos.metadata.rules import LOG_END, Rules, Scan

# In the picture's data 0xFF is always followed by 0 or by a restart marker.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_ALONE = frozenset({0x01, 0xD8})  # markers without a length
_END, SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_APPLICATION = range(0xE0, 0xF0)
# What follows a picture: another (its first segment is a table or has a name), or a video.
_FOLLOWING = re.compile(
    rb"(\xff\xd8\xff(?:\xdb\x00[\x43\x84\xc5]|[\xe0-\xef]..[A-Za-z]{3}))|\0\0\0[\x10-\x40]ftyp",
    re.DOTALL,
)
# Samsung writes the mobile country code behind the picture.
_COUNTRY = re.compile(rb"\xa1\x0a\x08\0\0\0MCC_Data([0-9]{3})")

EXIF = b"Exif\0"
EXIF_HEADER = 6  # bytes before the header of TIFF
XMP = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_MOST_LONG_PACKETS = 8
PHOTOSHOP = b"Photoshop 3.0\0"
_OLD_PHOTOSHOP = b"Adobe_Photoshop"
_THERMAL, _MORE_THERMAL = b"FLIR\0", b"IJPEG\0"  # the latter behind four bytes
_HARMLESS = (b"ICC_PROFILE\0", mpf.NAME, b"Adobe\0")
_JFIF, _MORE_JFIF = b"JFIF\0", b"JFXX\0"
_JFIF_THUMBNAIL = 12  # bytes before its width and height
# Whole blocks of makers: GoPro, Samsung, Kodak, Ricoh, Casio, HP (two), FlashPix, DJI.
_MAKERS = (
    *(b"GoPro\0", b"ssuniqueid", b"Meta\0", b"META\0", b"RMETA\0", b"QVCI\0", b"TDHD"),
    *(b"BGTH", b"FPXR\0", b"DJI"),
)
_PREVIEW = b"\xff\xd8\xff"
# Words of a packet that says what the pictures behind the first are for.
_NAMED = re.compile(rb"Container|GCamera|MicroVideo|hdrgm|MiCamera|Depth")
_SAMSUNG_END = b"SEFT"


class Segment(NamedTuple):
    """A marker of JPEG, and where what belongs to it stands."""

    marker: int
    start: int  # of what it holds, after the length
    end: int


def is_jpeg(data: Data) -> bool:
    """Tell whether a file begins as a JPEG does."""
    return data[:3] == b"\xff\xd8\xff"


def patches(data: Data, scan: Scan) -> list[Patch]:
    """Find what must go in a JPEG and in what follows it.

    Raises:
        MetadataError: a segment runs past the end, or holds what cannot be read.
    """
    segments = list(walk(data, 0))
    found, end = _picture(data, 0, segments, scan)
    small: dict[int, int] = {}
    for index in named(data, segments, mpf.NAME):
        listed = mpf.small_pictures(data, index, end)
        found += listed.patches
        small |= listed.pictures
    unnamed = _is_alone(data, segments)
    previews = unnamed and any(tiff.has_note(joined(data, e)) for e in exif_blocks(data, segments))
    while following := _FOLLOWING.search(data, end):
        at = following.start()
        if not following[1]:
            found += moved(scan(data[at:]), at)
            return found
        if at in small:
            end = max(small[at], at + 2)
            found.append(zeros(Extent(at, end)))
            continue
        behind = list(walk(data, at))
        more, end = _picture(data, at, behind, scan)
        found += [zeros(Extent(at, end))] if previews else more
        segments = segments if previews else behind
    whole = bool(segments) and segments[-1].marker == _END
    return [*found, *_behind(data, end, unnamed=unnamed and whole, rules=scan.rules)]


def _behind(data: Data, end: int, *, unnamed: bool, rules: Rules) -> Iterator[Patch]:
    """Empty what is behind the last picture, unless something says what it is for.

    Editors, cameras and agencies' programs leave there what they alone can read.
    """
    if unnamed or data[-len(LOG_END) :] == LOG_END:
        yield zeros(Extent(end, len(data)))
    elif not rules.keep_places:
        yield from (zeros(Extent(*country.span(1))) for country in _COUNTRY.finditer(data, end))


def _picture(
    data: Data, start: int, segments: list[Segment], scan: Scan
) -> tuple[list[Patch], int]:
    """Find what must go in one picture, and where it ends."""
    found: list[Patch] = []
    for pieces in exif_blocks(data, segments):
        found += _exif_patches(data, pieces, scan)
    found += _xmp_patches(data, segments, scan.rules)
    resources = list(named(data, segments, PHOTOSHOP))
    found += spread(photoshop.patches(joined(data, resources), scan), resources)
    found += _other_patches(data, segments, scan.rules)
    return found, max(segments[-1].end if segments else 0, start + 2)


def _is_alone(data: Data, segments: list[Segment]) -> bool:
    """Tell whether nothing that stays says what is behind the picture; a maker note goes."""
    packets = named(data, segments, XMP)
    return (
        next(named(data, segments, mpf.NAME), None) is None
        and data[-len(_SAMSUNG_END) :] != _SAMSUNG_END
        and not any(_NAMED.search(data[start:end]) for start, end in packets)
    )


def walk(data: Data, start: int) -> Iterator[Segment]:
    """Walk the segments of a picture to its end, over the data of its scans."""
    match = _MARKER.search(data, start + 2)
    scanned = False
    while match:
        marker, at = match[0][1], match.end()
        end = at if marker in _ALONE or marker == _END else at + max(number(data, at, 2), 2)
        if end > len(data) and not scanned:
            raise MetadataError("its metadata are cut short")
        yield Segment(marker, min(at + 2, end), min(end, len(data)))
        if marker == _END:
            return
        scanned = scanned or marker == SCAN
        match = _MARKER.search(data, end)


def named(data: Data, segments: Iterable[Segment], name: bytes) -> Iterator[Extent]:
    """Give what application segments of a name hold, after the name."""
    for marker, start, end in segments:
        if marker in _APPLICATION and data[start : min(start + len(name), end)] == name:
            yield Extent(start + len(name), end)


def exif_blocks(data: Data, segments: Iterable[Segment]) -> list[list[Extent]]:
    """Gather the EXIF blocks; one of more than 64 KB goes on in the next segment."""
    blocks: list[list[Extent]] = []
    for start, end in named(data, segments, EXIF):
        piece = Extent(min(start - len(EXIF) + EXIF_HEADER, end), end)
        if blocks and not is_tiff(data[piece.start : min(piece.start + 4, end)]):
            blocks[-1].append(piece)
        else:
            blocks.append([piece])
    return blocks


def _exif_patches(data: Data, pieces: list[Extent], scan: Scan) -> Iterator[Patch]:
    block = joined(data, pieces)
    if not is_tiff(block) and block.strip(b"\0"):
        raise MetadataError("its EXIF is not readable")
    return spread(scan(block), pieces)


def _xmp_patches(data: Data, segments: list[Segment], rules: Rules) -> Iterator[Patch]:
    """Clean the packets; a long one has a second part, named by the MD5 of what it holds."""
    packets = list(named(data, segments, XMP))
    for start, end in packets:
        yield from moved(xmp.patches(data[start:end], rules), start)
    parts = defaultdict[bytes, list[Extent]](list)
    for start, end in named(data, segments, _MORE_XMP):
        if end - start < 40:
            raise MetadataError("its XMP is cut short")
        parts[data[start : start + 32]].append(Extent(start, end))
    if len(parts) > _MOST_LONG_PACKETS:
        raise MetadataError("it has more XMP than can be meant")
    for name, extents in parts.items():
        extents.sort(key=lambda extent: number(data, extent.start + 36, 4))
        texts = [Extent(start + 40, end) for start, end in extents]
        whole = joined(data, texts)
        edits = xmp.patches(whole, rules)
        if not edits:
            continue
        yield from spread(edits, texts)
        after = hashlib.md5(patched(whole, edits), usedforsecurity=False)
        renamed = after.hexdigest().upper().encode()
        yield from (Patch(start, renamed) for start, _ in extents)
        for start, end in packets:
            for mention in re.finditer(re.escape(name), data[start:end]):
                yield Patch(start + mention.start(), renamed)


def _other_patches(data: Data, segments: Iterable[Segment], rules: Rules) -> Iterator[Patch]:
    """Empty thumbnails, and what only its maker can read, with all its parts."""
    families = defaultdict[tuple[int, bytes], list[Extent]](list)
    for marker, start, end in segments:
        if marker != _COMMENT and marker not in _APPLICATION:
            continue
        name = data[start : min(start + len(_MORE_XMP), end)]
        if name.startswith((_THERMAL, _OLD_PHOTOSHOP)) or name[4:].startswith(_MORE_THERMAL):
            raise MetadataError("it holds metadata that only its maker can read")
        if name.startswith(_JFIF):
            yield zeros(Extent(min(start + _JFIF_THUMBNAIL, end), end))
        elif name.startswith((_MORE_JFIF, *_MAKERS)):
            yield zeros(Extent(start, end))
        elif not name.startswith((EXIF, XMP, _MORE_XMP, PHOTOSHOP, *_HARMLESS)):
            families[marker, name[:4]].append(Extent(start, end))
    # A preview of more than 64 KB goes on in the next segments of the same marker.
    previews = {marker for marker, name in families if name.startswith(_PREVIEW)}
    for (marker, _), extents in families.items():
        if marker in previews or any(rules.hide_block(data[start:end]) for start, end in extents):
            yield from (zeros(extent) for extent in extents)
