"""What leaves this machine in place of an original: the same file without its secrets.

The original itself is never changed.  ``PHOTOS_KEEP_GPS`` lets places through, and nothing else.
"""

import io
import mmap
import os
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pelican_photos import atomic
from pelican_photos.errors import MetadataError, PhotosError
from pelican_photos.metadata import Patch, public_patches
from pelican_photos.public_rules import RULES

_PIECE = 1 << 20  # bytes read at a time
# The coarsest clock of a file system is FAT's: within two seconds a file may change unseen.
_SETTLED_NS = 2_000_000_000
# What follows in a copy's time is no time, but by which rules it was made; NTFS counts in 100 ns.
_STEP_NS, _STEPS = 100, 128


def open_public(path: Path, *, keep_gps: bool) -> BinaryIO:
    """Open a file as the public may see it; it can be read and sought in, and is as long.

    Nothing is copied: what has to be hidden is overwritten in what is read.  There is no
    ``fileno()`` then, behind which the untouched file would be found.

    Raises:
        MetadataError: its metadata cannot be cleaned; it names the file.
        OSError: it cannot be read.
    """
    file = path.open("rb", buffering=0)
    try:
        patches = _patches(file, path, keep_gps=keep_gps)
    except BaseException:
        file.close()
        raise
    return io.BufferedReader(_PatchedFile(file, patches) if patches else file)


def shows_all(file: BinaryIO) -> bool:
    """Tell whether what ``open_public`` gave is the file as it is, with nothing to hide."""
    return isinstance(getattr(file, "raw", None), io.FileIO)


def copy_public(path: Path, target: Path, *, keep_gps: bool) -> None:
    """Put a file where the public may see it: a hard link if possible, else a copy.

    A target that is right already is left alone.  A link is right when it is one.  A copy carries,
    as its time, that of the original's last change, which no program sets back (its last 12.8 us
    say by which rules it was made): with that time, the same length and all patches in place it is
    not read any further.

    Raises:
        MetadataError: its metadata cannot be cleaned; it names the file.
        PhotosError: it cannot be read, or the target cannot be written.
    """
    try:
        with path.open("rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            changed = _changed(before, keep_gps=keep_gps)
            patches = _patches(file, path, keep_gps=keep_gps)
            if not patches and (_is_link(path, target) or _link(path, target)):
                return
            with _PatchedFile(file, patches) as public:
                stamp = before.st_size, changed
                if not _is_current(target, stamp, patches) and not _is_same(public, target):
                    public.seek(0)
                    with _staged(target) as part:
                        atomic.write_part(part, _pieces(public))
                        atomic.place(part, target)
        _stamp(target, changed)
    except OSError as error:
        why = error.strerror or error
        raise PhotosError(f"{path} cannot be copied to {target}: {why}") from error


def _patches(file: io.FileIO, path: Path, *, keep_gps: bool) -> tuple[Patch, ...]:
    if not os.fstat(file.fileno()).st_size:
        return ()
    try:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return public_patches(data, keep_places=keep_gps)
    except MetadataError as error:
        raise MetadataError(
            f"{path} may say where it was taken, or with whose camera, and cannot be cleaned:"
            f" {error}; save it again without metadata"
        ) from error


class _PatchedFile(io.RawIOBase):
    """A file in which some bytes read differently from what is stored."""

    def __init__(self, file: io.FileIO, patches: Sequence[Patch]) -> None:
        self._file = file
        self._patches = patches
        self._ends = [patch.end for patch in patches]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    # Python 3.12 has a name for what can be written into.
    def readinto(self, buffer: Any, /) -> int:
        start = self._file.tell()
        read = self._file.readinto(buffer) or 0
        end = start + read
        with memoryview(buffer) as view:
            for patch in self._patches[bisect_right(self._ends, start) :]:
                first, last = max(patch.offset, start), min(patch.end, end)
                if first >= last:
                    break
                piece = patch.data[first - patch.offset : last - patch.offset]
                view[first - start : last - start] = piece
        return read

    def close(self) -> None:
        self._file.close()
        super().close()


def _pieces(file: io.RawIOBase) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


@contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """Lend a temporary name where nothing is: a killed run may have left a link to an original."""
    with atomic.staged(target) as part:
        part.unlink(missing_ok=True)
        yield part


def _is_link(path: Path, target: Path) -> bool:
    return target.exists() and target.samefile(path)


def _link(path: Path, target: Path) -> bool:
    """Make a hard link; false where there are none, as between two disks."""
    with _staged(target) as part:
        try:
            os.link(path.resolve(), part)
        except OSError:
            return False
        atomic.place(part, target)
    return True


def _is_current(target: Path, stamp: tuple[int, int], patches: Sequence[Patch]) -> bool:
    """Tell without reading it whether a copy is right; its patches are looked at all the same."""
    try:
        stat = target.lstat()
        if (stat.st_size, stat.st_mtime_ns) != stamp:
            return False
        with target.open("rb") as copy:
            for patch in patches:
                copy.seek(patch.offset)
                if copy.read(len(patch.data)) != patch.data:
                    return False
    except FileNotFoundError:
        return False
    return True


def _is_same(public: io.RawIOBase, target: Path) -> bool:
    """Compare two files, up to the first difference."""
    if not target.is_file() or target.stat().st_size != public.seek(0, os.SEEK_END):
        return False
    public.seek(0)
    with target.open("rb", buffering=0) as copy:
        return all(piece == copy.read(len(piece)) for piece in _pieces(public))


def _changed(stat: os.stat_result, *, keep_gps: bool) -> int:
    """Give when a file changed, and our rules.

    On Windows ``ctime`` is a file's birth, and ``mtime`` has to do.
    """
    changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
    rules = (RULES * 2 + keep_gps) % _STEPS
    return changed - changed % (_STEP_NS * _STEPS) + rules * _STEP_NS


def _stamp(target: Path, changed: int) -> None:
    """Give a copy the time of its original's last change, if that is long enough ago."""
    if changed + _SETTLED_NS < time.time_ns() and target.stat().st_mtime_ns != changed:
        os.utime(target, ns=(changed, changed))
