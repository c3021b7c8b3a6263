"""An S3 server (and a CloudFront) on loopback, with a recorder and faults before it."""

import logging
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import moto.backends as moto_backends
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler

from fakes.s3_credentials import ENVIRONMENT, SECRET
from fakes.s3_faults import Fault, Request, Spoilt
from fakes.s3_iam import MotoWithIam
from fakes.s3_servers import Moto, Server, Stored, server_of

__all__ = ["ENVIRONMENT", "SECRET", "FakeS3", "Fault", "Request", "Stored", "serving_s3"]

_CDN_PATH = "/2020-05-31/"
_KEPT = (
    "<DeleteResult><Error><Key>{key}</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
    "</DeleteResult>"
)


@dataclass
class FakeS3:
    """A server that is running; buckets are looked into past the recorder."""

    server: Server
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

    def begin(self) -> None:
        """Be as new: no bucket, no request seen, nothing in the way."""
        self.forget()
        self.delay, self.on_request, self.beside = 0.0, lambda _: None, None
        moto_backends.get_backend("cloudfront").reset()
        self.server.begin()

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

        self.faults.append(Spoilt(matches, times=times, change=spoil))

    def refuse_to_delete(self, key: str) -> None:
        """Answer 200 to a delete of many, delete the others, and keep one with an error."""
        self.kept = key

    def strike(self, kind: type[Fault], *, on: str, key: str = "", times: float = 1, **how) -> None:
        """Let something else than a refusal happen to requests of one kind; see ``s3_faults``."""

        def matches(request: Request) -> bool:
            return request.kind == on and (not key or request.key == key)

        self.faults.append(kind(matches, times=times, **how))

    def keep_versions(self, *buckets: str) -> None:
        """Let every version of an object stay; skips the test where the server keeps none."""
        if "versions" in self.server.lacks:
            pytest.skip(f"versions: {self.server.lacks['versions']}")
        for bucket in buckets:
            self.server.keep_versions(bucket)

    def versions(self, bucket: str) -> dict[str, list[bytes | None]]:
        """The bodies of every version, the oldest first; None is a delete marker."""
        if "versions" in self.server.lacks:
            there = self.objects(bucket, manifest=True)
            return {key: [stored.body] for key, stored in there.items()}
        return self.server.versions(bucket)

    def lose_history(self, bucket: str, key: str) -> None:
        """Lose every version of an object but the newest, as by a rule of the bucket's."""
        self.server.lose_history(bucket, key)

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Be asked with the key of one who undoes and purges; elsewhere with the publisher's."""
        with self.server.keeping() if isinstance(self.server, MotoWithIam) else nullcontext():
            yield

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Put an object as a stranger would."""
        self.server.put(bucket, key, body)

    def remove(self, bucket: str, key: str) -> None:
        self.server.remove(bucket, key)

    def objects(self, bucket: str, *, manifest: bool = False) -> dict[str, Stored]:
        return self.server.objects(bucket, ours=manifest)

    def bodies(self, bucket: str) -> dict[str, bytes]:
        return {key: stored.body for key, stored in self.objects(bucket).items()}

    def unfinished(self, bucket: str) -> list[str]:
        """The uploads in parts that were neither completed nor taken back."""
        return self.server.unfinished(bucket)

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
        created = backend.create_distribution(config, [])[0].distribution_id
        if isinstance(self.server, MotoWithIam):
            self.server.allow(created)
        return created

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

    def answer(self, cdn, environ, start_response):
        """Record a request, then fail it or pass it on (WSGI)."""
        request = Request.of(environ)
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
        elsewhere = request.path.startswith(_CDN_PATH) and not isinstance(self.server, Moto)
        app = cdn if elsewhere else self.server.answer
        if not self.ranges and "range" in request.headers:
            app = self._whole
        if fault is None:
            known = self.beside and self.beside(request, environ, start_response)
            return known or app(environ, start_response)
        return fault.strike(request, environ, start_response, app)

    def _whole(self, environ, start_response):
        """Send all of an object where the server, which checks the signature, sends a part."""
        said: list[tuple] = []
        answer = self.server.answer(environ, lambda *head: said.append(head))
        part = b"".join(answer)
        status, headers = said[0][:2]
        if not status.startswith("206"):
            start_response(status, headers)
            return [part]
        bucket, _, key = Request.of(environ).path.strip("/").partition("/")
        body = self.objects(bucket, manifest=True)[key].body
        other = ("content-length", "content-range")
        kept = [pair for pair in headers if pair[0].lower() not in other]
        start_response("200 OK", [*kept, ("Content-Length", str(len(body)))])
        return [body]

    def _delete_some(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        bucket = environ["PATH_INFO"].strip("/")
        for key in re.findall("<Key>(.*?)</Key>", body):
            if key != self.kept:
                self.remove(bucket, key)
        answer = _KEPT.format(key=self.kept).encode()
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]

    def _fault_of(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.matches(request):
                fault.times -= 1
                return fault
        return None


class _KeptAlive(MotoRequestHandler):
    """Many requests come over one connection, as with S3; werkzeug closes each as a rule."""

    protocol_version = "HTTP/1.1"


class _StraightToS3:
    """moto's application, which looks through all its services for the one of each request.

    What is signed for S3 goes to the one that was found for the first such request.
    """

    def __init__(self, every: DomainDispatcherApplication) -> None:
        self._every = every
        self._s3: Callable | None = None

    def __call__(self, environ, start_response):
        if "/s3/aws4_request" not in environ.get("HTTP_AUTHORIZATION", ""):
            return self._every(environ, start_response)
        self._s3 = self._s3 or self._every.get_application(environ)
        return self._s3(environ, start_response)


@contextmanager
def serving_s3(port: int = 0, name: str = "moto") -> Iterator[FakeS3]:
    """Run a server behind the recorder, with the buckets "originals" and "site"."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    front = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    front.start()
    front._server.RequestHandlerClass = _KeptAlive
    moto = _StraightToS3(front._server.app)
    with ExitStack() as stack:
        stack.callback(front.stop)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        fake = FakeS3(
            stack.enter_context(server_of(name, moto, Path(folder))),
            front.get_host_and_port()[1],
        )
        fake.begin()
        front._server.app = lambda environ, start: fake.answer(moto, environ, start)
        yield fake
        fake.begin()  # moto's objects hold open files
