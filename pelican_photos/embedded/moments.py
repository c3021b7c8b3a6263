"""Capture times as cameras write them, and which of them cannot be meant."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

# "2024:05:12 18:03:00+01:00", as EXIF and ExifTool have it, and ISO 8601 as XMP has it.
_MOMENT = re.compile(
    r"(\d{4})[:/.-](\d\d)[:/.-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d*)?)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
# Where clocks without a battery begin to count: QuickTime, Unix (also seen from the west),
# and DOS.  A month is how far they get.
_EPOCHS = (date(1904, 1, 1), date(1970, 1, 1), date(1980, 1, 1))
_COUNTED = timedelta(days=31)
# A camera that travels is ahead of the site's clock by so much at most.
_AHEAD = timedelta(hours=26)
OLDEST = 1826  # the year of the first photograph that still exists


def moment_of(text: str) -> datetime | None:
    """Read a time, naive where it has no offset; None when it is none."""
    match = _MOMENT.fullmatch(text.strip("\0 "))
    if not match:
        return None
    offset = f"{match[7][:3]}:{match[7][-2:]}" if match[7] and match[7] != "Z" else match[7] or ""
    try:
        return datetime.fromisoformat(
            f"{match[1]}-{match[2]}-{match[3]}T{match[4]}:{match[5]}:{match[6] or '00'}{offset}"
        )
    except ValueError:
        return None


def is_meant(moment: datetime, now: datetime) -> bool:
    """Tell whether a capture time can be true: the clock was set, and is not ahead of ``now``."""
    day = moment.date()
    reset = any(epoch - timedelta(days=1) <= day < epoch + _COUNTED for epoch in _EPOCHS)
    if reset or moment.year < OLDEST or moment.year >= 9999:
        return False
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware <= now + (timedelta(minutes=5) if moment.tzinfo else _AHEAD)


def placed(moment: datetime, zone: tzinfo) -> datetime:
    """Give a time its zone, unless it has an offset of its own."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
