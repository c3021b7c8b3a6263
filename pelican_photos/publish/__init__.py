"""Publish: originals and the built site to their buckets, then word to the CDN.

The verb ties the small files of this folder together::

    local, digests, pages  what is here: the bytes that may be public, the text they are made of
    keys, classify         what may be a key; when it goes up, and for how long
    private                the names of what lies in the bucket for us alone
    targets, survey        what belongs into which bucket; what is in it
    objects, plan          here against there, pure
    outcome, price         a plan, and what came of it, in words; what it would cost
    manifest, journal      what we put, and what one publish changed: written down in the bucket
    notes                  both read and written, and what this machine remembers
    rivalry, claim         two machines: what one would take back of the other; one at a time
    connection, s3, wire   a server; one bucket of it; how it writes ETags and times
    answer_parser          answers read in a fraction of the time
    refusals               what a server's errors mean
    transfer, sync         one file on its way; one bucket brought in line
    parallel, stages       many at a time; what comes first and what last
    freshness, caches      what the CDNs must forget
    cdn, cloudflare        CloudFront; Cloudflare
    pull, pull_plan        originals back to this machine; what is done about each, pure
    pull_here, incoming    what is on this machine of them; what a server sends of one
    fetch, landing         one on its way back; what was fetched gets its name
    pull_outcome           a pull in words
    cluster, cluster_*     renditions made by other machines, from the bucket and into it
    versions               what a bucket keeps of what it had
    undo_plan, taking_back, undo  the last publish taken back
    purge_plan, purge      a photo taken down with its versions
    outside                what answers somebody who has no key
    policies, layout       who may do what; what the settings ask for
    distribution, infrastructure  the CDN; a whole set-up, step by step, pure
    program, cloudformation  the set-up printed
    reconcile, provision, provision_cdn  what does not hold; the set-up made, and mended
    facts, questions, inspection  what buckets and CDN say of themselves
    anonymous              one look as any visitor has it

botocore, of which boto3 is made, is imported when the verb runs, and not before.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pelican_photos import atomic
from pelican_photos.errors import Guarded, Overtaken, SettingsError
from pelican_photos.publish.caches import forget
from pelican_photos.publish.claim import this_machine
from pelican_photos.publish.freshness import Freshness
from pelican_photos.publish.outcome import Outcome, lines_of, outcome_of
from pelican_photos.publish.pages import page_digests
from pelican_photos.publish.parallel import Progress
from pelican_photos.publish.plan import Plan, needs_consent
from pelican_photos.publish.stages import carry_out
from pelican_photos.publish.survey import surveying
from pelican_photos.publish.sync import Publisher, Sync
from pelican_photos.publish.targets import files_of, targets
from pelican_photos.publish_options import Options
from pelican_photos.settings import Settings

__all__ = ["Options", "Outcome", "publish"]


def publish(  # noqa: PLR0913 - what, when, how, and three for the terminal
    settings: Settings,
    originals: Iterable[tuple[str, Path]],
    options: Options,
    *,
    confirm: Callable[[str], bool],
    say: Callable[[str], None],
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Bring the buckets in line with the originals and with the built site.

    ``originals`` are keys below the site, each with its file, also of those
    that this machine does not have: what is not named here is stale.
    ``progress`` hears (what, done, of how many).

    Raises:
        SettingsError: no bucket is set.
        Busy: another publish runs from this folder.
        Guarded: the bucket is another site's, or a stranger's, and nobody said that it is meant.
        MetadataError: a picture cannot be cleaned; nothing was uploaded.
        Overtaken: another machine is publishing, or has published what this one lacks.
        PublishError: something could not be published; the next publish goes on there.
    """
    if not settings.bucket:
        raise SettingsError("PHOTOS_BUCKET is not set; name the bucket of the originals in it")
    with nullcontext() if options.dry_run else publishing(settings):
        with_site = bool(settings.site_bucket) and not options.originals_only
        files = files_of(settings, originals, with_site=with_site)
        with surveying(settings, files.buckets) as surveys:
            found = targets(
                settings, files, remember=not options.dry_run, progress=progress or _silent
            )
            publisher = _publisher(settings, options, now or datetime.now(UTC))
            syncs = [Sync(each, found[each.bucket.name], publisher) for each in surveys()]
            plans = [sync.plan for sync in syncs]
            for sync in syncs:
                _announce(sync, say, options)
            _refuse_what_is_not_meant(syncs, options, confirm)
            delete = options.delete and (options.dry_run or _agreed(plans, confirm))
            if not options.dry_run:
                _carry_out(settings, syncs, progress or _silent, replace(options, delete=delete))
    return outcome_of(
        plans,
        deleted=delete,
        dry_run=options.dry_run,
        site_elsewhere=not settings.site_bucket,
    )


