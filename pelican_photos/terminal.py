"""What a task shows: a bar on a terminal, plain lines elsewhere, one sentence at the end."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from invoke.exceptions import Exit
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pelican_photos.errors import PhotosError

# Without a terminal, a line each time so many things are done.
_LINES_EVERY = 50
# Letters that steer a terminal, and halves of letters, which none can show.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Display:
    """One running task."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("[dim]{task.fields[what]}", markup=True),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def say(self, sentence: str) -> None:
        """Print a line; what it says is text, never rich's markup, and steers no terminal."""
        self.console.print(_harmless(sentence), markup=False, highlight=False, soft_wrap=True)

    @property
    def interactive(self) -> bool:
        """Whether somebody is there to answer: a terminal shows, and is read from."""
        return self.console.is_terminal and sys.stdin.isatty()

    def ask(self, question: str) -> str:
        """Ask for a line; the end of input (Ctrl-D) stops the task as Ctrl-C does."""
        try:
            return self._read(question)
        except EOFError:
            raise KeyboardInterrupt from None

    def agree(self, question: str) -> bool:
        """Ask a yes-or-no question of somebody who is there; Enter is yes."""
        return self.ask(f"{question} [Y/n]").lower() in ("", "y", "yes")

    def confirm(self, question: str) -> bool:
        """Ask a yes-or-no question; without a terminal the answer is no, as it is for Ctrl-D."""
        if not self.interactive:
            self.say(f"{question} Not without --yes.")
            return False
        return self._read_or_nothing(f"{question} [y/N]").lower() in ("y", "yes")

    def choose(self, question: str, choices: Sequence[str]) -> str:
        """Let somebody choose a word, by its number or itself; "" is none, or no terminal."""
        if not self.interactive or not choices:
            return ""
        self.say(question)
        for number, choice in enumerate(choices, start=1):
            self.say(f"  {number}  {choice}")
        named = {str(number): choice for number, choice in enumerate(choices, start=1)}
        named |= {choice.lower(): choice for choice in choices}
        return named.get(self._read_or_nothing(">").lower(), "")

    def _read_or_nothing(self, question: str) -> str:
        try:
            return self._read(question)
        except EOFError:
            return ""

    def _read(self, question: str) -> str:
        """Read a line; not through rich, which breaks a question at its words and colours it."""
        self._progress.stop()
        try:
            return input(f"{_harmless(question)} ").strip()
        except (KeyboardInterrupt, EOFError):
            self.say("")
            raise
        finally:
            self._progress.start()

    @contextmanager
    def ticker(self) -> Iterator[Callable[[str], None]]:
        """Lend one line that changes in its place; without a terminal nothing is shown."""
        if not self.console.is_terminal:
            yield lambda _: None
            return
        self._progress.stop()
        try:
            with self.console.status("") as line:
                yield lambda sentence: line.update(Text(sentence))
        finally:
            self._progress.start()

    def advance(self, name: str, done: int, total: int | None, what: str = "") -> None:
        """Show how far a stage is; ``what`` is the thing it was last busy with."""
        if not self.console.is_terminal:
            if done % _LINES_EVERY == 0 or done == total:
                self.say(f"{name}: {done:,} of {total:,}" if total else f"{name}: {done:,}")
            return
        shown = "".join(c if c not in "[]\\" and c.isprintable() else " " for c in what)
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(name, total=total, what=shown)
        self._progress.update(
            self._bars[name], completed=done, total=total, what=shown, visible=done != total
        )


def _harmless(text: str) -> str:
    """Give a text that may hold names from a bucket or a disk, whoever chose them."""
    return _STEERING.sub(" ", text)


@contextmanager
def display() -> Iterator[Display]:
    """Show a task, and end it with one line and the right status when it fails."""
    shown = Display(Console(file=sys.stdout))
    try:
        with shown:
            yield shown
    except PhotosError as error:
        print(f"photostream: {_harmless(str(error))}", file=sys.stderr)  # noqa: T201 - this is the terminal
        raise Exit(code=error.exit_status) from error
    except KeyboardInterrupt:
        print("photostream: stopped; run it again to go on", file=sys.stderr)  # noqa: T201 - as above
        raise Exit(code=130) from None
