"""The date of a new page: as the owner says it, else as the camera does, else now.  Pure."""

from collections.abc import Iterable
from datetime import datetime, time, tzinfo

from pelican_photos.embedded.moments import OLDEST, is_meant, placed
from pelican_photos.errors import SettingsError

_LATEST = 9998  # a year later no zone can be added any more


def asked_date(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Read ``--date``: "now", or an ISO date with or without a time and an offset.

    Without an offset it is meant in ``zone``.  A day alone is its noon, which is the same day
    nearly everywhere on earth.

    Raises:
        SettingsError: it is no date, or from before there were photographs.
    """
    if text.strip().lower() == "now":
        return now.astimezone(zone)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise SettingsError(
            f"--date {text!a}: should read like 2024-05-12, 2024-05-12T18:03+01:00, or now"
        ) from None
    if not OLDEST <= moment.year <= _LATEST:
        raise SettingsError(f"--date {text!a}: no photograph is from {moment.year}")
    if len(text.strip()) <= len("2024-05-12"):
        moment = datetime.combine(moment.date(), time(12))
    return placed(moment, zone).replace(microsecond=0)


def default_date(taken: Iterable[datetime | None], now: datetime, zone: tzinfo) -> datetime:
    """Take the first capture time that can be true; without one a photo is of today."""
    for moment in taken:
        if moment is not None and is_meant(moment, now):
            return min(placed(moment, zone), now.astimezone(zone)).replace(microsecond=0)
    return now.astimezone(zone).replace(microsecond=0)


def taken_beside(taken: datetime | None, published: datetime, now: datetime, zone: tzinfo) -> str:
    """Write a capture time as its camera did; "" when it is the page's date, or cannot be true."""
    if taken is None or not is_meant(taken, now):
        return ""
    exact = taken.replace(microsecond=0)
    return "" if placed(exact, zone) == published else str(exact)