@contextmanager
def publishing(settings: Settings) -> Iterator[None]:
    """Be the only one who changes a bucket from this folder.

    Raises:
        Busy: another publish runs.
    """
    atomic.make_private(settings.state)
    with atomic.lock(settings.state / "publish" / "lock", "a publish of this site"):
        yield


def _publisher(settings: Settings, options: Options, now: datetime) -> Publisher:
    now = now.astimezone(UTC)
    machine = this_machine(settings, remember=not options.dry_run)
    return Publisher(
        machine=machine,
        now=now,
        site="" if options.originals_only else settings.siteurl,
        pages=page_digests(settings, remember=not options.dry_run),
        grace_days=settings.grace_days,
    )


def _announce(sync: Sync, say: Callable[[str], None], options: Options) -> None:
    say(f"{sync.bucket.name}: {sync.plan}")
    if sync.problem:
        say(sync.problem)
    if options.dry_run:
        for line in lines_of(sync.plan, delete=options.delete):
            say(line)


def _refuse_what_is_not_meant(
    syncs: Sequence[Sync], options: Options, confirm: Callable[[str], bool]
) -> None:
    """Stop before the first change where it would hurt somebody else's, or another machine's."""
    if options.overwrite:
        return
    for sync in syncs:
        sync.refuse_another_site()
        if broken := sync.damaged:
            more = f" and {len(broken) - 1:,} more" if len(broken) > 1 else ""
            raise Guarded(
                f"{broken[0]}{more} changed here, and neither in size nor in time, as on a failing"
                " disk; `invoke pull` brings back what was published, or publish with --overwrite"
            )
        if sync.rival and (lost := sync.taken_back):
            more = f" and {len(lost) - 1:,} more" if len(lost) > 1 else ""
            raise Overtaken(
                f"{sync.rival.host!r} published at {sync.rival.when} with {lost[0]!r}{more}"
                " otherwise than here: changed, new or removed; bring that here (such as by git"
                " pull), or publish with --overwrite to take it back"
            )
        where = f"{sync.bucket.name}/{sync.bucket.prefix}"
        question = f"{where} holds {sync.strangers:,} objects that no publish put there. Go on?"
        if sync.strangers and not options.dry_run and not confirm(question):
            raise Guarded(f"nothing was published into {where}; check PHOTOS_BUCKET")


def _agreed(plans: Sequence[Plan], confirm: Callable[[str], bool]) -> bool:
    stale = sum(len(plan.stale) for plan in plans)
    ours = sum(plan.ours for plan in plans)
    question = f"Delete {stale:,} of the {ours:,} objects that were put there?"
    return not needs_consent(plans) or confirm(question)


def _carry_out(
    settings: Settings, syncs: Sequence[Sync], progress: Progress, options: Options
) -> None:
    """Claim the buckets in which there is something to do, and do it."""
    freshness = Freshness(settings, syncs, partial(forget, settings))
    with ExitStack() as claims:
        for sync in syncs:
            deletes = options.delete and sync.plan.stale
            if deletes or freshness.waiting() or not sync.is_settled:
                claims.enter_context(sync.claimed(take_over=options.take_over))
        carry_out(syncs, freshness, delete=options.delete, progress=progress)


def _silent(_what: str, _done: int, _of: int) -> None:
    """Show nothing."""
