"""The pages that list photos: all of them, a year, a tag; cut into sheets.

Pure.  Sheets stand at ``…/`` and ``…/page/2/``: Pelican's own patterns would put page 2 of the
tag "day1" where page 1 of the tag "day12" is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal
from urllib.parse import quote

from pelican_photos.plugin.gallery import Entry, Gallery, month

Kind = Literal["photos", "year", "tag"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Some entries under one title, newest first."""

    kind: Kind
    title: str
    folder: str
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        """Percent-encoded, below the site's address."""
        return f"{quote(self.folder)}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a listing; ``previous`` and ``next`` are addresses, "" at the ends."""

    listing: Listing
    number: int
    count: int
    groups: tuple[Group, ...]

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
    yield Listing(kind="photos", title="Photos", folder=gallery.path, entries=gallery.posts)
    for year, entries in gallery.years.items():
        yield Listing(
            kind="year", title=f"{year}", folder=f"{gallery.path}/{year}", entries=entries
        )
    for tag, entries in gallery.tagged.items():
        yield Listing(kind="tag", title=f"#{tag.name}", folder=tag.folder, entries=entries)


def sheets(listing: Listing, gallery: Gallery, per_page: int) -> Iterator[Sheet]:
    """Cut a listing into sheets of at most ``per_page`` entries; an empty one gives one."""
    heading = _month_of if listing.kind == "year" else _year_of
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
                    folder=f"{gallery.path}/{text}" if listing.kind == "photos" else "",
                    total=totals[text],
                    entries=tuple(entries),
                )
                for text, entries in groups
            ),
        )


def _year_of(entry: Entry) -> str:
    return f"{entry.page.published.year}"


def _month_of(entry: Entry) -> str:
    return month(entry.page.published)
