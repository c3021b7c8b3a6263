"""A photo or an album ⇄ the text of its page.

The format is Python-Markdown's metadata: ``Key: value`` lines, an empty line, the
body.  ``write_page`` and ``read_page`` are an inverse pair; ``edit_page`` changes
the lines it is asked to change and not one byte beside them, because people edit
these files too.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pelican_photos.errors import PageError
from pelican_photos.model import Album, Location, Person, Photo

# As markdown.extensions.meta reads it (META_RE, META_MORE_RE, BEGIN_RE, END_RE).
_FIELD = re.compile(r"^ {0,3}(?P<key>[A-Za-z0-9_-]+):[ \t]*(?P<value>.*)$")
_MORE = re.compile(r"^(?: {4}| {0,3}\t)[ \t]*(?P<value>.*)$")  # it has tabs expanded by then
_FENCE = re.compile(r"^(-{3}|\.{3})\s*$")
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})")
_LINE_END = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class _Field:
    key: str  # as written
    value: str  # its lines, joined by a space
    first: int  # number of its first line in the text
    last: int  # number of the line behind it


def read_page(text: str, slug: str) -> Photo | Album:
    """Read the page named ``slug``.

    Raises:
        PageError: a key is missing or does not read like one; the message names it.  Or the header
            ends at a line that is not empty: keys may follow, and one of them may be ``Status``.
    """
    found, body_at = _header(text)
    _refuse_stray_line(text, body_at)
    values = {entry.key.lower(): entry.value for entry in reversed(found)}
    common: dict[str, Any] = {
        "slug": slug,
        "uid": values.get("uid", ""),
        "title": values.get("title") or slug,
        "published": _value(values, "Date", _read_date, "2024-05-12 18:03:00+00:00"),
        "tags": read_list(values.get("tags", "")),
        "location": _location(values),
        "coauthors": read_list(values.get("coauthors", "")),
        **{key: values.get(key, "") for key in _TEXTS},
        "extra": tuple((e.key, e.value) for e in found if e.key.lower() not in _KNOWN),
        "content": _body(text, body_at),
    }
    template = values.get("template", "photo")
    if template == "album":
        return Album(**common, cover=_value(values, "Cover", int, "1", default=1))
    if template != "photo":
        raise PageError(f"Template is {template!r}, but should be photo or album")
    return _photo(values, common)


def _photo(values: Mapping[str, str], common: Mapping[str, Any]) -> Photo:
    if not values.get("original") and not values.get("video"):
        raise PageError("Original is missing: it names the picture that lies beside the page")
    width, height = _value(values, "Size", _read_size, "1080x1350", default=(0, 0))
    return Photo(
        **common,
        original=_value(values, "Original", _read_file_name, "a-file.jpg", default=""),
        video=_value(values, "Video", _read_file_name, "a-file.mp4", default=""),
        width=width,
        height=height,
        subtitles=_value(values, "Subtitles", _read_file_name, "a-file.srt", default=""),
        duration=_value(values, "Duration", _read_number, "12.4", default=0.0),
        alt=values.get("alt", ""),
        alt_auto=values.get("alt_auto", ""),
        people=_value(values, "People", _read_people, "someone@0.31,0.52; bob", default=()),
        album=values.get("album", ""),
        position=_value(values, "Position", int, "1", default=0),
        taken=values.get("taken", ""),
        camera=values.get("camera", ""),
    )


def write_page(page: Photo | Album) -> str:
    """Write a page; ``read_page`` gives the same page again.

    Raises:
        PageError: a value holds a line end or begins with a space, so it could forge a key.
    """
    lines = [f"{key}: {_one_line(key, value)}" for key, value in header_of(page).items()]
    lines += [f"{key}: {_one_line(key, value)}" for key, value in page.extra]
    return "\n".join(lines) + f"\n\n{page.content}\n" if page.content else "\n".join(lines) + "\n"


def edit_page(text: str, changes: Mapping[str, str | None]) -> str:
    """Give keys new values (None removes one) and leave every other byte as it is.

    A key that is there keeps its place and its spelling; a new one goes behind the last.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.removeprefix(mark).split("\n")
    found, _ = _header(text)
    places = {entry.key.lower(): entry for entry in reversed(found)}
    end = max((entry.last for entry in found), default=0)
    added = [
        f"{key}: {_one_line(key, value)}{newline[:-1]}"
        for key, value in changes.items()
        if value is not None and key.lower() not in places
    ]
    lines[end:end] = added
    for entry in sorted(places.values(), key=lambda place: place.first, reverse=True):
        for key, value in changes.items():
            if key.lower() == entry.key.lower():
                line = f"{entry.key}: {_one_line(key, value or '')}{newline[:-1]}"
                lines[entry.first : entry.last] = [line] if value is not None else []
    return mark + "\n".join(lines)


