"""The pages that list photos: all of them, a year, a month, a topic…; cut into sheets.

Pure.  Sheets stand at ``…/`` and ``…/page/2/``: Pelican's own patterns would put page 2 of the
tag "day1" where page 1 of the tag "day12" is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar, Literal, NamedTuple
from urllib.parse import quote

from pelican_photos.plugin.entry import Entry, Topic, day_of_year, month_name
from pelican_photos.plugin.gallery import Gallery
from pelican_photos.plugin.markup import years

Kind = Literal["photos", "year", "month", "tag", "place", "person", "albums", "videos", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The entries of a sheet under one heading; ``total`` counts those of all sheets."""

    heading: str
    folder: str  # of the heading's own listing; "" where there is none
    total: int
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        """Percent-encoded, below the site's address; "" where the heading has no listing."""
        return f"{quote(self.folder)}/" if self.folder else ""


class Step(NamedTuple):
    """From one listing to another: its title, and its address as that of a listing."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Some entries under one title, newest first.

    Templates see the entries of a sheet, and of all of them what is said here: else each sheet
    would be another one whenever any entry is.
    """

    SHOWN: ClassVar = (
        *("kind", "title", "folder", "topic", "before", "after"),
        *("total", "span", "year_count", "from_instagram"),
    )

    kind: Kind
    title: str
    folder: str
    entries: tuple[Entry, ...]
    topic: Topic | None = None  # what a tag, a place or a person is
    before: Step | None = None  # the year, month or day before it in their order
    after: Step | None = None

    @property
    def url(self) -> str:
        """Percent-encoded, below the site's address."""
        return f"{quote(self.folder)}/"

    @property
    def template(self) -> str:
        """The one that shows its sheets."""
        return "albums" if self.kind == "albums" else "index"

    @property
    def counted(self) -> str:
        """What its entries are called."""
        return _NOUNS.get(self.kind, "post")

    @property
    def total(self) -> int:
        """How many entries there are, on all sheets."""
        return len(self.entries)

    @property
    def span(self) -> str:
        """From when to when its entries are: "2012–2024"."""  # noqa: RUF002 - as people see it
        return years(self.entries)

    @property
    def year_count(self) -> int:
        """How many years its entries are of, in a list of one day of all years; else 0."""
        if self.kind != "day":
            return 0
        return len({entry.page.published.year for entry in self.entries})

    @property
    def from_instagram(self) -> bool:
        """Whether any entry comes from there, so that a person's name is that of a profile."""
        return any(entry.page.uid.startswith("instagram:") for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a listing; ``previous`` and ``next`` are addresses, "" at the ends."""

    listing: Listing
    number: int
    count: int
    groups: tuple[Group, ...]

    @property
    def year(self) -> int:
        """Of its newest entry."""
        return self.groups[0].entries[0].page.published.year

    @property
    def folder(self) -> str:
        """Where it stands, without a slash at its end."""
        return self._folder(self.number)

    @property
    def url(self) -> str:
        """Percent-encoded, below the site's address."""
        return f"{quote(self.folder)}/"

    @property
    def save_as(self) -> str:
        """The file below the output."""
        return f"{self.folder}/index.html"

    @property
    def previous(self) -> str:
        """The address of the sheet with newer photos."""
        return f"{quote(self._folder(self.number - 1))}/" if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The address of the sheet with older photos."""
        return f"{quote(self._folder(self.number + 1))}/" if self.number < self.count else ""

    def _folder(self, number: int) -> str:
        return f"{self.listing.folder}/page/{number}" if number > 1 else self.listing.folder


def listings(gallery: Gallery) -> Iterator[Listing]:
    """Yield every listing of a gallery; that of all photos also when there are none."""
    path = gallery.path
    yield Listing(kind="photos", title="Photos", folder=path, entries=gallery.posts)
    yield from _beside_one_another(
        Listing(kind="year", title=f"{year}", folder=f"{path}/{year}", entries=entries)
        for year, entries in gallery.years.items()
    )
    yield from _beside_one_another(
        Listing(
            kind="month",
            title=f"{month_name(month)} {year}",
            folder=month_folder(path, year, month),
            entries=entries,
        )
        for (year, month), entries in gallery.months.items()
    )
    yield from _topical("tag", gallery.tagged)
    yield from _topical("place", gallery.places)
    yield from _topical("person", gallery.people)
    if gallery.albums:
        yield Listing(
            kind="albums", title="Albums", folder=f"{path}/albums", entries=gallery.albums
        )
    if gallery.videos:
        yield Listing(
            kind="videos", title="Videos", folder=f"{path}/videos", entries=gallery.videos
        )
    yield from _beside_one_another(
        Listing(
            kind="day",
            title=day_of_year(month, day),
            folder=day_folder(path, month, day),
            entries=entries,
        )
        for (month, day), entries in gallery.days.items()
    )


def month_folder(path: str, year: int, month: int) -> str:
    """Say where a month is listed; ``path`` is the gallery's."""
    return f"{path}/{year}/{month:02}"


def day_folder(path: str, month: int, day: int) -> str:
    """Say where a day of the year is listed, with all years together."""
    return f"{path}/on-this-day/{month:02}-{day:02}"


def _beside_one_another(row: Iterable[Listing]) -> Iterator[Listing]:
    """Let each listing lead to its neighbours."""
    found = list(row)
    steps = [Step(each.title, each.url) for each in found]
    for listing, before, after in zip(found, [None, *steps], [*steps[1:], None], strict=False):
        yield replace(listing, before=before, after=after)


def _topical(kind: Kind, topics: Mapping[Topic, tuple[Entry, ...]]) -> Iterator[Listing]:
    for topic, entries in topics.items():
        title = f"#{topic.name}" if kind == "tag" else topic.name
        yield Listing(kind=kind, title=title, folder=topic.folder, entries=entries, topic=topic)


def sheets(listing: Listing, gallery: Gallery, per_page: int) -> Iterator[Sheet]:
    """Cut a listing into sheets of at most ``per_page`` entries; an empty one gives one."""
    heading = _HEADINGS.get(listing.kind, _year_of)
    totals = Counter(map(heading, listing.entries))
    starts = range(0, max(len(listing.entries), 1), per_page)
    for number, start in enumerate(starts, start=1):
        groups = groupby(listing.entries[start : start + per_page], heading)
        yield Sheet(
            listing=listing,
            number=number,
            count=len(starts),
            groups=tuple(
                Group(
                    heading=text,
                    folder=_folder_of(listing, gallery, shown[0]),
                    total=totals[text],
                    entries=shown,
                )
                for text, shown in ((text, tuple(entries)) for text, entries in groups)
            ),
        )


def _folder_of(listing: Listing, gallery: Gallery, entry: Entry) -> str:
    """Say where the posts under a heading have a listing of their own."""
    date = entry.page.published
    if listing.kind == "photos":
        return f"{gallery.path}/{date.year}"
    return month_folder(gallery.path, date.year, date.month) if listing.kind == "year" else ""


def _year_of(entry: Entry) -> str:
    return f"{entry.page.published.year}"


def _month_of(entry: Entry) -> str:
    return month_name(entry.page.published.month)


def _nothing(_entry: Entry) -> str:
    return ""


_NOUNS: Mapping[Kind, str] = {"person": "photo", "albums": "album", "videos": "video"}
# What is short, or ordered otherwise, has no headings.
_HEADINGS: Mapping[Kind, Callable[[Entry], str]] = {
    "year": _month_of,
    "month": _nothing,
    "albums": _nothing,
}
