"""Undo: the last publish taken back, from the versions that the buckets keep.

Nothing is sent: the server copies each old version onto its key.  No manifest is written
before all is done, so that an undo that was killed is the same undo when it runs again.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pelican_photos.errors import Guarded, PhotosError, PublishError
from pelican_photos.publish import publishing
from pelican_photos.publish.caches import forget, has_cache
from pelican_photos.publish.claim import this_machine
from pelican_photos.publish.freshness import Freshness
from pelican_photos.publish.journal import Journal
from pelican_photos.publish.manifest import Publication
from pelican_photos.publish.objects import Stage
from pelican_photos.publish.parallel import WORKERS, Progress, in_parallel
from pelican_photos.publish.survey import surveyed
from pelican_photos.publish.taking_back import TakingBack
from pelican_photos.publish.undo_plan import (
    Move,
    Verb,
    last_publish,
    lines_of,
    taking_part,
    unfinished,
)
from pelican_photos.publish_options import Options
from pelican_photos.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """How to undo: of which site, by which options, when, and who is told how far it is."""

    settings: Settings
    options: Options
    now: datetime
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What came of an undo, for people."""

    what: str  # "" when only the CDN had to be told
    back: int
    deleted: int
    dry_run: bool

    def __str__(self) -> str:
        if not self.what:
            told = "is to be told" if self.dry_run else "has been told now"
            return f"the undo was complete but for the CDN, which {told}"
        is_ = "would be" if self.dry_run else "is"
        return (
            f"{self.what} {is_} taken back: {self.back:,} brought back, {self.deleted:,} deleted;"
            " the site on this machine is as it was, so the next publish would bring the change"
            " again"
        )


def undo(how: Undoing, *, confirm: Callable[[str], bool], say: Callable[[str], None]) -> Undone:
    """Take the last publish back in every bucket that it changed.

    Raises:
        Busy: a publish runs from this folder.
        Guarded: there is nothing to take back, or it cannot be, or nobody said yes.
        Overtaken: another machine is publishing.
        PublishError: something was refused; run again, it goes on there.
    """
    settings, options = how.settings, how.options
    with nullcontext() if options.dry_run else publishing(settings), surveyed(settings) as found:
        parts = [TakingBack(survey, versions) for survey, versions in found]
        for part in () if options.overwrite else parts:
            part.refuse_another_site(settings.siteurl)
        if _is_but_for_the_cdn(settings, parts):
            if not options.dry_run:
                _carry_out(how, parts, [], Publication())
            return Undone(what="", back=0, deleted=0, dry_run=options.dry_run)
        chosen, publication = _chosen(parts)
        for part in chosen:
            part.look(settings.path, overwrite=options.overwrite)
            say(f"{part.bucket.name}: {part.plan}")
            for line in lines_of(part.plan) if options.dry_run else ():
                say(line)
        what = _in_words(publication)
        moves = [move for part in chosen for move in part.plan.moves]
        if not options.dry_run:
            if not confirm(f"Take {what} back?"):
                raise Guarded("nothing was taken back")
            _carry_out(how, parts, chosen, _publication(how, parts, publication))
    deleted = sum(move.verb is Verb.DELETE for move in moves)
    return Undone(what=what, back=len(moves) - deleted, deleted=deleted, dry_run=options.dry_run)


def _is_but_for_the_cdn(settings: Settings, parts: Sequence[TakingBack]) -> bool:
    """Tell whether the last thing was an undo of which the CDN has not heard."""
    last = _last(parts)
    newest = last_publish(last)
    pending = has_cache(settings) and any(part.pending for part in parts)
    return bool(pending and newest and newest.undoes and not unfinished(last))


def _last(parts: Sequence[TakingBack]) -> dict[str, Journal]:
    return {part.bucket.name: part.journal for part in parts if part.journal}


def _chosen(parts: Sequence[TakingBack]) -> tuple[list[TakingBack], Publication]:
    names = taking_part(_last(parts))
    chosen = [part for part in parts if part.bucket.name in names]
    journal = chosen[0].journal if chosen else None
    if journal is None:
        where = ", ".join(part.bucket.name for part in parts)
        raise Guarded(f"nothing to take back in {where}: no publish noted there what it changed")
    return chosen, journal.publication


def _publication(how: Undoing, parts: Sequence[TakingBack], undone: Publication) -> Publication:
    """Call this undo as it is called already in a bucket where it was complete when killed."""
    for part in parts:
        if part.journal and part.journal.publication.undoes == undone.identity:
            return part.journal.publication
    machine = this_machine(how.settings, remember=True)
    return machine.publication(how.now, undoes=undone.identity)


def _carry_out(
    how: Undoing,
    parts: Sequence[TakingBack],
    chosen: Sequence[TakingBack],
    undoing: Publication,
) -> None:
    """Make the moves of the chosen, write them down, and tell the CDN all that it has to know."""
    involved = [part for part in parts if part in chosen or part.pending]
    freshness = Freshness(how.settings, involved, partial(forget, how.settings))
    machine = this_machine(how.settings, remember=True)
    with ExitStack() as claims:
        for part in involved:
            claims.enter_context(part.claimed(machine, how.now, take_over=how.options.take_over))
        _bring_back(chosen, how.progress)
        for part in chosen:
            part.delete_created()
        waiting = freshness.waiting()
        for part in chosen:
            part.note(undoing, waiting if part is chosen[0] else frozenset())
        freshness.refresh()
        for part in involved:
            part.settle()


def _bring_back(parts: Sequence[TakingBack], progress: Progress) -> None:
    work = [
        (part, move) for part in parts for move in part.plan.moves if move.verb is Verb.BRING_BACK
    ]
    done = 0
    for stage in Stage:
        failed: list[PhotosError] = []
        of_stage = [item for item in work if item[1].stage is stage]
        for _, answer in in_parallel(_bring_one_back, of_stage, WORKERS):
            if isinstance(answer, PhotosError):
                failed.append(answer)
                continue
            done += 1
            progress("taking back", done, len(work))
        if failed:
            more = f" (and {len(failed) - 1:,} more like it)" if len(failed) > 1 else ""
            raise PublishError(
                f"{failed[0]}{more}; {len(work) - done:,} of {len(work):,} objects are still to be"
                " brought back, and nothing was deleted; run `invoke undo` again to go on"
            )


def _bring_one_back(work: tuple[TakingBack, Move]) -> None:
    part, move = work
    part.bring_back(move)


def _in_words(publication: Publication) -> str:
    what = "the undo" if publication.undoes else "the publish"
    return f"{what} of {publication.when} by {publication.host!r}"
