"""The suggestions of one file, and how those of several blocks become one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pelican_photos import caption

# What cameras, scanners and converters write where a caption belongs.
_JUNK = re.compile(
    r"(?:(?:[a-z]+ ){0,2}digital camera|sony dsc|dcim|samsung|dig|default|untitled"
    r"|exif[ _]jpeg[ _]picture|jpeg|picture|image|screenshot"
    r"|user comments?|<?digimax .*|lead technologies.*|creator: gd-jpeg.*"
    r"|charset=.*|file (?:source|written by) .*|handmade software.*|optimized by .*"
    r"|ac ?d ?systems.*"
    # Huawei's names for its modes.
    r"|(?:cof|ptr|oznor|vhdr|hdrpl|[ermv]?hdr|edf|mde|sdr|nor|dav|btf|fbt|btr|rbt|burst)"
    # The names that cameras and phones give to files.
    r"|(?:img|dsc[fn]?|pxl|dji|gopr|mvi|mov|vid|p|pict|sam|imgp|gh|gx)[ _-]?[-_0-9]+[a-z]?"
    r"(?:\.\w{3,4})?"
    r"|[-_\d\s.:]*)",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"[ ,]+(?:corporation|corp|company|imaging|optical|co|ltd|inc|electronics|gmbh|ag)\b\.?.*",
    re.IGNORECASE,
)
# What turns the direction of all that follows (UAX 9): a camera's name has no need of it.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONGEST = 20_000  # characters: ten times what Instagram allows in a caption
_LONGEST_LINE = 500
_MOST_KEYWORDS = 100

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a file says of itself; each field is empty where it says nothing.

    ``taken`` is naive where the camera gave no offset.  ``width`` and ``height`` are those of a
    film as it is meant to be seen, in pixels; ``duration`` is its length in seconds.
    """

    taken: datetime | None = None
    make: str = ""
    model: str = ""
    title: str = ""
    description: str = ""
    alt: str = ""
    keywords: tuple[str, ...] = ()
    place: tuple[str, ...] = ()  # sub-location, city, country
    coordinates: tuple[float, float] | None = None  # latitude and longitude, WGS 84 degrees
    width: int = 0
    height: int = 0
    duration: float = 0.0

    @property
    def camera(self) -> str:
        """The maker and the model, without saying the maker twice."""
        make, model = _COMPANY.sub("", self.make), self.model
        first = make.split(" ")[0].casefold()
        if not make or not model or model.casefold().startswith(first):
            return model or make
        return f"{make} {model}"

    @property
    def caption(self) -> str:
        """The title as the first line, and the description, as far as a person wrote them."""
        title, text = _written(self.title), _written(self.description)
        if not title or text.casefold().startswith(title.casefold()):
            return text or title
        return f"{title}\n{text}" if text else title

    @property
    def place_name(self) -> str:
        """The names of places, from small to large, in one line."""
        return ", ".join(dict.fromkeys(filter(None, self.place)))


NOTHING = Details()


def settled(*words: Details, film: Details, camera: Details) -> Details:
    """Make one of several, each field from the first that says something.

    ``camera`` goes first for what a camera knows better than a person.
    """
    by_hand, by_machine = (*words, film), (camera, *words, film)
    return Details(
        taken=_first(by_machine, lambda each: each.taken),
        make=line(_first(by_machine, lambda each: each.make) or ""),
        model=line(_first(by_machine, lambda each: each.model) or ""),
        title=line(_first(by_hand, lambda each: _written(each.title)) or ""),
        description=_text(_first(by_hand, lambda each: _written(each.description)) or ""),
        alt=line(_first(by_hand, lambda each: each.alt) or "", 4 * _LONGEST_LINE),
        keywords=_keywords(_first(by_hand, lambda each: each.keywords) or ()),
        place=tuple(line(name) for name in _first(by_hand, lambda each: each.place) or ()),
        coordinates=_first(by_machine, lambda each: each.coordinates),
        width=film.width,
        height=film.height,
        duration=film.duration,
    )


def line(text: str, longest: int = _LONGEST_LINE) -> str:
    """Fold a text to one line that is not longer than can be meant."""
    return caption.one_line(_TURNS.sub("", text[: 4 * longest]))[:longest].strip()


def on_earth(latitude: float, longitude: float) -> tuple[float, float] | None:
    """Round coordinates to 10 cm; None where they are impossible, or the zeros of no signal."""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or (latitude, longitude) == (0, 0):
        return None
    return round(latitude, 6), round(longitude, 6)


def _first(said: Iterable[Details], ask: Callable[[Details], _T]) -> _T | None:
    return next(filter(None, map(ask, said)), None)


def _written(text: str) -> str:
    """Give a text that a person wrote; "" for what a camera puts there."""
    text = _text(text)
    return "" if _JUNK.fullmatch(text[:_LONGEST_LINE]) else text


def _text(text: str) -> str:
    return caption.normalise(text[:_LONGEST]).strip()


def _keywords(found: Iterable[str]) -> tuple[str, ...]:
    """Give keywords as tags: without the sign of a hashtag, and a list holds no semicolons."""
    names = (line(name.replace(";", " "), 100).lstrip("#").strip() for name in found)
    return tuple(dict.fromkeys(filter(None, names)))[:_MOST_KEYWORDS]
