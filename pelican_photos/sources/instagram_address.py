"""The addresses of posts as people paste them, read as shortcodes.  Pure.

An address may come from anybody, and where it leads is asked for later: so it is held to
one strict form, in which no two parsers can see two hosts.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from pelican_photos.errors import SettingsError

_LONGEST = 512  # characters; what apps copy has less than 150
_SHOWN = 80  # characters of an address in a message
_HOSTS = frozenset(
    {
        *("instagram.com", "www.instagram.com", "m.instagram.com"),
        *("instagr.am", "www.instagr.am"),
    }
)
_FORM = re.compile(
    r"https://(?P<host>[a-z0-9.-]+)(?::443)?(?P<path>/[a-z0-9._~/-]*)?(?:\?[!-~]*)?(?:#[!-~]*)?",
    re.ASCII | re.IGNORECASE,
)
_KINDS = "p|reel|reels|tv"
# Behind the shortcode an address may go on to the frame for other sites, or to a comment.
_MORE = r"(?:/(?:embed(?:/captioned)?|comments|c/\d{1,20}))?"
_POST = re.compile(rf"(?:/[\w.]{{1,30}})?/(?:{_KINDS})/([\w-]+){_MORE}/?", re.ASCII)
_SHARE = re.compile(rf"/share(?:/(?:{_KINDS}|r|v))?/[\w-]{{1,64}}/?", re.ASCII)
# A shortcode is a number of at most 64 bits in base 64.  The link to a post of a private
# account goes on for 28 more characters, which prove that its sender may see it.
_CODE = re.compile(r"[A-Za-z0-9_-]{5,11}")
_PROOF = 28


class Address(NamedTuple):
    """Which post an address means: one of the two is "".

    ``share`` is a link made by "share": only Instagram knows where it leads.
    """

    code: str = ""
    share: str = ""


def read_address(url: str) -> Address:
    """Read the address of a post, in any form that Instagram has ever given out.

    Raises:
        SettingsError: it is no https address of a post on Instagram; at most 80 characters
            of it are repeated, and none that may be a password.
    """
    path = path_of(url)
    if _SHARE.fullmatch(path):
        return Address(share=f"https://www.instagram.com{path}")
    found = _POST.fullmatch(path)
    if code := cut_code(found[1] if found else ""):
        return Address(code=code)
    raise SettingsError(
        f"{_named(url)} is no address of a post: it should read like "
        "https://www.instagram.com/p/CODE/"
    )


def path_of(url: str) -> str:
    """Give the path of an address, when its host is Instagram's.

    Raises:
        SettingsError: it is not, or not beyond doubt.
    """
    url = url.strip(" ")
    if len(url) > _LONGEST:
        raise SettingsError(f"{_named(url)} is longer than {_LONGEST} characters")
    if url[:5].lower() != "https":
        raise SettingsError(f"{_named(url)} should begin with https://")
    found = _FORM.fullmatch(url)
    if found is None or not _is_agreed(found):
        raise SettingsError(f"{_named(url)} is no plain address: copy it from Instagram again")
    if found["host"].lower() not in _HOSTS:
        raise SettingsError(f"{_named(url)} is not on instagram.com")
    return found["path"] or "/"


def cut_code(code: str) -> str:
    """Give a shortcode without what follows it in a private link; "" if it is none."""
    code = code[:-_PROOF] if len(code) > _PROOF else code
    return code if _CODE.fullmatch(code) else ""


def _is_agreed(found: re.Match[str]) -> bool:
    """Ask the standard library for a second opinion on host and path."""
    try:
        parts = urlsplit(found[0])
        port = parts.port
    except ValueError:
        return False
    return (
        parts.hostname == found["host"].lower()
        and parts.path == (found["path"] or "")
        and port in (None, 443)
        and parts.username is None
    )


def _named(url: str) -> str:
    """Name an address in a message: its start, as printable characters, or not at all."""
    start = re.split(r"[?#]", url, maxsplit=1)[0]
    if "@" in start or not start:
        return "this address"
    return "".join(c if "!" <= c <= "~" else "?" for c in start[:_SHOWN])
