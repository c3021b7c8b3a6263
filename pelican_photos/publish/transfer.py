"""One file on its way: sent as planned or not at all, and recognised where it already is."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos.errors import PublishError
from pelican_photos.publish.digests import BLOCK, PART, part_etag
from pelican_photos.publish.local import public_blocks
from pelican_photos.publish.plan import Known, Local, Remote

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket

_COPIED_AT_MOST = 5 << 30  # bytes; S3's limit for a copy in one request


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file on this machine, its key, and what was planned for it."""

    key: str
    path: Path
    local: Local
    keep_gps: bool


def send(file: File, bucket: "Bucket") -> Known:
    """Put a file, in one piece up to ``PART`` bytes and in parts above.

    Raises:
        PublishError: the server refuses, or the file is no longer what was planned.
    """
    local = file.local
    headers = {"content_type": local.content_type, "cache_control": local.cache_control}
    if local.size > PART:
        etag = bucket.put_in_parts(file.key, _as_planned(file), **headers)
    else:
        sha256 = bytes.fromhex(local.sha256)
        etag = bucket.put(file.key, b"".join(_as_planned(file)), sha256=sha256, **headers)
    return known_as(local, etag)


def repair(file: File, bucket: "Bucket") -> Known:
    """Give an object the headers it should have; its bytes stay in the server.

    Raises:
        PublishError: the server refuses.
    """
    if file.local.size > _COPIED_AT_MOST:
        return send(file, bucket)
    etag = bucket.set_headers(
        file.key,
        content_type=file.local.content_type,
        cache_control=file.local.cache_control,
    )
    return known_as(file.local, etag)


def recognise(file: File, there: Remote, bucket: "Bucket") -> Known | None:
    """Say how an object was put that no manifest tells of; None when its bytes are others.

    Raises:
        PublishError: the server refuses.
    """
    if part_etag(public_blocks(file.path, BLOCK, keep_gps=file.keep_gps)) != there.etag:
        return None
    content_type, cache_control = bucket.headers(file.key)
    return known_as(file.local, there.etag, content_type=content_type, cache_control=cache_control)


def known_as(local: Local, etag: str, **headers: str) -> Known:
    """Note how an object lies in the bucket; ``headers`` where they are not the planned ones."""
    return Known(
        size=local.size,
        sha256=local.sha256,
        etag=etag,
        content_type=headers.get("content_type", local.content_type),
        cache_control=headers.get("cache_control", local.cache_control),
        role=local.role,
    )


def _as_planned(file: File) -> Iterator[bytes]:
    """Yield a file in parts, and refuse as soon as it is not what was digested.

    A server that checks would refuse it too; not every server does.
    """
    sha256, size = hashlib.sha256(), 0
    for part in public_blocks(file.path, PART, keep_gps=file.keep_gps):
        sha256.update(part)
        size += len(part)
        if size > file.local.size:
            break
        yield part
    if sha256.hexdigest() != file.local.sha256:
        raise PublishError(f"{file.path} has changed while it was published; publish again")
