"""How far the renditions are: a bar on a terminal, a line now and then elsewhere."""

import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Never, Self

from pelican.log import console
from rich.console import Console
from rich.errors import LiveError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from pelican_photos.plugin.markup import clock

_LINES_EVERY = 100  # pictures, or
_LINES_AFTER = 30  # seconds, whatever comes first
_WINDOW = 20  # seconds


class Pace:
    """How fast something goes now.

    Only the last twenty seconds count: at the beginning of a build that goes on where another
    one stopped, hundreds of pictures a second may turn out to be in the cache.
    """

    def __init__(self, moment: float) -> None:
        """Begin at a moment, in seconds of any clock."""
        self._seen = deque([(moment, 0)])

    def note(self, done: int, moment: float) -> None:
        """Remember how many are done."""
        self._seen.append((moment, done))
        while len(self._seen) > 2 and self._seen[1][0] <= moment - _WINDOW:
            self._seen.popleft()

    def rate(self) -> float:
        """Give how many are done in a second; 0 while nobody can know."""
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return (after - before) / (last - first) if last > first else 0

    def described(self, total: int) -> str:
        """Say the rate, and when all will be done: "12.3 photos/s, 1:04 left"."""
        rate = self.rate()
        if not rate:
            return ""
        left = clock((total - self._seen[-1][1]) / rate)
        return f"{rate:.1f} photos/s, {left} left"


def say(sentence: str) -> None:
    """Show a sentence, above the bar where there is one; any thread may."""
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)


class RenderingProgress:
    """Nothing is shown until there is something to do.

    Ctrl-C and SIGTERM end the build here, with a sentence in place of a traceback.
    """

    def __init__(
        self, shown_on: Console = console, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = shown_on
        self._now = now
        self._bar = Progress(
            TextColumn("Rendering photos"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            console=shown_on,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, start=False, pace="")
        self._draws: bool | None = None
        self._done = self._total = 0
        self._status = 128 + signal.SIGINT
        self._before: signal._HANDLER = None

    def __enter__(self) -> Self:
        self._pace = Pace(self._now())
        self._said = self._now()
        # `invoke build` passes Ctrl-C on as SIGTERM, which by itself would end us in the middle.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGTERM, self._interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGTERM, self._before)
        if self._draws:
            self._bar.stop()
        if isinstance(error, KeyboardInterrupt):
            said = f"{self._done:,} of {self._total:,} photos are done and stay done"
            self._print(
                f"Stopped: {said if self._total else 'nothing is lost'}; build again to go on"
            )
            raise SystemExit(self._status) from None

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` pictures are ready."""
        self._done, self._total = done, total
        moment = self._now()
        self._pace.note(done, moment)
        if self._draws is None:
            self._draws = self._start()
        if self._draws:
            pace = self._pace.described(total)
            self._bar.update(self._task, completed=done, total=total, pace=pace)
        elif done == total:
            self._print(f"Rendering photos: {done:,} of {total:,}")
        elif done % _LINES_EVERY == 0 or moment - self._said >= _LINES_AFTER:
            self._said = moment
            words = (f"{done:,} of {total:,}", self._pace.described(total))
            self._print(f"Rendering photos: {', '.join(filter(None, words))}")

    def _start(self) -> bool:
        """Draw the bar below Pelican's own status line, where that is possible."""
        if not self._console.is_interactive:
            return False
        try:
            self._bar.start()
        except LiveError:  # rich before 14.1 shows one live thing at a time
            return False
        self._bar.start_task(self._task)
        return True

    def _print(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True)

    def _interrupt(self, number: int, frame: FrameType | None) -> Never:
        del frame
        self._status = 128 + number
        raise KeyboardInterrupt
