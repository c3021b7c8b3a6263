"""One file on its way: sent as planned or not at all, and recognised where it already is."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos.errors import Overtaken, PublishError
from pelican_photos.publish.digests import BLOCK, part_etag, plain_etag
from pelican_photos.publish.local import public_blocks, whole, whole_blocks
from pelican_photos.publish.objects import PART, Change, Known, Local, Reason, Remote, Role
from pelican_photos.publish.plan import COPIED_AT_MOST

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file on this machine, its key, and what was planned for it."""

    key: str
    path: Path
    local: Local
    keep_gps: bool

    def blocks(self, size: int) -> Iterator[bytes]:
        """Yield what is to be published, in pieces of ``size`` bytes.

        Raises:
            MetadataError: its private metadata cannot be taken out.
            PublishError: it cannot be read.
        """
        if self.local.role is Role.UNTOUCHED:
            return whole_blocks(self.path, size)
        return public_blocks(self.path, size, keep_gps=self.keep_gps)


def carry_out(change: Change, file: File, bucket: "Bucket", known: Known | None) -> Known:
    """Put, copy or repair one object; ``known`` is what is copied, or repaired.

    Raises:
        PublishError: the server refuses, or the file is no longer what was planned.
    """
    if known is None or change.reason not in (Reason.HEADERS, Reason.MOVED):
        return send(file, bucket)
    return _copy(change.source or change.key, file, bucket, known)


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
        etag = bucket.put(file.key, _whole(file), **headers)
    return known_as(local, etag)


def _copy(source: str, file: File, bucket: "Bucket", known: Known) -> Known:
    """Have an object made of one that is in the bucket, or given other headers."""
    if file.local.size > COPIED_AT_MOST:
        return send(file, bucket)
    try:
        etag = bucket.copy(
            source,
            file.key,
            etag=known.etag,
            content_type=file.local.content_type,
            cache_control=file.local.cache_control,
        )
    except Overtaken:
        return send(file, bucket)
    return known_as(file.local, etag)


def recognise(file: File, there: Remote) -> Known | None:
    """Say how an object was put that nothing tells of; None when its bytes are others.

    Nobody knows its headers, so that they will be put right.

    Raises:
        PublishError: the file cannot be read.
    """
    # Some servers list the plain MD5 also of what came in parts.
    etag_of = part_etag if "-" in there.etag else plain_etag
    if etag_of(file.blocks(BLOCK)) != there.etag:
        return None
    return known_as(file.local, there.etag, content_type="", cache_control="")


def known_as(local: Local, etag: str, **headers: str) -> Known:
    """Note how an object lies in the bucket; ``headers`` where they are not the planned ones."""
    return Known(
        size=local.size,
        sha256=local.sha256,
        etag=etag,
        content_type=headers.get("content_type", local.content_type),
        cache_control=headers.get("cache_control", local.cache_control),
        role=local.role,
        modified=local.modified,
    )


def _whole(file: File) -> bytes:
    """Read a small file.  One that is what was planned as it is has nothing to hide."""
    body = whole(file.path)
    as_it_is = hashlib.sha256(body).hexdigest() == file.local.sha256
    return body if as_it_is else b"".join(_as_planned(file))


def _as_planned(file: File) -> Iterator[bytes]:
    """Yield a file in parts, and refuse as soon as it is not what was digested.

    A server that checks would refuse it too; not every server does.
    """
    sha256, size = hashlib.sha256(), 0
    for part in file.blocks(PART):
        sha256.update(part)
        size += len(part)
        if size > file.local.size:
            break
        yield part
    if sha256.hexdigest() != file.local.sha256:
        raise PublishError(f"{file.path} has changed while it was published; publish again")