def edit_body(text: str, content: str) -> str:
    """Give a page another body, and leave its header as it is."""
    newline = "\r\n" if "\r\n" in text else "\n"
    _, body_at = _header(text)
    header = "\n".join(text.split("\n")[:body_at]).rstrip("\r\n")
    body = content.replace("\n", newline)
    return f"{header}{newline}{newline}{body}{newline}" if content else f"{header}{newline}"


def body_of(text: str) -> str:
    """Give the body of a page, also of one that cannot be read as a whole."""
    return _body(text, _header(text)[1])


def header_value(text: str, key: str) -> str:
    """Look one key up, also in a page that cannot be read as a whole; "" without it."""
    found, _ = _header(text)
    return next((entry.value for entry in found if entry.key.lower() == key.lower()), "")


def header_of(page: Photo | Album) -> dict[str, str]:
    """Give the known keys of a page with their values, in the order they are written."""
    values = {
        "Title": page.title,
        "Date": str(page.published.replace(microsecond=0)),
        "Template": "photo" if isinstance(page, Photo) else "album",
        "Uid": page.uid,
        **(_photo_header(page) if isinstance(page, Photo) else {"Cover": str(page.cover)}),
        "Tags": written_list(page.tags),
        "Location": page.location.name if page.location else "",
        "Geo": _geo(page.location),
        "Geo_precision": "coarse" if page.location and page.location.coarse else "",
        "People": "; ".join(map(_person, page.people)) if isinstance(page, Photo) else "",
        "Owner": page.owner,
        "Coauthors": written_list(page.coauthors),
        "Music": page.music,
        "Syndication": page.syndication,
        "Shortlink": page.shortlink,
        "Status": page.status,
    }
    return {key: value for key, value in values.items() if value or key == "Title"}


def _photo_header(photo: Photo) -> dict[str, str]:
    return {
        "Original": photo.original,
        "Video": photo.video,
        "Subtitles": photo.subtitles,
        "Duration": _number(photo.duration) if photo.duration else "",
        "Size": f"{photo.width}x{photo.height}" if photo.width else "",
        "Alt": photo.alt,
        "Alt_auto": photo.alt_auto,
        "Album": photo.album,
        "Position": str(photo.position) if photo.position else "",
        "Taken": photo.taken,
        "Camera": photo.camera,
    }


def plain_file_name(value: str) -> str:
    """Accept a plain name only: an original lies beside its page, never elsewhere; "" else."""
    plain = value not in (".", "..") and not re.search(r"[/\\\x00]", value)
    return value if plain and len(value.encode()) <= 255 else ""  # as much as file systems take


def _header(text: str) -> tuple[list[_Field], int]:
    """Find the header's fields, and the number of the body's first line."""
    found: list[_Field] = []
    lines = text.removeprefix("\ufeff").split("\n")
    number = 1 if _FENCE.match(lines[0]) else 0
    for number, line in enumerate(lines[number:], start=number):  # noqa: B020 - goes on from it
        if match := _FIELD.match(line.rstrip("\r")):
            found.append(_Field(match["key"], match["value"].strip(), number, number + 1))
        elif found and (match := _MORE.match(line.rstrip("\r"))):
            known = found.pop()
            value = f"{known.value} {match['value'].strip()}".strip()
            found.append(_Field(known.key, value, known.first, number + 1))
        else:
            ended = not line.strip() or bool(_FENCE.match(line))
            return found, number + 1 if ended else number
    return found, len(lines)


