"""The values of IPTC-IIM 4.2, record 2: numbered texts in, suggestions out."""

from collections import defaultdict

from pelican_photos.embedded.details import Details
from pelican_photos.errors import MetadataError
from pelican_photos.metadata.iptc import walk

_CHARACTERS = (1, 90)
_UTF8 = b"\x1b%G"  # ISO 2022: "what follows is UTF-8"
_TITLE, _KEYWORDS, _CAPTION = 5, 25, 120
_PLACE = (92, 90, 101)  # sub-location, city, country
_MOST = 1000


def iptc_details(block: bytes) -> Details:
    """Read what matters here; raises nothing, and stops at what is damaged."""
    values, utf8 = _values(block)
    texts = {name: [_text(raw, utf8=utf8) for raw in found] for name, found in values.items()}
    first = {name: found[0] for name, found in texts.items()}
    place = tuple(first.get(name, "") for name in _PLACE)
    return Details(
        title=first.get(_TITLE, ""),
        description=first.get(_CAPTION, ""),
        keywords=tuple(texts.get(_KEYWORDS, ())),
        place=place if any(place) else (),
    )


def _values(block: bytes) -> tuple[dict[int, list[bytes]], bool]:
    values = defaultdict[int, list[bytes]](list)
    utf8 = False
    try:
        for dataset, _ in zip(walk(block), range(_MOST), strict=False):
            value = block[dataset.start : dataset.end]
            record, name = dataset.name
            utf8 = utf8 or (dataset.name == _CHARACTERS and value == _UTF8)
            if record == 2:
                values[name].append(value)
    except MetadataError:
        return dict(values), utf8
    return dict(values), utf8


def _text(raw: bytes, *, utf8: bool) -> str:
    """Decode a text; without a word on its letters they are UTF-8 if they can be."""
    raw = raw.strip(b"\0 ")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8" if utf8 else "cp1252", "replace")
