"""Cloudflare: tell it which addresses it may no longer answer from its cache.

Its API is one request here (developers.cloudflare.com, "Purge cache"), so its own package, which
knows all of it, is not needed.  The token is read where it is used, and is nowhere written.
"""

import os
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pelican_photos.errors import PublishError
from pelican_photos.publish.refusals import scrubbed

TOKEN = "CLOUDFLARE_API_TOKEN"  # noqa: S105 - the name of a variable; it needs "Cache Purge" alone
_ADDRESS = "CLOUDFLARE_BASE_URL"  # as Cloudflare's own packages have it
_AT_ONCE = 30  # addresses in a request, on every plan
_MOST = 300  # above, everything below the site's address goes at once
_PATIENCE = Retry(
    total=4,
    connect=1,  # one that is not there is said at once
    backoff_factor=0.5,  # seconds, doubled each time; Cloudflare itself says when it wants more
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,  # to purge twice is to purge once
    raise_on_status=False,
)


def purge(zone: str, sites: Collection[str], paths: Collection[str]) -> int:
    """Purge paths below each of some sites; gives the number of requests.

    ``sites`` are addresses such as ``https://example.org/blog``; ``paths`` begin at the root of
    their hosts, encoded as for CloudFront.

    Raises:
        PublishError: there is no token, or Cloudflare refuses or cannot be reached.
    """
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise PublishError(f"the cache of Cloudflare cannot be purged: {TOKEN} is not set")
    base = os.environ.get(_ADDRESS) or "https://api.cloudflare.com/client/v4"
    url = f"{base.rstrip('/')}/zones/{zone}/purge_cache"
    with requests.Session() as session:
        session.mount(f"{urlsplit(url).scheme}://", HTTPAdapter(max_retries=_PATIENCE))
        session.headers["Authorization"] = f"Bearer {token}"
        number = 0
        for number, body in enumerate(requests_for(sites, paths), start=1):  # noqa: B007 - counted
            _send(session, url, body)
    return number


def requests_for(sites: Collection[str], paths: Collection[str]) -> Iterator[dict[str, list[str]]]:
    """Give the bodies of the requests: addresses in lots, or the whole site where they are many.

    A path that ends in ``*`` stands for all that begin so, which Cloudflare calls a prefix.
    """
    places = [urlsplit(site) for site in sites]
    hosts = dict.fromkeys((place.scheme, place.netloc) for place in places)
    named = sorted(path.replace("%7E", "~") for path in paths)
    files = [
        f"{scheme}://{host}{path}" for scheme, host in hosts for path in named if path[-1] != "*"
    ]
    folders = [f"{host}{path[:-1]}" for _, host in hosts for path in named if path[-1] == "*"]
    if len(files) > _MOST:
        files, folders = [], [f"{place.netloc}{place.path}" for place in places]
    prefixes = [folder.rstrip("/") for folder in folders]
    for kind, each in (("files", files), ("prefixes", prefixes)):
        remaining = iter(each)
        while lot := list(islice(remaining, _AT_ONCE)):
            yield {kind: lot}


def _send(session: requests.Session, url: str, body: dict[str, list[str]]) -> None:
    what = "the cache of Cloudflare cannot be purged"
    try:
        answer = session.post(url, json=body, timeout=30, allow_redirects=False)
        said: Any = answer.json()
    except ValueError:
        raise PublishError(f"{what}: what answers there is not what should") from None
    except requests.RequestException:  # it may tell the request, with its token
        raise PublishError(f"{what}: it cannot be reached; check the network") from None
    if not isinstance(said, dict) or said.get("success") is not True:
        raise PublishError(f"{what}: {_meaning(answer.status_code, said)}")


def _meaning(status: int, said: Any) -> str:
    if status in (401, 403):
        return f"access denied; {TOKEN} needs the permission Cache Purge for the site's zone"
    if status == 404:
        return "there is no such zone; check PHOTOS_CLOUDFLARE_ZONE"
    if status == 429:
        return "too many requests of late; publish again later"
    errors: Sequence[Any] = (said.get("errors") if isinstance(said, dict) else None) or ()
    messages = [str(each.get("message", "")) for each in errors if isinstance(each, dict)]
    return scrubbed(f"it answers {status} {'; '.join(messages)}".strip())