def _refuse_stray_line(text: str, body_at: int) -> None:
    """Be sure that an empty line, or a fence, has ended the header, and nothing else."""
    lines = text.removeprefix("\ufeff").split("\n")
    end = lines[body_at - 1] if body_at else ""
    if body_at == len(lines) or (body_at and (not end.strip() or _FENCE.match(end))):
        return
    if _CONFLICT.match(lines[body_at]):
        raise PageError(f"line {body_at + 1} begins a conflict that git has left; resolve it")
    raise PageError(
        f"line {body_at + 1} is neither empty nor like 'Key: value'; put an empty line before text"
    )


def _body(text: str, body_at: int) -> str:
    return "\n".join(text.replace("\r\n", "\n").split("\n")[body_at:]).strip("\n")


def _location(values: Mapping[str, str]) -> Location | None:
    name = values.get("location", "")
    geo = _value(values, "Geo", _read_geo, "39.6012,-9.071", default=None)
    if not name and not geo:
        return None
    latitude, longitude = geo or (None, None)
    coarse = values.get("geo_precision", "") == "coarse"
    return Location(name=name, latitude=latitude, longitude=longitude, coarse=coarse)


def _one_line(key: str, value: str) -> str:
    if _LINE_END.search(value):
        raise PageError(f"{key} has more than one line: {value!r}")
    if value != value.strip():
        raise PageError(f"{key} begins or ends with a space: {value!r}")
    return value


def written_list(values: tuple[str, ...]) -> str:
    """Write a list as Pelican reads one: by commas, or by semicolons if one has a comma."""
    if any(value != value.strip() or not value or ";" in value for value in values):
        raise PageError(f"a list cannot hold an empty entry or a semicolon: {values!r}")
    if any("," in value for value in values):
        return "; ".join(values) + (";" if len(values) == 1 else "")
    return ", ".join(values)


def _geo(location: Location | None) -> str:
    if location is None or location.latitude is None or location.longitude is None:
        return ""
    return f"{_number(location.latitude)},{_number(location.longitude)}"


def _number(value: float) -> str:
    return format(Decimal(repr(value)).normalize(), "f") if value else "0"


def _person(person: Person) -> str:
    if not re.fullmatch(r"[^\s;@]+", person.username):
        raise PageError(f"{person.username!r} cannot be a user name")
    if person.x is None or person.y is None:
        return person.username
    return f"{person.username}@{_number(person.x)},{_number(person.y)}"


def _value(
    values: Mapping[str, str],
    key: str,
    read: Callable[[str], Any],
    example: str,
    *,
    default: Any = ...,
) -> Any:
    """Read one key; without a default it has to be there."""
    text = values.get(key.lower(), "")
    if not text and default is not ...:
        return default
    try:
        return read(text)
    except ValueError:
        raise PageError(f"{key} is {text!r}, but should read like {example}") from None


def _read_date(value: str) -> datetime:
    date = datetime.fromisoformat(value).replace(microsecond=0)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def read_list(value: str) -> tuple[str, ...]:
    """Read a list as Pelican does, by semicolons if there is one, else by commas."""
    parts = value.split(";" if ";" in value else ",")
    return tuple(part.strip() for part in parts if part.strip())


def _read_number(value: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _read_geo(value: str) -> tuple[float, float]:
    latitude, longitude = map(_read_number, value.split(","))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError(value)
    return latitude, longitude


def _read_size(value: str) -> tuple[int, int]:
    width, height = (int(part) for part in value.lower().split("x") if len(part) < 8)
    if width < 1 or height < 1:
        raise ValueError(value)
    return width, height


def _read_file_name(value: str) -> str:
    if not plain_file_name(value):
        raise ValueError(value)
    return value


def _read_people(value: str) -> tuple[Person, ...]:
    return tuple(map(_read_person, filter(None, map(str.strip, value.split(";")))))


def _read_person(value: str) -> Person:
    username, at, place = value.partition("@")
    x, y = map(_read_number, place.split(",")) if at else (None, None)
    return Person(username=username.strip(), x=x, y=y)


_TEXTS = ("owner", "music", "syndication", "shortlink", "status")
_KNOWN = frozenset(
    "title date template uid original video subtitles duration size alt alt_auto album position "
    "cover tags location geo geo_precision people owner coauthors music taken camera syndication "
    "shortlink status".split()
)
