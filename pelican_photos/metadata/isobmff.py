"""MP4, MOV, HEIC, AVIF, CR3, JPEG XL and JPEG 2000: where each keeps places among its boxes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import items, makernote, tracks, xmp
from pelican_photos.metadata.boxes import Box, boxes, child, freed
from pelican_photos.metadata.patch import (
    Data,
    Patch,
    Scan,
    is_place_key,
    moved,
    names_a_place,
    number,
)

_FIRST = frozenset(
    {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"jP  ", b"JXL "}
)
_FILM = {b"moov": 0, b"trak": 1}  # how deep they lie
_CONTAINERS = frozenset({b"mdia", b"minf", b"udta", b"moof", b"traf", b"NCDT"})
# Coordinates as Apple and Android, 3GPP, dash cameras and Canon's raw files write them.
_PLACES = frozenset({b"\xa9xyz", b"loci", b"GPS ", b"gps0", b"gsea", b"udat", b"CMT4", b"@xyz"})
_COMPRESSED = frozenset({b"brob", b"cmov"})
_XMP = frozenset({b"XMP_", b"xml "})
_BLOCKS = frozenset({b"jumb", b"sefd", b"Exif", *_XMP})
_UUID_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_UUID_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_UUID_GARMIN = bytes.fromhex("9b630f8d637440ec8204bc5ff5091728")
_DEEPEST = 12
_MOST_TRACKS = 64
_SONY = b"<NonRealTimeMeta"
_SONY_PLACE, _SONY_PLACE_END = b'<Group name="ExifGPS">', b"</Group>"


def is_boxes(data: Data) -> bool:
    """Tell whether a file begins with one of the boxes that such a file begins with."""
    return data[4:8] in _FIRST


def patches(data: Data, inner: Scan) -> Iterator[Patch]:
    """Find the places in the boxes of a file, outside of its pictures and sound.

    Raises:
        MetadataError: a box is cut short, or holds a place in a way that cannot be undone.
    """
    return _Walk(data, inner).inside(Box(b"", 0, 0, len(data)), 0)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One file, on the way down through its boxes."""

    data: Data
    inner: Scan

    def inside(self, parent: Box, depth: int) -> Iterator[Patch]:
        """Look at all boxes that another holds."""
        if depth > _DEEPEST:
            raise MetadataError("its boxes lie too deep in each other")
        left = Counter({b"trak": _MOST_TRACKS, b"moov": 1})
        for box in boxes(self.data, parent.body, parent.end):
            left[box.kind] -= 1
            if box.kind in _FILM and left[box.kind] < 0:
                raise MetadataError("it has more tracks than can be meant")
            if box.kind in _COMPRESSED:
                raise MetadataError("its metadata are compressed")
            if (box.kind, parent.kind) == (b"gps ", b"moov"):
                raise MetadataError("it holds the log of a dash camera")
            if box.kind in _BLOCKS:
                yield from self._block(box, box.body)
            else:
                yield from self._box(box, depth, optional=parent.kind in {b"udta", b"uuid"})

    def _box(self, box: Box, depth: int, *, optional: bool) -> Iterable[Patch]:
        """Look at one box; what is ``optional`` may be emptied when nobody can read it."""
        if box.kind in _FILM and _FILM[box.kind] != depth:
            return ()  # no film: readers know these in their places only
        if box.kind == b"trak" and tracks.holds_places(self.data, box):
            return tracks.patches(self.data, box)
        if box.kind in _CONTAINERS or box.kind in _FILM:
            return self.inside(box, depth + 1)
        if box.kind == b"meta":
            return self._meta(box, depth)
        if box.kind == b"uuid":
            return self._uuid(box, depth)
        return self._leaf(box, optional=optional)

    def _leaf(self, box: Box, *, optional: bool) -> Iterable[Patch]:
        if box.kind in _PLACES:
            return freed(box)
        if box.kind == b"mpvd":  # the film of a motion photo, with offsets of its own
            return moved(self.inner(self.data[box.body : box.end]), box.body)
        if box.kind == b"NCTG":
            return moved(makernote.film_patches(self.data[box.body : box.end]), box.body)
        return self._block(box, box.body) if optional else ()

    def _uuid(self, box: Box, depth: int) -> Iterable[Patch]:
        kind, body = self.data[box.body : box.body + 16], box.body + 16
        if kind == _UUID_XMP:
            return moved(xmp.patches(self.data[body : box.end]), body)
        if kind == _UUID_CANON:
            return self.inside(box._replace(body=body), depth + 1)
        return freed(box) if kind == _UUID_GARMIN else self._block(box, body)

    def _block(self, box: Box, body: int) -> Iterable[Patch]:
        """Clean what is of a known format; empty what is of none, and names a place."""
        if box.kind == b"Exif":  # as in HEIC, begins with the offset of the TIFF header
            body += 4 + number(self.data, body, 4)
        block = self.data[body : box.end]
        packet = box.kind in _XMP and xmp.is_packet(block)
        edits = [*xmp.patches(block), *_sony(block)] if packet else self.inner(block)
        if not edits and not packet and names_a_place(block):
            return freed(box)
        return moved(edits, body)

    def _meta(self, box: Box, depth: int) -> Iterator[Patch]:
        """Look at items (pictures) and keys (films)."""
        meta = unversioned(self.data, box)
        yield from items.patches(self.data, meta, self.inner)
        yield from _values(self.data, meta)
        yield from self.inside(meta, depth + 1)


def unversioned(data: Data, box: Box) -> Box:
    """Leave the version of a ``meta`` box out; QuickTime's has none, that of everyone else has."""
    bare = data[box.body + 4 : box.body + 8] in {b"hdlr", b"keys", b"ilst"}
    return box if bare else box._replace(body=box.body + 4)


def _sony(block: bytes) -> Iterator[Patch]:
    """Blank the coordinates in the XML of Sony's video cameras."""
    at = block.find(_SONY_PLACE) if _SONY in block else -1
    while at >= 0:
        end = block.find(_SONY_PLACE_END, at)
        if end < 0:
            raise MetadataError("its XML is cut short")
        yield Patch(at, b" " * (end + len(_SONY_PLACE_END) - at))
        at = block.find(_SONY_PLACE, end)


def _values(data: Data, meta: Box) -> Iterator[Patch]:
    """Free the values whose key names a place."""
    for name, value in keyed(data, meta):
        if is_place_key(name):
            yield from freed(value)


def keyed(data: Data, meta: Box) -> Iterator[tuple[bytes, Box]]:
    """Give the values of a film's list of metadata, each with its name."""
    keys, values = child(data, meta, b"keys"), child(data, meta, b"ilst")
    if values is None:
        return
    names = dict(enumerate(_keys(data, keys), start=1)) if keys else {}
    for value in boxes(data, values.body, values.end):
        yield _name(data, value, names), value


def _name(data: Data, value: Box, names: dict[int, bytes]) -> bytes:
    """Name a value: by its key, by its own kind, or, in a free-form one, by what it says."""
    if value.kind == b"----":
        name = child(data, value, b"name")
        return data[name.body : name.end] if name else b""
    return names.get(int.from_bytes(value.kind), value.kind)


def _keys(data: Data, keys: Box) -> Iterator[bytes]:
    """Read the names of keys: version, count, then length, namespace and name of each."""
    for key in boxes(data, keys.body + 8, keys.end):
        yield data[key.body : key.end]
