"""One bucket brought in line with this machine: surveyed, changed, and noted in its manifest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pelican_photos.errors import PhotosError, PublishError
from pelican_photos.publish import manifest as manifests
from pelican_photos.publish.manifest import Manifest
from pelican_photos.publish.parallel import WORKERS, in_parallel
from pelican_photos.publish.plan import Change, Known, Reason, Remote, Role, plan_sync
from pelican_photos.publish.transfer import File, recognise, repair, send

if TYPE_CHECKING:
    from pelican_photos.publish.notes import Notes
    from pelican_photos.publish.s3 import Bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What belongs into one bucket: files, and keys for which this machine has none."""

    files: Mapping[str, File]
    absent: frozenset[str] = frozenset()


class Sync:
    """One bucket: what belongs there, what is there, and what has been done about it."""

    def __init__(self, bucket: "Bucket", target: Target, notes: "Notes") -> None:
        self.bucket = bucket
        self._target = target
        self._notes = notes
        self._manifest = Manifest()
        self._stored: dict[str, Known] = {}  # put, repaired or recognised by this run
        self._deleted: frozenset[str] = frozenset()
        self.plan = plan_sync({}, {}, {})

    @property
    def pending(self) -> frozenset[str]:
        """The CDN's paths that an earlier publish changed and could not invalidate."""
        return self._manifest.pending

    @property
    def problem(self) -> str:
        """A sentence for people, when the manifest could not be used."""
        return self._notes.problem

    def survey(self) -> None:
        """List the bucket and plan; nothing is changed anywhere.

        Raises:
            PublishError: the bucket cannot be read, or a key cannot be published.
        """
        remote = self.bucket.listing()
        self._manifest = self._notes.read(remote.pop(manifests.KEY, None))
        self._stored = dict(self._recognised(remote))
        self.plan = plan_sync(
            {key: file.local for key, file in self._target.files.items()},
            remote,
            {**self._manifest.objects, **self._stored},
            absent=self._target.absent,
            prefix=self.bucket.prefix,
        )

    def store(self, change: Change) -> None:
        """Carry out one change; may be called from several threads.

        Raises:
            PublishError: the server refuses, or the file has changed meanwhile.
        """
        file = self._target.files[change.key]
        carry_out = repair if change.reason is Reason.HEADERS else send
        self._stored[change.key] = carry_out(file, self.bucket)

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
        before = self._manifest.objects
        new = {change.key for change in self.plan.changes if change.reason is Reason.MISSING}
        keys = {*self._stored, *self.plan.gone, *self._deleted} - (new - before.keys())
        return {key: (self._stored.get(key) or before[key]).role for key in keys}

    def note(self, pending: frozenset[str]) -> None:
        """Write down what is ours now, and which of the CDN's paths still wait.

        Raises:
            PublishError: the server refuses.
        """
        manifest = manifests.after(self._manifest, self.plan, self._stored, self._deleted, pending)
        self._notes.write(manifest)

    def _recognised(self, remote: Mapping[str, Remote]) -> Iterator[tuple[str, Known]]:
        """Yield what the manifest does not tell of, although the bucket holds just our bytes.

        So a publish that was killed goes on where it was, and a lost manifest costs no upload.
        """

        def look(file: File) -> Known | None:
            return recognise(file, remote[file.key], self.bucket)

        for file, answer in in_parallel(look, self._unclaimed(remote), WORKERS):
            if isinstance(answer, PhotosError):
                raise answer
            if answer is not None:
                yield file.key, answer

    def _unclaimed(self, remote: Mapping[str, Remote]) -> Iterator[File]:
        for key, file in self._target.files.items():
            there, known = remote.get(key), self._manifest.objects.get(key)
            if there is None or there.size != file.local.size:
                continue
            if known is None or known.etag != there.etag:
                yield file
