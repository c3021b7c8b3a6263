"""One line of the doctor's."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "bad", "unknown"]
OK: State = "ok"
BAD: State = "bad"  # something is wrong, and the fix mends it
UNKNOWN: State = "unknown"  # it may be meant so, or cannot be seen from here

MEND = "`invoke bucket --apply` mends it"
LOOK = "look with a key that may what `invoke bucket --policy inspector` prints"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing; ``fix`` is what to do, "" where nothing is to be done."""

    state: State
    about: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        line = f"{self.state:<8} {self.about}: {self.what}"
        line = f"{line}; {self.fix}" if self.fix else line
        return "".join(c if c.isprintable() else " " for c in line)


def ok(about: str, what: str) -> Finding:
    """Nothing to mend."""
    return Finding(OK, about, what)


def bad(about: str, what: str, fix: str) -> Finding:
    """Something to mend."""
    return Finding(BAD, about, what, fix)


def unknown(about: str, what: str, fix: str) -> Finding:
    """Something to look at, if it is not meant so."""
    return Finding(UNKNOWN, about, what, fix)


def count(number: int, noun: str) -> str:
    """Count things: "1 page", "1,204 pages"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
