"""A login: somebody's session, checked with one request, and kept where Instaloader keeps it.

There is no password: whoever has one types it into a browser, and nowhere else.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pelican_photos import atomic
from pelican_photos.errors import LoginNeeded, SettingsError
from pelican_photos.settings import Settings
from pelican_photos.sources.instagram_browsers import BROWSERS, installed, read_browser
from pelican_photos.sources.instagram_cookies import read_cookies_txt
from pelican_photos.sources.instagram_login import whose
from pelican_photos.sources.instagram_session import own_place, packed, read_session
from pelican_photos.terminal import Display

RISK = (
    "Instagram sees automatic requests, and may warn, lock or close an account for them: that "
    "risk is yours. Your own posts also come without any, from Instagram's data export."
)
_WHAT_TO_TYPE = (
    "say where the session is: invoke login --cookies firefox (or another browser), "
    "--cookies cookies.txt, or --session FILE"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Where the session is; nothing at all asks, on a terminal."""

    session: Path | None = None  # Instaloader's session file
    cookies: str = ""  # a browser, or the path of a cookies.txt
    cookie_file: Path | None = None  # of another profile of that browser
    overwrite: bool = False  # also a session of somebody else


def run_login(settings: Settings, login: Login, display: Display) -> Path:
    """Check a session and keep it; gives the file in which it now is.

    Raises:
        SettingsError: it cannot be read, or its place is taken by somebody else's.
        LoginNeeded: Instagram does not accept it.
        SourceError: Instagram refuses, or cannot be reached.
    """
    origin, cookies = _read(login, display)
    display.say(RISK)
    try:
        username = whose(cookies, notice=display.say, pause=time.sleep)
    except LoginNeeded as error:
        raise LoginNeeded(
            f"Instagram does not accept the session of {origin}: log in to instagram.com in a "
            "browser, and run invoke login again"
        ) from error
    path = own_place(username)
    _claim(path, username, cookies, login, display)
    _keep(path, cookies)
    display.say(f"Logged in as {username}; the session is in {path}")
    for sentence in _advice(settings, username, path):
        display.say(sentence)
    return path


def _read(login: Login, display: Display) -> tuple[str, dict[str, str]]:
    """Read the cookies from where they are; with what messages call that place."""
    if login.session and (login.cookies or login.cookie_file):
        raise SettingsError("give either --session or --cookies")
    if login.session:
        return str(login.session), read_session(login.session)
    chosen = login.cookies or _chosen(display)
    if (browser := chosen.lower()) in BROWSERS:
        if login.cookie_file and not login.cookie_file.is_file():
            raise SettingsError(f"--cookie-file {login.cookie_file}: there is no such file")
        return browser, read_browser(browser, login.cookie_file)
    if login.cookie_file:
        raise SettingsError(f"--cookie-file needs a browser: --cookies {' or '.join(BROWSERS)}")
    path = Path(chosen).expanduser()
    if not path.exists():
        raise SettingsError(
            f"--cookies {chosen[:80]}: neither a file nor one of {', '.join(BROWSERS)}"
        )
    return str(path), read_cookies_txt(path)


def _chosen(display: Display) -> str:
    """Ask in which browser somebody is logged in."""
    found = installed(Path.home())
    chosen = display.choose("In which browser are you logged in to instagram.com?", found)
    if not chosen:
        raise SettingsError(_WHAT_TO_TYPE)
    return chosen


def _claim(
    path: Path, username: str, cookies: dict[str, str], login: Login, display: Display
) -> None:
    """See to it that no session of another account is overwritten by accident."""
    if not path.exists():
        return
    try:
        theirs = read_session(path)["ds_user_id"] != cookies["ds_user_id"]
    except LoginNeeded:  # nobody's any more
        theirs = False
    except SettingsError:  # something else, which somebody put there
        theirs = True
    if not theirs or login.overwrite:
        return
    question = f"{path} is not a session of this account, {username}. Overwrite it?"
    if not display.confirm(question):
        raise SettingsError(f"{path} is in the way: move it elsewhere, and run this again")


def _keep(path: Path, cookies: dict[str, str]) -> None:
    with atomic.plain_disk_errors(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomic.write_private(path, packed(cookies))


def _advice(settings: Settings, username: str, path: Path) -> Iterator[str]:
    """Say what is still to do before an import finds the session."""
    profile = settings.instagram_profile.removeprefix("@").lower()
    configured = settings.instagram_session
    if configured and settings.root / Path(configured).expanduser() != path:
        yield (
            f"PHOTOS_INSTAGRAM_SESSION is {configured}, which imports go on using: remove it, or "
            f'put PHOTOS_INSTAGRAM_SESSION = "{path}" into pelicanconf.py'
        )
    elif not profile:
        yield (
            f'Put PHOTOS_INSTAGRAM_PROFILE = "{username}" into pelicanconf.py, and '
            "invoke import-instagram finds the session"
        )
    elif profile != username.lower() and not configured:
        yield (
            f"PHOTOS_INSTAGRAM_PROFILE is {profile}: to read it as {username}, put "
            f'PHOTOS_INSTAGRAM_SESSION = "{path}" into pelicanconf.py'
        )
