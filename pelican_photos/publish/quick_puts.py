"""Small objects, put without asking botocore for each what a PUT is and where the bucket lies.

That is a third of what a put costs, and the answer is the same for all objects of a bucket.  The
first one goes through the client, and shows the way: the address, and what is signed.  All others
go there at once, signed and sent by the client's own means.  Whatever is not simply stored is the
client's again, from the beginning: it asks another time, follows the bucket to another region,
and says what is wrong.
"""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

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


class _Way(NamedTuple):
    """How one object went into the bucket."""

    url: str  # before the key
    context: Mapping[str, Any]
    signer: "RequestSigner"


class QuickPuts:
    """The way into one bucket, once it is known."""

    def __init__(self, client: "S3Client") -> None:
        """Begin without knowing it; nothing is asked."""
        self._client: Any = client
        self._way: _Way | None = None
        self._seen = threading.local()  # what the client does happens in the thread that asks it
        client.meta.events.register("before-sign.s3.PutObject", self._watch)

    def put(self, key: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any] | None:
        """Put an object and give the answer; None when it has to go through the client.

        ``key`` is the whole one, and the headers are HTTP's.  An answer holds what the client's
        would, by the same names.
        """
        way = self._way
        if way is None:
            return None
        agent = self._client.meta.config.user_agent
        request = AWSRequest(
            method="PUT",
            url=way.url + _quoted(key),
            headers={**headers, "User-Agent": agent},
            data=body,
        )
        request.context.update(way.context)
        way.signer.sign("PutObject", request)
        # The client's own session: it has the proxies, the certificates and the open connections.
        session = self._client._endpoint.http_session  # noqa: SLF001
        try:
            answer = session.send(request.prepare())
        except BotoCoreError:
            return None
        if answer.status_code != _STORED:
            return None
        return fields_of(answer.headers)

    def learn(self, key: str) -> None:
        """Take the way that the client has just taken, in this thread, to put ``key``."""
        seen: _Way | None = self._seen.__dict__.pop("way", None)
        end = _quoted(key)
        if self._way is None and seen and seen.url.endswith(f"/{end}"):
            self._way = seen._replace(url=seen.url.removesuffix(end))

    def _watch(self, request: Any, request_signer: "RequestSigner", **_: Any) -> None:
        if self._way is None:
            context = {name: request.context[name] for name in _OF_ALL if name in request.context}
            self._seen.way = _Way(request.url, context, request_signer)


def _quoted(key: str) -> str:
    """Write a key as botocore does in an address."""
    quoted: str = percent_encode(key, safe="/~")
    return quoted
