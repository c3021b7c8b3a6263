"""One bucket of an S3-compatible server: list, put, copy, delete, and no more.

Chosen for servers that are not AWS as well: a plain body with a signed payload
instead of a trailer, no ACL, no conditions, no checksum asked for on reading.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, InvalidRegionError
from botocore.utils import parse_timestamp

from pelican_photos.errors import PublishError, SettingsError
from pelican_photos.publish.parallel import WORKERS
from pelican_photos.publish.plan import Remote
from pelican_photos.publish.refusals import one_sentence, quiet_about_secrets, scrubbed
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_DELETED_AT_ONCE = 1_000  # S3's limit


@contextmanager
def connected(
    settings: Settings, *, attempts: int = 5, patience: tuple[int, int] = (10, 60)
) -> Iterator["S3Client"]:
    """Open a client of the server in ``PHOTOS_S3_ENDPOINT``, or of AWS.

    ``patience`` is in seconds: for the connection, and for the answer.

    Raises:
        PublishError: there are no credentials, or no region.
        SettingsError: the address of the server is none.
    """
    quiet_about_secrets()
    config = Config(
        connect_timeout=patience[0],
        read_timeout=patience[1],
        max_pool_connections=WORKERS,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": attempts},
        s3={
            "addressing_style": "path" if settings.s3_endpoint else "auto",
            "payload_signing_enabled": True,
        },
    )
    with one_sentence("no connection to the bucket"):
        session = _session()
        region = settings.s3_region or session.region_name
        try:
            client = session.client(
                "s3",
                config=config,
                endpoint_url=settings.s3_endpoint or None,
                # Other servers sign for this region when theirs has no name.
                region_name=region or ("us-east-1" if settings.s3_endpoint else None),
            )
        except InvalidRegionError:
            raise SettingsError(f"PHOTOS_S3_REGION: {region!r} is no region") from None
        except ValueError:
            raise SettingsError(
                f"PHOTOS_S3_ENDPOINT is {scrubbed(settings.s3_endpoint)!r}, which is no address"
            ) from None
    with closing(client):
        yield client


def _session() -> boto3.session.Session:
    """Start a session that reads the time of each listed object ten times as fast as boto3's."""
    session = botocore.session.get_session()
    parsers = session.get_component("response_parser_factory")
    parsers.set_parser_defaults(timestamp_parser=_time)
    return boto3.session.Session(botocore_session=session)


