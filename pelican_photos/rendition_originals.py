"""An original on disk, beside what the index remembers of it: its name, its stamp, its digest."""

import hashlib
import os
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pelican_photos.errors import ImageError
from pelican_photos.rendition_cache import Known, Seen

UNSETTLED = "just written"  # the stamp of no file
_SECOND = 1_000_000_000  # nanoseconds
_TICK = _SECOND // 50  # Linux up to 6.12 gives files the time of its last tick, 1 to 10 ms ago
_COARSE_TICK = 2 * _SECOND  # of FAT; HFS+ and ext3 have whole seconds


class Names:
    """What the index of a cache calls originals, alike on every machine and system."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache.absolute()
        self._folders: dict[str, str] = {}

    def of(self, path: Path) -> str:
        """Name an original by its path from the cache."""
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = self._below(folder or os.curdir)
        return f"{self._folders[folder]}{name}".encode(errors="backslashreplace").decode()

    def _below(self, folder: str) -> str:
        try:
            below = os.path.relpath(folder, self._cache)
        except ValueError:  # another drive
            below = str(Path(folder).resolve())
        return "" if below == os.curdir else f"{below.replace(os.sep, '/')}/"


def stamp_of(status: os.stat_result) -> str:
    """Tell one state of a file from another."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"


def present_stamp(path: Path) -> str:
    """Tell the present state of an original; "" where it cannot be found."""
    try:
        return stamp_of(path.stat())
    except (OSError, ValueError):  # a NUL in its name
        return ""


def read_original(path: Path) -> Seen:
    """Read an original whole, for its digest.

    Raises:
        ImageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            stamp = stamp_of(os.fstat(file.fileno()))
            return Seen(stamp, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror}") from error


def lasting(seen: Seen, read_at: int) -> Seen:
    """Give what may be remembered of an original that was read at ``read_at``, in ns since 1970.

    Where it was written a moment before, another change within one tick of the file system's
    clock would leave size, time and inode as they are: then its stamp is that of no file, and it
    is read once more.
    """
    modified = int(seen.stamp.split()[1])
    tick = _COARSE_TICK if modified % _SECOND == 0 else _TICK
    return Seen(UNSETTLED, seen.digest) if abs(read_at - modified) < tick else seen


class State(StrEnum):
    """What has become of an original since it was read last."""

    SAME = "as it was"
    TOUCHED = "the same bytes in another file"
    CHANGED = "other bytes"
    NEW = "not read yet"
    MISSING = "missing, or not to be read"


class Original(NamedTuple):
    """One original."""

    name: str  # in the index
    state: State
    was: str = ""  # the digest that the index has; "" for none
    digest: str = ""  # the present one; "" for one that is missing
    stamp: str = ""


def look_at(path: Path, known: Known, names: Names) -> Original:
    """Compare an original with the index; it is read only where its stamp is another one."""
    name = names.of(path)
    seen = known.originals.get(name)
    was = seen.digest if seen else ""
    stamp = present_stamp(path)
    if seen and stamp == seen.stamp:
        return Original(name, State.SAME, was, was, stamp)
    try:
        stamp, digest = read_original(path)
    except (ImageError, ValueError):
        return Original(name, State.MISSING, was)
    state = State.NEW if not seen else State.TOUCHED if digest == was else State.CHANGED
    return Original(name, state, was, digest, stamp)
