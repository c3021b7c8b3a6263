"""The wire: a proxy that speaks TLS in Instagram's name, and what it sends when it fails."""

import contextlib
import json
import os
import socket
import socketserver
import ssl
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from fakes.instagram_answers import Answer, as_json, page
from fakes.instagram_faults import Fault

LOGIN = "https://www.instagram.com/accounts/login/?next=/"
FAULTY_STATUS = {
    "401": ("Please wait a few minutes before you try again.", 401),
    "403": ("", 403),
    "404": ("", 404),
    "429": ("", 429),
    "500": ("Oops, an error occurred.", 500),
    "503": ("", 503),
    "checkpoint": ("checkpoint_required", 400),
    "challenge": ("challenge_required", 400),
    "feedback": ("feedback_required", 400),
    "bad_request": ("Invalid parameters", 400),
}
_HOLLOW = {"edges": [], "page_info": {"end_cursor": "1_1", "has_next_page": True}}
HALVED = ("truncated", "reset", "stall")


def spoilt(fault: Fault, good: Answer) -> Answer:
    """Give the answer that a fault makes of a good one."""
    waiting = (("Retry-After", fault.retry_after),) if fault.retry_after else ()
    if fault.kind in FAULTY_STATUS:
        message, status = FAULTY_STATUS[fault.kind]
        body = {"message": message, "status": "fail"}
        return Answer(status, json.dumps(body).encode(), headers=waiting)
    if fault.kind in ("login", "redirect"):
        where = fault.location or LOGIN
        return Answer(302, b"", "text/html", (("Location", where),))
    if fault.kind == "expired":
        return Answer(403, b"URL signature expired", "text/plain")
    return {
        "null": as_json({"data": None, "errors": [{"message": "execution error"}], "status": "ok"}),
        "odd": as_json({"data": {"xdt_of_next_year": {}}, "status": "ok"}),
        "hollow": as_json(
            {"data": {"xdt_api__v1__feed__user_timeline_graphql_connection": _HOLLOW}}
        ),
        "deleted": as_json(
            {"data": {"xdt_api__v1__media__shortcode__web_info": None}, "status": "ok"}
        ),
        "html": page(extra="<title>Instagram</title>"),
        "empty": Answer(good.status, b"", good.kind),
        "packed": Answer(200, good.body, good.kind, (("Content-Encoding", "gzip"),)),
    }.get(fault.kind, good)


class Wire(socketserver.ThreadingTCPServer):
    """Listens on loopback; asks ``respond`` for each request's answer and its fault."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, certificate: str, respond: Callable) -> None:
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.respond = respond
        self.closing, self.stalled = threading.Event(), threading.Event()
        self.broken: list[str] = []  # what went wrong in the fake itself
        self._live: set[socket.socket] = set()
        self._workers: list[threading.Thread] = []
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Conversation)
        self._loop = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._loop.start()

    def process_request_thread(self, request, client_address):
        with self._lock:
            self._workers.append(threading.current_thread())
        super().process_request_thread(request, client_address)

    def keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._live.add(connection)

    def drop(self, connection: socket.socket) -> None:
        """End a connection: FIN, whoever still waits at the other side."""
        with self._lock:
            self._live.discard(connection)
        with contextlib.suppress(OSError):  # the client was quicker
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), OSError):  # a killed client is no news
            self.broken.append(traceback.format_exc())

    def stop(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()
        with self._lock:
            live, workers = list(self._live), list(self._workers)
        for connection in live:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in [*workers, self._loop]:
            thread.join(5)


class Conversation(BaseHTTPRequestHandler):
    """One connection of a client: CONNECT, TLS, then HTTP/1.1 until somebody ends it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: Wire

    def setup(self):
        super().setup()
        self.host = ""
        self.tunnel = None

    def finish(self):
        try:
            super().finish()
        finally:
            if self.tunnel is not None:
                self.server.drop(self.tunnel)

    def log_message(self, format, *args):  # noqa: A002 - the base class names it so
        """Say nothing."""

    def do_CONNECT(self):
        self.host = self.path.partition(":")[0]
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.rfile.close()
        self.tunnel = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.server.keep(self.tunnel)
        self.connection = self.tunnel
        self.rfile = self.tunnel.makefile("rb")
        self.wfile = self.tunnel.makefile("wb")
        self.close_connection = False

    def do_GET(self):
        if hasattr(socket, "TCP_QUICKACK"):
            # urllib3 leaves Nagle on behind a proxy: it holds a form back until its head is acked.
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fields = dict(parse_qsl(form.decode(), keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        address = urlsplit(f"https://{self.host}{self.path}")
        answer, fault = self.server.respond(self.command, address, fields, headers)
        self._send(answer, fault.kind if fault else "")

    do_POST = do_HEAD = do_GET  # noqa: N815

    def _send(self, answer: Answer, trouble: str) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            self.send_header(name, value)
        body = b"" if self.command == "HEAD" else answer.body
        if trouble in HALVED:
            body = body[: len(body) // 2]
        self._headers_buffer.append(b"\r\n" + body)  # one write: no Nagle, no second packet
        self.flush_headers()
        self.wfile.flush()
        if trouble == "stall":
            self.server.stalled.set()
            self.server.closing.wait(60)
        if trouble == "reset":
            linger = struct.pack("ii", 1, 0)  # close() then sends RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            os.close(self.connection.detach())
        self.close_connection = self.close_connection or trouble in HALVED
