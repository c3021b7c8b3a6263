"""Tasks that bring posts in."""

from pathlib import Path

from invoke import Context, Exit, task

from pelican_photos import pelican_site
from pelican_photos.tasks.options import whole_number
from pelican_photos.terminal import display


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
            limit=whole_number("--limit", limit, 1) if limit else 0,
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
