"""An import as a person runs it: when to pause, what is said, and what is written down."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from pelican_photos import atomic
from pelican_photos.errors import PhotosError, RateLimited
from pelican_photos.import_doors import Door, doors_of
from pelican_photos.importer import Wish, import_posts
from pelican_photos.ledger import Ledger
from pelican_photos.library import Library
from pelican_photos.naming import short_hash
from pelican_photos.pauses import Pause, now_in_utc, shown
from pelican_photos.recent_comments import refresh_comments
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

    sources: tuple[Path, ...] = ()  # exports and folders of Instaloader's
    posts: tuple[str, ...] = ()  # addresses of single posts
    saved: bool = False  # what the owner saved: live, or by the links of an export
    liked: bool = False  # what the owner liked, by the links of an export
    stories: bool = False  # of an export
    comments_of_days: int = 0  # only the comments, of posts of so many days
    profile: str = ""
    session: Path | None = None
    wait: bool = False
    wish: Wish = field(default_factory=Wish)


def run_import(settings: Settings, request: Request, display: Display) -> Report:
    """Import what was asked for, under the lock of this site.

    Raises:
        SettingsError: the request contradicts itself, or names what is not there.
        SourceError: a source cannot go on; what came before is stored and was said.
    """
    report = Report()
    doors = doors_of(settings, request, display, report)
    if not request.wish.dry_run:
        atomic.make_private(settings.state)
    with (
        atomic.lock(settings.state / "import.lock", "an import"),
        _written_down(settings, request, report),
    ):
        try:
            for door in doors:
                if door.live:
                    _run_live(settings, request, display, report, door)
                else:
                    _run(settings, request, display, report, door)
        finally:
            if report.outcomes or report.absent or report.notes:
                _tell(report, request, display)
    return report


def open_site(settings: Settings) -> Site:
    """Open the pages, the ledger and the raw answers of a site."""
    library = Library(settings.content, settings.path)
    return Site(
        library=library,
        ledger=Ledger(library.folder / ".import"),
        raw=settings.state / "raw",
        with_places=settings.keep_gps,
    )


def _run_live(
    settings: Settings, request: Request, display: Display, report: Report, door: Door
) -> None:
    pause = Pause(settings.state / "instagram.json")
    while True:
        try:
            pause.check()
            try:
                _run(settings, request, display, report, door)
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
    settings: Settings, request: Request, display: Display, report: Report, door: Door
) -> None:
    site = open_site(settings)
    with door.open(site) as source:
        if request.comments_of_days:
            since = now_in_utc() - timedelta(days=request.comments_of_days)
            progress = _progress(display, "Asking for comments", dry_run=False)
            refresh_comments(source, site, report, since=since, progress=progress)
        else:
            _import(settings, request, display, report, source, site)
        for problem in site.library.problems:
            display.say(problem)
        for what, count in source.skipped.items():
            display.say(f"{source.name}: {what} left out: {count}")


def _import(  # noqa: PLR0913, PLR0917 - the run, its source and its site
    settings: Settings,
    request: Request,
    display: Display,
    report: Report,
    source: Source,
    site: Site,
) -> None:
    profile = request.profile or settings.instagram_profile
    read_once = settings.state / f"read-to-the-end-{short_hash(profile)}"
    wish = _wish_for(source, request.wish, read_once, display)
    progress = _progress(display, "Importing", dry_run=wish.dry_run)
    whole = import_posts(source, site, wish, report, progress)
    if whole and source.whole and not wish.dry_run:
        read_once.parent.mkdir(parents=True, exist_ok=True)
        read_once.touch()


def _progress(
    display: Display, verb: str, *, dry_run: bool
) -> Callable[[int, int | None, str], None]:
    def progress(done: int, total: int | None, what: str) -> None:
        if not dry_run:
            display.advance(verb, done, total, what)
        elif not what.startswith("unchanged "):
            display.say(what)

    return progress


def _wish_for(source: Source, wish: Wish, read_once: Path, display: Display) -> Wish:
    """Read a live profile to its end once, before only its latest posts are looked for."""
    if not wish.latest or not source.whole or read_once.exists():
        return wish
    display.say("No import has reached the last post yet, so this one goes on to it")
    return replace(wish, latest=False)


def _tell(report: Report, request: Request, display: Display) -> None:
    listed = list(report.lines())
    for line in listed[:_REASONS_SHOWN]:
        display.say(line)
    if len(listed) > _REASONS_SHOWN:
        more = "" if request.wish.dry_run else ", in .photos/last-import.json"
        display.say(f"and {len(listed) - _REASONS_SHOWN} more{more}")
    would = "would be " if request.wish.dry_run else ""
    again = "; run it again to complete them" if report.may_be_completed else ""
    display.say(f"{would}{report}{again}")


@contextmanager
def _written_down(settings: Settings, request: Request, report: Report) -> Iterator[None]:
    """Write ``.photos/last-import.json`` at the end, also of a run that failed."""
    begun, failure = now_in_utc(), ""
    try:
        yield
    except PhotosError as error:
        failure = str(error)
        raise
    except KeyboardInterrupt:
        failure = "stopped by its owner"
        raise
    finally:
        if not request.wish.dry_run:
            _write_down(settings, report, begun, failure)


def _write_down(settings: Settings, report: Report, begun: datetime, failure: str) -> None:
    ledger = Ledger(settings.photos / ".import")

    def page_of(uid: str) -> str:
        entry = ledger.get(uid)
        return entry.slug if entry else ""

    said = {
        "begun": begun.isoformat(timespec="seconds"),
        "ended": now_in_utc().isoformat(timespec="seconds"),
        "failure": failure,
        **report.as_data(page_of),
    }
    text = json.dumps(said, ensure_ascii=True, indent=1)
    atomic.write_bytes(settings.state / "last-import.json", f"{text}\n".encode())


def _wait(error: RateLimited, display: Display) -> None:
    """Sleep until the source may be asked again, saying so every few minutes."""
    until = error.retry_at or now_in_utc()
    while (left := (until - now_in_utc()).total_seconds()) > 0:
        time.sleep(min(left, _SECONDS_BETWEEN_WORDS))
        display.say(f"waiting until {shown(until)}, as Instagram asked")
