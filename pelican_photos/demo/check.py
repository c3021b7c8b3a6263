"""Does every page, picture and feed that a site mentions answer?  A crawler for loopback."""

import http.client
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from pelican_photos.demo.links import links_in

_AT_ONCE = 8
_PATIENCE = 30  # seconds
_MOST = 50_000  # addresses; a site that makes up new ones for ever has to end somewhere
_READ = ("text/html", "application/xhtml+xml", "application/json", "application/feed+json")
_READ_XML = ("application/atom+xml", "application/rss+xml", "application/xml", "text/xml")


@dataclass(frozen=True, slots=True)
class Checked:
    """How many addresses were asked for, and a sentence for each that is broken."""

    count: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Fetched:
    """An answer: what is wrong with it, or the addresses it mentions."""

    problem: str = ""
    links: tuple[str, ...] = ()


def check(base_url: str, *, origins: Sequence[str] = ()) -> Checked:
    """Follow every link from ``/`` of a site on loopback.

    Pages and feeds are read for further links; the rest is fetched whole.  ``origins``
    are further servers whose files count, such as the one of the originals; other
    addresses are left alone.  A redirect counts as broken: a link should name its page.
    """
    start = urljoin(base_url.rstrip("/") + "/", "/")
    ours = {_origin(start), *(_origin(origin) for origin in origins)}
    came_from, waiting, problems = {start: ""}, [start], []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while waiting:
            found: list[str] = []
            for address, fetched in zip(waiting, pool.map(_fetch, waiting), strict=True):
                if fetched.problem:
                    whence = came_from[address]
                    problems.append(
                        f"{_shown(address, start)}: {fetched.problem}"
                        + (f"; linked from {_shown(whence, start)}" if whence else "")
                    )
                for link in _followed(address, fetched.links, ours):
                    if link not in came_from:
                        came_from[link] = address
                        found.append(link)
            waiting = found if len(came_from) <= _MOST else []
            if found and not waiting:
                problems.append(f"the site mentions more than {_MOST:,} addresses")
    return Checked(len(came_from), tuple(problems))


def broken(base_url: str, *, origins: Sequence[str] = ()) -> list[str]:
    """Give a sentence for each address of a site that does not answer 200."""
    return list(check(base_url, origins=origins).broken)


def _followed(address: str, links: Sequence[str], ours: set[str]) -> Iterator[str]:
    for link in links:
        try:
            target = urldefrag(urljoin(address, link.strip())).url
            if _origin(target) in ours:
                yield target
        except ValueError:  # "http://[" is no address: it can be followed by nobody
            continue


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _shown(address: str, start: str) -> str:
    """An address as a person says it: from the slash on when it is the site's own."""
    return address[len(start) - 1 :] if address.startswith(start) else address


def _fetch(address: str) -> _Fetched:
    parts = urlsplit(address)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    connection = http.client.HTTPConnection(parts.netloc, timeout=_PATIENCE)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        return _Fetched(f"gives no whole answer ({type(error).__name__})")
    finally:
        connection.close()
    if answer.status != http.client.OK:
        return _Fetched(f"answers {answer.status}")
    kind = answer.headers.get_content_type()
    if kind in _READ or kind in _READ_XML:
        return _Fetched(links=links_in(body.decode("utf-8", "replace"), kind))
    return _Fetched()
