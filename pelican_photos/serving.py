"""A small web server for this machine alone: a preview of the site, with seekable video.

What it serves is a ``Backend``'s to say: here a folder, elsewhere a bucket.  Paths and
headers that arrive are hostile, even on loopback: any page open in a browser can send
some.
"""

import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any, Protocol
from urllib.parse import quote, unquote

from pelican_photos.content_types import content_type
from pelican_photos.errors import PhotosError

PORT = 8000
_PORTS_TO_TRY = 100
_PIECE = 2**16  # bytes
_IDLE = 30  # seconds after which a silent connection is closed


class Stream(Protocol):
    """Something that bytes can be read from."""

    def read(self, amount: int, /) -> bytes:
        """Read at most so many bytes; none at the end."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a backend has for a path; ``stream`` holds ``length`` bytes."""

    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int = 0
    stream: Stream | None = None


class Backend(Protocol):
    """Where the bytes come from."""

    def open(self, path: str, span: str) -> Answer:
        """Answer for a path of a URL, decoded, beginning with a slash.

        ``span`` is the ``Range`` header as it came, or "".
        """
        ...


class Folder:
    """The files below a folder, and nothing that lies elsewhere."""

    def __init__(self, root: Path) -> None:
        self._root = Path(os.path.realpath(root))

    def open(self, path: str, span: str) -> Answer:
        """Open a file; a folder is its ``index.html``, and nothing is the site's ``404.html``."""
        file = self._inside(f"{path}index.html" if path.endswith("/") else path)
        try:
            if file and file.is_dir():
                return _moved(f"{path}/")
            if file and file.is_file():
                return _opened(file, span)
            page = self._inside("/404.html")
            if page and page.is_file():
                return replace(_opened(page, ""), status=HTTPStatus.NOT_FOUND)
        except OSError:  # unreadable, a name too long, or gone since we looked
            return Answer(status=HTTPStatus.NOT_FOUND)
        return Answer(status=HTTPStatus.NOT_FOUND)

    def _inside(self, path: str) -> Path | None:
        """The file of a path; None when it is a trick, or leads out of the folder."""
        parts = path.removeprefix("/").split("/")
        if {"", ".", ".."} & set(parts) or "\\" in path or "\0" in path:
            return None
        file = self._root.joinpath(*parts)
        return file if Path(os.path.realpath(file)).is_relative_to(self._root) else None


def _moved(path: str) -> Answer:
    return Answer(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": quote(path)})


def _opened(file: Path, span: str) -> Answer:
    """Open a file, or the part of it that a ``Range`` header asks for."""
    stream = file.open("rb")
    size = os.fstat(stream.fileno()).st_size
    headers = {"Content-Type": content_type(file.name), "Accept-Ranges": "bytes"}
    part = part_of(span, size)
    if part is None:
        return Answer(headers=headers, length=size, stream=stream)
    first, last = part
    if first >= size or first > last:
        stream.close()
        return Answer(
            status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        )
    stream.seek(first)
    return Answer(
        status=HTTPStatus.PARTIAL_CONTENT,
        headers=headers | {"Content-Range": f"bytes {first}-{last}/{size}"},
        length=last - first + 1,
        stream=stream,
    )


def part_of(span: str, size: int) -> tuple[int, int] | None:
    """Read a ``Range`` header: first and last byte, or None to send everything.

    Several ranges at once may be answered with everything (RFC 9110, 14.2), as is what
    cannot be read.  The first byte may lie behind the end: that is for a 416.
    """
    match = re.fullmatch(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})", span.strip(), re.ASCII)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return (size - min(int(last), size), size - 1) if int(last) else (size, size - 1)
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


class Server(ThreadingHTTPServer):
    """A server on 127.0.0.1, at ``url``; ``with`` runs it in a thread of its own."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # there it would share a port with its present owner

    def __init__(self, backend: Backend, port: int = PORT) -> None:
        """Take ``port``, or the next free one; 0 leaves the choice to the system."""
        handler = partial(_Handler, backend)
        last = min(port + _PORTS_TO_TRY, 2**16) - 1
        for candidate in range(port, last + 1) if port else (0,):
            try:
                super().__init__(("127.0.0.1", candidate), handler)
            except OSError:  # taken, or not ours to take
                continue
            self.url = f"http://127.0.0.1:{self.server_port}"
            return
        raise PhotosError(f"No port from {port} to {last} is free; end what uses them")

    def server_bind(self) -> None:
        """Bind without asking the name service what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a visitor who went away; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


@contextmanager
def running(backend: Backend, port: int = PORT) -> Iterator[str]:
    """Serve in the background, and give the address without a slash at its end.

    Raises:
        PhotosError: no port is free.
    """
    with Server(backend, port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


def serve(backend: Backend, port: int = PORT, *, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C, which is passed on; ``ready`` hears the address first.

    Raises:
        PhotosError: no port is free.
    """
    with Server(backend, port) as server:
        ready(server.url)
        server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept open between requests."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Photostream", ""
    timeout = _IDLE

    def __init__(self, backend: Backend, *args: Any) -> None:
        self._backend = backend
        super().__init__(*args)

    def do_GET(self) -> None:
        """Send an answer with its bytes."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send an answer without its bytes."""
        self._answer(with_body=False)

    def log_message(self, *_: Any) -> None:
        """Keep the terminal for the task's own words."""

    def _answer(self, *, with_body: bool) -> None:
        if self.headers.get("Content-Length") or self.headers.get("Transfer-Encoding"):
            self.close_connection = True  # a body that nobody reads would be the next request
        # A backend gives no validators, so a conditional range cannot be confirmed: send all.
        span = "" if self.headers.get("If-Range") else self.headers.get("Range", "")
        path = unquote(self.path.partition("?")[0], errors="replace")
        answer = self._backend.open(path, span)
        stream = answer.stream
        try:
            plain = b"" if stream else f"{answer.status.phrase}\n".encode()
            self.send_response(answer.status)
            usual = {"Content-Type": "text/plain", "Cache-Control": "no-cache"}
            for name, value in {**usual, **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(answer.length if stream else len(plain)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            if with_body:
                self.wfile.write(plain)
                self._send(stream, answer.length)
        finally:
            if stream:
                stream.close()

    def _send(self, stream: Stream | None, length: int) -> None:
        """Send so many bytes; a file that has become shorter ends the connection."""
        while stream and length:
            piece = stream.read(min(_PIECE, length))
            if not piece:
                self.close_connection = True
                return
            self.wfile.write(piece)
            length -= len(piece)
