"""Tasks that bring posts in."""

from pathlib import Path

from invoke import Context, Exit, task

from pelican_photos import pelican_site
from pelican_photos.tasks.options import whole_number
from pelican_photos.terminal import display

_RECENT = "30"


@task(
    name="import-instagram",
    iterable=["source", "post"],
    help={
        "source": "Instagram's data export (its zips, or a folder), or a folder that Instaloader"
        " made, instead of Instagram itself; repeatable",
        "post": "the address of one post; repeatable",
        "saved": "what you saved: live, or by the links of an export",
        "liked": "what you liked, by the links of an export",
        "stories": "the stories of an export too; they come hidden",
        "profile": "whose posts; the session's own without it",
        "session": "Instaloader's session file",
        "latest": "stop where only known posts follow",
        "limit": "new posts at most",
        "missing": "also fetch originals that pages name and this machine lacks",
        "as-new": "import as new what may be one of several posts that are here",
        "no-comments": "leave comments out",
        "comments-only": "only the comments of recent posts, and nothing else of them",
        "days": "how recent, with --comments-only",
        "wait": "when Instagram asks for a pause, wait for its end and say so",
        "dry-run": "only say what would be imported",
    },
)
def import_instagram(  # noqa: PLR0913 - one parameter for each option
    _context: Context,
    source: list[str],
    post: list[str],
    profile: str = "",
    session: str = "",
    limit: str = "",
    *,
    days: str = _RECENT,
    saved: bool = False,
    liked: bool = False,
    stories: bool = False,
    latest: bool = False,
    missing: bool = False,
    as_new: bool = False,
    no_comments: bool = False,
    comments_only: bool = False,
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
            as_new=as_new,
            dry_run=dry_run,
        )
        request = Request(
            sources=tuple(Path(path).expanduser() for path in source),
            posts=tuple(post),
            saved=saved,
            liked=liked,
            stories=stories,
            comments_of_days=whole_number("--days", days, 1) if comments_only else 0,
            profile=profile,
            session=Path(session).expanduser() if session else None,
            wait=wait,
            wish=wish,
        )
        report = run_import(pelican_site.read_settings(), request, shown)
    if report.incomplete:
        raise Exit(code=1)
