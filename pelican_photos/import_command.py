"""An import as a person runs it: which source, when to pause, and what is said.

The only place that knows the concrete sources.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pelican_photos import atomic
from pelican_photos.errors import RateLimited, SettingsError
from pelican_photos.importer import Wish, import_posts
from pelican_photos.ledger import Ledger
from pelican_photos.library import Library
from pelican_photos.naming import short_hash
from pelican_photos.pauses import Pause, now_in_utc, shown
from pelican_photos.report import Report
from pelican_photos.settings import Settings
from pelican_photos.sources import Source
from pelican_photos.storing import Site
from pelican_photos.terminal import Display

# How often a waiting run says that it still waits.
_SECONDS_BETWEEN_WORDS = 300
_REASONS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Where to import from, and how."""

    folders: tuple[Path, ...] = ()
    profile: str = ""
    session: Path | None = None
    wait: bool = False
    wish: Wish = field(default_factory=Wish)


def run_import(settings: Settings, request: Request, display: Display) -> Report:
    """Import what was asked for, under the lock of this site.

    Raises:
        SourceError: a source cannot go on; what came before is stored and was said.
    """
    report = Report()
    if not request.wish.dry_run:
        atomic.make_private(settings.state)
    with atomic.lock(settings.state / "import.lock", "an import"):
        try:
            for folder in request.folders:
                _run(settings, request, display, report, partial(_folder, folder, request))
            if not request.folders:
                _run_live(settings, request, display, report)
        finally:
            if report.outcomes:
                _tell(report, request.wish, display)
    return report


def _run_live(settings: Settings, request: Request, display: Display, report: Report) -> None:
    pause = Pause(settings.state / "instagram.json")
    while True:
        try:
            pause.check()
            try:
                _run(settings, request, display, report, partial(_live, settings, request, display))
            except RateLimited as error:
                raise pause.refused(error) from error
        except RateLimited as error:
            if not request.wait:
                raise RateLimited(f"{error}, or with --wait", error.retry_at) from error
            display.say(str(error))
            _wait(error, display)
        else:
            pause.clear()
            return


def _run(
    settings: Settings,
    request: Request,
    display: Display,
    report: Report,
    open_source: Callable[[], AbstractContextManager[Source]],
) -> None:
    library = Library(settings.content, settings.path)
    site = Site(
        library=library,
        ledger=Ledger(library.folder / ".import"),
        raw=settings.state / "raw",
    )

    profile = request.profile or settings.instagram_profile
    read_once = settings.state / f"read-to-the-end-{short_hash(profile)}"

    def progress(done: int, total: int | None, what: str) -> None:
        if request.wish.dry_run:
            if not what.startswith("unchanged "):
                display.say(what)
        else:
            display.advance("Importing", done, total, what)

    with open_source() as source:
        wish = _wish_for(source, request.wish, read_once, display)
        whole = import_posts(source, site, wish, report, progress)
        if whole and source.live and not wish.dry_run:
            read_once.parent.mkdir(parents=True, exist_ok=True)
            read_once.touch()
        for problem in library.problems:
            display.say(problem)
        for what, count in source.skipped.items():
            display.say(f"{source.name}: {count} {what} left out")


def _wish_for(source: Source, wish: Wish, read_once: Path, display: Display) -> Wish:
    """Read a live profile to its end once, before only its latest posts are looked for."""
    if not wish.latest or not source.live or read_once.exists():
        return wish
    display.say("No import has reached the last post yet, so this one goes on to it")
    return replace(wish, latest=False)


def _live(settings: Settings, request: Request, display: Display) -> AbstractContextManager[Source]:
    from pelican_photos.sources.instagram import Instagram  # noqa: PLC0415 - loads Instaloader

    session = request.session
    if session is None and settings.instagram_session:
        session = settings.root / Path(settings.instagram_session).expanduser()
    return Instagram.open(
        profile=request.profile or settings.instagram_profile,
        session=session,
        delay=settings.instagram_delay if settings.instagram_delay >= 0 else None,
        notice=display.say,
        wait=request.wait,
    )


def _folder(path: Path, request: Request) -> AbstractContextManager[Source]:
    from pelican_photos.sources.instaloader_folder import (  # noqa: PLC0415 - as above
        InstaloaderFolder,
    )

    if path.is_file():
        raise SettingsError(f"--source {path}: is a file; name a folder that Instaloader made")
    if not path.is_dir():
        raise SettingsError(f"--source {path}: there is no such folder")
    return nullcontext(InstaloaderFolder(path, owner=request.profile))


def _tell(report: Report, wish: Wish, display: Display) -> None:
    listed = [f"{report.outcomes[uid]}: {uid}: {reason}" for uid, reason in report.reasons.items()]
    listed += [f"comments of {uid}: {reason}" for uid, reason in report.uncommented.items()]
    for line in listed[:_REASONS_SHOWN]:
        display.say(line)
    if len(listed) > _REASONS_SHOWN:
        display.say(f"and {len(listed) - _REASONS_SHOWN} more")
    would = "would be " if wish.dry_run else ""
    more = "; run it again to complete them" if report.incomplete else ""
    display.say(f"{would}{report}{more}")


def _wait(error: RateLimited, display: Display) -> None:
    """Sleep until the source may be asked again, saying so every few minutes."""
    until = error.retry_at or now_in_utc()
    while (left := (until - now_in_utc()).total_seconds()) > 0:
        time.sleep(min(left, _SECONDS_BETWEEN_WORDS))
        display.say(f"waiting until {shown(until)}, as Instagram asked")
