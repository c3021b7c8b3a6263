"""What is on this machine: the files of the built site, and their bytes as the public sees them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pelican_photos.content_types import is_picture_or_video
from pelican_photos.errors import PublishError
from pelican_photos.media_types import extension_of
from pelican_photos.publish.keys import key_of


def site_files(output: Path) -> dict[str, Path]:
    """List the built site by key.

    A name that begins with a dot stays here (``.DS_Store``, ``.git``), but for
    ``.well-known``, which is part of the web.

    Raises:
        PublishError: a link leads out of the folder, or two names are one key.
    """
    if not output.is_dir():
        raise PublishError(f"there is no built site in {output}; build it first")
    root, found = output.resolve(), dict[str, Path]()
    before = len(str(root)) + 1
    for path in _walk(root, root):
        key = key_of(str(path)[before:].replace(os.sep, "/"))
        if key in found:
            raise PublishError(f"two files are named {key!r}, composed differently; remove one")
        found[key] = path
    return found


def _walk(folder: Path, root: Path) -> Iterator[Path]:
    with plain_read_errors(folder):
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith(".") and entry.name != ".well-known":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root)
        elif entry.is_file(follow_symlinks=False):
            yield path
        else:
            yield checked_file(path, root)


def checked_file(path: Path, root: Path) -> Path:
    """Give back a file that may be published.

    Raises:
        PublishError: it is no regular file, or a link that leads out of ``root``.
    """
    if not path.is_file():
        raise PublishError(f"{path} is no regular file; put a file there, or remove it")
    if not path.resolve().is_relative_to(root):
        raise PublishError(f"{path} leads out of {root}; put the file itself there")
    return path


def public_blocks(path: Path, size: int, *, keep_gps: bool) -> Iterator[bytes]:
    """Yield a file as the public may see it, in pieces of ``size`` bytes; the last may be shorter.

    Raises:
        MetadataError: it is a picture or video whose private metadata cannot be taken out.
        PublishError: it cannot be read.
    """
    return _blocks(path, size, partial(_opened, keep_gps=keep_gps))


def hides_something(path: Path, *, keep_gps: bool) -> bool:
    """Tell whether the public may not see all of a file.

    Raises:
        MetadataError: it is a picture or video whose private metadata cannot be taken out.
        PublishError: it cannot be read.
    """
    with plain_read_errors(path), _opened(path, keep_gps=keep_gps) as file:
        from pelican_photos.public_copy import shows_all  # noqa: PLC0415 - as below

        return not shows_all(file)


def whole_blocks(path: Path, size: int) -> Iterator[bytes]:
    """Yield a file as it is, in pieces of ``size`` bytes.

    Raises:
        PublishError: it cannot be read.
    """
    return _blocks(path, size, _opened_whole)


def whole(path: Path) -> bytes:
    """Read a small file as it is.

    Raises:
        PublishError: it cannot be read.
    """
    with plain_read_errors(path):
        return path.read_bytes()


@contextmanager
def plain_read_errors(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into one sentence.

    Raises:
        PublishError: it cannot be read.
    """
    try:
        yield
    except OSError as error:
        raise PublishError(f"{path} cannot be read: {error.strerror or error}") from None


def _blocks(path: Path, size: int, opened: Callable[[Path], BinaryIO]) -> Iterator[bytes]:
    with plain_read_errors(path), opened(path) as file:
        while block := file.read(size):
            yield block


def _opened(path: Path, *, keep_gps: bool) -> BinaryIO:
    if is_picture_or_video(path.name) or _looks_like_one(path):
        # It knows every format of metadata: nothing to load for files that have not changed.
        from pelican_photos.public_copy import open_public  # noqa: PLC0415

        return open_public(path, keep_gps=keep_gps)
    return path.open("rb")


def _opened_whole(path: Path) -> BinaryIO:
    return path.open("rb")


def _looks_like_one(path: Path) -> bool:
    """Say whether a file begins as a picture or video does; a "photo.jpe" has metadata too."""
    with path.open("rb") as file:
        return bool(extension_of(file.read(16)))
