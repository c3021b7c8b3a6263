"""Tasks that bring photos in from the camera."""

from pathlib import Path

from invoke import Context, Exit, task

from pelican_photos import pelican_site
from pelican_photos.tasks.several import TaskOfSeveral
from pelican_photos.terminal import display


@task(
    klass=TaskOfSeveral,
    positional=["file"],
    iterable=["alt", "poster"],
    auto_shortflags=False,  # there are more options than letters
    help={
        "file": "a picture or film, or several for an album, or a folder",
        "caption": "what stands below it; - reads it from standard input",
        "alt": "what is in the picture, for those who cannot see it; once for each file",
        "date": "now, or a date like 2024-05-12T18:03; the file's own without it",
        "tags": "with commas between; the caption's hashtags and the file's keywords without it",
        "location": "name of the place",
        "geo": "show the coordinates that the file holds",
        "poster": "picture that stands for a film until it is played; once for each film",
        "separately": "a page for each file instead of one album",
        "draft": "keep it out of every list until you remove its Status",
        "publish": "then do what the publish task does",
        "anyway": "also what looks like a photo that is there, or was deleted",
        "yes": "ask nothing",
        "dry-run": "only say what would be added",
    },
)
def add(  # noqa: PLR0913, PLR0917 - one parameter for each option
    _context: Context,
    file: list[str],
    alt: list[str],
    poster: list[str],
    caption: str | None = None,
    date: str = "",
    tags: str | None = None,
    location: str | None = None,
    *,
    geo: bool = False,
    separately: bool = False,
    draft: bool = False,
    publish: bool = False,
    anyway: bool = False,
    yes: bool = False,
    dry_run: bool = False,
) -> None:
    """Add a photo, a film or an album from files: asks for what is missing on a terminal.

    The files stand before or behind the options: add boats.jpg nets.jpg --caption "At dusk"
    """
    with display() as shown:
        from pelican_photos.add_command import Request, run_add  # noqa: PLC0415 - Pillow
        from pelican_photos.adding.wording import Said  # noqa: PLC0415 - as above

        request = Request(
            files=tuple(Path(name).expanduser() for name in file),
            said=Said(
                caption=caption,
                alts=tuple(alt),
                date=date,
                tags=tags,
                location=location,
                with_coordinates=True if geo else None,
                draft=draft,
            ),
            posters=tuple(Path(name).expanduser() for name in poster),
            separately=separately,
            anyway=anyway,
            yes=yes,
            publish=publish,
            dry_run=dry_run,
        )
        whole = run_add(pelican_site.read_settings(), request, shown)
    if not whole:
        raise Exit(code=1)
