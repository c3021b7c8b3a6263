"""Cloudflare's API on loopback: it takes requests to purge from whoever has the token."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from fakes.loopback import Answer, answering

ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
TOKEN = "Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY"


class FakeCloudflare:
    """What was purged, and what to answer instead, once for each that is given."""

    def __init__(self) -> None:
        self.url = ""
        self.purged: list[dict] = []
        self.asked = 0
        self.instead: list[tuple[int, bytes]] = []

    def respond(self, request: BaseHTTPRequestHandler) -> Answer:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.asked += 1
        status, answer = self._answer(request, json.loads(body))
        return status, answer, {"Retry-After": "0"} if status == 429 else {}

    def _answer(self, request: BaseHTTPRequestHandler, body: dict) -> tuple[int, bytes]:
        if self.instead:
            return self.instead.pop(0)
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return 403, b'{"success": false, "errors": [{"code": 10000, "message": "no"}]}'
        if request.path != f"/client/v4/zones/{ZONE}/purge_cache":
            return 404, b'{"success": false, "errors": [{"code": 7003, "message": "no route"}]}'
        if len(body.get("files", ())) > 30:
            return 400, b'{"success": false, "errors": [{"code": 1094, "message": "too many"}]}'
        self.purged.append(body)
        return 200, b'{"success": true, "errors": [], "messages": [], "result": {"id": "1"}}'


@contextmanager
def serving_cloudflare() -> Iterator[FakeCloudflare]:
    fake = FakeCloudflare()
    with answering(fake.respond) as url:
        fake.url = f"{url}/client/v4"
        yield fake
