"""The manifest of one bucket, read and written; and the copy that saves fetching it."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos import atomic
from pelican_photos.publish import manifest as manifests
from pelican_photos.publish.classify import ASK_EACH_TIME
from pelican_photos.publish.manifest import Manifest
from pelican_photos.publish.plan import Remote

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket


class Notes:
    """What this machine remembers of one bucket: the manifest's ETag in a line, then its bytes."""

    def __init__(self, bucket: "Bucket", copy: Path) -> None:
        self._bucket = bucket
        self._copy = copy
        self._listed: Remote | None = None
        self._read = Manifest()
        self.problem = ""  # a sentence, when the bucket's manifest could not be used

    def read(self, listed: Remote | None) -> Manifest:
        """Give the manifest that the bucket lists; it is fetched only when it is not the copy's.

        A damaged one counts as none, which makes no object ours: it is safe.

        Raises:
            PublishError: it cannot be fetched, or a later version wrote it.
        """
        self._listed = listed
        if listed is not None:
            self._read = self._copied(listed) or self._fetched()
        return self._read

    def write(self, manifest: Manifest) -> None:
        """Put the manifest into the bucket if it changed, and bring the copy up to date."""
        if manifest != self._read or self.problem:
            content = manifests.written(manifest)
            etag = self._bucket.put(
                manifests.KEY,
                content,
                sha256=hashlib.sha256(content).digest(),
                content_type="application/json",
                cache_control=ASK_EACH_TIME,
            )
        elif self._listed is None or self._copied(self._listed) is not None:
            return
        else:
            content, etag = manifests.written(manifest), self._listed.etag
        self._read = manifest
        atomic.write_bytes(self._copy, etag.encode() + b"\n" + content)

    def _copied(self, listed: Remote) -> Manifest | None:
        """Read the copy; None when it is missing, torn, or of another manifest."""
        try:
            etag, _, content = self._copy.read_bytes().partition(b"\n")
            return manifests.read(content) if etag == listed.etag.encode() else None
        except (OSError, ValueError):
            return None

    def _fetched(self) -> Manifest:
        try:
            return manifests.read(self._bucket.read(manifests.KEY))
        except ValueError as error:
            self.problem = f"{error}; objects are recognised by their content instead"
            return Manifest()
