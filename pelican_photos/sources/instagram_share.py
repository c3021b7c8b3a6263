"""Where a share link leads: asked of Instagram itself, hop by hop, and of nobody else.

The account's cookies stay at home: the answer is the same without them, and a link from a
stranger should not learn who opens it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
import urllib3

from pelican_photos.errors import PostMissing, RateLimited, SettingsError, SourceError
from pelican_photos.sources.instagram_address import path_of, read_address
from pelican_photos.sources.instagram_errors import SLOW_DOWN, meaning_of
from pelican_photos.sources.instagram_pace import retry_time

_HOPS = 5
_TIMEOUT = (15.0, 30.0)  # seconds: to connect, and between two pieces
_LARGEST = 262_144  # bytes of a page that are looked at; its head has some ten thousand
_GONE = (404, 410)
_LOGIN = "/accounts/login"
# Some clients get a page instead of a redirect; its head names the post twice.
_NAMED_BY_PAGE = re.compile(
    rb'<(?:link rel="canonical" href|meta property="og:url" content)="(https://[!#-~]{1,400})"'
)


def leads_to(share: str, *, user_agent: str) -> str:
    """Give the shortcode of the post that a share link leads to, as ``read_address`` gave it.

    Raises:
        PostMissing: it leads to no post, or nowhere.
        RateLimited: Instagram asks to slow down.
        SourceError: Instagram has trouble, or cannot be reached.
    """
    with _session(user_agent) as session:
        address = share
        for _ in range(_HOPS):
            address = _next(session, address, share)
            if code := _code_in(address):
                return code
            if urlsplit(address).path.startswith(_LOGIN):
                raise PostMissing(
                    f"Instagram hides where {share} leads: open it in a browser, and copy the "
                    "address that it shows"
                )
    raise PostMissing(f"{share} leads to no post of Instagram's")


def _next(session: requests.Session, address: str, share: str) -> str:
    """Ask an address of Instagram's where to go on, and see to it that this is another one."""
    try:
        with session.get(address, stream=True, allow_redirects=False, timeout=_TIMEOUT) as answer:
            found = urljoin(address, _said(answer, share))
        path_of(found)
    except SettingsError as error:
        raise PostMissing(f"{share} leads away from Instagram") from error
    except ValueError as error:  # requests and urljoin look at where a redirect leads
        raise PostMissing(f"{share} leads nowhere") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _unreachable(error) from error
    return found


def _said(answer: requests.Response, share: str) -> str:
    """Read where an answer sends us."""
    status = answer.status_code
    if status in _GONE:
        raise PostMissing(f"{share} is deleted or private")
    if status == 429:
        raise RateLimited(SLOW_DOWN, retry_time(answer.headers))
    if answer.is_redirect:
        return answer.headers["location"]
    if status != 200:
        raise SourceError(f"Instagram does not say where {share} leads ({status}): go on later")
    named = _NAMED_BY_PAGE.search(_head(answer))
    if named is None:
        raise PostMissing(f"{share} leads to no post of Instagram's")
    return named[1].decode("ascii")


def _head(answer: requests.Response) -> bytes:
    head = b""
    for piece in answer.iter_content(16_384):
        head += piece
        if len(head) >= _LARGEST:
            break
    return head[:_LARGEST]


def _code_in(address: str) -> str:
    """Read the shortcode of a post's address, also where a login stands before it."""
    parts = urlsplit(address)
    if parts.path.startswith(_LOGIN):
        wanted = parse_qs(parts.query).get("next", [""])[0]
        address = urljoin("https://www.instagram.com/", wanted)
    try:
        return read_address(address).code
    except SettingsError:
        return ""


def _unreachable(error: Exception) -> SourceError:
    if isinstance(error, requests.RequestException):
        return meaning_of(error)
    return SourceError("Instagram broke off an answer: check the network, then go on")


@contextmanager
def _session(user_agent: str) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers.update(
            {"User-Agent": user_agent, "Accept": "text/html", "Accept-Encoding": "identity"}
        )
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield session
