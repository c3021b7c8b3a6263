"""Publish: originals and the built site to their buckets, then word to the CDN.

The verb ties the small files of this folder together::

    local, digests       what is here: the bytes that may be public
    keys, classify       what may be a key; when it goes up, and for how long
    targets              what belongs into which bucket
    plan, outcome        here against there, pure; and in words
    manifest, notes      what we put, written down in the bucket itself
    s3, refusals         one bucket of a server; what its errors mean
    transfer, sync       one file on its way; one bucket brought in line
    parallel, stages     many at a time; what comes first and what last
    freshness, cdn       what the CDN must forget; CloudFront

boto3 is imported when the verb runs, and not before.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos import atomic
from pelican_photos.errors import SettingsError
from pelican_photos.publish.freshness import Freshness
from pelican_photos.publish.notes import Notes
from pelican_photos.publish.outcome import Outcome, lines_of, outcome_of
from pelican_photos.publish.parallel import Progress
from pelican_photos.publish.plan import Plan, needs_consent
from pelican_photos.publish.stages import carry_out
from pelican_photos.publish.sync import Sync, Target
from pelican_photos.publish.targets import targets
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket

__all__ = ["Outcome", "publish"]


def publish(  # noqa: PLR0913 - one parameter for each option, and three for the terminal
    settings: Settings,
    originals: Iterable[tuple[str, Path]],
    *,
    confirm: Callable[[str], bool],
    say: Callable[[str], None],
    progress: Progress | None = None,
    dry_run: bool = False,
    delete: bool = False,
    originals_only: bool = False,
) -> Outcome:
    """Bring the buckets in line with the originals and with the built site.

    ``originals`` are keys below the site, each with its file, also of those
    that this machine does not have: what is not named here is stale.
    ``progress`` hears (what, done, of how many).  A dry run only reads.

    Raises:
        SettingsError: no bucket is set.
        Busy: another publish runs from this folder.
        MetadataError: a picture cannot be cleaned; nothing was uploaded.
        PublishError: something could not be published; the next publish goes on there.
    """
    if not settings.bucket:
        raise SettingsError("PHOTOS_BUCKET is not set; name the bucket of the originals in it")
    if not dry_run:
        atomic.make_private(settings.state)
    lock = atomic.lock(settings.state / "publish" / "lock", "a publish of this site")
    with nullcontext() if dry_run else lock:
        found = targets(
            settings,
            originals,
            with_site=bool(settings.site_bucket) and not originals_only,
            remember=not dry_run,
            progress=progress or _silent,
        )
        with _surveyed(settings, found) as syncs:
            plans = [sync.plan for sync in syncs]
            for sync in syncs:
                _announce(sync, say, each_change=dry_run, delete=delete)
            delete = delete and (dry_run or _agreed(plans, confirm))
            if not dry_run:
                freshness = Freshness(settings, syncs, _cdn(settings))
                carry_out(syncs, freshness, delete=delete, progress=progress or _silent)
    return outcome_of(
        plans, deleted=delete, dry_run=dry_run, site_elsewhere=not settings.site_bucket
    )


@contextmanager
def _surveyed(settings: Settings, found: Mapping[str, Target]) -> Iterator[list[Sync]]:
    """Look at each bucket, the originals' first, over one connection."""
    from pelican_photos.publish.s3 import Bucket, connected  # noqa: PLC0415 - boto3 is heavy

    with connected(settings) as client:
        syncs = []
        for name, target in found.items():
            bucket = Bucket(client, name, settings.bucket_prefix)
            sync = Sync(bucket, target, Notes(bucket, _copy_of_manifest(settings, bucket)))
            sync.survey()
            syncs.append(sync)
        yield syncs


def _copy_of_manifest(settings: Settings, bucket: "Bucket") -> Path:
    place = f"{settings.s3_endpoint}\n{bucket.name}\n{bucket.prefix}"
    name = hashlib.sha256(place.encode()).hexdigest()[:16]
    return settings.state / "publish" / f"manifest-{name}"


def _announce(sync: Sync, say: Callable[[str], None], *, each_change: bool, delete: bool) -> None:
    say(f"{sync.bucket.name}: {sync.plan}")
    if sync.problem:
        say(sync.problem)
    if each_change:
        for line in lines_of(sync.plan, delete=delete):
            say(line)


def _agreed(plans: Sequence[Plan], confirm: Callable[[str], bool]) -> bool:
    stale = sum(len(plan.stale) for plan in plans)
    ours = sum(plan.ours for plan in plans)
    question = f"Delete {stale:,} of the {ours:,} objects that were put there?"
    return not needs_consent(plans) or confirm(question)


def _cdn(settings: Settings) -> Callable[[frozenset[str]], object]:
    from pelican_photos.publish.cdn import invalidate  # noqa: PLC0415 - boto3 is heavy

    return partial(invalidate, settings.cdn_distribution)


def _silent(_what: str, _done: int, _of: int) -> None:
    """Show nothing."""
