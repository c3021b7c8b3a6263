"""Alternative texts, as a person writes them: one picture after the other, until they stop.

Each answer is written at once, under the lock that imports hold too; nothing else of a page
changes.  Whoever stops goes on where they were, since what has a text is not asked about again.
"""

import html
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from rich.text import Text

from pelican_photos import atomic, naming
from pelican_photos.adding import preview
from pelican_photos.describing import (
    Undescribed,
    Wanted,
    checked,
    left,
    listed,
    remark_on,
    undescribed,
)
from pelican_photos.errors import Busy, ImageError, SettingsError
from pelican_photos.library import Library, page_text
from pelican_photos.model import Album, Photo
from pelican_photos.page import header_value
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display

_TAKE, _EDIT, _BACK, _END = "=", "e", "<", "q"
_COLUMNS, _ROWS = 60, 18  # of a picture in the terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for."""

    wanted: Wanted = field(default_factory=Wanted)
    only_list: bool = False
    slug: str = ""
    text: str | None = None


def run_alt(settings: Settings, request: Request, display: Display) -> None:
    """List the photos without alternative text, or ask for one after the other.

    Raises:
        SettingsError: the request contradicts itself, or names what is not there.
        Busy: an import is running, and ``slug`` was to be described.
    """
    if bool(request.slug) != (request.text is not None):
        raise SettingsError("--slug and --text belong together: the page's name, and its text")
    describing = _Describing(settings, display)
    if request.text is not None:
        describing.describe(request.slug, request.text)
        return
    found = undescribed(describing.stored(), request.wanted)
    if request.only_list or not display.interactive:
        describing.list_all(found)
        return
    try:
        describing.ask(found)
    finally:
        describing.close()


