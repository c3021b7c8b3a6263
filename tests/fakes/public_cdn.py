"""What the public sees, on loopback: the objects of the fake S3's buckets, through a cache."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


class PublicCdn:
    """A site's address; ``cached`` holds what it goes on answering, whatever the bucket says."""

    def __init__(self, server, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.cached: dict[str, bytes] = {}  # by path and query
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._server = server

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
    """Run it in a thread until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            cdn.headers.append(dict(self.headers))
            body = cdn.answer(self.path)
            self.send_response(403 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cdn = PublicCdn(server, http.server_port)
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield cdn
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
