"""An S3 server (and a CloudFront) on loopback: moto's, with a recorder and faults before it."""

import logging
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

import moto.backends as moto_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.s3.models import FakeKey

from pelican_photos.publish.private import is_ours

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}

_KEPT = (
    "<DeleteResult><Error><Key>{key}</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
    "</DeleteResult>"
)
_ERROR = "<Error><Code>{code}</Code><Message>{message}</Message></Error>"
_CDN_ERROR = (
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
    spoil: Callable[[bytes], bytes] | None = None  # it is answered, with these bytes instead


@dataclass(frozen=True)
class Stored:
    body: bytes
    etag: str
    content_type: str
    cache_control: str


@dataclass
class FakeS3:
    """A server that is running; buckets are looked into without a request."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    delay: float = 0.0  # seconds before each answer
    on_request: Callable[[Request], None] = lambda _: None
    answer_all: bytes = b""  # what a network's log-in page would say to everything
    ranges: bool = True  # whether it knows them; one that does not sends the whole
    kept: str = ""  # a key that deletes of many leave alone
    beside: Callable | None = None  # answers what moto does not know: (request, environ, start)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def counts(self) -> Counter[str]:
        return Counter(request.kind for request in self.requests)

    def keys_put(self) -> list[str]:
        """The keys of photos and pages that were put, in order; not the publisher's own notes."""
        return [request.key for request in self.requests if request.kind in ("PUT", "COPY")]

    def keys_sent(self) -> list[str]:
        """The keys whose bytes were put, in order."""
        return [request.key for request in self.requests if request.kind == "PUT"]

    def notes_put(self) -> list[str]:
        """The keys of the publisher's own notes that were put, in order."""
        noted = (each.key for each in self.requests if each.method == "PUT")
        return [key for key in noted if is_ours(key)]

    def begin(self) -> None:
        """Be as new: no bucket, no request seen, nothing in the way."""
        self.forget()
        self.delay, self.on_request, self.beside = 0.0, lambda _: None, None
        for service in ("s3", "cloudfront"):
            moto_backends.get_backend(service).reset()
        self.create("originals")
        self.create("site")

    def forget(self) -> None:
        """Begin to count anew, without faults."""
        self.requests.clear()
        self.faults.clear()
        self.kept, self.answer_all, self.ranges = "", b"", True

    def refuse(
        self,
        key: str = "",
        *,
        kind: str = "PUT",
        status: str = "403 Forbidden",
        code: str = "AccessDenied",
        times: float = float("inf"),
        message: str = "no",
    ) -> None:
        """Let requests of one kind fail, for one key or for all."""

        def matches(request: Request) -> bool:
            return request.kind == kind and (not key or request.key == key)

        self.faults.append(Fault(matches, status, code, message, times))

    def spoil(self, key: str, spoil: Callable[[bytes], bytes], times: float = 1) -> None:
        """Change the bytes of an object on their way down; fewer of them are a break."""

        def matches(request: Request) -> bool:
            return request.method == "GET" and request.key == key

        self.faults.append(Fault(matches, "", times=times, spoil=spoil))

    def refuse_to_delete(self, key: str) -> None:
        """Answer 200 to a delete of many, delete the others, and keep one with an error."""
        self.kept = key

    def create(self, bucket: str) -> None:
        self._s3.create_bucket(bucket, "us-east-1")

    def keep_versions(self, *buckets: str) -> None:
        for bucket in buckets:
            self._s3.put_bucket_versioning(bucket, "Enabled")

    def versions(self, bucket: str) -> dict[str, list[bytes | None]]:
        """The bodies of every version, the oldest first; None is a delete marker."""
        stored = self._s3.get_bucket(bucket).keys
        return {
            key: [each.value if isinstance(each, FakeKey) else None for each in stored.getlist(key)]
            for key in stored
        }

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Put an object as a stranger would."""
        self._s3.put_object(bucket, key, body)

    def remove(self, bucket: str, key: str) -> None:
        self._s3.delete_object(bucket, key)

    def objects(self, bucket: str, *, manifest: bool = False) -> dict[str, Stored]:
        return {
            name: Stored(
                key.value,
                key.etag.strip('"'),
                key.metadata.get("content-type", ""),
                key.metadata.get("cache-control", ""),
            )
            for name, key in self._s3.get_bucket(bucket).keys.items()
            if (manifest or ".pelican-photos/" not in name) and isinstance(key, FakeKey)
        }

    def bodies(self, bucket: str) -> dict[str, bytes]:
        return {key: stored.body for key, stored in self.objects(bucket).items()}

    def unfinished(self, bucket: str) -> list[str]:
        """The uploads in parts that were neither completed nor taken back."""
        return list(self._s3.get_bucket(bucket).multiparts)

    def create_distribution(self) -> str:
        origin = {
            "Id": "o",
            "DomainName": "b.s3.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }
        behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}
        config = {
            "CallerReference": "r",
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": behaviour,
            "Comment": "",
            "Enabled": True,
        }
        backend = moto_backends.get_backend("cloudfront")[DEFAULT_ACCOUNT_ID]["aws"]
        return backend.create_distribution(config, [])[0].distribution_id

    def invalidations(self, distribution: str) -> list[list[str]]:
        """The paths of each invalidation that was not yet forgotten."""
        return [batch.paths for batch in self._batches(distribution)]

    def references(self, distribution: str) -> list[str]:
        return [batch.caller_ref for batch in self._batches(distribution)]

    def forget_invalidations(self, distribution: str) -> None:
        self._batches(distribution).clear()

    def _batches(self, distribution: str):
        backend = moto_backends.get_backend("cloudfront")[DEFAULT_ACCOUNT_ID]["aws"]
        return backend.invalidations.setdefault(distribution, [])

    @property
    def _s3(self):
        return moto_backends.get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]

    def answer(self, app, environ, start_response):
        """Record a request, then fail it or pass it on (WSGI)."""
        request = Request(
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            query=environ.get("QUERY_STRING", ""),
            headers={
                name[5:].replace("_", "-").lower(): str(value)
                for name, value in environ.items()
                if name.startswith("HTTP_")
            },
        )
        if not self.ranges:
            environ.pop("HTTP_RANGE", None)
        with self.lock:
            self.requests.append(request)
            fault = self._fault_of(request)
        self.on_request(request)
        time.sleep(self.delay)
        if self.answer_all:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("200 OK", [("Content-Length", str(len(self.answer_all)))])
            return [self.answer_all]
        if request.kind == "DELETE" and self.kept:
            return self._delete_some(environ, start_response)
        if fault is None:
            known = self.beside and self.beside(request, environ, start_response)
            if known:
                return known
            return app(environ, start_response)
        if fault.spoil:
            return [fault.spoil(b"".join(app(environ, start_response)))]
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if not fault.status:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError
        template = _CDN_ERROR if request.kind == "INVALIDATE" else _ERROR
        body = template.format(code=fault.code, message=fault.message).encode()
        headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
        start_response(fault.status, headers)
        return [body]

    def _delete_some(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        bucket = environ["PATH_INFO"].strip("/")
        for key in re.findall("<Key>(.*?)</Key>", body):
            if key != self.kept:
                self._s3.delete_object(bucket, key)
        answer = _KEPT.format(key=self.kept).encode()
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]

    def _fault_of(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.matches(request):
                fault.times -= 1
                return fault
        return None


@contextmanager
def serving_s3(port: int = 0) -> Iterator[FakeS3]:
    """Run the server in a thread, with the buckets "originals" and "site"."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    moto.start()
    fake = FakeS3(moto.get_host_and_port()[1])
    fake.begin()
    app = moto._server.app
    moto._server.app = lambda environ, start: fake.answer(app, environ, start)
    try:
        yield fake
    finally:
        moto.stop()
        fake.begin()  # moto's objects hold open files
