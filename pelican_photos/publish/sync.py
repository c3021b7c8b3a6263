"""One bucket brought in line with this machine: surveyed, changed, and noted in its manifest."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from pelican_photos.errors import PhotosError, PublishError
from pelican_photos.publish import manifest as manifests
from pelican_photos.publish.claim import Machine, check_held, claimed
from pelican_photos.publish.manifest import Manifest, Publication
from pelican_photos.publish.objects import Change, Known, Reason, Remote, Role
from pelican_photos.publish.parallel import WORKERS, in_parallel
from pelican_photos.publish.plan import Grace, damaged, plan_sync
from pelican_photos.publish.rivalry import taken_back
from pelican_photos.publish.survey import Survey
from pelican_photos.publish.transfer import File, carry_out, recognise


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What belongs into one bucket: files, and keys for which this machine has none."""

    files: Mapping[str, File]
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes what, and when."""

    machine: Machine
    now: datetime
    site: str = ""  # its address; "" when only originals are published
    pages: Mapping[str, str] = field(default_factory=dict)  # as here: file to digest
    grace_days: int = 0


class Sync:
    """One bucket: what belongs there, what is there, and what has been done about it.

    To make one is to plan: nothing is changed anywhere.

    Raises:
        PublishError: a file cannot be read, or a key cannot be published.
    """

    def __init__(self, survey: Survey, target: Target, publisher: Publisher) -> None:
        self._survey = survey
        self.bucket = survey.bucket
        self._notes = survey.notes
        self._target = target
        self._publisher = publisher
        self._stored: dict[str, Known] = {}  # put, repaired or recognised by this run
        self._deleted: frozenset[str] = frozenset()
        self.claim = ""  # the ETag of our claim, while we hold it
        remote, manifest = survey.objects, self._notes.manifest
        self._stored.update(self._remembered(remote))
        self._known: Mapping[str, Known] = {**manifest.objects, **self._stored}
        self._stored.update(self._recognised(remote))
        self._known = {**self._known, **self._stored}
        # Objects that are none of ours, in a bucket of which no manifest says whose it is.
        told = self._notes.etag and not self._notes.problem
        self.strangers = 0 if told else len(remote.keys() - self._stored.keys())
        self.plan = plan_sync(
            {key: file.local for key, file in target.files.items()},
            remote,
            self._known,
            absent=target.absent,
            grace=Grace(manifest.retired, publisher.now, publisher.grace_days),
            prefix=self.bucket.prefix,
        )

    @property
    def pending(self) -> frozenset[str]:
        """The CDN's paths that an earlier publish changed and could not invalidate."""
        return self._notes.before.pending

    @property
    def problem(self) -> str:
        """A sentence for people, when the manifest could not be used."""
        return self._notes.problem

    def refuse_another_site(self) -> None:
        """Make sure that the bucket is this site's.

        Raises:
            Guarded: it holds another one.
        """
        self._survey.refuse_another_site(self._publisher.site, "publish")

    @property
    def damaged(self) -> tuple[str, ...]:
        """The originals here that have changed in a way that only damage does."""
        local = {key: file.local for key, file in self._target.files.items()}
        return damaged(local, self._known)

    @property
    def rival(self) -> Publication | None:
        """Who published the pages last, when that was another machine."""
        last = self._notes.before.author
        return last if last.machine not in ("", self._publisher.machine.number) else None

    @property
    def taken_back(self) -> tuple[str, ...]:
        """The pages of which another machine has published a version that this one lacks.

        Also where only originals go up: they are those of the pages.
        """
        if self.rival is None:
            return ()
        theirs = self._notes.before
        return taken_back(self._notes.seen.pages, theirs.pages, self._publisher.pages)

    @contextmanager
    def claimed(self, *, take_over: bool) -> Iterator[None]:
        """Be the one who publishes into this bucket.

        Raises:
            Overtaken: somebody else is at it, or has published since the survey.
        """
        publisher = self._publisher
        with claimed(
            self.bucket,
            self._notes.etag,
            publisher.machine,
            publisher.now,
            take_over=take_over,
        ) as self.claim:
            yield

    def store(self, change: Change) -> None:
        """Carry out one change; may be called from several threads.

        Raises:
            PublishError: the server refuses, or the file has changed meanwhile.
        """
        file = self._target.files[change.key]
        known = self._known.get(change.source or change.key)
        self._stored[change.key] = entry = carry_out(change, file, self.bucket, known)
        self._notes.remember(change.key, entry)

    def delete_stale(self) -> None:
        """Delete what was ours and is wanted no more.

        Raises:
            PublishError: the server keeps some of it; the rest is deleted.
        """
        stale = self.plan.stale
        refused = self.bucket.delete(stale)
        self._deleted = frozenset(stale) - refused.keys()
        if refused:
            key, answer = min(refused.items())
            raise PublishError(
                f"{len(refused):,} of {len(stale):,} stale objects stay in {self.bucket.name!r}:"
                f" {key}: {answer}; see whether the key in use may delete"
            )

    def changed(self) -> Mapping[str, Role]:
        """Give the keys of which a CDN may hold something older, each with its side.

        A new object is none: nobody has asked for it yet.  One that was only
        recognised is: a killed run may have put it and not told the CDN.
        """
        before = self._notes.before.objects
        new = {change.key for change in self.plan.changes if change.reason is Reason.MISSING}
        keys = {*self._stored, *self.plan.gone, *self._deleted} - (new - before.keys())
        return {key: (self._stored.get(key) or before[key]).role for key in keys}

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to change, and nothing to write down."""
        return (
            not self.plan.changes
            and not self._notes.problem
            and self._after(self.pending).says_the_same_as(self._notes.manifest)
        )

    def note(self, pending: frozenset[str]) -> None:
        """Write down what is ours now, and which of the CDN's paths still wait.

        Raises:
            Overtaken: somebody else has begun to publish.
            PublishError: the server refuses.
        """
        manifest = self._after(pending)
        if self._notes.problem or not manifest.says_the_same_as(self._notes.manifest):
            check_held(self.bucket, self._notes.etag, self.claim)
            self._notes.write(manifest)
        else:
            self._notes.keep()

    def keep(self) -> None:
        """Remember on this machine what the bucket has, in which there is nothing to do."""
        self._notes.keep()

    def _after(self, pending: frozenset[str]) -> Manifest:
        before, publisher = self._notes.before, self._publisher
        objects, retired = manifests.after(
            before, self.plan, self._stored, self._deleted, publisher.now
        )
        publication = replace(
            publisher.machine.publication(publisher.now),
            generation=before.publication.generation + 1,
        )
        return Manifest(
            objects=objects,
            retired=retired,
            pending=pending,
            site=publisher.site or before.site,
            pages=publisher.pages,
            author=publication,
            publication=publication,
        )

    def _remembered(self, remote: Mapping[str, Remote]) -> dict[str, Known]:
        """Give what this machine put and could not write down, as the bucket lists it still."""
        known = self._notes.manifest.objects
        return {
            key: entry
            for key, entry in self._notes.remembered().items()
            if key in remote
            and remote[key].etag == entry.etag
            and (key not in known or known[key].etag != entry.etag)
        }

    def _recognised(self, remote: Mapping[str, Remote]) -> Iterator[tuple[str, Known]]:
        """Yield what nothing tells of, although the bucket holds just our bytes.

        So a lost manifest costs no upload.
        """

        def look(file: File) -> Known | None:
            return recognise(file, remote[file.key])

        for file, answer in in_parallel(look, self._unclaimed(remote), WORKERS):
            if isinstance(answer, PhotosError):
                raise answer
            if answer is not None:
                yield file.key, answer

    def _unclaimed(self, remote: Mapping[str, Remote]) -> Iterator[File]:
        for key, file in self._target.files.items():
            there, known = remote.get(key), self._known.get(key)
            if there is None or there.size != file.local.size:
                continue
            if known is None or known.etag != there.etag:
                yield file
