"""The digest of each file, as it will be public.

A file's time is never trusted alone: a digest is remembered together with the
file's size, times and inode, and only when these had settled before it was read.
"""

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from pelican_photos import __version__, atomic
from pelican_photos.errors import PublishError
from pelican_photos.public_rules import RULES
from pelican_photos.publish.local import (
    hides_something,
    plain_read_errors,
    public_blocks,
    whole,
    whole_blocks,
)
from pelican_photos.publish.objects import PART

BLOCK = 1 << 20  # bytes read at a time
# The coarsest clock of a file system is FAT's: a file may change within two
# seconds of its time without showing it.
_SETTLED_NS = 2_000_000_000

Signature = tuple[int, int, int, int]  # size, mtime, ctime (both ns), inode


@dataclass(frozen=True, slots=True)
class Digest:
    """A file's bytes as they will be public: how many, and their SHA-256 in hexadecimal."""

    size: int
    sha256: str
    untouched: str  # the SHA-256 of the file as it is: the same where it has nothing to hide
    modified: int  # when the file changed last, nanoseconds since 1970


def part_etag(blocks: Iterator[bytes]) -> str:
    """Compute the ETag that S3 gives to bytes in parts of ``PART``, or in one piece.

    They come in pieces of ``BLOCK``.  It is a plain MD5 for one put, and the MD5
    of the parts' MD5s with their number for several; with KMS encryption neither.
    """
    digests = []
    for first in blocks:
        digest = hashlib.md5(first, usedforsecurity=False)
        for block in islice(blocks, PART // BLOCK - 1):
            digest.update(block)
        digests.append(digest)
    if len(digests) == 1:
        return digests[0].hexdigest()
    together = b"".join(digest.digest() for digest in digests)
    whole = hashlib.md5(together, usedforsecurity=False).hexdigest()
    return f"{whole}-{len(digests)}" if digests else whole


def plain_etag(blocks: Iterator[bytes]) -> str:
    """Compute the ETag of bytes that were put in one piece, of any size: their MD5."""
    digest = hashlib.md5(usedforsecurity=False)
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


class Digests:
    """The digests of one folder's files, kept from run to run in one file.

    They count for the same ``keep_gps``, rules and release only, as these
    decide which bytes are public.
    """

    def __init__(self, notes: Path, *, keep_gps: bool) -> None:
        self._notes = notes
        self._keep_gps = keep_gps
        self._made_by = [2, RULES, __version__, keep_gps]
        self._old = self._read()
        self._new: dict[str, tuple[Signature, Digest]] = {}
        self._buffers = _Buffers()

    def remembered(self, path: Path) -> Digest | None:
        """Give the digest of a file that is as it was when it was last read.

        Raises:
            PublishError: it cannot be found.
        """
        name = str(path)
        note = self._old.get(name)
        if note is None or note[0] != _signature(path):
            return None
        self._new[name] = note
        return note[1]

    def measured(self, path: Path) -> Digest:
        """Read a file, and remember its digest if it has settled; several threads may.

        Raises:
            MetadataError: it cannot be cleaned.
            PublishError: it cannot be read.
        """
        signature, now = _signature(path), time.time_ns()
        untouched, size = self._buffers.sha256(path)
        before = self._old.get(str(path))
        if before is not None and before[1].untouched == untouched:
            sha256 = before[1].sha256  # written anew, with the same bytes: looked at already
        elif hides_something(path, keep_gps=self._keep_gps):
            sha256, size = _sha256(public_blocks(path, BLOCK, keep_gps=self._keep_gps))
        else:
            sha256 = untouched
        return self._noted(path, signature, Digest(size, sha256, untouched, signature[1]), now)

    def measured_text(self, path: Path) -> Digest:
        """Read a text of which the site is built, and remember its digest likewise.

        Lines may end as on Windows: git changes that from machine to machine.

        Raises:
            PublishError: it cannot be read.
        """
        signature, now = _signature(path), time.time_ns()
        small = signature[0] <= BLOCK  # no text is longer
        blocks = [whole(path).replace(b"\r\n", b"\n")] if small else whole_blocks(path, BLOCK)
        sha256, size = _sha256(blocks)
        return self._noted(path, signature, Digest(size, sha256, sha256, signature[1]), now)

    def _noted(self, path: Path, signature: Signature, digest: Digest, now: int) -> Digest:
        if max(signature[1], signature[2]) + _SETTLED_NS < now:
            self._new[str(path)] = (signature, digest)
        return digest

    def save(self) -> None:
        """Remember what this run met, and forget the rest."""
        if self._new == self._old:
            return
        files = {
            path: (*signature, digest.size, digest.sha256, digest.untouched, digest.modified)
            for path, (signature, digest) in self._new.items()
        }
        content = {"made_by": self._made_by, "files": files}
        atomic.write_bytes(self._notes, json.dumps(content, separators=(",", ":")).encode())

    def _read(self) -> Mapping[str, tuple[Signature, Digest]]:
        """Read the notes of the last run; notes that are torn or of another make are no notes."""
        try:
            content: Any = json.loads(self._notes.read_bytes())
            if content["made_by"] != self._made_by:
                return {}
            return {
                path: ((size, mtime, ctime, inode), Digest(*digest))
                for path, (size, mtime, ctime, inode, *digest) in content["files"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}


class _Buffers(threading.local):
    """Memory that each thread reads its files into: the system has not to clear it for each."""

    def __init__(self) -> None:
        self._buffer = memoryview(bytearray(BLOCK))

    def sha256(self, path: Path) -> tuple[str, int]:
        """Give the digest of a file, and how many bytes it has.

        Raises:
            PublishError: it cannot be read.
        """
        sha256, size = hashlib.sha256(), 0
        with plain_read_errors(path), path.open("rb", buffering=0) as file:
            while length := file.readinto(self._buffer):
                sha256.update(self._buffer[:length])
                size += length
        return sha256.hexdigest(), size


def _sha256(blocks: Iterable[bytes]) -> tuple[str, int]:
    sha256, size = hashlib.sha256(), 0
    for block in blocks:
        sha256.update(block)
        size += len(block)
    return sha256.hexdigest(), size


def _signature(path: Path) -> Signature:
    try:
        status = os.stat(path)  # noqa: PTH116 - twice as fast, and asked of every file
    except OSError as error:
        raise PublishError(f"{path} cannot be read: {error.strerror or error}") from None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
