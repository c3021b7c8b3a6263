"""One object on its way from the bucket: into a part, checked, and not yet under its name.

A part of a large object survives a run that was killed.  Its name tells of which ETag it is,
so that the next run asks for the rest of the same object, and begins anew with another.
"""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pelican_photos import atomic
from pelican_photos.errors import BrokenOff, Damaged
from pelican_photos.publish.digests import BLOCK, part_etag
from pelican_photos.publish.local import whole_blocks
from pelican_photos.publish.pull_plan import There

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket

RESUMED = 8 << 20  # bytes above which a part is kept for the next run
_TRIES = 4  # answers that may break off, and one more for each ``RESUMED`` bytes
_PAUSE = 0.1  # seconds before the second try; each later one waits twice as long

Heard = Callable[[int], None]  # so many bytes have come


@dataclass(frozen=True, kw_only=True)
class Order:
    """An object to fetch, and the file that it is to be."""

    there: There
    path: Path

    @cached_property
    def part(self) -> Path:
        """Where it grows: beside the file, under a name that tells of the object."""
        mark = hashlib.sha256(f"{self.there.key}\n{self.there.etag}".encode()).hexdigest()[:16]
        return self.path.with_name(f".{mark}{atomic.PARTIAL}")

    @property
    def is_resumed(self) -> bool:
        """Whether what has come of it is kept when it breaks off."""
        return self.there.size > RESUMED


def fetch(order: Order, bucket: "Bucket", heard: Heard) -> bool:
    """Bring an object into its part, whole, with the time of its original.

    Wrong bytes are fetched once more.  Returns whether a digest vouches for them; without one,
    two fetches have to agree.

    Raises:
        Damaged: the bucket holds other bytes than were published.
        PublishError: the server refuses, or breaks off again and again.
        PhotosError: the disk is full, or cannot be written.
    """
    try:
        return _fetched(order, bucket, heard)
    except BaseException as error:
        if not order.is_resumed or isinstance(error, Damaged):
            with suppress(OSError):  # the first error is the one to tell
                order.part.unlink(missing_ok=True)
        raise


def _fetched(order: Order, bucket: "Bucket", heard: Heard) -> bool:
    first = _received(order, bucket, heard)
    if _is_right(order, first):
        return True
    with atomic.plain_disk_errors(order.path):
        order.part.unlink()
    heard(-order.there.size)
    second = _received(order, bucket, heard)
    if _is_right(order, second):
        return True
    if order.there.sha256 or second != first:
        raise Damaged(
            f"{order.there.key} in {bucket.name!r} is damaged: its bytes are not those that"
            " were published; publish again from a machine that has it"
        )
    return False


def _is_right(order: Order, sha256: str) -> bool:
    if order.there.sha256:
        return sha256 == order.there.sha256
    return part_etag(whole_blocks(order.part, BLOCK)) == order.there.etag


def _received(order: Order, bucket: "Bucket", heard: Heard) -> str:
    """Write what comes, and what is still lacking after each answer; gives its SHA-256."""
    size, sha256 = order.there.size, hashlib.sha256()
    left = _TRIES + size // RESUMED
    with _part(order) as file:
        done = 0
        with atomic.plain_disk_errors(order.path):
            while order.is_resumed and (block := os.read(file, BLOCK)):
                sha256.update(block)
                done += len(block)
        if done:
            heard(done)
        while True:
            try:
                for piece in bucket.pieces(order.there.key, order.there.etag, size, start=done):
                    with atomic.plain_disk_errors(order.path):
                        _write(file, piece)
                    sha256.update(piece)
                    done += len(piece)
                    heard(len(piece))
                break
            except BrokenOff:
                left -= 1
                if not left:
                    raise
                time.sleep(min(_PAUSE * 2 ** max(_TRIES - 1 - left, 0), 2.0))
        if order.there.modified:
            with atomic.plain_disk_errors(order.path):
                os.utime(order.part, ns=(order.there.modified, order.there.modified))
    return sha256.hexdigest()


@contextmanager
def _part(order: Order) -> Iterator[int]:
    """Open a part, that of an earlier run if it can be gone on with; any other is removed.

    It is the system's own number: each question that a file object asks lets other threads in.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    if not (order.is_resumed and _is_beginning(order)):
        flags |= os.O_EXCL
    with atomic.plain_disk_errors(order.path):
        try:
            number = os.open(order.part, flags, 0o666)
        except FileExistsError:
            order.part.unlink()
            number = os.open(order.part, flags, 0o666)
    try:
        yield number
    finally:
        with atomic.plain_disk_errors(order.path):
            os.close(number)


def _is_beginning(order: Order) -> bool:
    try:
        status = order.part.lstat()
    except FileNotFoundError:
        return False
    is_ours = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    return is_ours and status.st_size <= order.there.size


def _write(file: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:  # a system may take less than it is given
        rest = rest[os.write(file, rest) :]


def settle(part: Path, path: Path) -> None:
    """Bring a part down to the disk.

    Raises:
        PhotosError: it cannot be.
    """
    with atomic.plain_disk_errors(path):
        number = os.open(part, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(number)
        finally:
            os.close(number)
