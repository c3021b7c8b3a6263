"""When to look at a source again.  Pure: durations from counts, no clock, no sleeping."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum

from pelican_photos.model import Album, Photo

# OwnYourGram's back-off, which ran for years against the same limits.
_FIRST = timedelta(seconds=600)
_FACTOR = 1.5
_LONGEST = timedelta(days=1)

# Its tiers too are the idea here; it counted over a month, and came by once a day at most.
_RECENT = timedelta(days=14)


class Tier(IntEnum):
    """How often a source is looked at; a greater one is less often."""

    QUARTER_HOURLY = 0
    HOURLY = 1
    SIX_HOURLY = 2
    DAILY = 3

    @property
    def interval(self) -> timedelta:
        """From one look to the next."""
        return (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), _LONGEST)[self]

    def __str__(self) -> str:
        """Say it to a person."""
        return ("every 15 minutes", "every hour", "every 6 hours", "once a day")[self]


def back_off(refusals: int) -> timedelta:
    """How long to stay away after so many refusals in a row, the first being 1."""
    return min(_FIRST * _FACTOR ** min(refusals - 1, 20), _LONGEST)


def tier_of(recent: int, errors: int = 0) -> Tier:
    """How often to look after so many ``recent`` posts; each error in a row demotes by one."""
    least_posts = (7, 4, 2)
    earned = next(
        (tier for tier, least in zip(Tier, least_posts, strict=False) if recent >= least),
        Tier.DAILY,
    )
    return Tier(min(earned + errors, Tier.DAILY))


def recent_posts(pages: Iterable[Photo | Album], now: datetime) -> int:
    """Count the posts of the last fourteen days by the dates of their pages.

    An album is one post, with or without its own page.  Other people's do not count, nor does
    what is dated later than ``now``.
    """
    known = list(pages)
    others = {page.slug for page in known if page.owner}
    recent = {
        (isinstance(page, Photo) and page.album) or page.slug
        for page in known
        if not page.owner and timedelta(0) <= now - page.published < _RECENT
    }
    return len(recent - others)
