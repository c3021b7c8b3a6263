"""Tasks about what a build keeps for the next one."""

from invoke import Context, task

from pelican_photos.errors import SettingsError
from pelican_photos.terminal import display


@task(
    help={
        "gc": "remove what the site does not need any more",
        "why": "say whether a photo or album would be made again, and because of what:"
        " the name of its page, without .md",
        "dry-run": "with --gc: only list what would be removed",
        "yes": "do not ask",
    },
)
def cache(
    _context: Context, *, gc: bool = False, why: str = "", dry_run: bool = False, yes: bool = False
) -> None:
    """Say what is in the cache of renditions and pages; clean it up, or explain a build."""
    # Pillow is loaded with the verb.
    from pelican_photos.cache_command import (  # noqa: PLC0415
        Request,
        run_cache,
        run_why,
        ways_to_build,
    )

    with display() as shown:
        if why and (gc or dry_run or yes):
            raise SettingsError("--why looks at one page, and removes nothing: leave --gc out")
        if why:
            run_why(ways_to_build(), shown, why)
        else:
            run_cache(ways_to_build(), shown, Request(gc=gc, dry_run=dry_run, yes=yes))
