"""The buckets as they are: listed while this machine looks through its own files."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos.publish.notes import Notes
from pelican_photos.publish.objects import Remote
from pelican_photos.publish.private import MANIFEST, is_ours
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from pelican_photos.publish.s3 import Bucket


@dataclass(frozen=True, slots=True)
class Survey:
    """One bucket: its objects by key, without our own book-keeping; and its manifest, read."""

    bucket: "Bucket"
    notes: Notes
    objects: Mapping[str, Remote]


@contextmanager
def surveying(settings: Settings, buckets: Sequence[str]) -> Iterator[Callable[[], list[Survey]]]:
    """Begin to look at buckets, over one connection that lasts as long as this.

    What is lent waits for the surveys, in the order of ``buckets``.

    Raises:
        PublishError: there are no credentials; or, when waited for, a bucket or its manifest
            cannot be read.
    """
    from pelican_photos.publish.connection import connected  # noqa: PLC0415 - botocore is heavy

    with connected(settings) as client, ThreadPoolExecutor(len(buckets)) as pool:
        begun = [pool.submit(_survey, settings, client, name) for name in buckets]
        yield lambda: [each.result() for each in begun]


def copy_of_manifest(settings: Settings, bucket: "Bucket") -> Path:
    """Say where this machine remembers a bucket's manifest."""
    place = f"{settings.s3_endpoint}\n{bucket.name}\n{bucket.prefix}"
    name = hashlib.sha256(place.encode()).hexdigest()[:16]
    return settings.state / "publish" / f"manifest-{name}"


def _survey(settings: Settings, client: "S3Client", name: str) -> Survey:
    from pelican_photos.publish.s3 import Bucket  # noqa: PLC0415 - loaded by now

    bucket = Bucket(client, name, settings.bucket_prefix, settings.bucket_owner)
    notes = Notes(bucket, copy_of_manifest(settings, bucket))
    listed = bucket.listing()
    notes.read(listed.get(MANIFEST))
    return Survey(bucket, notes, {key: each for key, each in listed.items() if not is_ours(key)})
