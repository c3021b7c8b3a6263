"""A stand-in for a CDN: it alone may read the private bucket, and anybody may read it."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from pelican_photos.serving import Answer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# What a bucket says when an object is not there: 403 when the caller may not list either.
_MISSING = {"NoSuchKey", "404", "AccessDenied", "403"}


class Bucket:
    """The objects of a bucket, as a backend for ``serving``; ``Range`` is passed on to it."""

    def __init__(self, client: "S3Client", bucket: str, prefix: str = "") -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    def open(self, path: str, span: str) -> Answer:
        """Open an object; a path with a slash at its end is the ``index.html`` below it."""
        key = self._prefix + path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        asked: dict[str, Any] = {"Range": span} if span else {}
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key, **asked)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _MISSING:
                return Answer(status=HTTPStatus.NOT_FOUND)
            if code in ("InvalidRange", "416"):
                return Answer(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return Answer(status=HTTPStatus.BAD_GATEWAY)
        except BotoCoreError:  # no connection, or a key that cannot be one
            return Answer(status=HTTPStatus.BAD_GATEWAY)
        part = found.get("ContentRange", "")
        return Answer(
            status=HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK,
            headers={
                "Content-Type": found["ContentType"],
                "Accept-Ranges": "bytes",
                **({"Content-Range": part} if part else {}),
            },
            length=found["ContentLength"],
            stream=found["Body"],
        )
