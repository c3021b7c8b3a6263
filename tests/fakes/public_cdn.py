"""What the public sees, on loopback: the objects of the fake S3's buckets, through a cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote, urlsplit

from fakes.loopback import Answer, answering


class PublicCdn:
    """A site's address; ``cached`` holds what it goes on answering, whatever the bucket says."""

    def __init__(self, server) -> None:
        self.url = ""
        self.cached: dict[str, bytes] = {}  # by path and query
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._server = server

    def respond(self, request: BaseHTTPRequestHandler) -> Answer:
        self.headers.append(dict(request.headers))
        body = self.answer(request.path)
        return (403, b"", {}) if body is None else (200, body, {})

    def answer(self, target: str) -> bytes | None:
        """Give the body of a path; None is a 403, as from a bucket that nobody may list."""
        self.asked.append(target)
        if target in self.cached:
            return self.cached[target]
        key = unquote(urlsplit(target).path).lstrip("/")
        key += "index.html" if not key or key.endswith("/") else ""
        there = self._server.bodies("site") | self._server.bodies("originals")
        return None if key.startswith(".") else there.get(key)


@contextmanager
def serving_the_public(server) -> Iterator[PublicCdn]:
    cdn = PublicCdn(server)
    with answering(cdn.respond) as cdn.url:
        yield cdn
