"""A watch: looks at a profile again and again, as often as its owner publishes.

How often is decided in ``cadence.py``; what a look does, and what follows when it brought
something, is given.
"""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Never

from rich.console import Console

from pelican_photos import atomic
from pelican_photos.cadence import Tier, recent_posts, tier_of
from pelican_photos.errors import (
    Busy,
    CheckpointNeeded,
    LoginNeeded,
    PhotosError,
    RateLimited,
    SettingsError,
)
from pelican_photos.library import Library
from pelican_photos.pauses import now_in_utc, shown
from pelican_photos.report import Report
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display
from pelican_photos.watch_state import State, read_state, write_state

# What only the owner can mend: asking more often than once a day would not help.
_FOR_THE_OWNER = (LoginNeeded, CheckpointNeeded, SettingsError)
_UNTIL_ANOTHER_ENDS = timedelta(minutes=1)
# A machine that slept, or whose clock was set, is noticed after so many seconds.
_NAP = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What a watch does, and by which clock; ``sleep`` takes seconds."""

    settings: Settings
    look: Callable[[Display], Report]
    follow: Callable[[Display], int] | None = None  # after something new; gives a status
    now: Callable[[], datetime] = now_in_utc
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """What one look came to."""

    report: Report | None = None
    errors: tuple[PhotosError, ...] = ()
    behind: bool = False  # something came that the site does not show yet
    followed: int | None = None  # status of what follows a look; None where nothing did

    @property
    def another_imports(self) -> bool:
        """Whether nobody looked, since another import runs."""
        return self.report is None and any(isinstance(error, Busy) for error in self.errors)

    @property
    def failures(self) -> tuple[PhotosError, ...]:
        """What went wrong; to be second in a queue is not wrong."""
        return tuple(error for error in self.errors if not isinstance(error, Busy))

    @property
    def exit_status(self) -> int:
        """1 while something is missing, here or on the site."""
        return int(bool(self.followed) or bool(self.report and self.report.incomplete))

    def __str__(self) -> str:
        parts = [_told(self.report)] if self.report else []
        if self.followed is not None:
            lacks = ", but not all of it: `invoke publish` says what is missing"
            parts.append(f"the site follows{lacks if self.followed else ''}")
        return "; ".join([*parts, *map(_sentence, self.errors)])


def watch(job: Watch, display: Display) -> Never:
    """Look whenever it is time, until somebody ends this.

    Raises:
        Busy: another watch runs here.
        PhotosError: the state cannot be written.
    """
    with _alone(job):
        while True:
            _wait(job, display)
            check, state = _check(job, display)
            display.say(f"{check}; {_next(state)}")


def watch_once(job: Watch, display: Display) -> int:
    """Look if it is time, else say when it will be; gives the exit status.

    Raises:
        PhotosError: as the look, or what follows it, did.
    """
    with _alone(job):
        state = _state(job)
        if state.wait(job.now()):
            display.say(f"It is not time yet: {_next(state)}")
            return 0
        check, state = _check(job, display)
        if check.failures:
            raise check.failures[0]
        display.say(f"{check}; {_next(state)}")
        return check.exit_status


def _alone(job: Watch) -> AbstractContextManager[None]:
    atomic.make_private(job.settings.state)
    return atomic.lock(job.settings.state / "watch.lock", "a watch")


def _file(job: Watch) -> Path:
    return job.settings.state / "watch.json"


def _state(job: Watch) -> State:
    """Read the state; where the clock was put back, its waiting begins anew."""
    state, now = read_state(_file(job)), job.now()
    if state.last_check > now:
        state = state.restarted(now)
        write_state(_file(job), state)
    return state


def _wait(job: Watch, display: Display) -> None:
    nap = 1.0 if display.console.is_terminal else _NAP
    with display.ticker() as tick:
        while left := (state := _state(job)).wait(job.now()):
            tick(f"{_next(state)}, in {timedelta(seconds=round(left.total_seconds()))}")
            job.sleep(min(left.total_seconds(), nap))


def _check(job: Watch, display: Display) -> tuple[_Check, State]:
    """Look once, and note when to look again."""
    state = _state(job)
    if job.follow:  # a look that is killed may have brought something
        write_state(_file(job), replace(state, behind=True))
    check = _looked(job, state, display if display.console.is_terminal else _nobody())
    state = _after(job, state, check)
    write_state(_file(job), state)
    return check, state


def _looked(job: Watch, state: State, display: Display) -> _Check:
    """Look, and let the site follow what came, of this look or of one before."""
    library = Library(job.settings.content, job.settings.path)
    before = frozenset(_stamps(library))
    try:
        check = _Check(report=job.look(display))
    except PhotosError as error:
        check = _Check(errors=(error,))
    behind = state.behind or frozenset(_stamps(library)) != before
    if not behind or job.follow is None or check.another_imports:
        return replace(check, behind=behind)
    try:
        return replace(check, followed=job.follow(display))
    except PhotosError as error:
        return replace(check, errors=(*check.errors, error), behind=True)


def _after(job: Watch, state: State, check: _Check) -> State:
    now = job.now()
    if check.another_imports:
        soon = now + _UNTIL_ANOTHER_ENDS
        return replace(state, last_check=now, next_check=soon, behind=check.behind)
    library = Library(job.settings.content, job.settings.path)
    errors = state.errors + 1 if check.failures else 0
    tier = tier_of(recent_posts((each.page for each in library.stored()), now), errors)
    if any(isinstance(error, _FOR_THE_OWNER) for error in check.errors):
        tier = Tier.DAILY
    asked = [each.retry_at for each in check.errors if isinstance(each, RateLimited)]
    return State(
        last_check=now,
        next_check=max([now + tier.interval, *filter(None, asked)]),
        tier=tier,
        errors=errors,
        behind=check.behind,
    )


def _stamps(library: Library) -> Iterator[tuple[Path, int, int]]:
    """Yield what tells that something came: each page, original and comments, as it stands."""
    below = len(library.folder.parts)
    for file in atomic.files_below(library.folder):
        if not any(part.startswith(".") for part in file.parts[below:]):
            with suppress(FileNotFoundError):  # somebody removes it at this moment
                about = file.lstat()
                yield file, about.st_mtime_ns, about.st_size


def _nobody() -> Display:
    """Give a display that nobody sees: a journal gets one line for each look."""
    return Display(Console(file=io.StringIO()))


def _told(report: Report) -> str:
    reasons = [*report.reasons.values(), *report.uncommented.values()]
    return f"{report} ({reasons[0]})" if reasons else str(report)


def _sentence(error: PhotosError) -> str:
    """Leave out what an import adds for a person who could wait."""
    cause = error.__cause__
    both = isinstance(error, RateLimited) and isinstance(cause, RateLimited)
    return str(cause if both else error)


def _next(state: State) -> str:
    return f"next look at {shown(state.next_check)} ({state.tier})"