class _Describing:
    """One run of the task."""

    def __init__(self, settings: Settings, display: Display) -> None:
        self._settings = settings
        self._display = display
        self._library = Library(settings.content, settings.path)
        self._written: dict[str, str] = {}  # by slug

    def stored(self) -> list[tuple[Path, Photo | Album]]:
        """Read every page; those that cannot be read are named."""
        pages = [(stored.file, stored.page) for stored in self._library.stored()]
        for problem in self._library.problems:
            print(problem, file=sys.stderr)  # noqa: T201 - beside a list for other programs
        return pages

    def list_all(self, found: Sequence[Undescribed]) -> None:
        """Print a line for each photo, and the count where it is no line of the list."""
        for each in found:
            line = listed(each, self._original(each), self._address(each.photo))
            print(line, file=self._display.console.file)
        print(left(len(found)), file=sys.stderr)  # noqa: T201 - beside a list for other programs

    def describe(self, slug: str, text: str) -> None:
        """Write the text of one photo, whatever it had before."""
        name = slug.removesuffix(".md")
        file = self._library.named(name)
        if file is None:
            raise SettingsError(f"{slug}: no page below {self._library.folder} has this name")
        page = next((page for at, page in self.stored() if at == file), None)
        if not isinstance(page, Photo):
            why = "cannot be read" if page is None else f"is an album; its photos are {name}-1 …"
            raise SettingsError(f"{slug} {why}")
        line = checked(text)
        each = Undescribed(file=file, photo=page, said="", draft="")
        with self._lock():
            self._library.edit(file, {"Alt": line})
        self._remark(each, line)
        self._display.say(f"{name} has its alternative text; build the site to see it so")

    def ask(self, found: Sequence[Undescribed]) -> None:
        """Ask about each photo; a step back leads to the one before."""
        if not found:
            return
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - arrow keys move in the line
        self._display.say(
            f"What is in the picture? Enter leaves it for later, {_TAKE} takes the draft, "
            f"{_EDIT} edits it, {_BACK} goes back, {_END} ends this."
        )
        at = 0
        while at < len(found):
            step = self._ask_about(found[at], f"{at + 1} of {len(found)}")
            if step == 0:
                return
            at = max(at + step, 0)

    def close(self) -> None:
        """Say what was written, and what is left."""
        written = len(self._written)
        remaining = left(len(undescribed(self.stored())))
        begun = f"{written} written; " if written else ""
        self._display.say(f"{begun}{remaining}")

    def _ask_about(self, each: Undescribed, number: str) -> int:
        """Ask about one photo; gives how far to go on: 1, -1 back, 0 to end."""
        draft = self._written.get(each.photo.slug) or each.draft
        self._show(each, draft, number)
        while True:
            answer = self._display.ask("Alternative text:")
            if answer in ("", _BACK, _END):
                return {"": 1, _BACK: -1, _END: 0}[answer]
            if answer in (_TAKE, _EDIT) and not draft:
                self._display.say("There is no draft; type what can be seen")
                continue
            if answer == _EDIT:
                answer = self._edited(draft)
            if self._write(each, draft if answer == _TAKE else answer):
                return 1

    def _show(self, each: Undescribed, draft: str, number: str) -> None:
        self._display.say("")
        drawing = self._drawing(each)
        if drawing is not None:
            self._display.console.print(drawing, end="")
        lines = (
            f"{number}  {self._original(each)}",
            self._address(each.photo),
            f"Caption  {each.said}" if each.said else "",
            f"Draft    {draft}" if draft else "",
        )
        for line in filter(None, lines):
            self._display.say(_harmless(line))

    def _drawing(self, each: Undescribed) -> Text | None:
        """Draw the picture where the terminal has colours, and the original is here."""
        console = self._display.console
        picture = each.file.with_name(each.photo.original) if each.photo.original else None
        plain = not console.color_system or console.no_color
        if plain or picture is None or not picture.is_file():
            return None
        try:
            return preview.half_blocks(picture, min(_COLUMNS, console.width), _ROWS)
        except ImageError as error:
            self._display.say(_harmless(str(error)))
            return None

    def _edited(self, draft: str) -> str:
        """Let the draft be changed in its line, where the terminal can; else type it anew."""
        try:
            import readline  # noqa: PLC0415 - Windows has none
        except ImportError:
            return self._display.ask("Text:")
        readline.set_startup_hook(lambda: readline.insert_text(draft))
        try:
            return self._display.ask("Text:")
        finally:
            readline.set_startup_hook(None)

    def _write(self, each: Undescribed, text: str) -> bool:
        """Write one text; says why, where that cannot be."""
        try:
            line = checked(text)
            with self._lock():
                if not self._is_untouched(each):
                    self._display.say("It has a text by now, which stays")
                    return True
                self._library.edit(each.file, {"Alt": line})
        except (SettingsError, Busy) as error:
            self._display.say(f"Not written: {error}")
            return False
        self._written[each.photo.slug] = line
        self._remark(each, line)
        return True

    def _is_untouched(self, each: Undescribed) -> bool:
        """Whether a page still says what this run read or wrote."""
        present = header_value(page_text(each.file), "Alt")
        return present == self._written.get(each.photo.slug, "")

    def _remark(self, each: Undescribed, line: str) -> None:
        remark = remark_on(line, each.photo, each.said)
        if remark:
            self._display.say(f"Written, but {remark}")

    def _lock(self) -> AbstractContextManager[None]:
        if not self._settings.state.exists():
            atomic.make_private(self._settings.state)
        return atomic.lock(self._settings.state / "import.lock", "an import")

    def _original(self, each: Undescribed) -> str:
        """Name the picture as one finds it from the site's folder, wherever its page was moved."""
        name = each.photo.original or each.photo.video
        file = each.file.with_name(name) if name else each.file
        root = self._settings.root
        return str(file.relative_to(root) if file.is_relative_to(root) else file)

    def _address(self, photo: Photo) -> str:
        return f"{self._settings.siteurl}/{naming.address(self._settings.path, photo)}"


def _harmless(line: str) -> str:
    """Leave out what would steer a terminal; entities of a caption read as their letters."""
    return "".join(c if c.isprintable() else " " for c in html.unescape(line))
