"""What a server answered when it was asked about itself.  Pure.

That a server says "200 OK" means little: one that never heard of a question may answer so, with
nothing in it.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Heard(Enum):
    """How a question was answered."""

    SAID = auto()  # with what was asked for
    NONE = auto()  # that there is no such configuration, which is an answer
    SILENT = auto()  # "200 OK", without what was asked for
    DENIED = auto()  # the key in use may not ask
    UNKNOWN = auto()  # this server does not know the question
    FAILED = auto()  # anything else


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer; ``action`` is what a policy has to allow for it, ``why`` a sentence."""

    heard: Heard
    value: Any = None
    action: str = ""
    why: str = ""

    @property
    def answered(self) -> bool:
        """Whether the server knew what it was asked."""
        return self.heard in (Heard.SAID, Heard.NONE)
