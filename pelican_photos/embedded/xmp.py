"""The values of XMP (ISO 16684-1): a packet of RDF in, suggestions out.

A packet is XML from strangers: it has no use for a document type, so one that declares any, and
with it entities, says nothing.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.parsers import expat

from pelican_photos.embedded.details import NOTHING, Details, on_earth
from pelican_photos.embedded.moments import moment_of

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_DC = "http://purl.org/dc/elements/1.1/ "
_EXIF = "http://ns.adobe.com/exif/1.0/ "
_TIFF = "http://ns.adobe.com/tiff/1.0/ "
_XMP = "http://ns.adobe.com/xap/1.0/ "
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/ "
_IPTC = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/ "
_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"
_RESOURCE = (f"{_RDF}RDF", f"{_RDF}Description")
_LISTS = frozenset({f"{_RDF}{kind}" for kind in ("Alt", "Bag", "Seq")})
_LI = f"{_RDF}li"
_LONGEST = 1 << 20  # characters of all values
_MOST = 10_000  # values
# Degrees and minutes, or degrees, minutes and seconds ("GPSCoordinate", part 2, 8.3).
_COORDINATE = re.compile(
    r"(\d{1,3}),(\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,12})?))?([NSEW])"
)


class _Value(NamedTuple):
    text: str
    language: str = ""


def xmp_details(packet: bytes) -> Details:
    """Read what matters here of a packet; raises nothing."""
    said = _properties(packet)
    if not said:
        return NOTHING
    moments = (f"{_EXIF}DateTimeOriginal", f"{_PHOTOSHOP}DateCreated", f"{_XMP}CreateDate")
    place = tuple(
        _word(said, name)
        for name in (f"{_IPTC}Location", f"{_PHOTOSHOP}City", f"{_PHOTOSHOP}Country")
    )
    return Details(
        taken=next(filter(None, (moment_of(_word(said, name)) for name in moments)), None),
        make=_word(said, f"{_TIFF}Make"),
        model=_word(said, f"{_TIFF}Model"),
        title=_word(said, f"{_DC}title"),
        description=_word(said, f"{_DC}description"),
        alt=_word(said, f"{_IPTC}AltTextAccessibility"),
        keywords=tuple(value.text for value in said.get(f"{_DC}subject", ())),
        place=place if any(place) else (),
        coordinates=_coordinates(said),
    )


def _word(said: Mapping[str, Sequence[_Value]], name: str) -> str:
    """Give one text of a property: in the language that is meant where none is asked for."""
    values = said.get(name, ())
    meant = (value.text for value in values if value.language.lower() == "x-default")
    return next(meant, values[0].text if values else "")


def _coordinates(said: Mapping[str, Sequence[_Value]]) -> tuple[float, float] | None:
    latitude, longitude = (
        _COORDINATE.fullmatch(_word(said, f"{_EXIF}GPS{name}"))
        for name in ("Latitude", "Longitude")
    )
    if not latitude or not longitude:
        return None
    return on_earth(_degrees(latitude), _degrees(longitude))


def _degrees(match: re.Match[str]) -> float:
    size = int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
    return -size if match[4] in "SW" else size


def _properties(packet: bytes) -> dict[str, list[_Value]]:
    """Give the values of each property of the picture itself; none when it is not well-formed."""
    reader = _Reader()
    start = max(packet.find(b"<"), 0)
    try:
        reader.read(packet[start:].rstrip(b"\0 \r\n\t"))
    except (expat.ExpatError, _RefusedError):
        return {}
    return dict(reader.found)


class _RefusedError(Exception):
    """The packet is not what XMP may be."""


class _Reader:
    """One way through a packet."""

    def __init__(self) -> None:
        self.found = defaultdict[str, list[_Value]](list)
        self._path: list[str] = []
        self._text: list[str] = []
        self._language = ""
        self._left = _LONGEST
        self._values = _MOST

    def read(self, packet: bytes) -> None:
        parser = expat.ParserCreate("UTF-8", " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(packet, True)  # noqa: FBT003 - positional only: this is all of it

    def _refuse(self, *_: object) -> None:
        raise _RefusedError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._text.clear()
        self._language = attributes.get(_LANGUAGE, "")
        if tuple(self._path[-2:]) == _RESOURCE:
            for key, text in attributes.items():
                self._add(key, _Value(text.strip()))

    def _characters(self, text: str) -> None:
        self._left -= len(text)
        if self._left < 0:
            raise _RefusedError
        self._text.append(text)

    def _end(self, name: str) -> None:
        owner = len(self._path) - 1
        if name == _LI and owner >= 2 and self._path[-2] in _LISTS:
            owner -= 2
        if owner >= 2 and tuple(self._path[owner - 2 : owner]) == _RESOURCE:
            self._add(self._path[owner], _Value("".join(self._text).strip(), self._language))
        self._text.clear()
        self._path.pop()

    def _add(self, name: str, value: _Value) -> None:
        self._values -= 1
        if self._values < 0:
            raise _RefusedError
        if value.text:
            self.found[name].append(value)
