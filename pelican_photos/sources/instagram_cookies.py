"""The cookies of instagram.com among others, and those of a ``cookies.txt``.

The file is Netscape's, as browser extensions and curl write it: a cookie a line, in seven
fields between tabs: domain, whether its subdomains count, path, whether https only, expiry,
name, value.  Lines that begin with "#" are remarks, except behind "#HttpOnly_".

No cookie is ever part of a message.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pelican_photos.errors import LoginNeeded, SettingsError
from pelican_photos.sources.instagram_session import NEEDED

_SITE = "instagram.com"
_LARGEST = 10_000_000  # bytes; the cookies of a whole browser
_HTTP_ONLY = "#HttpOnly_"
_NAME = re.compile(r"[!#-+.\-0-9A-Z^-z|~]{1,200}")  # a token, as RFC 6265 says
_VALUE = re.compile(r"[!-~ ]{0,4096}")  # a line break would forge a header


class Cookie(NamedTuple):
    """What counts of a cookie; its text shows no value."""

    domain: str
    name: str
    value: str

    def __repr__(self) -> str:
        """Keep the value out of tracebacks."""
        return f"Cookie({self.domain!r}, {self.name!r})"


def read_cookies_txt(path: Path) -> dict[str, str]:
    """Read the cookies of instagram.com from a file in Netscape's format.

    Raises:
        SettingsError: the file cannot be read, or has another format.
        LoginNeeded: nobody is logged in there.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8", "replace")
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise SettingsError(f"--cookies {path}: {reason}") from error
    cookies = [cookie for line in text.split("\n") if (cookie := _cookie(line.rstrip("\r")))]
    if not cookies:
        raise SettingsError(
            f"--cookies {path} is no cookies.txt in Netscape's format: export one from the browser"
        )
    return of_instagram(cookies, str(path))


def of_instagram(cookies: Iterable[Cookie], place: str) -> dict[str, str]:
    """Choose the cookies of instagram.com; ``place`` is what messages call their origin.

    Raises:
        LoginNeeded: nobody is logged in to Instagram there.
    """
    found = {
        cookie.name: cookie.value
        # The site's own come last, and win over those of its subdomains.
        for cookie in sorted(cookies, key=lambda cookie: -len(cookie.domain.lstrip(".")))
        if _is_instagrams(cookie)
    }
    if any(not found.get(name) for name in NEEDED):
        raise LoginNeeded(
            f"nobody is logged in to Instagram in {place}: log in to instagram.com there, and "
            "run this again (a browser that is open may need to be closed first)"
        )
    return found


def _cookie(line: str) -> Cookie | None:
    line = line.removeprefix(_HTTP_ONLY)
    fields = line.split("\t")
    if line.startswith("#") or len(fields) != 7:
        return None
    return Cookie(domain=fields[0], name=fields[5], value=fields[6])


def _is_instagrams(cookie: Cookie) -> bool:
    domain = cookie.domain.lower().removeprefix(".")
    ours = domain == _SITE or domain.endswith(f".{_SITE}")
    return bool(ours and _NAME.fullmatch(cookie.name) and _VALUE.fullmatch(cookie.value))
