"""A publish as a person runs it: built, compared, asked about, carried out and told."""

from pathlib import Path

from pelican_photos import pelican_site
from pelican_photos.clock import build_time
from pelican_photos.errors import PageError, SettingsError
from pelican_photos.library import Library
from pelican_photos.publish_options import Options
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display


def read_publish_settings(*, originals_only: bool = False) -> Settings:
    """Read ``publishconf.py``, which has to say where to.

    Raises:
        SettingsError: the bucket or the site's address is not set.
    """
    settings = pelican_site.read_settings(pelican_site.PRODUCTION)
    if not settings.bucket:
        raise SettingsError("PHOTOS_BUCKET is not set: name your bucket in publishconf.py")
    if not settings.siteurl and not originals_only:
        raise SettingsError("SITEURL is not set: name the site's address in publishconf.py")
    return settings


def originals_of(settings: Settings) -> tuple[list[tuple[str, Path]], list[str]]:
    """List what the pages name: keys with their files, which need not be there.

    Also gives a sentence for each page that cannot be read.
    """
    library = Library(settings.content, settings.path)
    # By the clock of the build: what that takes for a draft has no published address yet.
    until = None if settings.with_future_dates else build_time()
    return list(library.originals(until)), library.problems


def run_publish(
    settings: Settings, display: Display, options: Options, *, yes: bool = False
) -> bool:
    """Build the site, and bring originals, site and CDN up to date; ``yes`` to every question.

    Returns whether all is there; what is not was said.

    Raises:
        PublishError: the bucket or the CDN refused.
    """
    from pelican_photos.publish import publish  # noqa: PLC0415 - seldom needed

    if not options.originals_only:
        pelican_site.build(pelican_site.PRODUCTION, settings.root)
    originals, problems = originals_of(settings)
    if problems and options.delete:
        raise PageError(f"no --delete while not every page can be read: {problems[0]}")
    outcome = publish(
        settings,
        originals,
        options,
        confirm=lambda question: yes or display.confirm(question),
        say=display.say,
        progress=display.advance,
    )
    for problem in problems:
        display.say(f"not every page can be read: {problem}")
    display.say(str(outcome))
    return not problems and not outcome.exit_status
