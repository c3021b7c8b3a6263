"""Tasks about what can be seen in the photos."""

from invoke import Context, task

from pelican_photos import pelican_site
from pelican_photos.tasks.options import whole_number
from pelican_photos.terminal import display


@task(
    auto_shortflags=False,
    help={
        "list": "only list them, a line each: name, picture, address, Instagram's text",
        "limit": "so many at most",
        "year": "only photos of a year",
        "slug": "describe this photo, with --text: the name of its page, without .md",
        "text": "its alternative text",
    },
)
def alt(
    _context: Context,
    list: bool = False,  # noqa: A002, FBT001, FBT002 - the option's name
    limit: str = "",
    year: str = "",
    slug: str = "",
    text: str | None = None,
) -> None:
    """Describe photos for those who cannot see them: asks for each that has no text yet."""
    with display() as shown:
        from pelican_photos.alt_command import Request, run_alt  # noqa: PLC0415 - Pillow
        from pelican_photos.describing import Wanted  # noqa: PLC0415 - as above

        wanted = Wanted(
            limit=whole_number("--limit", limit, 1) if limit else 0,
            year=whole_number("--year", year, 1, 9999) if year else 0,
        )
        request = Request(wanted=wanted, only_list=list, slug=slug, text=text)
        run_alt(pelican_site.read_settings(), request, shown)
