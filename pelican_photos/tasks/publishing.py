"""Tasks that bring the site to its visitors."""

from invoke import Context, Exit, task

from pelican_photos.publish_command import read_publish_settings, run_publish
from pelican_photos.publish_options import Options, PullOptions
from pelican_photos.pull_command import run_pull
from pelican_photos.terminal import display


@task(
    name="publish",
    help={
        "dry-run": "build, and only say what would be uploaded and deleted, and why",
        "delete": "also delete what earlier publishes put there and the site no longer has",
        "originals-only": "leave the site alone",
        "overwrite": "publish over what another machine, or another site, has put there",
        "take-over": "go on where a publish of another machine has died",
        "yes": "answer yes to every question",
    },
)
def publish_site(  # noqa: PLR0913 - one parameter for each option
    _context: Context,
    *,
    dry_run: bool = False,
    delete: bool = False,
    originals_only: bool = False,
    overwrite: bool = False,
    take_over: bool = False,
    yes: bool = False,
) -> None:
    """Build with publishconf.py, then bring originals, site and CDN up to date."""
    with display() as shown:
        whole = run_publish(
            read_publish_settings(originals_only=originals_only),
            shown,
            Options(
                dry_run=dry_run,
                delete=delete,
                originals_only=originals_only,
                overwrite=overwrite,
                take_over=take_over,
            ),
            yes=yes,
        )
    if not whole:
        raise Exit(code=1)


@task(
    help={
        "dry-run": "only say what would be fetched, and why",
        "verify": "only say where this machine and the bucket differ; ends with 3 where they do",
    },
)
def pull(_context: Context, *, dry_run: bool = False, verify: bool = False) -> None:
    """Bring the originals that the pages name back from the bucket, and mend damaged ones."""
    with display() as shown:
        status = run_pull(
            read_publish_settings(originals_only=True),
            shown,
            PullOptions(dry_run=dry_run, verify=verify),
        )
    if status:
        raise Exit(code=status)
