"""A publish as a person runs it: built, uploaded, and said."""

from datetime import UTC, datetime

from pelican_photos import pelican_site
from pelican_photos.errors import PageError, SettingsError
from pelican_photos.library import Library
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display


def publish_site(  # noqa: PLR0913 - one parameter for each option
    settings: Settings | None,
    shown: Display,
    *,
    dry_run: bool = False,
    delete: bool = False,
    originals_only: bool = False,
    yes: bool = False,
) -> int:
    """Build with publishconf.py, then bring originals, site and CDN up to date.

    ``settings`` are those of publishconf.py; None reads them.  Gives the exit status: 1 while
    an original is nowhere, or a page cannot be read.

    Raises:
        SettingsError: no bucket or no address is set.
        PageError: a page cannot be read, so that nothing may be deleted.
        PhotosError: the site could not be built, or not all of it published.
    """
    from pelican_photos.publish import publish  # noqa: PLC0415 - only a publish needs it

    settings = settings or pelican_site.read_settings(pelican_site.PRODUCTION)
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
    return 1 if library.problems else outcome.exit_status
