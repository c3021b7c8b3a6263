"""Tasks about what a build keeps for the next one."""

from invoke import Context, task

from pelican_photos.terminal import display


@task(
    help={
        "gc": "remove what the site does not need any more",
        "dry-run": "with --gc: only list what would be removed",
        "yes": "do not ask",
    },
)
def cache(_context: Context, *, gc: bool = False, dry_run: bool = False, yes: bool = False) -> None:
    """Say what is in the cache of renditions and pages; with --gc, clean it up."""
    from pelican_photos.cache_command import Request, run_cache, ways_to_build  # noqa: PLC0415 - loads Pillow

    with display() as shown:
        run_cache(ways_to_build(), shown, Request(gc=gc, dry_run=dry_run, yes=yes))
