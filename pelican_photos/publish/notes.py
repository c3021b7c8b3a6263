"""The manifest of one bucket, read and written; and what this machine remembers of it.

A copy saves fetching it.  A list of what was put since says, after a publish that was killed,
what is already there.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos import atomic
from pelican_photos.publish import journal as journals
from pelican_photos.publish import manifest as manifests
from pelican_photos.publish.classify import SECRET
from pelican_photos.publish.manifest import Manifest
from pelican_photos.publish.objects import Known, Remote
from pelican_photos.publish.private import MANIFEST, journal_key

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket


class Notes:
    """One bucket's manifest, and in ``copy`` its ETag in a line, then its bytes."""

    def __init__(self, bucket: "Bucket", copy: Path) -> None:
        self._bucket = bucket
        self._copy = copy
        self._sent = copy.with_name(f"{copy.name}-sent")
        self._copied_etag = ""
        self.etag = ""  # of the manifest in the bucket, when this machine last saw it
        self.before = Manifest()  # as it was when this publish began
        self.manifest = Manifest()  # as it is now
        self.seen = Manifest()  # as this machine saw it last, in an earlier publish
        self.problem = ""  # a sentence, when the bucket's manifest could not be used

    def read(self, listed: Remote | None) -> Manifest:
        """Give the manifest that the bucket lists; it is fetched only when it is not the copy's.

        A damaged one counts as none, which makes no object ours: it is safe.

        Raises:
            PublishError: it cannot be fetched, or a later version wrote it.
        """
        self._copied_etag, self.seen = self._copied()
        self.etag = listed.etag if listed is not None else ""
        if listed is not None:
            self.manifest = self.seen if self._copied_etag == listed.etag else self._fetched()
        self.before = self.manifest
        return self.manifest

    def remembered(self) -> Mapping[str, Known]:
        """Give what this machine put and no manifest tells of; torn lines are none.

        Each counts only while the bucket lists its ETag.
        """
        return {**self.seen.objects, **self.sent()}

    def sent(self) -> Mapping[str, Known]:
        """Give what this machine put since it last wrote a manifest."""
        found: dict[str, Known] = {}
        with suppress(OSError):
            for line in self._sent.read_bytes().splitlines():
                with suppress(ValueError, TypeError):
                    key, entry = json.loads(line)
                    found[str(key)] = manifests.known_of(entry)
        return found

    def remember(self, key: str, entry: Known) -> None:
        """Note what was just put; several threads may.

        Raises:
            PhotosError: the disk is full, or the folder cannot be written.
        """
        line = json.dumps([key, entry.row()], separators=(",", ":")) + "\n"
        with atomic.plain_disk_errors(self._sent):
            # One write is one line, whichever thread is at it.
            notes = os.open(self._sent, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(notes, line.encode())
            finally:
                os.close(notes)

    def write(
        self, manifest: Manifest, *, with_journal: bool = True, with_copy: bool = True
    ) -> None:
        """Put a manifest into the bucket, its journal first, and bring the copy up to date.

        Without that, the copy says still what this machine saw when it published.

        Raises:
            PublishError: the server refuses, or somebody else has put one meanwhile.
        """
        if with_journal and self.manifest.objects != manifest.objects:
            journal = journals.journal_of(self.before, manifest)
            self._put(journal_key(manifest.publication.generation), journals.written(journal))
        content = manifests.written(manifest)
        self.etag = self._bucket.put_if_unchanged(
            MANIFEST,
            content,
            etag=self.etag,
            content_type="application/gzip",
            cache_control=SECRET,
        )
        self.manifest = manifest
        if with_copy:
            self.keep(content)
        else:
            self._forget_sent()

    def keep(self, content: bytes | None = None) -> None:
        """Remember the manifest as it is in the bucket, and forget the list of what was put."""
        if self.etag and (content is not None or self._copied_etag != self.etag):
            content = content or manifests.written(self.manifest)
            atomic.write_bytes(self._copy, self.etag.encode() + b"\n" + content)
            self._copied_etag = self.etag
        self._forget_sent()

    def _forget_sent(self) -> None:
        with atomic.plain_disk_errors(self._sent):
            self._sent.unlink(missing_ok=True)

    def _put(self, key: str, content: bytes) -> None:
        self._bucket.put(
            key,
            content,
            content_type="application/gzip",
            cache_control=SECRET,
        )

    def _copied(self) -> tuple[str, Manifest]:
        """Read the copy, and of which ETag it is; a missing or torn one is that of no manifest."""
        try:
            etag, _, content = self._copy.read_bytes().partition(b"\n")
            return etag.decode(), manifests.read(content)
        except (OSError, ValueError):
            return "", Manifest()

    def _fetched(self) -> Manifest:
        # One that was only damaged on its way is not given up: it says whose the bucket is.
        with suppress(ValueError):
            return manifests.read(self._bucket.read(MANIFEST))
        try:
            return manifests.read(self._bucket.read(MANIFEST))
        except ValueError as error:
            self.problem = f"{error}; objects are recognised by their content instead"
            return Manifest()
