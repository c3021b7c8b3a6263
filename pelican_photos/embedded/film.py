"""What an MP4 or MOV says of itself (ISO/IEC 14496-12; Apple's QuickTime File Format)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pelican_photos.embedded.details import NOTHING, Details, on_earth
from pelican_photos.embedded.moments import moment_of
from pelican_photos.metadata import Data, isobmff
from pelican_photos.metadata.boxes import Box, boxes, child
from pelican_photos.metadata.patch import number

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_VIDEO = b"vide"
_ONE = 0x10000  # 1 in 16.16 fixed point
_UNKNOWN = (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)  # a length that nobody knew
_LONGEST = 10_000  # bytes of a text
_APPLE = "com.apple.quicktime."
# ISO 6709, as in "+39.6012-009.0710+031.4/".
_PLACE = re.compile(r"([+-]\d{1,2}(?:\.\d{1,12})?)([+-]\d{1,3}(?:\.\d{1,12})?)(?:[+-].*)?/?")
# Names in udta and ilst, Apple's keys and Android's; the first that is there counts.
_TAKEN = (f"{_APPLE}creationdate", "\xa9day")
_MAKE = (f"{_APPLE}make", "com.android.manufacturer", "\xa9mak", "\xa9make")
_MODEL = (f"{_APPLE}model", "com.android.model", "\xa9mod", "\xa9model")
_TITLE = (f"{_APPLE}title", f"{_APPLE}displayname", "\xa9nam")
_DESCRIPTION = (f"{_APPLE}description", f"{_APPLE}comment", "desc", "\xa9des", "\xa9cmt")
_COORDINATES = (f"{_APPLE}location.ISO6709", "\xa9xyz")


class _Timing(NamedTuple):
    created: datetime | None  # in UTC
    duration: float  # seconds


def film_details(data: Data) -> Details:
    """Read what a film says; nothing for what is no film.

    Raises:
        MetadataError: a box is cut short.
    """
    film = next((box for box in _top(data) if box.kind == b"moov"), None)
    if film is None:
        return NOTHING
    timing = _timing(data, film)
    said = dict(_said(data, film))

    def word(names: tuple[str, ...]) -> str:
        return next(filter(None, (said.get(name, "") for name in names)), "")

    moments = (moment_of(said.get(name, "")) for name in _TAKEN)
    details = Details(
        taken=next(filter(None, moments), timing.created),
        make=word(_MAKE),
        model=word(_MODEL),
        title=word(_TITLE),
        description=word(_DESCRIPTION),
        coordinates=_coordinates(word(_COORDINATES)),
        duration=timing.duration,
    )
    width, height = _size(data, film)
    return replace(details, width=width, height=height)


def _top(data: Data) -> Iterator[Box]:
    return boxes(data, 0, len(data)) if isobmff.is_boxes(data) else iter(())


def _timing(data: Data, film: Box) -> _Timing:
    """Read ``mvhd``: when it was made, in seconds since 1904, and how long it is (8.2.2)."""
    header = child(data, film, b"mvhd")
    if header is None:
        return _Timing(None, 0.0)
    width = 8 if number(data, header.body, 1) == 1 else 4
    at = header.body + 4
    created = number(data, at, width)
    scale = number(data, at + 2 * width, 4)
    length = number(data, at + 2 * width + 4, width)
    known = scale and length not in _UNKNOWN
    return _Timing(_since_1904(created), round(length / scale, 3) if known else 0.0)


def _since_1904(seconds: int) -> datetime | None:
    # Cameras without a clock write 0; the largest that fits is in the year 2040.
    return _EPOCH + timedelta(seconds=seconds) if 0 < seconds < 2**32 else None


def _size(data: Data, film: Box) -> tuple[int, int]:
    """Read ``tkhd`` of the first track of pictures: its size, turned as its matrix says (8.3.2)."""
    for track in boxes(data, film.body, film.end):
        handler = child(data, track, b"mdia", b"hdlr") if track.kind == b"trak" else None
        header = child(data, track, b"tkhd") if handler else None
        if not handler or not header or data[handler.body + 8 : handler.body + 12] != _VIDEO:
            continue
        matrix = header.body + (52 if number(data, header.body, 1) == 1 else 40)
        a, b = number(data, matrix, 4), number(data, matrix + 4, 4)
        width, height = (number(data, matrix + at, 4) // _ONE for at in (36, 40))
        quarter = a == 0 and b in (_ONE, 2**32 - _ONE)
        return (height, width) if quarter else (width, height)
    return 0, 0


def _said(data: Data, film: Box) -> Iterator[tuple[str, str]]:
    """Give the texts of the film, with their names: user data, iTunes's list, Apple's keys."""
    for holder in (film, child(data, film, b"udta")):
        for box in boxes(data, holder.body, holder.end) if holder else ():
            if box.kind == b"meta":
                yield from _keyed(data, isobmff.unversioned(data, box))
            elif box.kind[:1] == b"\xa9" and box.end - box.body > 4:
                length = number(data, box.body, 2)  # then a language of two bytes
                yield box.kind.decode("latin-1"), _text(data, box.body + 4, box.body + 4 + length)


def _keyed(data: Data, meta: Box) -> Iterator[tuple[str, str]]:
    for name, box in isobmff.keyed(data, meta):
        value = child(data, box, b"data")
        if value and number(data, value.body, 4) == 1:  # UTF-8
            yield name.decode("latin-1"), _text(data, value.body + 8, value.end)


def _text(data: Data, start: int, end: int) -> str:
    return data[start : min(end, start + _LONGEST)].decode("utf-8", "replace").strip("\0 ")


def _coordinates(text: str) -> tuple[float, float] | None:
    match = _PLACE.fullmatch(text)
    return on_earth(float(match[1]), float(match[2])) if match else None
