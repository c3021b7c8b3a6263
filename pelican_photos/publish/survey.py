"""The buckets as they are: listed while this machine looks through its own files."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos.errors import Guarded
from pelican_photos.publish.notes import Notes
from pelican_photos.publish.objects import Remote
from pelican_photos.publish.private import MANIFEST, is_ours
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from pelican_photos.publish.s3 import Bucket
    from pelican_photos.publish.versions import Versions


@dataclass(frozen=True, slots=True)
class Survey:
    """One bucket: what it lists, by key, and its manifest, read."""

    bucket: "Bucket"
    notes: Notes
    listed: Mapping[str, Remote]

    @property
    def objects(self) -> dict[str, Remote]:
        """What it lists without our own book-keeping."""
        return {key: each for key, each in self.listed.items() if not is_ours(key)}

    def refuse_another_site(self, siteurl: str, verb: str) -> None:
        """Make sure that it holds the site of this address, or none that is known.

        Raises:
            Guarded: it holds another one; ``verb`` is what was to be done.
        """
        site = self.notes.before.site
        if site and siteurl not in ("", site):
            raise Guarded(
                f"{self.bucket.name}/{self.bucket.prefix} holds the site of {site!r}; name another"
                f" bucket or PHOTOS_BUCKET_PREFIX, or {verb} with --overwrite if the site has moved"
            )


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
        begun = [pool.submit(survey_of, settings, client, name) for name in buckets]
        yield lambda: [each.result() for each in begun]


@contextmanager
def surveyed(settings: Settings) -> Iterator[list[tuple[Survey, "Versions"]]]:
    """Look at each bucket of the site, and lend it with what it keeps of the past.

    Raises:
        PublishError: there are no credentials, or a bucket or its manifest cannot be read.
    """
    from pelican_photos.publish.connection import connected  # noqa: PLC0415 - botocore is heavy
    from pelican_photos.publish.versions import Versions  # noqa: PLC0415 - as above

    with connected(settings) as client:
        found = [survey_of(settings, client, name) for name in settings.buckets]
        owner = settings.bucket_owner
        yield [(each, Versions(client, each.bucket, owner)) for each in found]


def survey_of(settings: Settings, client: "S3Client", name: str) -> Survey:
    """Look at one bucket.

    Raises:
        PublishError: it, or its manifest, cannot be read.
    """
    from pelican_photos.publish.s3 import Bucket  # noqa: PLC0415 - botocore is loaded by now

    bucket = Bucket(client, name, settings.bucket_prefix, settings.bucket_owner)
    listed = bucket.listing()
    return Survey(bucket, notes_of(settings, bucket, listed), listed)


def notes_of(settings: Settings, bucket: "Bucket", listed: Mapping[str, Remote]) -> Notes:
    """Read a bucket's manifest; ``listed`` need name no other object.

    Raises:
        PublishError: it cannot be fetched, or a later version wrote it.
    """
    notes = Notes(bucket, _copy_of_manifest(settings, bucket))
    notes.read(listed.get(MANIFEST))
    return notes


def _copy_of_manifest(settings: Settings, bucket: "Bucket") -> Path:
    """Say where this machine remembers a bucket's manifest."""
    place = f"{settings.s3_endpoint}\n{bucket.name}\n{bucket.prefix}"
    name = hashlib.sha256(place.encode()).hexdigest()[:16]
    return settings.state / "publish" / f"manifest-{name}"
