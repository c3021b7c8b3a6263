"""Files that are there whole, or not at all: temporary name, fsync, rename."""

import os
from collections.abc import Iterable, Iterator
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


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file in one step from pieces; when they fail, nothing is left behind.

    Raises:
        PhotosError: the disk is full, or the folder cannot be written.
    """
    with staged(path) as part:
        write_part(part, pieces)
        place(part, path)


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """Lend a temporary name beside ``path``; whatever is left there at the end is removed."""
    part = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    with plain_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def write_part(part: Path, pieces: Iterable[bytes]) -> None:
    """Write pieces to a temporary name, down to the disk.

    What a killed run left there is removed first, not written into: it may be a link to
    an original.
    """
    with plain_disk_errors(part):
        part.unlink(missing_ok=True)
    with plain_disk_errors(part), part.open("xb") as file:
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
        raise PhotosError(f"{path} cannot be written: {error.strerror or error}") from error


def sweep(folder: Path) -> None:
    """Remove what killed runs left below a folder; the caller holds the lock."""
    for part in folder.rglob(f".*{PARTIAL}"):
        part.unlink(missing_ok=True)


@contextmanager
def lock(path: Path, what: str) -> Iterator[None]:
    """Hold a lock file, which the system lets go of when the process dies.

    Raises:
        Busy: another process holds it; ``what`` names its work.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(path)
    try:
        held.acquire(timeout=0)
    except Timeout:
        raise Busy(f"{what} is already running here; wait until it ends") from None
    try:
        yield
    finally:
        held.release()
