"""What goes wrong at the fake Instagram, said beforehand and hit by request.

``Fault("429", api=3)`` answers the third API request so; ``Fault("truncated",
cdn=2, times=3)`` cuts the second, third and fourth download; ``Fault("503",
part="timeline")`` hits the first request whose name, address or form holds
that text.  A retry is a request of its own.  ``times=0`` never stops.
"""

import threading
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import unquote_plus

Kind = Literal[
    "401",  # "Please wait a few minutes before you try again."
    "403",
    "404",
    "429",
    "500",
    "503",
    "checkpoint",  # 400 checkpoint_required
    "challenge",  # 400 challenge_required
    "feedback",  # 400 feedback_required
    "bad_request",  # 400 of any other kind
    "login",  # 302 to the login page
    "null",  # 200, data null, with errors
    "odd",  # 200, an answer in a dialect that nobody knows
    "hollow",  # 200, a page of the timeline without posts, which announces more
    "deleted",  # a single post answers null
    "truncated",  # half of the body, then a proper end
    "reset",  # half of the body, then a reset connection
    "stall",  # half of the body, then nothing until the server closes
    "html",  # 200, a page instead of a picture or an answer
    "empty",  # 200, no bytes at all
    "packed",  # 200, the same, said to be gzip
    "expired",  # 403 "URL signature expired"
    "redirect",  # 302 to `location`
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came; ``number`` counts from 1 among its own kind."""

    kind: Literal["api", "cdn"]
    number: int
    name: str  # "timeline", "single post", "download"…
    method: str
    address: str
    form: dict[str, str]
    headers: dict[str, str]  # lower-cased names

    def holds(self, part: str) -> bool:
        spoken = unquote_plus(self.address)
        return any(part in text for text in (self.name, self.address, spoken, *self.form.values()))


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    api: int = 0  # the n-th request for a page or an answer
    cdn: int = 0  # the n-th download
    part: str = ""
    times: int = 1
    retry_after: str = ""  # of a 429, 401 or 503
    location: str = ""  # of a redirect

    def __post_init__(self) -> None:
        assert self.kind in get_args(Kind), f"no such fault: {self.kind}"
        assert bool(self.api) + bool(self.cdn) + bool(self.part) == 1, "say where, once"

    def names(self, request: Request, hits: int) -> bool:
        if self.times and hits >= self.times:
            return False
        if self.part:
            return request.holds(self.part)
        first = self.api if request.kind == "api" else self.cdn
        return bool(first) and request.number >= first


@dataclass(slots=True)
class Faults:
    """The faults that are due, each with how often it has struck."""

    _due: list[Fault] = field(default_factory=list)
    _hits: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def inject(self, *faults: Fault) -> None:
        with self._lock:
            self._due.extend(faults)

    def clear(self) -> None:
        with self._lock:
            self._due.clear()
            self._hits.clear()

    def strike(self, request: Request) -> Fault | None:
        """Give the first fault that is due for a request, and count it."""
        with self._lock:
            for index, fault in enumerate(self._due):
                if fault.names(request, self._hits.get(index, 0)):
                    self._hits[index] = self._hits.get(index, 0) + 1
                    return fault
        return None
