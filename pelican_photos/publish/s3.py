"""One bucket of an S3-compatible server: list, put, copy, delete, and no more.

Chosen for servers that are not AWS as well: a plain body with a signed payload
instead of a trailer, no ACL, no checksum asked for on reading.  A condition is
sent where two machines could meet, and not trusted: some servers ignore it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    IncompleteReadError,
    ResponseStreamingError,
)

from pelican_photos.errors import Overtaken, PublishError
from pelican_photos.publish.incoming import incoming, refuse_another, the_rest
from pelican_photos.publish.objects import Remote
from pelican_photos.publish.quick_puts import QuickPuts
from pelican_photos.publish.refusals import code_of, one_sentence, scrubbed
from pelican_photos.publish.wire import etag_of, in_base64, md5_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_DELETED_AT_ONCE = 1_000  # S3's limit
_READ_AGAIN = 2  # times, when an answer ends before its end
# How what is said of an object that is put is called on the wire (Amazon S3 API, PutObject).
_HEADERS = {
    "ContentType": "Content-Type",
    "CacheControl": "Cache-Control",
    "ContentMD5": "Content-MD5",
    "ExpectedBucketOwner": "x-amz-expected-bucket-owner",
}
# What a condition may be answered with, on servers that know it and on those that do not.
_CONDITION_FAILED = frozenset(
    {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
    | {"NotImplemented", "InvalidRequest", "InvalidArgument", "501"}
)


class Bucket:
    """The objects of one bucket below a prefix; keys are given and taken without it.

    Every verb raises ``PublishError`` when the server refuses.
    """

    def __init__(self, client: "S3Client", name: str, prefix: str, owner: str = "") -> None:
        self._client = client
        self.name = name
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        # A name that was given up and taken by somebody else is refused by the server.
        self._owner: Any = {"ExpectedBucketOwner": owner} if owner else {}
        self._source_owner: Any = {"ExpectedSourceBucketOwner": owner} if owner else {}
        self._quickly = QuickPuts(client, name)
        self._etags_tell = True  # the MD5 of what was put; on some servers they are anything

    def listing(self, below: str = "") -> dict[str, Remote]:
        """List every object, or those below a folder: one request for each 1,000."""
        found: dict[str, Remote] = {}
        with one_sentence(f"the bucket {self.name!r} cannot be listed"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.name, Prefix=self.prefix + below, **self._owner
            )
            for page in pages:
                for entry in page.get("Contents", []):
                    key = entry["Key"].removeprefix(self.prefix)
                    found[key] = Remote(size=entry["Size"], etag=entry["ETag"].strip('"'))
        return found

    def read(self, key: str) -> bytes:
        """Fetch an object whole; for small ones."""
        with self._about(key, "read"):
            return self._read(key)

    def read_if_there(self, key: str) -> bytes | None:
        """Fetch a small object whole; None when there is none."""
        with self._about(key, "read"):
            try:
                return self._read(key)
            except ClientError as error:
                if code_of(error) not in ("NoSuchKey", "404"):
                    raise
        return None

    def pieces(self, key: str, etag: str, size: int, *, start: int = 0) -> Iterator[bytes]:
        """Yield an object from ``start`` on; ``etag`` and ``size`` are what it was listed with.

        Raises:
            BrokenOff: it ended too early; the rest may be asked for.
            Overtaken: it is another one by now.
        """
        if start and start == size:
            return
        rest: Any = the_rest(etag, start)
        with self._about(key, "read"):
            try:
                answer = self._client.get_object(**self._at(key), **rest)
            except ClientError as error:
                refuse_another(error, key)
                raise
            yield from incoming(answer, key, etag, size, start)

    def put(self, key: str, body: bytes, *, content_type: str, cache_control: str) -> str:
        """Store a small object, and give the ETag that the server answers.

        The server is told two digests, a signed SHA-256 and an MD5, and its ETag is compared: not
        every one checks.
        """
        with self._about(key, "stored"):
            return self._put(key, body, content_type=content_type, cache_control=cache_control)

    def put_if_unchanged(
        self, key: str, body: bytes, *, etag: str, content_type: str, cache_control: str
    ) -> str:
        """Store a small object in place of the one with ``etag``, or of none when that is "".

        Look first whether it is there: not every server heeds a condition.  One that does not
        know it, or takes the right ETag for a wrong one, is looked at again.

        Raises:
            Overtaken: something else is there by now.
        """
        condition: Any = {"IfMatch": f'"{etag}"'} if etag else {"IfNoneMatch": "*"}
        headers = {"content_type": content_type, "cache_control": cache_control}
        with self._about(key, "stored"):
            try:
                return self._put(key, body, **headers, **condition)
            except ClientError as error:
                if code_of(error) not in _CONDITION_FAILED:
                    raise
        there = self.listing(key).get(key)
        if (there.etag if there else "") == etag:
            return self.put(key, body, **headers)
        if there and self.read(key) == body:
            return there.etag  # it was us: the answer was lost, and boto3 has asked again
        raise Overtaken(f"somebody else has put {key} into {self.name!r} meanwhile; publish again")

    def put_in_parts(
        self, key: str, parts: Iterable[bytes], *, content_type: str, cache_control: str
    ) -> str:
        """Store an object part by part, and give its ETag; broken off, nothing is left.

        A part carries its MD5 and no other checksum, which not every server accepts
        there; its signature covers the payload as well.
        """
        with self._about(key, "stored"):
            headers = {"ContentType": content_type, "CacheControl": cache_control}
            uploaded_in_parts(
                self._client, self._at(key), headers, partial(self._stored_parts, parts)
            )
        return self.listed_etag(key)  # some answer another one than they list

    def copy(
        self, source: str, key: str, *, etag: str, content_type: str, cache_control: str
    ) -> str:
        """Copy an object within the server, or onto itself for other headers; gives its ETag.

        ``etag`` is what the source is to be: no other is copied, where the server heeds that.

        Raises:
            Overtaken: the source is something else by now, or gone.
        """
        with self._about(key, "repaired" if source == key else "copied"):
            try:
                answer = self._client.copy_object(
                    **self._at(key),
                    CopySource={"Bucket": self.name, "Key": self.prefix + source},
                    CopySourceIfMatch=f'"{etag}"',
                    MetadataDirective="REPLACE",
                    ContentType=content_type,
                    CacheControl=cache_control,
                    **self._source_owner,
                )
            except ClientError as error:
                if code_of(error) not in _CONDITION_FAILED | {"NoSuchKey", "404"}:
                    raise
                raise Overtaken(f"{source} in {self.name!r} is no longer what it was") from None
        result: Any = answer.get("CopyObjectResult", {})
        if "CopyObjectResult" in answer and not result.get("ETag"):
            return self.listed_etag(key)  # of a copy onto itself, some say nothing
        return etag_of(result, key)

    def listed_etag(self, key: str) -> str:
        """Ask for the ETag of an object where the answer to its making does not tell it.

        Raises:
            PublishError: the server refuses, or tells none here either.
        """
        there = self.listing(key).get(key)
        return etag_of({"ETag": there.etag if there else ""}, key)

    def delete(self, keys: Sequence[str]) -> dict[str, str]:
        """Delete objects, and give what the server says of each that it keeps.

        Where it refuses one without saying which, all that it was asked for count as kept.
        """
        refused: dict[str, str] = {}
        remaining = iter(keys)
        while some := list(islice(remaining, _DELETED_AT_ONCE)):
            with one_sentence(f"{len(some)} objects cannot be deleted from {self.name!r}"):
                answer = self._client.delete_objects(
                    Bucket=self.name,
                    Delete={"Objects": [{"Key": self.prefix + key} for key in some], "Quiet": True},
                    **self._owner,
                )
            for error in answer.get("Errors", []):
                key = error.get("Key", "").removeprefix(self.prefix)
                said = scrubbed(error.get("Code", "refused"))
                refused |= dict.fromkeys([key] if key in some else some, said)
        return refused

    def remove(self, key: str) -> None:
        """Delete one object; none is as good."""
        with self._about(key, "deleted"):
            self._client.delete_object(**self._at(key))

    def _stored_parts(
        self, parts: Iterable[bytes], upload: Mapping[str, Any]
    ) -> Iterator["CompletedPartTypeDef"]:
        for number, part in enumerate(parts, start=1):
            md5 = in_base64(md5_of(part).digest())
            answer = self._client.upload_part(
                **upload, PartNumber=number, Body=part, ContentMD5=md5
            )
            yield {"PartNumber": number, "ETag": answer["ETag"]}

    def _put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str,
        cache_control: str,
        **condition: Any,
    ) -> str:
        md5 = md5_of(body)
        said: Any = {
            "ContentType": content_type,
            "CacheControl": cache_control,
            "ContentMD5": in_base64(md5.digest()),
        }
        answer: Any = None
        if not condition:
            headers = {_HEADERS[name]: value for name, value in {**said, **self._owner}.items()}
            answer = self._quickly.put(self.prefix + key, body, headers)
        if answer is None:
            answer = self._client.put_object(**self._at(key), Body=body, **said, **condition)
            self._quickly.learn(self.prefix + key)
        etag = etag_of(answer, key)
        encrypted = answer.get("ServerSideEncryption", "").startswith("aws:kms")
        if self._etags_tell and not encrypted and etag != md5.hexdigest():
            self._look_at(key, body)
        return etag

    def _look_at(self, key: str, body: bytes) -> None:
        """Look at an object whose ETag is not its MD5: what was stored, or how ETags are made.

        Raises:
            PublishError: other bytes than ours were stored.
        """
        if self.read(key) != body:
            raise PublishError(
                f"{key}: the bytes changed on their way into {self.name!r}; publish again"
            )
        self._etags_tell = False

    def _read(self, key: str) -> bytes:
        for _ in range(_READ_AGAIN):
            # boto3 asks again for an answer that did not come, not for one that broke off.
            with suppress(ResponseStreamingError, IncompleteReadError):
                return self._read_once(key)
        return self._read_once(key)

    def _read_once(self, key: str) -> bytes:
        answer = self._client.get_object(**self._at(key))
        with closing(answer["Body"]) as body:
            return body.read()

    def _at(self, key: str) -> Any:
        return {"Bucket": self.name, "Key": self.prefix + key, **self._owner}

    @contextmanager
    def _about(self, key: str, done: str) -> Iterator[None]:
        with one_sentence(f"{key} cannot be {done} in {self.name!r}"):
            yield


def uploaded_in_parts(
    client: "S3Client",
    place: Mapping[str, Any],
    headers: Mapping[str, Any],
    stored: Callable[[Mapping[str, Any]], Iterable["CompletedPartTypeDef"]],
) -> Mapping[str, Any]:
    """Make an object of parts, and give the server's answer; broken off, nothing is left.

    ``stored`` sends them for the upload that it is given, and yields what each is called.
    """
    begun: Any = client.create_multipart_upload(**place, **headers)
    upload: Any = {**place, "UploadId": begun["UploadId"]}
    complete = False
    try:
        parts = list(stored(upload))
        answer = client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        complete = True
    finally:
        if not complete:
            # The first error is the one to tell; parts that cannot be removed now
            # fall to the bucket's rule for incomplete uploads.
            with suppress(BotoCoreError, ClientError):
                client.abort_multipart_upload(**upload)
    return {**answer}
