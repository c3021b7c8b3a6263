"""Tasks about what others said."""

from textwrap import shorten

from invoke import Context, task

from pelican_photos import atomic, pelican_site
from pelican_photos.comment_files import all_comments, read_comments
from pelican_photos.errors import SettingsError
from pelican_photos.library import Library
from pelican_photos.model import Comment
from pelican_photos.terminal import display


@task(
    name="hide-comment",
    help={
        "slug": "the page's name, such as 2024-05-12-boats-at-dusk",
        "comment": "id of the comment; without it all of the page are listed with theirs",
        "show": "show it again",
    },
)
def hide_comment(_context: Context, slug: str, comment: str = "", *, show: bool = False) -> None:
    """Keep a comment, and the answers to it, off the page; the next build follows."""
    with display() as shown:
        settings = pelican_site.read_settings()
        library = Library(settings.content, settings.path)
        page_file = library.named(slug.removesuffix(".md"))
        if page_file is None:
            raise SettingsError(f"{slug}: no page below {library.folder} has this name")
        if not comment:
            for known in all_comments(read_comments(page_file)):
                shown.say(_line(known))
            return
        if not settings.state.exists():
            atomic.make_private(settings.state)
        with atomic.lock(settings.state / "import.lock", "an import"):
            changed = library.hide_comment(page_file, comment, hidden=not show)
        was = "" if changed else "already "
        shown.say(f"{comment} is {was}{'shown' if show else 'hidden'}; build the site to see it so")


def _line(comment: Comment) -> str:
    """Show a comment in one line, without what would steer a terminal."""
    said = "".join(c if c.isprintable() else " " for c in f"{comment.author}: {comment.text}")
    mark = " (hidden)" if comment.hidden else ""
    return f"{comment.id}{mark} {comment.published:%Y-%m-%d} {shorten(said, 80, placeholder='…')}"
