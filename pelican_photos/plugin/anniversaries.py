"""What was published on the last days, in earlier years.  Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pelican_photos.plugin.entry import Entry

_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Anniversary:
    """A post, and the day on which it is some years old."""

    entry: Entry
    day: date

    @property
    def years(self) -> int:
        """How many years lie between them."""
        return self.day.year - self.entry.page.published.year


def anniversaries(
    days: Mapping[tuple[int, int], tuple[Entry, ...]], today: date
) -> Iterator[Anniversary]:
    """Yield the anniversaries of the last seven days, ``today`` first.

    ``days`` holds posts by month and day.  Those of 29 February have theirs on the 28th
    where a year has no 29th.
    """
    for back in range(_DAYS):
        day = today - timedelta(days=back)
        for month_and_day in _celebrated(day):
            for entry in days.get(month_and_day, ()):
                if entry.page.published.year < day.year:
                    yield Anniversary(entry=entry, day=day)


def _celebrated(day: date) -> Iterator[tuple[int, int]]:
    yield day.month, day.day
    if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
        yield 2, 29
