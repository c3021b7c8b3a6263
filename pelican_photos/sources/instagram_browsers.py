"""Browsers that somebody may be logged in to Instagram with, and their cookies there.

Instaloader's ``--load-cookies`` reads them with browser_cookie3, and so is it done here; that
library is an extra, as only a login needs it.
"""

import configparser
import io
import os
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from pathlib import Path

from pelican_photos.errors import SettingsError
from pelican_photos.sources.instagram_cookies import Cookie, of_instagram

_MAC, _ROAMING, _LOCAL = "Library/Application Support", "AppData/Roaming", "AppData/Local"

# Where each keeps its profiles below the home folder: Linux (also as snap and flatpak), macOS,
# Windows.  The names are those that Instaloader and browser_cookie3 know.
_PROFILES: dict[str, tuple[str, ...]] = {
    "firefox": (
        ".mozilla/firefox",
        ".config/mozilla/firefox",
        "snap/firefox/common/.mozilla/firefox",
        ".var/app/org.mozilla.firefox/.mozilla/firefox",
        f"{_MAC}/Firefox",
        f"{_ROAMING}/Mozilla/Firefox",
    ),
    "chrome": (
        ".config/google-chrome",
        ".var/app/com.google.Chrome/config/google-chrome",
        f"{_MAC}/Google/Chrome",
        f"{_LOCAL}/Google/Chrome",
    ),
    "chromium": (
        ".config/chromium",
        "snap/chromium/common/chromium",
        ".var/app/org.chromium.Chromium/config/chromium",
        f"{_MAC}/Chromium",
        f"{_LOCAL}/Chromium",
    ),
    "edge": (".config/microsoft-edge", f"{_MAC}/Microsoft Edge", f"{_LOCAL}/Microsoft/Edge"),
    "brave": tuple(f"{base}/BraveSoftware/Brave-Browser" for base in (".config", _MAC, _LOCAL)),
    "vivaldi": (".config/vivaldi", f"{_MAC}/Vivaldi", f"{_LOCAL}/Vivaldi"),
    "opera": (
        ".config/opera",
        f"{_MAC}/com.operasoftware.Opera",
        f"{_ROAMING}/Opera Software/Opera Stable",
    ),
    "opera_gx": (
        f"{_MAC}/com.operasoftware.OperaGX",
        f"{_ROAMING}/Opera Software/Opera GX Stable",
    ),
    "librewolf": (".librewolf", f"{_MAC}/librewolf", f"{_ROAMING}/librewolf"),
    "safari": ("Library/Safari",),
}
BROWSERS = tuple(_PROFILES)

# The library reads these from a copy, which lacks the last minutes of a browser that is open.
_FIREFOXES = {"firefox": "Firefox", "librewolf": "LibreWolf"}

# What reading files of another program's, of an unknown version, may raise.
_TROUBLE = (
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    EOFError,
    sqlite3.Error,
    struct.error,
    configparser.Error,
)


def installed(home: Path) -> tuple[str, ...]:
    """List the browsers that have been used by whoever lives in ``home``."""
    return tuple(
        name
        for name, folders in _PROFILES.items()
        if any((home / folder).is_dir() for folder in folders)
    )


def read_browser(browser: str, cookie_file: Path | None = None) -> dict[str, str]:
    """Read the cookies of instagram.com from a browser, one of ``BROWSERS``.

    Args:
        browser: which one.
        cookie_file: of another profile than the default one: Firefox's ``cookies.sqlite``,
            Chromium's ``Cookies``.

    Raises:
        SettingsError: the library is missing, or the cookies cannot be read.
        LoginNeeded: nobody is logged in there.
    """
    try:
        import browser_cookie3  # noqa: PLC0415 - an extra, that only this needs
    except ImportError as error:  # also of what it stands on
        raise SettingsError(
            "reading a browser's cookies needs browser-cookie3: "
            "pip install 'pelican-photostream[browser]', or give --cookies cookies.txt"
        ) from error
    read = getattr(browser_cookie3, browser)
    try:
        with _unseen(), tempfile.TemporaryDirectory(prefix="photostream-") as private:
            if browser in _FIREFOXES:
                found = cookie_file or getattr(browser_cookie3, _FIREFOXES[browser])().cookie_file
                cookie_file = _whole(Path(found), Path(private))
            jar = read(cookie_file and str(cookie_file), domain_name="instagram.com")
            cookies = [Cookie(c.domain, c.name, c.value or "") for c in jar]
    except (browser_cookie3.BrowserCookieError, *_TROUBLE) as error:
        reason = type(error).__name__
    else:
        return of_instagram(cookies, browser)
    # Outside the handler: what was read until then is in the error, and not in ours.
    raise SettingsError(
        f"the cookies of {browser} cannot be read ({reason}): close the browser and try again, "
        "name its file with --cookie-file, or give --cookies cookies.txt"
    )


def _whole(database: Path, folder: Path) -> Path:
    """Copy a database together with what a running Firefox has not merged into it yet.

    SQLite keeps that in a log beside the file, and merges it when the copy is opened.
    """
    copy = folder / database.name
    shutil.copyfile(database, copy)
    log = database.with_name(f"{database.name}-wal")
    if log.exists():
        shutil.copyfile(log, folder / log.name)
        with closing(sqlite3.connect(copy)) as opened:
            opened.execute("PRAGMA journal_mode = DELETE")
    return copy


@contextmanager
def _unseen() -> Iterator[None]:
    """Keep the library off the terminal, and its copy of all cookies from everybody else."""
    before = os.umask(0o077)
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        os.umask(before)
