"""The task that goes on importing."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from invoke import Context, Exit, task

from pelican_photos import pelican_site
from pelican_photos.errors import SettingsError
from pelican_photos.publish_command import read_publish_settings, run_publish
from pelican_photos.publish_options import Options
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display, display


@task(
    name="watch-instagram",
    help={
        "once": "look if it is time, else say when it will be; for cron and systemd timers",
        "build": "after something new, build the site with pelicanconf.py",
        "publish": "after something new, publish, with a yes to every question",
        "profile": "whose posts; the session's own without it",
        "session": "Instaloader's session file",
        "no-comments": "leave comments out",
    },
)
def watch_instagram(  # noqa: PLR0913 - one parameter for each option
    _context: Context,
    profile: str = "",
    session: str = "",
    *,
    once: bool = False,
    build: bool = False,
    publish: bool = False,
    no_comments: bool = False,
) -> None:
    """Look for new posts again and again, the more often the more you publish."""
    from pelican_photos.import_command import Request, run_import  # noqa: PLC0415 - Pillow
    from pelican_photos.importer import Wish  # noqa: PLC0415 - as above
    from pelican_photos.watch_command import Watch, watch, watch_once  # noqa: PLC0415 - as above

    with display() as shown, _ended_by_sigterm():
        if build and publish:
            raise SettingsError("--build and --publish: a publish builds already; give one")
        settings = pelican_site.read_settings()
        request = Request(
            profile=profile,
            session=Path(session).expanduser() if session else None,
            wish=Wish(latest=True, comments=not no_comments),
        )
        job = Watch(
            settings=settings,
            look=partial(run_import, settings, request),
            follow=_follow(settings, build=build, publish=publish),
        )
        status = watch_once(job, shown) if once else watch(job, shown)
    if status:
        raise Exit(code=status)


def _follow(settings: Settings, *, build: bool, publish: bool) -> Callable[[Display], int] | None:
    if publish:
        return _publish
    return partial(_build, settings.root) if build else None


def _build(root: Path, _shown: Display) -> int:
    pelican_site.build(pelican_site.DEVELOPMENT, root)
    return 0


def _publish(shown: Display) -> int:
    return 0 if run_publish(read_publish_settings(), shown, Options(), yes=True) else 1


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """End at once, with one sentence and the status that shells give (128 and the signal)."""

    def end(*_: object) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except SystemExit:
        print("photostream: stopped; run it again to go on", file=sys.stderr)  # noqa: T201
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
