"""The values of EXIF (Exif 2.32, sections 4.6.4 to 4.6.6): tags in, suggestions out."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from pelican_photos.embedded.details import NOTHING, Details, on_earth
from pelican_photos.embedded.moments import moment_of
from pelican_photos.errors import MetadataError
from pelican_photos.metadata.ifd import ORDERS, Directory, Entry, Tiff, is_tiff

_DESCRIPTION, _MAKE, _MODEL = 0x010E, 0x010F, 0x0110
_EXIF, _GPS = 0x8769, 0x8825
# Taken, and digitised: the time, and its offset.
_MOMENTS = ((0x9003, 0x9011), (0x9004, 0x9012))
_ASCII, _RATIONAL, _UTF8 = 2, 5, 129
_LONGEST = 65_536  # bytes of a text


def exif_details(block: bytes) -> Details:
    """Read what matters here of a block that begins with a TIFF header; raises nothing."""
    if not is_tiff(block):
        return NOTHING
    tiff = Tiff(block, ORDERS[block[:2]])
    first = _entries(tiff, 4)
    exif = _inside(tiff, first.get(_EXIF))
    details = Details(
        make=_text(tiff, first.get(_MAKE)),
        model=_text(tiff, first.get(_MODEL)),
        description=_text(tiff, first.get(_DESCRIPTION)),
        taken=_taken(tiff, exif),
    )
    return replace(details, coordinates=_coordinates(tiff, _inside(tiff, first.get(_GPS))))


def _entries(tiff: Tiff, pointer: int) -> Mapping[int, Entry]:
    """Read the directory whose offset stands at ``pointer``; none where it cannot be read."""
    try:
        directory: Directory = tiff.directory(tiff.number(pointer, 4))
    except MetadataError:
        return {}
    return {entry.tag: entry for entry in reversed(directory.entries)}


def _inside(tiff: Tiff, entry: Entry | None) -> Mapping[int, Entry]:
    return _entries(tiff, entry.extent.start) if entry else {}


def _text(tiff: Tiff, entry: Entry | None) -> str:
    """Read a text; the standard says ASCII, and cameras write what they like."""
    if entry is None or entry.kind not in {_ASCII, _UTF8}:
        return ""
    raw = bytes(tiff.data[entry.extent.start : entry.extent.end][:_LONGEST]).partition(b"\0")[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _taken(tiff: Tiff, exif: Mapping[int, Entry]) -> datetime | None:
    for time, offset in _MOMENTS:
        text = _text(tiff, exif.get(time)).strip()
        moment = moment_of(text + _text(tiff, exif.get(offset)).strip()) or moment_of(text)
        if moment:
            return moment
    return None


def _coordinates(tiff: Tiff, gps: Mapping[int, Entry]) -> tuple[float, float] | None:
    """Read degrees, minutes and seconds, and which half of the globe (section 4.6.6)."""
    latitude, longitude = (list(_rationals(tiff, gps.get(tag))) for tag in (2, 4))
    if not latitude or not longitude:
        return None
    south, west = (_text(tiff, gps.get(tag)).strip().upper() for tag in (1, 3))
    return on_earth(
        _degrees(latitude) * (-1 if south == "S" else 1),
        _degrees(longitude) * (-1 if west == "W" else 1),
    )


def _degrees(parts: list[float]) -> float:
    return sum(part / 60.0**place for place, part in enumerate(parts))


def _rationals(tiff: Tiff, entry: Entry | None) -> Iterator[float]:
    if entry is None or entry.kind != _RATIONAL or entry.extent.end > len(tiff.data):
        return
    for at in range(entry.extent.start, min(entry.extent.end, entry.extent.start + 24), 8):
        numerator, denominator = tiff.number(at, 4), tiff.number(at + 4, 4)
        if not denominator and numerator:
            return
        yield numerator / denominator if denominator else 0.0
