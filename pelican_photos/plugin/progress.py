"""How far the renditions are: a bar on a terminal, a line now and then elsewhere."""

from types import TracebackType
from typing import Self

from pelican.log import console
from rich.errors import LiveError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_LINES_EVERY = 100  # pictures


class RenderingProgress:
    """Nothing is shown until there is something to do."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("Rendering photos"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, start=False)
        self._draws: bool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._draws:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` pictures are ready."""
        if self._draws is None:
            self._draws = self._start()
        if self._draws:
            self._bar.update(self._task, completed=done, total=total)
        elif done == total or done % _LINES_EVERY == 0:
            console.print(f"Rendering photos: {done:,} of {total:,}", highlight=False)

    def _start(self) -> bool:
        """Draw the bar below Pelican's own status line, where that is possible."""
        if not console.is_terminal:
            return False
        try:
            self._bar.start()
        except LiveError:  # rich before 14.1 shows one live thing at a time
            return False
        self._bar.start_task(self._task)
        return True
