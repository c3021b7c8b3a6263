"""One bucket of which the last publish is taken back: surveyed, changed, and noted."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pelican_photos.errors import Guarded, PublishError
from pelican_photos.publish import journal as journals
from pelican_photos.publish.claim import Machine, check_held, claimed
from pelican_photos.publish.journal import Journal
from pelican_photos.publish.manifest import Manifest, Publication
from pelican_photos.publish.objects import Known, Role, Version
from pelican_photos.publish.private import JOURNALS, journal_key
from pelican_photos.publish.survey import Survey
from pelican_photos.publish.undo_plan import (
    Move,
    UndoPlan,
    Verb,
    fits,
    keeps_none,
    objects_after,
    plan_undo,
    sources,
)

if TYPE_CHECKING:
    from pelican_photos.publish.versions import Versions


class TakingBack:
    """One bucket: what its last publish did, and what has been taken back of it."""

    def __init__(self, survey: Survey, versions: "Versions") -> None:
        self._survey = survey
        self.bucket = survey.bucket
        self._versions = versions
        self._notes = survey.notes
        self._sources: Mapping[str, Version] = {}
        self._restored: dict[str, Known] = {}
        self._lock = threading.Lock()
        self._remote = survey.listed
        self._claim = ""
        self.manifest = survey.notes.manifest
        self.journal = self._last_journal()
        self.plan = UndoPlan()

    @property
    def pending(self) -> frozenset[str]:
        """The CDN's paths that an earlier run changed and could not invalidate."""
        return self.manifest.pending

    def changed(self) -> Mapping[str, Role]:
        """Give what the publish changed for a viewer, also what a killed undo took back."""
        return self.plan.touched

    def refuse_another_site(self, siteurl: str) -> None:
        """Make sure that the bucket is this site's.

        Raises:
            Guarded: it holds another one.
        """
        self._survey.refuse_another_site(siteurl, "undo")

    def look(self, photos: str, *, overwrite: bool) -> None:
        """Plan, and find the versions that are wanted; nothing is changed.

        Raises:
            Guarded: somebody has changed an object since, or a version is gone.
            PublishError: the server refuses.
        """
        if self.journal is None:
            return
        self.plan = plan_undo(
            self.journal.steps, self._remote, self._notes.sent(), photos=photos, overwrite=overwrite
        )
        if changed := self.plan.changed:
            raise Guarded(
                f"{_named(changed)} in {self.bucket.name!r}: changed since that publish; finish"
                " the other publish first, or undo with --overwrite"
            )
        versions = self._versions.of([move.key for move in self.plan.moves])
        if self.plan.moves and keeps_none(versions):
            raise Guarded(
                f"{self.bucket.name!r} keeps no versions of its objects, or no longer, so nothing"
                " can be taken back; turn versioning on for the next time, and publish the older"
                " site again"
            )
        self._sources, missing = sources(self.plan, versions)
        if missing:
            raise Guarded(
                f"{_named(missing)} in {self.bucket.name!r}: the version to bring back is gone;"
                " nothing was changed; publish the older site again"
            )

    @contextmanager
    def claimed(self, machine: Machine, now: datetime, *, take_over: bool) -> Iterator[None]:
        """Be the one who publishes into this bucket.

        Raises:
            Overtaken: somebody else is at it, or has published since the survey.
        """
        with claimed(
            self.bucket, self._notes.etag, machine, now, take_over=take_over
        ) as self._claim:
            yield

    def bring_back(self, move: Move) -> None:
        """Restore one object; may be called from several threads.

        Raises:
            PublishError: the server refuses.
        """
        etag = self._versions.bring_back(self._sources[move.key], move.known)
        entry = replace(move.known, etag=etag)
        self._notes.remember(move.key, entry)
        with self._lock:
            self._restored[move.key] = entry

    def delete_created(self) -> None:
        """Delete what the publish had created.

        Raises:
            PublishError: the server keeps some of it.
        """
        doomed = [move.key for move in self.plan.moves if move.verb is Verb.DELETE]
        if refused := self.bucket.delete(doomed):
            key, answer = min(refused.items())
            raise PublishError(
                f"{len(refused):,} of {len(doomed):,} objects stay in {self.bucket.name!r}:"
                f" {key}: {answer}; see whether the key in use may delete, then undo again"
            )

    def note(self, publication: Publication, pending: frozenset[str]) -> None:
        """Write down what is ours now, and which of the CDN's paths still wait.

        Raises:
            Overtaken: somebody else has begun to publish.
            PublishError: the server refuses.
        """
        before = self.manifest
        objects = objects_after(before, self.plan, self._restored)
        self._write(
            replace(
                before,
                objects=objects,
                retired={key: at for key, at in before.retired.items() if key in objects},
                publication=replace(publication, generation=before.publication.generation + 1),
                pending=pending,
            )
        )

    def settle(self) -> None:
        """Write down that the CDN knows.

        Raises:
            Overtaken: somebody else has begun to publish.
            PublishError: the server refuses.
        """
        if self.pending:
            self._write(replace(self.manifest, pending=frozenset()))

    def _write(self, manifest: Manifest) -> None:
        check_held(self.bucket, self._notes.etag, self._claim)
        # The next publish compares its pages with what it saw itself: an undo looks at none.
        self._notes.write(manifest, with_copy=False)
        self.manifest = manifest

    def _last_journal(self) -> Journal | None:
        """Read the newest journal that the manifest agrees with.

        Raises:
            Guarded: the manifest or a journal is damaged.
        """
        if self._notes.problem:
            raise Guarded(f"{self.bucket.name!r}: {self._notes.problem}; nothing can be taken back")
        latest = journal_key(self.manifest.publication.generation)
        for key in sorted((key for key in self._remote if key.startswith(JOURNALS)), reverse=True):
            if key > latest:
                continue
            try:
                journal = journals.read(self.bucket.read(key))
            except ValueError as error:
                raise Guarded(f"{key} in {self.bucket.name!r}: {error}") from error
            if fits(journal, self.manifest):
                return journal
        return None


def _named(keys: Sequence[str]) -> str:
    return ", ".join(keys[:3]) + (f" and {len(keys) - 3:,} more" if len(keys) > 3 else "")
