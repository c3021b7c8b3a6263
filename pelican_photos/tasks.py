"""What people type: the ``invoke`` collection of a site, and the ``photostream`` command.

A site's own ``tasks.py`` is one line: ``from pelican_photos.tasks import namespace``.
Each task translates its arguments, calls one function, and prints one sentence.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from invoke import Collection, Context, Exit, Program, task

from pelican_photos import __version__, development, pelican_site, serving
from pelican_photos.demo_command import run_demo
from pelican_photos.errors import PageError, SettingsError
from pelican_photos.library import Library
from pelican_photos.terminal import display

_MANY = 10**9


@task(
    name="import-instagram",
    iterable=["source"],
    help={
        "source": "a folder that Instaloader made, instead of Instagram itself; repeatable",
        "profile": "whose posts; the session's own without it",
        "session": "Instaloader's session file",
        "latest": "stop where only known posts follow",
        "limit": "new posts at most",
        "missing": "also fetch originals that pages name and this machine lacks",
        "no-comments": "leave comments out",
        "wait": "when Instagram asks for a pause, wait for its end and say so",
        "dry-run": "only say what would be imported",
    },
)
def import_instagram(  # noqa: PLR0913 - one parameter for each option
    _context: Context,
    source: list[str],
    profile: str = "",
    session: str = "",
    limit: str = "",
    *,
    latest: bool = False,
    missing: bool = False,
    no_comments: bool = False,
    wait: bool = False,
    dry_run: bool = False,
) -> None:
    """Bring every post with all that belongs to it into content/photos."""
    from pelican_photos.import_command import Request, run_import  # noqa: PLC0415 - Pillow
    from pelican_photos.importer import Wish  # noqa: PLC0415 - as above

    with display() as shown:
        wish = Wish(
            latest=latest,
            limit=_number("--limit", limit, 1) if limit else 0,
            comments=not no_comments,
            missing=missing,
            dry_run=dry_run,
        )
        request = Request(
            folders=tuple(Path(path).expanduser() for path in source),
            profile=profile,
            session=Path(session).expanduser() if session else None,
            wait=wait,
            wish=wish,
        )
        report = run_import(pelican_site.read_settings(), request, shown)
    if report.incomplete:
        raise Exit(code=1)


@task
def build(_context: Context) -> None:
    """Build the site with pelicanconf.py."""
    with display() as shown:
        settings = pelican_site.read_settings()
        pelican_site.build(pelican_site.DEVELOPMENT, settings.root)
        shown.say(f"The site is in {settings.output}")


@task(help={"port": "where; the next free one if it is taken"})
def serve(_context: Context, port: str = str(serving.PORT)) -> None:
    """Build the site with pelicanconf.py, serve it, and build it again when something changes."""
    with display() as shown, suppress(KeyboardInterrupt):
        number = _number("--port", port, 1, 65535)
        settings = pelican_site.read_settings()
        pelican_site.build(pelican_site.DEVELOPMENT, settings.root)
        with pelican_site.watched(pelican_site.DEVELOPMENT, settings.root):
            serving.serve(
                serving.Folder(settings.output),
                number,
                ready=lambda url: shown.say(f"The site is at {url}; Ctrl-C ends this"),
            )


@task(
    help={
        "no-serve": "end when every page and original has answered",
        "folder": "keep the sample site in this new folder instead of a temporary one",
    },
)
def demo(_context: Context, folder: str = "", *, no_serve: bool = False) -> None:
    """Run the whole main job on sample data, on this machine alone, and serve the result."""
    with display() as shown:
        run_demo(shown, Path(folder).expanduser() if folder else None, serve=not no_serve)


@task(
    name="publish",
    help={
        "dry-run": "build, and only say what would be uploaded and deleted, and why",
        "delete": "also delete what earlier publishes put there and the site no longer has",
        "originals-only": "leave the site alone",
        "yes": "answer yes to every question",
    },
)
def publish_site(
    _context: Context,
    *,
    dry_run: bool = False,
    delete: bool = False,
    originals_only: bool = False,
    yes: bool = False,
) -> None:
    """Build with publishconf.py, then bring originals, site and CDN up to date."""
    from pelican_photos.publish import publish  # noqa: PLC0415 - only this task needs it

    with display() as shown:
        settings = pelican_site.read_settings(pelican_site.PRODUCTION)
        if not settings.bucket:
            raise SettingsError("PHOTOS_BUCKET is not set: name your bucket in publishconf.py")
        if not settings.siteurl and not originals_only:
            raise SettingsError("SITEURL is not set: name the site's address in publishconf.py")
        if not originals_only:
            pelican_site.build(pelican_site.PRODUCTION, settings.root)
        library = Library(settings.content, settings.path)
        until = None if settings.with_future_dates else datetime.now(UTC)
        originals = list(library.originals(until))
        if library.problems and delete:
            raise PageError(f"no --delete while a page is unreadable: {library.problems[0]}")
        outcome = publish(
            settings,
            originals,
            confirm=lambda question: yes or shown.confirm(question),
            say=shown.say,
            progress=shown.advance,
            dry_run=dry_run,
            delete=delete,
            originals_only=originals_only,
        )
        for problem in library.problems:
            shown.say(f"a page cannot be read: {problem}")
        shown.say(str(outcome))
    if library.problems or outcome.exit_status:
        raise Exit(code=1)


def _number(option: str, text: str, least: int, most: int = _MANY) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        wanted = f"a number from {least} to {most}" if most < _MANY else f"{least} or more"
        raise SettingsError(f"{option} {text}: should be {wanted}")
    return int(text)


namespace = Collection(import_instagram, build, serve, publish_site, demo)
development.add_to(namespace)


def main() -> None:
    """Run the same tasks without a ``tasks.py``, as the ``photostream`` command."""
    Program(namespace=namespace, name="photostream", version=__version__).run()
