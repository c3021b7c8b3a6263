"""The files of one medium: fetched, checked, and only then given their names."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pelican_photos import atomic, images
from pelican_photos.composition import Files
from pelican_photos.errors import MediaError
from pelican_photos.media_types import PICTURES, VIDEOS, extension_of
from pelican_photos.model import Media
from pelican_photos.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What was stored of one medium, with the SHA-256 of each file."""

    files: Files
    sha256: str = ""
    video_sha256: str = ""


def store_original(source: Source, media: Media, folder: Path, name: str) -> Original:
    """Fetch a picture, and its video if it is one's poster, into ``folder/name.*``.

    Both are checked before either is placed, so what lies there is whole.

    Raises:
        MediaError: a file did not come whole, or is not what it should be.
        ImageError: the picture cannot be decoded.
    """
    with ExitStack() as stack:
        picture = video = ("", "")
        width = height = 0
        picture_part = stack.enter_context(atomic.staged(folder / f"{name}.picture"))
        video_part = stack.enter_context(atomic.staged(folder / f"{name}.video"))
        if media.picture or media.kind == "image":
            picture = _fetch(source, media.picture, picture_part, PICTURES)
            width, height, _ = images.check(picture_part)
        if media.kind == "video":
            video = _fetch(source, media.video, video_part, VIDEOS)
        files = Files(_named(name, picture[0]), _named(name, video[0]), width, height)
        placed = [(picture_part, files.original, picture[1]), (video_part, files.video, video[1])]
        for _, file_name, digest in placed:
            _refuse_to_replace(folder / file_name, digest)
        for part, file_name, _ in placed:
            if file_name:
                atomic.place(part, folder / file_name)
        return Original(files=files, sha256=picture[1], video_sha256=video[1])


def digest_of(file: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _refuse_to_replace(file: Path, digest: str) -> None:
    """Leave another's file alone; one of the same bytes was left by a killed run."""
    if file.is_file() and digest_of(file) != digest:
        raise MediaError(f"{file} is there already and is another one; rename or remove it")


def _named(name: str, extension: str) -> str:
    return f"{name}.{extension}" if extension else ""


def _fetch(source: Source, address: str, part: Path, wanted: frozenset[str]) -> tuple[str, str]:
    """Fetch one file; gives its extension and its SHA-256."""
    if not address:
        raise MediaError(f"{source.name} gives no address for it")
    digest = hashlib.sha256()

    def counted() -> Iterator[bytes]:
        for piece in source.fetch(address):
            digest.update(piece)
            yield piece

    atomic.write_part(part, counted())
    with part.open("rb") as file:
        extension = extension_of(file.read(16))
    if extension not in wanted:
        raise MediaError("what came is not the picture or video that was promised")
    return extension, digest.hexdigest()
