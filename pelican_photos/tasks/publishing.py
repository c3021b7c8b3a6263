"""Tasks that bring the site to its visitors."""

from datetime import UTC, datetime

from invoke import Context, Exit, task

from pelican_photos import pelican_site
from pelican_photos.errors import PageError, SettingsError
from pelican_photos.library import Library
from pelican_photos.terminal import display


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
