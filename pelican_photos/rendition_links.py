"""Renditions where the site serves them: hard links into the cache, or copies of it."""

import os
from pathlib import Path

from pelican_photos.atomic import place, plain_disk_errors, staged, write_part


def link(file: Path, target: Path) -> None:
    """Put a rendition where the site serves it: a hard link, or a copy where links fail.

    Raises:
        PhotosError: it cannot be put there.
    """
    with plain_disk_errors(target):
        if not _is_same(file, target):
            with staged(target) as part:
                _link_or_copy(file, part)
                place(part, target)


def _is_same(file: Path, target: Path) -> bool:
    """Whether ``target`` is this very file, or a copy of it."""
    try:
        there = target.stat()
    except FileNotFoundError:
        return False
    here = file.stat()
    if os.path.samestat(here, there):
        return True
    return here.st_size == there.st_size and file.read_bytes() == target.read_bytes()


def _link_or_copy(file: Path, target: Path) -> None:
    try:
        os.link(file, target)
    except OSError:  # another file system, or one without hard links
        write_part(target, [file.read_bytes()])
