"""What is on this machine of the originals that the pages name, and where the others may go."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from pelican_photos.errors import MetadataError, PhotosError, PublishError
from pelican_photos.publish.digests import BLOCK, part_etag
from pelican_photos.publish.keys import key_of
from pelican_photos.publish.local import public_blocks, whole_blocks
from pelican_photos.publish.parallel import in_batches
from pelican_photos.publish.pull_plan import Here, There, check_collisions, wrong_with
from pelican_photos.settings import Settings


class Places:
    """The files that the pages name, each with the keys under which the bucket may have it."""

    def __init__(self, settings: Settings, originals: Iterable[tuple[str, Path]]) -> None:
        """Look at each place once; nothing is read.

        Raises:
            Guarded: two places are one on some systems.
            PublishError: two files are to be one key.
        """
        self._folder = settings.photos
        self.root = settings.photos.resolve()  # of every path of ``keys``
        self._parents: dict[Path, Path] = {}
        self.keys: dict[Path, list[str]] = {}
        self.refused: list[str] = []
        owners: dict[str, Path] = {}
        for name, named in originals:
            key = key_of(name)
            path, wrong = self._place(named)
            if wrong:
                self.refused.append(f"{str(named)!r} is left out: {wrong}")
            elif owners.setdefault(key, path) != path:
                raise PublishError(f"{owners[key]} and {path} are both {key!r}; rename one of them")
            elif key not in self.keys.setdefault(path, []):
                self.keys[path].append(key)
        check_collisions(path.relative_to(self.root) for path in self.keys)

    def _place(self, path: Path) -> tuple[Path, str]:
        """Give the file itself below the photos' folder, and what is wrong with it or ""."""
        if not path.is_relative_to(self._folder):
            return path, "it lies outside the photos"
        if wrong := wrong_with(path.relative_to(self._folder)):
            return path, wrong
        try:
            return self._real(path)
        except (OSError, RuntimeError, ValueError) as error:  # such as links in a circle
            return path, f"it cannot be looked at ({type(error).__name__})"

    def _real(self, path: Path) -> tuple[Path, str]:
        """Follow links, as far as they stay below the photos' folder."""
        if path.parent not in self._parents:
            self._parents[path.parent] = path.parent.resolve()
        real = self._parents[path.parent] / path.name
        if real.is_symlink():
            real = real.resolve()
        if not real.is_relative_to(self.root) or wrong_with(real.relative_to(self.root)):
            return path, "a link leads out of the photos"
        if real.exists() and not real.is_file():
            return path, "no regular file is there"
        return real, ""


def read_here(
    wanted: Mapping[Path, There | None], heard: Callable[[int], None]
) -> Iterator[tuple[Path, Here | PhotosError | None]]:
    """Yield what each file holds, or None where there is none; all are read, none is trusted.

    A disk that loses bits changes neither size nor time.  ``heard`` gets how many were read.
    """
    for found in in_batches(lambda path: _looked_at(path, wanted[path]), sorted(wanted)):
        yield from found
        heard(len(found))


def _looked_at(path: Path, there: There | None) -> Here | PhotosError | None:
    try:
        return look_at(path, there)
    except PhotosError as error:
        return error


def look_at(path: Path, there: There | None) -> Here | None:
    """Read a file as far as it has to be compared; None where there is none.

    Raises:
        PublishError: it cannot be read.
    """
    try:
        status = path.stat()
        size, modified = status.st_size, status.st_mtime_ns
        if there is None or size != there.published:
            return Here(size=size, modified=modified)
        if not there.sha256:
            return Here(size=size, modified=modified, etag=part_etag(whole_blocks(path, BLOCK)))
        with path.open("rb", buffering=0) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PublishError(f"{path} cannot be read: {error.strerror or error}") from None
    public = "" if sha256 == there.sha256 or there.public_sha256 else _public_sha256(path)
    return Here(size=size, modified=modified, sha256=sha256, public_sha256=public)


def _public_sha256(path: Path) -> str:
    """Digest what the public would see of a file; "" where that cannot be told."""
    sha256 = hashlib.sha256()
    try:
        for block in public_blocks(path, BLOCK, keep_gps=False):
            sha256.update(block)
    except MetadataError:  # as of one that is damaged
        return ""
    return sha256.hexdigest()
