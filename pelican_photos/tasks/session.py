"""Tasks about who is logged in."""

from pathlib import Path

from invoke import Context, task

from pelican_photos import pelican_site
from pelican_photos.terminal import display


@task(
    help={
        "cookies": "a browser that is logged in to instagram.com (firefox, chrome, safari…), or "
        "the path of a cookies.txt",
        "cookie-file": "of another profile of that browser, such as its cookies.sqlite",
        "session": "a session file of Instaloader's",
        "yes": "overwrite the session of another account",
    },
)
def login(
    _context: Context,
    cookies: str = "",
    cookie_file: str = "",
    session: str = "",
    *,
    yes: bool = False,
) -> None:
    """Check a session of Instagram's, and keep it for imports; never asks for a password."""
    from pelican_photos.login_command import Login, run_login  # noqa: PLC0415 - Instaloader

    with display() as shown:
        wanted = Login(
            session=Path(session).expanduser() if session else None,
            cookies=cookies,
            cookie_file=Path(cookie_file).expanduser() if cookie_file else None,
            overwrite=yes,
        )
        run_login(pelican_site.read_settings(), wanted, shown)
