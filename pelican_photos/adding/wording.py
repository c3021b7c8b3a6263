"""What a new page will say: from the options, the owner's answers, and the files.  Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import zip_longest
from typing import Any

from pelican_photos import caption as captions
from pelican_photos.adding.dates import asked_date, default_date
from pelican_photos.embedded import Details
from pelican_photos.errors import SettingsError
from pelican_photos.model import Location
from pelican_photos.naming import tag_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the options say; None where one was not given, "" where it says "none"."""

    caption: str | None = None
    alts: tuple[str, ...] = ()  # in the order of the files
    date: str = ""
    tags: str | None = None
    location: str | None = None
    with_coordinates: bool | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one post; ``tags`` is None while they follow from the caption."""

    published: datetime  # in the zone it was said in
    caption: str = ""
    alts: tuple[str, ...] = ()  # one for each file
    keywords: tuple[str, ...] = ()  # those of the files
    tags: tuple[str, ...] | None = None
    place: str = ""
    coordinates: tuple[float, float] | None = None  # of the first file that has any
    with_coordinates: bool = False
    draft: bool = False

    @property
    def all_tags(self) -> tuple[str, ...]:
        """The tags that were asked for; else the caption's hashtags, and the files' keywords."""
        return (
            self.tags
            if self.tags is not None
            else _each_once((*captions.tags(self.caption), *self.keywords))
        )

    @property
    def location(self) -> Location | None:
        """The place as the page will name it."""
        latitude, longitude = self.coordinates or (None, None)
        if not self.with_coordinates or self.coordinates is None:
            return Location(name=self.place) if self.place else None
        return Location(name=self.place, latitude=latitude, longitude=longitude)


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of a run, and the site's time zone."""

    now: datetime
    zone: tzinfo


def wording_of(
    said: Said, files: Sequence[Details], earlier: Mapping[str, Any], clock: Clock
) -> Wording:
    """Take each word from the options, else from a run that was cut short, else from the files.

    ``earlier`` is what the ledger remembers of that run; {} without one.

    Raises:
        SettingsError: an option cannot be read.
    """
    suggested = _common(files, lambda details: details.caption)
    caption = captions.normalise(_choice(said.caption, earlier.get("caption"), suggested))
    place = _common(files, lambda details: details.place_name)
    coordinates = (details.coordinates for details in files)
    return Wording(
        caption=caption.strip(),
        alts=tuple(_alts(said.alts, earlier.get("media") or (), files)),
        published=_published(said.date, files, earlier, clock),
        keywords=_each_once(word for details in files for word in details.keywords),
        tags=None if said.tags is None else tags_in(said.tags),
        place=captions.one_line(_choice(said.location, _place(earlier), place)),
        coordinates=next(filter(None, coordinates), None),
        with_coordinates=bool(said.with_coordinates),
        draft=said.draft,
    )


def tags_in(text: str) -> tuple[str, ...]:
    """Read a list of tags, with or without ``#``: by commas, or by semicolons if there is one."""
    parts = captions.one_line(text).split(";" if ";" in text else ",")
    return _each_once(part.strip().lstrip("#").strip() for part in parts)


def _choice(said: str | None, earlier: object, suggested: str) -> str:
    if said is not None:
        return said
    return earlier if isinstance(earlier, str) else suggested


def _alts(
    said: Sequence[str], earlier: Sequence[object], files: Sequence[Details]
) -> Iterator[str]:
    if len(said) > len(files):
        raise SettingsError(
            f"--alt is given {len(said)} times, but there are {len(files)} pictures; give one each"
        )
    before = [media.get("alt") if isinstance(media, Mapping) else None for media in earlier]
    for details, word, known in zip_longest(files, said, before[: len(files)]):
        yield captions.one_line(_choice(word, known, details.alt))


def _published(
    said: str, files: Sequence[Details], earlier: Mapping[str, Any], clock: Clock
) -> datetime:
    if said:
        return asked_date(said, clock.now, clock.zone)
    if "published" in earlier:
        return datetime.fromisoformat(str(earlier["published"])).astimezone(clock.zone)
    return default_date((details.taken for details in files), clock.now, clock.zone)


def _place(earlier: Mapping[str, Any]) -> str | None:
    if not earlier:
        return None
    location = earlier.get("location")
    return str(location.get("name", "")) if isinstance(location, Mapping) else ""


def _common(files: Sequence[Details], ask: Callable[[Details], str]) -> str:
    """Give what all files say alike: what one of them says is not for the others."""
    words = set(map(ask, files))
    return words.pop() if len(words) == 1 else ""


def _each_once(tags: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for tag in filter(None, tags):
        found.setdefault(tag_key(tag), tag)
    return tuple(found.values())
