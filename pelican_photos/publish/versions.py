"""The versions of a bucket's objects: list them, bring one back, delete them for good.

Only ``undo`` and ``purge`` ask for them.  A key that publishes needs none of these rights, so
that whoever steals it destroys nothing for good.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from pelican_photos.errors import Guarded, PublishError
from pelican_photos.publish.objects import PART, Known, Version
from pelican_photos.publish.plan import COPIED_AT_MOST
from pelican_photos.publish.refusals import code_of, one_sentence, scrubbed
from pelican_photos.publish.s3 import uploaded_in_parts
from pelican_photos.publish.wire import etag_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

    from pelican_photos.publish.s3 import Bucket

_AT_ONCE = 1_000  # S3's limit
_ASKED_ONE_BY_ONE = 20  # above that many keys, everything is listed
_DENIED = frozenset({"AccessDenied", "403", "Forbidden"})
_UNKNOWN = frozenset({"NotImplemented", "501", "MethodNotAllowed", "405"})


class Versions:
    """The versions in one bucket; keys are given and taken without its prefix."""

    def __init__(self, client: "S3Client", bucket: "Bucket", owner: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._owner: Any = {"ExpectedBucketOwner": owner} if owner else {}
        self._source_owner: Any = {"ExpectedSourceBucketOwner": owner} if owner else {}

    def of(self, keys: Collection[str]) -> dict[str, list[Version]]:
        """List the versions of some keys, the newest first.

        Raises:
            Guarded: the server knows no versions.
            PublishError: it refuses.
        """
        if len(keys) > _ASKED_ONE_BY_ONE:
            found = self.listing()
            return {key: found[key] for key in keys if key in found}
        asked = {key: list(self._listed(key, alone=True)) for key in sorted(keys)}
        return {key: versions for key, versions in asked.items() if versions}

    def listing(self) -> dict[str, list[Version]]:
        """List the versions of every key, the newest first.

        Raises:
            Guarded: the server knows no versions.
            PublishError: it refuses.
        """
        found: dict[str, list[Version]] = {}
        for version in self._listed(""):
            found.setdefault(version.key, []).append(version)
        return found

    def bring_back(self, version: Version, wanted: Known) -> str:
        """Make a version the object of its key again, under the old headers; gives its ETag.

        One that went up in parts is copied in the same parts, so that its ETag stays.

        Raises:
            PublishError: the server refuses.
        """
        with self._about(f"{version.key} cannot be brought back", "s3:GetObjectVersion"):
            if "-" in version.etag or version.size > COPIED_AT_MOST:
                uploaded_in_parts(
                    self._client,
                    self._at(version.key),
                    _headers(wanted),
                    partial(self._copied_parts, version),
                )
            else:
                answer = self._client.copy_object(
                    **self._at(version.key),
                    **self._source(version),
                    **_headers(wanted),
                    MetadataDirective="REPLACE" if wanted.content_type else "COPY",
                )
                return etag_of(answer["CopyObjectResult"], version.key)
        return self._bucket.listed_etag(version.key)  # where versions are kept, Ceph answers none

    def destroy(self, versions: Iterable[Version]) -> dict[str, str]:
        """Delete versions and delete markers for good; gives what the server says of those kept.

        Raises:
            PublishError: it refuses altogether.
        """
        refused: dict[str, str] = {}
        remaining = iter(versions)
        while some := list(islice(remaining, _AT_ONCE)):
            what = f"{len(some):,} versions cannot be deleted"
            with self._about(what, "s3:DeleteObjectVersion"):
                prefix = self._bucket.prefix
                doomed = [{"Key": prefix + each.key, "VersionId": each.id} for each in some]
                answer = self._client.delete_objects(
                    Bucket=self._bucket.name,
                    Delete={"Objects": doomed, "Quiet": True},  # type: ignore[typeddict-item]
                    **self._owner,
                )
            for error in answer.get("Errors", []):
                key = error.get("Key", "").removeprefix(prefix)
                refused[key] = scrubbed(error.get("Code", "refused"))
        return refused

    def _listed(self, below: str, *, alone: bool = False) -> Iterator[Version]:
        """Yield the versions of all keys that begin so, or of that key ``alone``."""
        prefix = self._bucket.prefix
        with self._about("the versions cannot be listed", "s3:ListBucketVersions"):
            pages = self._client.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket.name, Prefix=prefix + below, **self._owner
            )
            for page in pages:
                entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                found = [_version(entry, prefix) for entry in entries]
                yield from (each for each in found if not alone or each.key == below)
                if alone and any(each.key != below for each in found):
                    return  # its own come first

    def _copied_parts(
        self, version: Version, upload: Mapping[str, Any]
    ) -> Iterator["CompletedPartTypeDef"]:
        for number, start in enumerate(range(0, version.size, PART), start=1):
            end = min(start + PART, version.size) - 1
            answer = self._client.upload_part_copy(
                **upload,
                **self._source(version),
                PartNumber=number,
                CopySourceRange=f"bytes={start}-{end}",
            )["CopyPartResult"]
            yield {"PartNumber": number, "ETag": answer["ETag"]}

    def _at(self, key: str) -> Any:
        return {"Bucket": self._bucket.name, "Key": self._bucket.prefix + key, **self._owner}

    def _source(self, version: Version) -> Any:
        source = {
            "Bucket": self._bucket.name,
            "Key": self._bucket.prefix + version.key,
            "VersionId": version.id,
        }
        return {"CopySource": source, **self._source_owner}

    @contextmanager
    def _about(self, what: str, right: str) -> Iterator[None]:
        """Say in a sentence what failed, and which right it takes."""
        where = f"{what} in {self._bucket.name!r}"
        with one_sentence(where):
            try:
                yield
            except ClientError as error:
                code = code_of(error)
                if code in _DENIED:
                    raise PublishError(
                        f"{where}: access denied; the key in use needs {right}"
                        " (`invoke bucket --policy keeper` prints the rights)"
                    ) from None
                if code in _UNKNOWN:
                    raise Guarded(f"{where}: the server keeps no versions of objects") from None
                raise


def _headers(wanted: Known) -> Any:
    """Give the headers of an object; none where nobody knew them, and a publish repairs them."""
    if not wanted.content_type:
        return {}
    return {"ContentType": wanted.content_type, "CacheControl": wanted.cache_control}


def _version(entry: Any, prefix: str) -> Version:
    return Version(
        key=entry["Key"].removeprefix(prefix),
        id=entry["VersionId"],
        etag=entry.get("ETag", "").strip('"'),
        size=entry.get("Size", 0),
        is_latest=entry["IsLatest"],
    )
