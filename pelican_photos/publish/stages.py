"""The order of a publish: what a page needs goes up before the page, and deletes come last.

A stage is a barrier across all buckets.  When something in it fails, the rest
of it is still tried, and no later stage begins.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from pelican_photos.errors import PhotosError, PublishError
from pelican_photos.publish.freshness import Freshness
from pelican_photos.publish.objects import Change, Stage
from pelican_photos.publish.parallel import Progress, large_first
from pelican_photos.publish.sync import Sync

_Work = tuple[Sync, Change]

_WORDS = {
    Stage.ORIGINALS: "originals",
    Stage.ASSETS: "renditions and assets",
    Stage.PAGES: "pages",
    Stage.INDEXES: "files of the search",
    Stage.LISTINGS: "listings and feeds",
}


def carry_out(
    syncs: Sequence[Sync], freshness: Freshness, *, delete: bool, progress: Progress
) -> None:
    """Do what the plans say, and write down how far it came.

    Raises:
        PublishError: something could not be stored, refreshed or deleted; what
            comes after it was not begun, and the next publish goes on there.
    """
    try:
        _store(syncs, progress)
        _note(syncs, freshness)
        freshness.refresh()
        if delete:
            for sync in syncs:
                sync.delete_stale()
            freshness.refresh()
    except (PhotosError, KeyboardInterrupt):
        # The first error is the one to tell.  What is not written down now, the
        # next publish recognises by its content.
        with suppress(PhotosError):
            _note(syncs, freshness)
        raise
    _note(syncs, freshness)


def _store(syncs: Sequence[Sync], progress: Progress) -> None:
    total, done = sum(len(sync.plan.changes) for sync in syncs), 0
    for stage in Stage:
        work = [
            (sync, change)
            for sync in syncs
            for change in sync.plan.changes
            if change.stage is stage
        ]
        failed: list[PhotosError] = []
        for _, answer in large_first(_store_one, work, _size_of, partial(len, failed)):
            if isinstance(answer, PhotosError):
                failed.append(answer)
                continue
            done += 1
            progress("uploading", done, total)
        if failed:
            raise PublishError(_what_is_missing(stage, failed, total - done, total))


def _store_one(work: _Work) -> None:
    sync, change = work
    sync.store(change)


def _size_of(work: _Work) -> int:
    return work[1].size


def _what_is_missing(stage: Stage, failed: Sequence[PhotosError], left: int, total: int) -> str:
    more = f" (and {len(failed) - 1:,} more like it)" if len(failed) > 1 else ""
    later = ", ".join(words for other, words in _WORDS.items() if other > stage)
    unbegun = f"; not begun: {later}" if later else ""
    return (
        f"{failed[0]}{more}; {left:,} of {total:,} changes are still to be made{unbegun};"
        " nothing was deleted; the next publish goes on from here"
    )


def _note(syncs: Sequence[Sync], freshness: Freshness) -> None:
    """Write each claimed bucket's manifest; the first keeps what the CDN has yet to be told."""
    pending = freshness.waiting()
    claimed = [sync for sync in syncs if sync.claim]
    for sync in syncs:
        if not sync.claim:
            sync.keep()
        else:
            sync.note(pending if sync is claimed[0] else frozenset())
