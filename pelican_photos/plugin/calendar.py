"""The posts by time: a bar for each month of each year, a cell for each day of the year.  Pure."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pelican_photos.plugin.entry import Entry, month_name
from pelican_photos.plugin.gallery import Gallery
from pelican_photos.plugin.listing import day_folder, month_folder

_MONTHS = range(1, 13)
_LEAP_YEAR = 2000  # every day of a year is in it
_LEAST_SHARE = 4  # percent: a month with one post is seen beside one with a thousand
_SHADES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A month of a year."""

    name: str
    count: int
    share: int  # of the fullest month of all years, in percent; 0 without posts
    url: str  # of its list, percent-encoded below the site; "" without posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year with its twelve months."""

    year: int
    count: int
    url: str
    face: Entry | None  # its newest post that can be shown; a small picture credits nobody
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of every year."""

    number: int
    count: int
    shade: int  # 1 to 4, by its number of posts; 0 without any
    url: str  # as that of a bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of every year."""

    name: str
    days: tuple[Day, ...]


def years_of(gallery: Gallery) -> tuple[Year, ...]:
    """Give every year that has posts, newest first; all bars are of one scale."""
    fullest = max(map(len, gallery.months.values()), default=1)
    return tuple(
        Year(
            year=year,
            count=len(entries),
            url=_url(f"{gallery.path}/{year}"),
            face=_face(entries),
            bars=tuple(_bar(gallery, year, month, fullest) for month in _MONTHS),
        )
        for year, entries in gallery.years.items()
    )


def days_of(gallery: Gallery) -> tuple[Month, ...]:
    """Give all 366 days of a year."""
    fullest = max(map(len, gallery.days.values()), default=1)
    return tuple(
        Month(
            name=month_name(month),
            days=tuple(
                _day(gallery, month, number, fullest)
                for number in range(1, monthrange(_LEAP_YEAR, month)[1] + 1)
            ),
        )
        for month in _MONTHS
    )


def _face(entries: Sequence[Entry]) -> Entry | None:
    shown = (each for each in entries if each.cover.picture.sources and not each.owner)
    return next(shown, None)


def _bar(gallery: Gallery, year: int, month: int, fullest: int) -> Bar:
    count = len(gallery.months.get((year, month), ()))
    return Bar(
        name=month_name(month),
        count=count,
        share=max(_LEAST_SHARE, round(100 * count / fullest)) if count else 0,
        url=_url(month_folder(gallery.path, year, month)) if count else "",
    )


def _day(gallery: Gallery, month: int, number: int, fullest: int) -> Day:
    count = len(gallery.days.get((month, number), ()))
    return Day(
        number=number,
        count=count,
        shade=-(-_SHADES * count // fullest),
        url=_url(day_folder(gallery.path, month, number)) if count else "",
    )


def _url(folder: str) -> str:
    return f"{quote(folder)}/"
