"""Cloudflare's API on loopback: it takes requests to purge from whoever has the token."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
TOKEN = "Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY"


class FakeCloudflare(ThreadingHTTPServer):
    """What was purged, and what to answer instead, once for each that is given."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.purged: list[dict] = []
        self.asked = 0
        self.instead: list[tuple[int, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/client/v4"


class _Answers(BaseHTTPRequestHandler):
    server: FakeCloudflare
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        status, answer = self._answer(json.loads(body))
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, body: dict) -> tuple[int, bytes]:
        if self.server.instead:
            return self.server.instead.pop(0)
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return 403, b'{"success": false, "errors": [{"code": 10000, "message": "no"}]}'
        if self.path != f"/client/v4/zones/{ZONE}/purge_cache":
            return 404, b'{"success": false, "errors": [{"code": 7003, "message": "no route"}]}'
        if len(body.get("files", ())) > 30:
            return 400, b'{"success": false, "errors": [{"code": 1094, "message": "too many"}]}'
        self.server.purged.append(body)
        return 200, b'{"success": true, "errors": [], "messages": [], "result": {"id": "1"}}'

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving_cloudflare() -> Iterator[FakeCloudflare]:
    fake = FakeCloudflare()
    thread = Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        fake.shutdown()
        thread.join()
        fake.server_close()
