"""Files that are there whole, or not at all: temporary name, fsync, rename."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pelican_photos.errors import Busy, PhotosError

# Names of files that are not finished; what a killed run leaves behind is swept by the next.
PARTIAL = ".photos-part"


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file in one step.

    Raises:
        PhotosError: the disk is full, or the folder cannot be written.
    """
    write_pieces(path, [data])


def write_private(path: Path, data: bytes) -> None:
    """Write a file in one step that its owner alone may read, from its first byte on.

    Raises:
        PhotosError: the disk is full, or the folder cannot be written.
    """
    with staged(path) as part:
        write_part(part, [data], mode=0o600)
        place(part, path)


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file in one step from pieces; when they fail, nothing is left behind.

    Raises:
        PhotosError: the disk is full, or the folder cannot be written.
    """
    with staged(path) as part:
        write_part(part, pieces)
        place(part, path)


def copy(path: Path, to: Path) -> None:
    """Copy a file in one step.

    Raises:
        PhotosError: it cannot be read, the disk is full, or the folder cannot be written.
    """
    with plain_disk_errors(path), path.open("rb") as file:
        write_pieces(to, iter(lambda: file.read(2**20), b""))


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """Lend a temporary name beside ``path``; whatever is left there at the end is removed."""
    part = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    with plain_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield part
    finally:
        with plain_disk_errors(path):
            part.unlink(missing_ok=True)


def write_part(part: Path, pieces: Iterable[bytes], *, mode: int = 0o666) -> None:
    """Write pieces to a temporary name, down to the disk.

    What a killed run left there is removed first, not written into: it may be a link to
    an original.  ``mode`` is who may do what with the file, before the umask.
    """
    with plain_disk_errors(part):
        part.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with plain_disk_errors(part), os.fdopen(os.open(part, flags, mode), "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def place(part: Path, path: Path) -> None:
    """Give a finished file its name."""
    with plain_disk_errors(path):
        os.replace(part, path)  # noqa: PTH105 - Path.replace says nothing of atomicity


@contextmanager
def plain_disk_errors(path: Path) -> Iterator[None]:
    """Turn a full disk or a missing permission into one sentence."""
    try:
        yield
    except OSError as error:
        name = re.sub(rf"^\.(.+)\.[0-9]+{re.escape(PARTIAL)}$", r"\1", path.name)
        reason = error.strerror or error
        raise PhotosError(f"{path.with_name(name)} cannot be written: {reason}") from error


def make_private(folder: Path) -> None:
    """Make a folder of this machine's own notes, which git passes over in any site."""
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_bytes(ignore, b"*\n")


def sweep(folder: Path, kept: Collection[Path] = ()) -> None:
    """Remove what killed runs left below a folder, but for ``kept``; the caller holds the lock."""
    for file in files_below(folder):
        if file.name.endswith(PARTIAL) and file not in kept:
            with plain_disk_errors(file):
                file.unlink(missing_ok=True)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, through links as Pelican follows them, each once."""
    return map(Path, names_below(folder))


def names_below(folder: Path, unlisted: Callable[[OSError], object] | None = None) -> Iterator[str]:
    """Yield the same as texts: a path object takes five times the room, and of the time.

    ``unlisted`` hears of each folder that cannot be looked into; else it is passed over.
    """
    seen: set[str] = set()
    for place, folders, files in os.walk(folder, onerror=unlisted, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:  # a link that leads back up
            folders.clear()
            continue
        seen.add(real)
        yield from (f"{place}{os.sep}{name}" for name in files)


@contextmanager
def lock(path: Path, what: str) -> Iterator[None]:
    """Hold a lock file, which the system lets go of when the process dies.

    Raises:
        Busy: another process holds it; ``what`` names its work.
    """
    held = FileLock(path)
    with plain_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            held.acquire(timeout=0)
        except Timeout:  # an OSError, but not of the disk
            raise Busy(f"{what} is already running here; wait until it ends") from None
    try:
        yield
    finally:
        held.release()
