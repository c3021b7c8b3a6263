"""Tasks that take back what was published."""

from invoke import Context, task

from pelican_photos.publish_command import read_publish_settings
from pelican_photos.publish_options import Options
from pelican_photos.terminal import display


@task(
    help={
        "dry-run": "only list what would be brought back and deleted",
        "overwrite": "also what somebody has changed since, and whatever another machine is doing",
        "yes": "do not ask",
    },
)
def undo(
    _context: Context, *, dry_run: bool = False, overwrite: bool = False, yes: bool = False
) -> None:
    """Take the last publish back, from the versions that the bucket keeps."""
    from pelican_photos.undo_command import run_undo  # noqa: PLC0415 - with its verb

    with display() as shown:
        settings = read_publish_settings(originals_only=True)
        run_undo(settings, shown, Options(dry_run=dry_run, overwrite=overwrite), yes=yes)
