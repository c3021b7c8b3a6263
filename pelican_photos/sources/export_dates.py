"""The dates of an HTML export: localised, to the minute, of no zone.  Pure.

"Apr 05, 2026 5:31 am", "Mar 10, 2023, 1:25 PM", "11 de nov de 2021 03:47",
"11.11.2021, 03:47", "2021年11月11日 上午3:47".
"""

# ruff: noqa: RUF001 - letters of many languages

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

# Months, January first, as CLDR abbreviates them: the letters that tell each from the others,
# without accents.  What two languages begin alike, they mean alike; the longest match wins.
_MONTHS = """
    jan fev feb mar abr apr mai may maj mag jun jul ago aug set sep out oct nov dez dec
    ene janv fevr mars avr juin juil aout
    gen giu lug ott dic okt mrt mei
    sty lut kwi cze lip sie wrz paz lis gru
    oca sub nis haz tem agu eyl eki kas ara
    led uno bre dub kve cvn cvc srp zar rij pro
    ian iun iul noi
    tammi helmi maalis huhti touko kesa heina elo syys loka marras joulu
    des agt tir sze
    янв фев мар апр мая май июн июл авг сен окт ноя дек
    січ лют бер кві тра чер лип сер вер жов лис гру
    ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ
"""
_NUMBERS = """
    1 2 2 3 4 4 5 5 5 5 6 7 8 8 9 9 10 10 11 12 12
    1 1 2 3 4 6 7 8
    1 6 7 10 12 10 3 5
    1 2 4 6 7 8 9 10 11 12
    1 2 4 6 7 8 9 10 11 12
    1 2 3 4 5 6 7 8 9 10 12
    1 6 7 11
    1 2 3 4 5 6 7 8 9 10 11 12
    12 8 10 9
    1 2 3 4 5 5 6 7 8 9 10 11 12
    1 2 3 4 5 6 7 8 9 10 11 12
    1 2 3 4 5 6 7 8 9 10 11 12
"""


def _months() -> Mapping[str, int]:
    months: dict[str, int] = {}
    for name, number in zip(_MONTHS.split(), map(int, _NUMBERS.split()), strict=True):
        months.setdefault(name, number)
    return months


_MONTH_OF = _months()
_TIME = re.compile(
    r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?!\.?\d)"
)
# These are other months in Croatian, which has a stop after the year.
_SHARED = re.compile(r"\b(?:lip|lis|srp|tra).*\d{4}\.")
_NUMERIC = re.compile(
    r"(?<!\d)(?P<a>\d{1,4})\s?(?P<mark>[./-])\s?(?P<b>\d{1,2})\s?[./-]\s?(?P<c>\d{1,4})(?!\d)"
)
_EAST_ASIAN = re.compile(
    r"(?P<a>\d{4})\s?[年년]\s?(?P<b>\d{1,2})\s?[月월]\s?(?P<c>\d{1,2})\s?[日일]"
)
_VIETNAMESE = re.compile(r"(?P<a>\d{1,2}) (?:thg|thang) (?P<b>\d{1,2}),? (?P<c>\d{4})")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_AFTERNOON = re.compile(r"\bp\.?\s?m\b|下午|午後|오후|μ\.?μ|\bos\b|\bch\b")
_MORNING = re.compile(r"\ba\.?\s?m\b|上午|午前|오전|π\.?μ|\boo\b|\bsa\b")
_LONGEST = 60  # characters of a date


def local_time(text: str) -> datetime | None:
    """Read a date with its time as if it were UTC; None for what is none, or is ambiguous.

    "03/04/2024" is: half of the world reads it the other way round.
    """
    folded = _folded(text)
    time = _TIME.search(folded)
    if len(folded) > _LONGEST or time is None:
        return None
    rest = folded[: time.start()] + " " + folded[time.end() :]
    date = _date(rest)
    hour = int(time["hour"])
    if _AFTERNOON.search(rest) and hour < 12:
        hour += 12
    elif _MORNING.search(rest) and hour == 12:
        hour = 0
    try:
        return date and date.replace(
            hour=hour, minute=int(time["minute"]), second=int(time["second"] or 0)
        )
    except ValueError:
        return None


def _date(text: str) -> datetime | None:
    if match := _EAST_ASIAN.search(text):
        return _of(match["a"], match["b"], match["c"])
    if match := _VIETNAMESE.search(text):
        return _of(match["c"], match["b"], match["a"])
    if match := _NUMERIC.search(text):
        return _numeric(match)
    months = set(filter(None, map(_month, _WORD.findall(text))))
    digits = _DIGITS.findall(text)
    years = [d for d in digits if len(d) == 4]
    days = [d for d in digits if len(d) <= 2]
    if len(months) != 1 or len(years) != 1 or len(days) != 1 or _SHARED.search(text):
        return None
    return _of(years[0], str(months.pop()), days[0])


def _numeric(match: re.Match[str]) -> datetime | None:
    first, second, third = match["a"], match["b"], match["c"]
    if len(first) == 4:
        return _of(first, second, third)
    if len(third) != 4:
        return None
    if match["mark"] == "." or int(first) > 12 or first == second:
        return _of(third, second, first)
    return _of(third, first, second) if int(second) > 12 else None


def _month(word: str) -> int | None:
    """Read a month's name by its longest beginning that is one's."""
    for length in range(min(len(word), 6), 2, -1):
        if word[:length] in _MONTH_OF:
            return _MONTH_OF[word[:length]]
    return None


def _of(year: str, month: str, day: str) -> datetime | None:
    try:
        when = datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
    return when if when.year >= 2010 else None  # Instagram began in October 2010


def _folded(text: str) -> str:
    """Fold case and take accents off, Latin and Greek; other letters keep their marks."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ı", "i").replace("ł", "l")
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in parts if not "\u0300" <= c <= "\u036f" or c in "\u0306\u0308")
    bare = re.sub("(?<=[^\u0430-\u045f])[\u0306\u0308]", "", bare)
    return unicodedata.normalize("NFC", " ".join(bare.split()))
