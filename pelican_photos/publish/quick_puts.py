"""Objects put without asking botocore for each what a PUT is and where the bucket lies.

That is a third of what a put costs, and the answer is the same for all objects of a bucket.  The
first one goes through the client, and shows the way: the address, and what is signed.  All others
go there at once, signed and sent by the client's own means.  Whatever is not plainly stored is the
client's again, from the beginning, and so are those after it: it asks another time, slows down,
follows the bucket to another region, and says what is wrong.
"""

import random
import threading
import time
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from botocore.utils import percent_encode

from pelican_photos.publish.answer_parser import fields_of

if TYPE_CHECKING:
    from botocore.signers import RequestSigner
    from mypy_boto3_s3 import S3Client

# Of what a request carries with it: how it is to be signed.  The rest is of that one request.
_OF_ALL = ("auth_type", "client_config", "client_region", "endpoint_properties", "signing")
_STORED = 200
_BUSY = (429, 500, 502, 503, 504)
_AT_REST = 100  # objects that the client puts when one has failed
_GIVEN_UP = 3  # failures without an object stored between them


class _Way(NamedTuple):
    """How one object went into a bucket."""

    url: str  # before the key
    context: Mapping[str, Any]
    signer: "RequestSigner"


class QuickPuts:
    """The way into one bucket, once it is known."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        """Begin without knowing it; nothing is asked."""
        # The client has us among its listeners: to hold it would keep both for ever.
        self._client: Any = weakref.proxy(client)
        self._bucket = bucket
        self._way: _Way | None = None
        self._seen = threading.local()  # what the client does happens in the thread that asks it
        self._rest = self._failures = 0
        client.meta.events.register("before-sign.s3.PutObject", self._watch)

    def put(self, key: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any] | None:
        """Put an object and give what is said of it; None when the client has to put it.

        ``key`` is the whole one, and the headers are HTTP's.  The ETag and the encryption are
        called as in a client's answer.

        Raises:
            BotoCoreError: there are no credentials any more.
        """
        way = self._way
        if way is None:
            self._rest -= 1
            return None
        request = AWSRequest(
            method="PUT",
            url=way.url + _quoted(key),
            headers={**headers, "User-Agent": self._client.meta.config.user_agent},
            data=body,
        )
        request.context.update(way.context)
        way.signer.sign("PutObject", request)
        answer = self._answer_to(request)
        if answer is None:
            if self._way is way:  # those that were on it with this one fail with it, and count once
                self._way, self._rest = None, _AT_REST
                self._failures += 1
            return None
        self._failures = 0
        return answer

    def _answer_to(self, request: AWSRequest) -> dict[str, Any] | None:
        # The client's own session: it has the proxies, the certificates and the open connections.
        session = self._client._endpoint.http_session  # noqa: SLF001 - nothing public
        try:
            answer = session.send(request.prepare())
        except BotoCoreError:
            return None
        if answer.status_code in _BUSY:
            time.sleep(random.random())  # noqa: S311 - so that not all come back at once
        said = fields_of(answer.headers)
        # An error may come as "200 OK" too, with a body that says so.
        plainly = answer.status_code == _STORED and "ETag" in said and not answer.content
        return said if plainly else None

    def learn(self, key: str) -> None:
        """Take the way that the client has just taken, in this thread, to put ``key``."""
        seen: _Way | None = self._seen.__dict__.pop("way", None)
        if self._way or self._rest > 0 or self._failures >= _GIVEN_UP or seen is None:
            return
        before, found, after = seen.url.rpartition(_quoted(key))
        if found and not after and self._is_of_bucket(before):
            self._way = seen._replace(url=before)

    def _is_of_bucket(self, url: str) -> bool:
        """Tell whether an address without a key is that of this bucket, in a path or a host."""
        parts = urlsplit(url)
        return parts.path.endswith(f"/{self._bucket}/") or (
            parts.path == "/" and parts.netloc.startswith(f"{self._bucket}.")
        )

    def _watch(self, request: Any, request_signer: "RequestSigner", **_: Any) -> None:
        if self._way is None:
            context = {name: request.context[name] for name in _OF_ALL if name in request.context}
            self._seen.way = _Way(request.url, context, request_signer)


def _quoted(key: str) -> str:
    """Write a key as botocore does in an address."""
    quoted: str = percent_encode(key, safe="/~")
    return quoted