def _time(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return parse_timestamp(value)


def _etag(answer: Mapping[str, Any], key: str) -> str:
    """Take the quotes off an ETag.

    Raises:
        PublishError: there is none, as where something else than S3 says "200 OK".
    """
    etag = str(answer.get("ETag", "")).strip('"')
    if not etag:
        raise PublishError(f"{key}: the server gives no ETag; check PHOTOS_S3_ENDPOINT")
    return etag


class Bucket:
    """The objects of one bucket below a prefix; keys are given and taken without it.

    Every verb raises ``PublishError`` when the server refuses.
    """

    def __init__(self, client: "S3Client", name: str, prefix: str) -> None:
        self._client = client
        self.name = name
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def listing(self) -> dict[str, Remote]:
        """List every object below the prefix: one request for each 1,000."""
        found: dict[str, Remote] = {}
        with one_sentence(f"the bucket {self.name!r} cannot be listed"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.name, Prefix=self.prefix
            )
            for page in pages:
                for entry in page.get("Contents", []):
                    key = entry["Key"].removeprefix(self.prefix)
                    found[key] = Remote(size=entry["Size"], etag=entry["ETag"].strip('"'))
        return found

    def read(self, key: str) -> bytes:
        """Fetch an object whole; for small ones."""
        with self._about(key, "read"):
            answer = self._client.get_object(Bucket=self.name, Key=self.prefix + key)
            with closing(answer["Body"]) as body:
                return body.read()

    def headers(self, key: str) -> tuple[str, str]:
        """Ask for the Content-Type and the Cache-Control of an object."""
        with self._about(key, "read"):
            answer = self._client.head_object(Bucket=self.name, Key=self.prefix + key)
        return answer.get("ContentType", ""), answer.get("CacheControl", "")

    def put(
        self, key: str, body: bytes, *, sha256: bytes, content_type: str, cache_control: str
    ) -> str:
        """Store a small object, and give the ETag that the server answers."""
        with self._about(key, "stored"):
            answer = self._client.put_object(
                Bucket=self.name,
                Key=self.prefix + key,
                Body=body,
                ContentType=content_type,
                CacheControl=cache_control,
                ChecksumSHA256=base64.b64encode(sha256).decode(),
            )
        return _etag(answer, key)

    def put_in_parts(
        self, key: str, parts: Iterable[bytes], *, content_type: str, cache_control: str
    ) -> str:
        """Store an object part by part, and give its ETag; broken off, nothing is left.

        A part carries no checksum of its own, which not every server accepts
        there; its signature covers the payload everywhere.
        """
        with self._about(key, "stored"):
            upload = self._client.create_multipart_upload(
                Bucket=self.name,
                Key=self.prefix + key,
                ContentType=content_type,
                CacheControl=cache_control,
            )["UploadId"]
            complete = False
            try:
                stored = list(self._stored_parts(key, upload, parts))
                answer = self._client.complete_multipart_upload(
                    Bucket=self.name,
                    Key=self.prefix + key,
                    UploadId=upload,
                    MultipartUpload={"Parts": stored},
                )
                complete = True
            finally:
                if not complete:
                    self._abort(key, upload)
        return _etag(answer, key)

    def set_headers(self, key: str, *, content_type: str, cache_control: str) -> str:
        """Change an object's headers by a copy onto itself within the server; gives its ETag."""
        with self._about(key, "repaired"):
            answer = self._client.copy_object(
                Bucket=self.name,
                Key=self.prefix + key,
                CopySource={"Bucket": self.name, "Key": self.prefix + key},
                MetadataDirective="REPLACE",
                ContentType=content_type,
                CacheControl=cache_control,
            )
        return _etag(answer.get("CopyObjectResult", {}), key)

    def delete(self, keys: Sequence[str]) -> dict[str, str]:
        """Delete objects, and give what the server says of each that it keeps."""
        refused: dict[str, str] = {}
        remaining = iter(keys)
        while some := list(islice(remaining, _DELETED_AT_ONCE)):
            with one_sentence(f"{len(some)} objects cannot be deleted from {self.name!r}"):
                answer = self._client.delete_objects(
                    Bucket=self.name,
                    Delete={"Objects": [{"Key": self.prefix + key} for key in some], "Quiet": True},
                )
            for error in answer.get("Errors", []):
                key = error.get("Key", "").removeprefix(self.prefix)
                refused[key] = scrubbed(error.get("Code", "refused"))
        return refused

    def _stored_parts(
        self, key: str, upload: str, parts: Iterable[bytes]
    ) -> Iterator["CompletedPartTypeDef"]:
        for number, part in enumerate(parts, start=1):
            answer = self._client.upload_part(
                Bucket=self.name,
                Key=self.prefix + key,
                UploadId=upload,
                PartNumber=number,
                Body=part,
            )
            yield {"PartNumber": number, "ETag": answer["ETag"]}

    def _abort(self, key: str, upload: str) -> None:
        # The first error is the one to tell; parts that cannot be removed now
        # fall to the bucket's rule for incomplete uploads.
        with suppress(BotoCoreError, ClientError):
            self._client.abort_multipart_upload(
                Bucket=self.name, Key=self.prefix + key, UploadId=upload
            )

    @contextmanager
    def _about(self, key: str, done: str) -> Iterator[None]:
        with one_sentence(f"{key} cannot be {done} in {self.name!r}"):
            yield
