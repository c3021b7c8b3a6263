"""Who uses the cache: the builds that run now, and those that were broken off.

Each build holds a lock file of its own in ``PHOTOS_CACHE/builds``, which the system lets go of
when the process dies; a whole build removes it.  So a file that is locked is a build that runs,
and one that is not was killed, and has left unfinished files behind.  Whoever adds to the
folder or judges what is in it holds ``door.lock`` meanwhile, for milliseconds.
"""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pelican_photos.atomic import PARTIAL, plain_disk_errors
from pelican_photos.errors import Busy, PhotosError

_DOOR = "door.lock"
_PATIENCE = 10  # seconds a build waits for the door: more than any batch of removals takes
_POLL = 0.005  # seconds
_PAUSE = 0.03  # seconds in which a waiting build comes through
_BATCH = 2000  # removals between two pauses: about a tenth of a second
_NAME = re.compile(r"(?P<pid>[0-9]+)-(?P<where>[0-9a-f]{12})-[0-9a-f]{12}\.lock")
# Of ``atomic.staged``, of pages, and of renditions that were not yet on the shelf.
_PART = re.compile(rf"(?:\..+\.([0-9]+){re.escape(PARTIAL)}|[0-9a-f]{{64}}\.([0-9]+)\.[0-9]+)")


class RunningBuild:
    """One build of the site in ``output``, from ``begin`` to ``end``."""

    def __init__(self, cache: Path, output: Path) -> None:
        self._folder = cache / "builds"
        self._cache = cache
        self._output = output
        self._lock: FileLock | None = None

    def begin(self) -> None:
        """Make this build known, and remove what killed builds of the same output left there.

        Where the cache cannot be written, nobody can take anything out of it either.

        Raises:
            PhotosError: what they left cannot be removed.
        """
        where = _where(self._output, self._cache)
        name = f"{os.getpid()}-{where}-{secrets.token_hex(6)}.lock"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with _door(self._folder, _PATIENCE):
                dead, alive = _judged(self._folder, where)
                self._lock = FileLock(self._folder / name)
                self._lock.acquire(timeout=0)
        except (OSError, NotImplementedError):
            self._lock = None
            return
        _clear(dead, alive, (self._output, self._cache))

    def end(self) -> None:
        """Say that the build is whole, or that it ended in good order."""
        if self._lock is not None:
            _forget(self._lock)
            self._lock = None


def moment(cache: Path) -> int:
    """Mark a moment: the next build that begins or ends makes another one of it.

    Raises:
        PhotosError: the cache cannot be written.
    """
    folder = cache / "builds"
    with plain_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _DOOR).touch()
        return folder.stat().st_mtime_ns


def remove(cache: Path, files: Iterable[Path], since: int) -> Iterator[Path]:
    """Remove files that no build needs, as was found out at a moment; yields each that is gone.

    A build that begins meanwhile waits for a moment, and this ends.

    Raises:
        Busy: a build runs, or has run since.
        PhotosError: a file cannot be removed, or the file system has no locks.
    """
    waiting = iter(files)
    more = True
    while more:
        with alone(cache, since):
            more = False
            for number, file in enumerate(waiting, start=1):
                with plain_disk_errors(file):
                    file.unlink(missing_ok=True)
                yield file
                if number == _BATCH:
                    more = True
                    break
        time.sleep(_PAUSE)


@contextmanager
def alone(cache: Path, since: int) -> Iterator[None]:
    """Keep builds out; they wait for it, so that it must not take long.

    Raises:
        Busy: a build runs, or has run since.
        PhotosError: the file system has no locks.
    """
    folder = cache / "builds"
    with plain_disk_errors(folder), _door(folder, 0, is_needed=True):
        if _judged(folder)[1]:
            raise Busy("a build uses the cache; wait until it ends, then run this again")
        if folder.stat().st_mtime_ns != since:
            raise Busy("a build has used the cache meanwhile; run this again")
        yield


def clear_up(cache: Path, outputs: Collection[Path]) -> None:
    """Remove what killed builds of some outputs left behind.

    Raises:
        PhotosError: it cannot be removed.
    """
    folder = cache / "builds"
    for output in outputs if folder.is_dir() else ():
        with plain_disk_errors(folder), _door(folder, _PATIENCE):
            dead, alive = _judged(folder, _where(output, cache))
        _clear(dead, alive, (output, cache))


def unfinished(cache: Path) -> list[Path]:
    """List the renditions that were never finished."""
    folder = cache / "renditions" / "unfinished"
    return sorted(folder.iterdir()) if folder.is_dir() else []


@contextmanager
def _door(folder: Path, patience: float, *, is_needed: bool = False) -> Iterator[None]:
    """Hold the door; a build goes through after some time, whoever has fallen asleep in it."""
    door = FileLock(folder / _DOOR)
    try:
        door.acquire(timeout=patience, poll_interval=_POLL)
    except Timeout:
        if is_needed:
            raise Busy("another build or clean-up has just begun; run this again") from None
    except NotImplementedError:
        if is_needed:
            raise PhotosError(f"{folder}: this file system has no locks") from None
    try:
        yield
    finally:
        door.release()


def _where(output: Path, cache: Path) -> str:
    """Name an output, alike when it and the cache move together."""
    try:
        below = os.path.relpath(output, cache)
    except ValueError:  # another drive
        below = str(output)
    return hashlib.sha256(below.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _builds(folder: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    for file in folder.iterdir():
        if match := _NAME.fullmatch(file.name):
            yield file, match


def _judged(folder: Path, where: str = "") -> tuple[dict[FileLock, int], set[int]]:
    """Take the locks of builds that were killed while they made one output.

    Gives these with the process ids they had, and the ids of the builds that run.
    """
    dead: dict[FileLock, int] = {}
    alive: set[int] = set()
    for file, match in _builds(folder):
        lock = FileLock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            alive.add(int(match["pid"]))
        else:
            if match["where"] == where:
                dead[lock] = int(match["pid"])
            else:
                lock.release()
    return dead, alive


def _clear(dead: Mapping[FileLock, int], alive: Collection[int], folders: Iterable[Path]) -> None:
    """Remove the unfinished files of processes that are gone, then what tells of them.

    Another one may have the same id by now, as in two containers; its turn comes later.
    """
    gone = set(dead.values()) - set(alive)
    try:
        for folder in folders if gone else ():
            _sweep(folder, gone)
        for lock, pid in dead.items():
            if pid in gone:
                _forget(lock)
    finally:
        for lock in dead:
            lock.release()


def _forget(lock: FileLock) -> None:
    """Remove a lock file; it is let go before, as some systems remove nothing that is open."""
    file = Path(lock.lock_file)
    lock.release()
    with suppress(PermissionError):  # somebody looks at it: it tells of a killed build then
        file.unlink(missing_ok=True)


def _sweep(folder: Path, gone: Collection[int]) -> None:
    for place, _, names in os.walk(folder):
        for name in names:
            match = _PART.fullmatch(name)
            if match and int(match[1] or match[2]) in gone:
                file = Path(place, name)
                with plain_disk_errors(file):
                    file.unlink(missing_ok=True)
