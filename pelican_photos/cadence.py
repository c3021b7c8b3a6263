"""When to look at a source again.  Pure: durations from counts, no clock, no sleeping."""

from datetime import timedelta

# OwnYourGram's back-off, which ran for years against the same limits.
_FIRST = timedelta(seconds=600)
_FACTOR = 1.5
_LONGEST = timedelta(days=1)


def back_off(refusals: int) -> timedelta:
    """How long to stay away after so many refusals in a row, the first being 1."""
    return min(_FIRST * _FACTOR ** min(refusals - 1, 20), _LONGEST)
