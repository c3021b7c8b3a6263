"""MP4, MOV, HEIC, AVIF, JPEG XL and JPEG 2000: where each keeps secrets among its boxes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pelican_photos.errors import MetadataError
from pelican_photos.metadata import items, second_pictures, tracks, xmp
from pelican_photos.metadata.boxes import Box, boxes, child, freed
from pelican_photos.metadata.patch import (
    Data,
    Extent,
    Patch,
    moved,
    number,
    zeros,
)
from pelican_photos.metadata.rules import LOG_END, Rules, Scan

_FIRST = frozenset(
    {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"jP  ", b"JXL "}
)
_FILM = {b"moov": 0, b"trak": 1}  # how deep they lie
_CONTAINERS = frozenset({b"mdia", b"minf", b"udta", b"moof", b"traf"})
# Coordinates as Apple and Android, 3GPP, dash cameras and Canon's raw files write them.
_PLACES = frozenset({b"\xa9xyz", b"loci", b"GPS ", b"gps0", b"gsea", b"udat", b"@xyz"})
# What may stay in the user data.  All else there is a maker's, in a way that nobody published.
_USER_DATA = frozenset(
    {b"cprt", b"auth", b"perf", b"titl", b"dscp", b"gnre", b"yrrc", b"albm", b"kywd", b"clsf"}
    | {b"rtng", b"date", b"name", b"meta", b"hnti", b"hinf", b"tsel", b"kind", b"elng", b"chpl"}
    | {b"LOOP", b"SelO", b"AllF", b"WLOC", b"ptv ", b"manu", b"modl", b"XMP_", b"ID32", b"free"}
)
_USER_TEXT = re.compile(
    rb"\xa9(?:nam|ART|alb|art|aut|cmt|com|cpy|day|des|dir|ed\d|enc|fmt|gen|grp|inf|isr|key|lab|lal"
    rb"|mak|mal|mod|nak|ope|phg|prd|prf|prk|PRL|prl|req|src|st3|swf|swk|swr|too|trk|TIM|TSC|TSZ"
    rb"|url|wrt)"
)
_PREVIEWS = frozenset({b"pnot", b"PICT"})
_FREE = frozenset({b"free", b"skip"})
_MOST_FREE = 1 << 20  # a longer one is room that was set aside
_FREE_GPS = b"GPS "
_COMPRESSED = frozenset({b"brob", b"cmov"})
_XMP = frozenset({b"XMP_", b"xml "})
_BLOCKS = frozenset({b"jumb", b"sefd", b"Exif", *_XMP})
_UUID_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_UUID_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_UUID_GARMIN = bytes.fromhex("9b630f8d637440ec8204bc5ff5091728")
_UUIDS_OF_MAKERS = frozenset({_UUID_CANON, _UUID_GARMIN})
_CANON_RAW = b"ftypcrx "
_DEEPEST = 12
_MOST_TRACKS = 64
_NO_VERSION = bytes(4)  # before the text in films, not in JPEG 2000
_SONY = b"<NonRealTimeMeta"
_SONY_PLACE, _SONY_PLACE_END = b'<Group name="ExifGPS">', b"</Group>"


def is_boxes(data: Data) -> bool:
    """Tell whether a file begins with one of the boxes that such a file begins with."""
    return data[4:8] in _FIRST


def patches(data: Data, scan: Scan) -> Iterator[Patch]:
    """Find what must go in the boxes of a file, outside of its pictures and sound.

    Raises:
        MetadataError: a box is cut short, or holds a secret in a way that cannot be undone; or the
            file is raw.
    """
    if data[4:12] == _CANON_RAW:
        raise MetadataError(
            "it is a raw file, and its maker note cannot be cleaned; convert it to DNG or JPEG"
        )
    log = _log(data)
    yield from _Walk(data, scan).inside(Box(b"", 0, 0, log.start), 0)
    yield zeros(log)


def _log(data: Data) -> Extent:
    """Give where a camera's own log stands behind the boxes; its length is near its end."""
    end = len(data)
    if data[-len(LOG_END) :] != LOG_END:
        return Extent(end, end)
    length = number(data, end - 40, 4, "little")
    if not len(LOG_END) < length < end:
        raise MetadataError("the log behind it is damaged")
    return Extent(end - length, end)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One file, on the way down through its boxes."""

    data: Data
    scan: Scan

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
            if (box.kind, parent.kind) == (b"gps ", b"moov") and not self.scan.rules.keep_places:
                raise MetadataError("it holds the log of a dash camera")
            if self._is_hidden(box, parent, depth):
                yield from freed(box)
            elif box.kind in _BLOCKS:
                yield from self._block(box, box.body)
            else:
                yield from self._box(box, depth, optional=parent.kind in {b"udta", b"uuid"})

    def _is_hidden(self, box: Box, parent: Box, depth: int) -> bool:
        """Tell whether a box must go whole, without a look at what it holds."""
        if box.kind in _PLACES:
            return not self.scan.rules.keep_places
        if parent.kind == b"udta":
            return box.kind not in _USER_DATA and not _USER_TEXT.fullmatch(box.kind)
        return box.kind in _PREVIEWS and not depth

    def _box(self, box: Box, depth: int, *, optional: bool) -> Iterable[Patch]:
        """Look at one box; what is ``optional`` may be emptied when nobody can read it."""
        if box.kind in _FILM and _FILM[box.kind] != depth:
            return ()  # no film: readers know these in their places only
        if box.kind == b"trak" and tracks.is_hidden(self.data, box, self.scan.rules):
            return tracks.patches(self.data, box, self.scan.rules)
        if box.kind in _CONTAINERS or box.kind in _FILM:
            return self.inside(box, depth + 1)
        if box.kind == b"meta":
            return self._meta(box, depth)
        if box.kind == b"uuid":
            return self._uuid(box)
        return self._leaf(box, optional=optional)

    def _leaf(self, box: Box, *, optional: bool) -> Iterable[Patch]:
        if box.kind in _FREE:
            return self._left_behind(box)
        if box.kind == b"mpvd":  # the film of a motion photo, with offsets of its own
            return moved(self.scan(self.data[box.body : box.end]), box.body)
        return self._block(box, box.body) if optional else ()

    def _uuid(self, box: Box) -> Iterable[Patch]:
        kind, body = self.data[box.body : box.body + 16], box.body + 16
        if kind == _UUID_XMP:
            return moved(xmp.patches(self.data[body : box.end], self.scan.rules), body)
        return freed(box) if kind in _UUIDS_OF_MAKERS else self._block(box, body)

    def _left_behind(self, box: Box) -> list[Patch]:
        """Empty free space, where some cameras write, and editors leave what they took out."""
        log = self.data[box.body : box.body + len(_FREE_GPS)] == _FREE_GPS
        if box.end - box.body > _MOST_FREE or (log and self.scan.rules.keep_places):
            return []
        return [zeros(Extent(box.body, box.end))]

    def _block(self, box: Box, body: int) -> Iterable[Patch]:
        """Clean what is of a known format; empty what is of none, and gives a secret away."""
        if box.kind == b"Exif":  # as in HEIC, begins with the offset of the TIFF header
            body += 4 + number(self.data, body, 4)
        if box.kind == b"xml " and self.data[body : body + 4] == _NO_VERSION:
            body += 4
        block = self.data[body : box.end]
        packet = box.kind in _XMP and xmp.is_packet(block)
        rules = self.scan.rules
        if packet:
            return moved([*xmp.patches(block, rules), *_sony(block, rules)], body)
        edits = self.scan(block)
        if not edits and rules.hide_block(block):
            return freed(box)
        return moved(edits, body)

    def _meta(self, box: Box, depth: int) -> Iterator[Patch]:
        """Look at items (pictures) and keys (films)."""
        meta = unversioned(self.data, box)
        yield from items.patches(self.data, meta, self.scan)
        yield from second_pictures.patches(self.data, meta)
        yield from self._values(meta)
        yield from self.inside(meta, depth + 1)

    def _values(self, meta: Box) -> Iterator[Patch]:
        """Free the values whose key names a place, a device or an owner."""
        for name, value in keyed(self.data, meta):
            if self.scan.rules.hide_key(name):
                yield from freed(value)


def unversioned(data: Data, box: Box) -> Box:
    """Leave the version of a ``meta`` box out; QuickTime's has none, that of everyone else has."""
    bare = data[box.body + 4 : box.body + 8] in {b"hdlr", b"keys", b"ilst"}
    return box if bare else box._replace(body=box.body + 4)


def _sony(block: bytes, rules: Rules) -> Iterator[Patch]:
    """Blank the coordinates in the XML of Sony's video cameras."""
    at = block.find(_SONY_PLACE) if _SONY in block and not rules.keep_places else -1
    while at >= 0:
        end = block.find(_SONY_PLACE_END, at)
        if end < 0:
            raise MetadataError("its XML is cut short")
        yield Patch(at, b" " * (end + len(_SONY_PLACE_END) - at))
        at = block.find(_SONY_PLACE, end)


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
