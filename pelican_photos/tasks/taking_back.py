"""Tasks that take back what was published."""

from datetime import UTC, datetime

from invoke import Context, Exit, task

from pelican_photos.publish_command import read_publish_settings
from pelican_photos.publish_options import Options
from pelican_photos.terminal import display


@task(
    help={
        "dry-run": "only list what would be brought back and deleted",
        "overwrite": "also what somebody has changed since, and of whichever site",
        "take-over": "go on where a publish of another machine has died",
        "yes": "do not ask",
    },
)
def undo(
    _context: Context,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
    take_over: bool = False,
    yes: bool = False,
) -> None:
    """Take the last publish back, from the versions that the bucket keeps."""
    from pelican_photos.undo_command import run_undo  # noqa: PLC0415 - with its verb

    with display() as shown:
        settings = read_publish_settings(originals_only=True)
        options = Options(dry_run=dry_run, overwrite=overwrite, take_over=take_over)
        run_undo(settings, shown, options, yes=yes)


@task(
    positional=["slug"],
    help={
        "slug": "the name of its page, without .md",
        "dry-run": "only list what would be deleted, here and in the buckets",
        "yes": "do not ask",
    },
)
def purge(_context: Context, slug: str, *, dry_run: bool = False, yes: bool = False) -> None:
    """Take a photo or album down for good: here, online, in every version, and in the CDN."""
    from pelican_photos.publish.purge import Purging  # noqa: PLC0415 - with its verb
    from pelican_photos.purge_command import Request, run_purge  # noqa: PLC0415 - loads Pillow

    with display() as shown:
        how = Purging(
            settings=read_publish_settings(), now=datetime.now(UTC), progress=shown.advance
        )
        if not run_purge(how, shown, Request(slug=slug, dry_run=dry_run, yes=yes)):
            raise Exit(code=1)
