"""Pictures and videos, fetched whole from Instagram's own hosts, or not at all.

The addresses come from the network, so they are not trusted: https only, hosts
of Instagram's only, whatever a redirect says.  The account's cookies never come
along; the addresses carry their own signature.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin

import requests
import urllib3

from pelican_photos.errors import MediaError, MediaExpired, RateLimited
from pelican_photos.sources.instagram_errors import SLOW_DOWN
from pelican_photos.sources.instagram_pace import retry_time

# Stricter than any URL parser, so that no two of them can read two hosts in it.
_ADDRESS = re.compile(r"https://([A-Za-z0-9.-]+)(?::443)?[/?][!-~]*")
_HOSTS = ("cdninstagram.com", "fbcdn.net", "instagram.com")
_EXPIRY = re.compile(r"[?&]oe=([0-9A-Fa-f]{1,12})(?:&|$)")  # hex, seconds since 1970
_KINDS = ("image/", "video/", "application/octet-stream", "binary/octet-stream")

BACK_OFF = (1.0, 4.0)  # seconds before the second and the third try
_REDIRECTS = 3
_TIMEOUT = (15.0, 60.0)  # seconds: to connect, and between two pieces
_PIECE = 65_536
_LARGEST = 4 * 1024**3  # bytes; more than Instagram takes


class _Interrupted(MediaError):
    """A try that may go better the next time."""


class Downloads:
    """A connection to the hosts that keep pictures and videos.

    ``pause`` sleeps for some seconds, ``now`` says how many have passed since
    1970, and ``back_off`` holds the pauses before each further try.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        back_off: Sequence[float] = BACK_OFF,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._back_off = back_off
        self._pause = pause
        self._now = now
        self._session = requests.Session()
        self._session.headers.update(
            {
                "User-Agent": user_agent,
                "Accept": "*/*",
                # So that Content-Length counts the bytes that we keep.
                "Accept-Encoding": "identity",
                "Referer": "https://www.instagram.com/",
            }
        )
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def close(self) -> None:
        """End all connections."""
        self._session.close()

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield a file in pieces; a broken connection is made again, unnoticed.

        Raises:
            MediaExpired: the address has expired, by its own word or by the host's.
            MediaError: it is not Instagram's, or the file did not come whole.
            RateLimited: the host asks to slow down.
        """
        _check(address)
        if _expires(address) <= self._now():
            raise MediaExpired(f"{_label(address)}: its address has expired")
        delivered = _Delivered()
        for seconds in self._back_off:
            try:
                yield from self._fetch_once(address, delivered)
            except _Interrupted:
                self._pause(seconds)
            else:
                return
        yield from self._fetch_once(address, delivered)

    def _fetch_once(self, address: str, delivered: "_Delivered") -> Iterator[bytes]:
        label = _label(address)
        with self._open(address) as response:
            _check_answer(response, label)
            yield from delivered.rest_of(_pieces(response, label), label)

    def _open(self, address: str) -> requests.Response:
        label = _label(address)
        for _ in range(_REDIRECTS + 1):
            _check(address)
            try:
                response = self._session.get(
                    address, stream=True, allow_redirects=False, timeout=_TIMEOUT
                )
            except requests.RequestException as error:
                reason = type(error).__name__
                raise _Interrupted(f"{label}: no answer ({reason}); go on later") from error
            except ValueError as error:  # requests looks at where a redirect leads, at once
                raise MediaError(f"{label}: redirected to nowhere") from error
            if not response.is_redirect:
                return response
            response.close()
            address = urljoin(address, response.headers["location"])
        raise MediaError(f"{label}: redirected too often")


@dataclass(slots=True)
class _Delivered:
    """What the caller already has of a file, so that a second try goes on where one broke."""

    length: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def rest_of(self, pieces: Iterable[bytes], label: str) -> Iterator[bytes]:
        """Yield what goes beyond the delivered bytes, once those have come again unchanged."""
        again, known = hashlib.sha256(), self.length
        for piece in pieces:
            old, new = piece[:known], piece[known:]
            again.update(old)
            known -= len(old)
            if old and not known and again.digest() != self.digest.digest():
                raise MediaError(f"{label}: it changed while it was fetched; go on later")
            if new:
                self.length += len(new)
                self.digest.update(new)
                yield new
        if known:
            raise MediaError(f"{label}: it changed while it was fetched; go on later")


def _pieces(response: requests.Response, label: str) -> Iterator[bytes]:
    """Yield the body, and see to it that as much came as was announced."""
    announced = _announced(response)
    arrived = 0
    try:
        for piece in response.iter_content(_PIECE):
            if not arrived and piece.lstrip()[:1] in (b"<", b"{"):
                raise MediaError(f"{label}: a page came instead of a picture or video")
            arrived += len(piece)
            if arrived > _LARGEST:
                raise MediaError(f"{label}: larger than {_LARGEST // 1024**3} GiB")
            yield piece
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _short(label, arrived, announced) from error
    if arrived == 0 or (announced is not None and arrived != announced):
        raise _short(label, arrived, announced)


def _short(label: str, arrived: int, announced: int | None) -> _Interrupted:
    whole = "" if announced is None else f" of {announced}"
    return _Interrupted(f"{label}: only {arrived}{whole} bytes came; go on later")


def _check_answer(response: requests.Response, label: str) -> None:
    status = response.status_code
    if status in (403, 404, 410):
        raise MediaExpired(f"{label}: its address is refused ({status})")
    if status == 429:
        raise RateLimited(SLOW_DOWN, retry_time(response.headers))
    if status >= 500:
        raise _Interrupted(f"{label}: Instagram has trouble of its own ({status}); go on later")
    if status != 200:
        raise MediaError(f"{label}: an unexpected answer ({status})")
    kind = response.headers.get("Content-Type", "").strip().lower()
    if kind and not kind.startswith(_KINDS):
        raise MediaError(f"{label}: something else came than a picture or video")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MediaError(f"{label}: it came packed, so its length cannot be checked")


def _announced(response: requests.Response) -> int | None:
    text = response.headers.get("Content-Length", "")
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _check(address: str) -> None:
    """Raise unless an address is https, at a host of Instagram's."""
    found = _ADDRESS.fullmatch(address)
    host = found[1].lower() if found else ""
    if not any(host == own or host.endswith(f".{own}") for own in _HOSTS):
        raise MediaError(f"{_label(address)}: refused, as its address is not one of Instagram's")


def _expires(address: str) -> float:
    found = _EXPIRY.search(address)
    return int(found[1], 16) if found else float("inf")


def _label(address: str) -> str:
    """Name a file in a message, without the signature of its address."""
    name = address.partition("?")[0].rpartition("/")[2]
    return re.sub(r"[^\w.-]", "", name, flags=re.ASCII)[:80] or "a file"
