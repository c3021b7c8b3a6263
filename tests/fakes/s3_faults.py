"""What goes wrong between a publisher and its server: refused, broken off, changed on the way."""

import io
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from pelican_photos.publish.private import is_ours

_ERROR = "<Error><Code>{code}</Code><Message>{message}</Message></Error>"
_WRAPPED_ERROR = (
    '<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">'
    "<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    "</ErrorResponse>"
)


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as it came over the wire."""

    method: str
    path: str  # decoded, with the bucket in front
    query: str
    headers: dict[str, str]
    uri: str = ""  # as it stood on the wire

    @classmethod
    def of(cls, environ) -> "Request":
        """Read one as a WSGI server gives it."""
        return cls(
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            query=environ.get("QUERY_STRING", ""),
            headers={
                name[5:].replace("_", "-").lower(): str(value)
                for name, value in environ.items()
                if name.startswith("HTTP_")
            },
            uri=environ.get("RAW_URI", ""),
        )

    @property
    def key(self) -> str:
        return self.path.strip("/").partition("/")[2]

    @property
    def kind(self) -> str:
        """LIST, VERSIONS, DELETE (of many), COPY, INVALIDATE, or the method; NOTE of our own."""
        if is_ours(self.key) or ".pelican-photos/state" in unquote(self.query):
            return "NOTE"
        if "/invalidation" in self.path:
            return "INVALIDATE"
        if self.method == "GET" and "list-type=2" in self.query:
            return "LIST"
        if self.method == "GET" and "versions" in self.query.split("&"):
            return "VERSIONS"
        if self.method == "POST" and self.query == "delete":
            return "DELETE"
        return "COPY" if "x-amz-copy-source" in self.headers else self.method


@dataclass
class Fault:
    """What happens to some requests instead of an answer."""

    matches: Callable[[Request], bool]
    status: str  # "403 Forbidden"; "" breaks the connection off
    code: str = ""
    message: str = "no"
    times: float = float("inf")

    def strike(self, request: Request, environ, start, app=None) -> Iterable[bytes]:
        """Answer, or break off, without the server."""
        _body(environ)
        if not self.status:
            _break_off(environ)
        wrapped = request.kind == "INVALIDATE" or request.path == "/"  # CloudFront, STS
        template = _WRAPPED_ERROR if wrapped else _ERROR
        body = template.format(code=self.code, message=self.message).encode()
        headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
        start(self.status, headers)
        return [body]


@dataclass
class Lost(Fault):
    """The server does what it is asked; the answer never arrives."""

    status: str = ""

    def strike(self, request: Request, environ, start, app) -> Iterable[bytes]:
        for _ in app(environ, lambda *_: None):
            pass
        _break_off(environ)
        return []


@dataclass
class Flipped(Fault):
    """One byte of the body is another when it reaches the server."""

    status: str = ""

    def strike(self, request: Request, environ, start, app) -> Iterable[bytes]:
        environ["wsgi.input"] = io.BytesIO(flip(_body(environ)))
        return app(environ, start)


@dataclass
class Spoilt(Fault):
    """The answer's body arrives as ``change`` makes it; one that is shorter is broken off."""

    status: str = ""
    change: Callable[[bytes], bytes] = bytes

    def strike(self, request: Request, environ, start, app) -> Iterable[bytes]:
        whole = b"".join(app(environ, start))
        body = self.change(whole)
        yield body
        if len(body) < len(whole):
            _break_off(environ)


def flip(body: bytes) -> bytes:
    """Change one byte in the middle."""
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]


def half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _body(environ) -> bytes:
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def _break_off(environ) -> None:
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError
