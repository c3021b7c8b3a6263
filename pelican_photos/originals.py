"""The files of one medium: fetched, checked, and only then given their names."""

import hashlib
import io
import mmap
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pelican_photos import atomic, film_still, images
from pelican_photos.composition import Files
from pelican_photos.embedded import Details, details_of
from pelican_photos.embedded.details import NOTHING
from pelican_photos.errors import ImageError, MediaError, MediaSmaller
from pelican_photos.media_types import PICTURES, VIDEOS, extension_of
from pelican_photos.model import Media
from pelican_photos.sources import Source
from pelican_photos.sources.picture_size import size_of

_LARGEST_SUBTITLES = 4 * 2**20  # bytes; an hour of speech has some hundred thousand


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What was stored of one medium, with the SHA-256 of each file."""

    files: Files
    sha256: str = ""
    video_sha256: str = ""
    look: str = ""  # of the picture, as ``images.check`` gives it
    lacking: str = ""  # what could not be had, though the medium is whole without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A picture that came whole and can be decoded."""

    extension: str
    sha256: str
    width: int
    height: int
    look: str


def store_original(source: Source, media: Media, folder: Path, name: str) -> Original:
    """Fetch a picture, and its video if it is one's poster, into ``folder/name.*``.

    A video without a poster gets a still of itself, where one can be drawn.  All is checked
    before anything is placed, so what lies there is whole.  Subtitles come along; where they
    cannot be had, ``lacking`` says so.

    Raises:
        MediaError: a file did not come whole, or is not what it should be.
        ImageError: the picture cannot be decoded.
    """
    with ExitStack() as stack:
        picture = Fetched(extension="", sha256="", width=0, height=0, look="")
        video = ("", "")
        picture_part = stack.enter_context(atomic.staged(folder / f"{name}.picture"))
        video_part = stack.enter_context(atomic.staged(folder / f"{name}.video"))
        if media.picture or media.kind == "image":
            picture = fetch_picture(source, media.picture, picture_part)
        if media.kind == "video":
            video = _fetch(source, media.video, video_part, VIDEOS)
        film_says = film_details(video_part) if video[0] else NOTHING
        if video[0] and not media.picture:
            known = folder / f"{name}.jpg"
            picture = still_of(video_part, film_says.duration, picture_part, known) or picture
        original, film = _named(name, picture.extension), _named(name, video[0])
        placed = [(picture_part, original, picture.sha256), (video_part, film, video[1])]
        for _, file_name, digest in placed:
            refuse_to_replace(folder / file_name, digest)
        subtitles, lacking = _store_subtitles(source, media, folder, name)
        for part, file_name, _ in placed:
            if file_name:
                atomic.place(part, folder / file_name)
        return Original(
            files=Files(
                original,
                film,
                picture.width or film_says.width,
                picture.height or film_says.height,
                subtitles,
                film_says.duration,
            ),
            sha256=picture.sha256,
            video_sha256=video[1],
            look=picture.look,
            lacking=lacking,
        )


def still_of(film: Path, duration: float, part: Path, known: Path) -> Fetched | None:
    """Draw a still of a film to a temporary name, marked as ours; None where none can be drawn.

    One that a killed run placed at ``known`` is taken as it is: another ffmpeg draws another.
    How it looks is nothing to recognise a post by.
    """
    if film_still.is_ours(known):
        part.write_bytes(known.read_bytes())
    elif duration and film_still.draw_still(film, duration, part):
        film_still.sign(part)
    else:
        return None
    try:
        checked = images.check(part)
    except ImageError:  # the film is whole without it
        part.unlink()
        return None
    return Fetched(
        extension="jpg",
        sha256=digest_of(part),
        width=checked.width,
        height=checked.height,
        look="",
    )


def fetch_picture(source: Source, address: str, part: Path, more_than: int = 0) -> Fetched:
    """Fetch a picture to a temporary name and check it; it is not placed yet.

    It is not read to the end when the first bytes say that it has no more pixels than
    ``more_than``.

    Raises:
        MediaSmaller: it has no more pixels than ``more_than``.
        MediaError: it did not come whole, or is no picture.
        ImageError: it cannot be decoded.
    """
    extension, digest = _fetch(source, address, part, PICTURES, more_than)
    checked = images.check(part)
    _refuse_smaller((checked.width, checked.height), more_than)
    return Fetched(
        extension=extension,
        sha256=digest,
        width=checked.width,
        height=checked.height,
        look=checked.look,
    )


def store_subtitles(source: Source, address: str, folder: Path, name: str) -> str:
    """Fetch subtitles into ``folder/name.srt``; give the file's name.

    Raises:
        MediaError: they did not come whole, or are no text.
    """
    file = folder / f"{name}.srt"
    text = b""
    for piece in source.fetch(address):
        text += piece
        if len(text) > _LARGEST_SUBTITLES:
            raise MediaError(f"{address}: is too large for subtitles")
    if b"\0" in text or b"-->" not in text:
        raise MediaError(f"{address}: should be subtitles (SubRip), but is something else")
    refuse_to_replace(file, hashlib.sha256(text).hexdigest())
    atomic.write_bytes(file, text)
    return file.name


def digest_of(file: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def refuse_to_replace(file: Path, digest: str) -> None:
    """Leave another's file alone; one of the same bytes was left by a killed run."""
    if file.is_file() and digest_of(file) != digest:
        raise MediaError(f"{file} is there already and is another one; rename or remove it")


def film_details(film: Path) -> Details:
    """Read length and size: Instagram's export tells neither; an empty file has none."""
    if not film.stat().st_size:
        return NOTHING
    with film.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return details_of(data)


def _store_subtitles(source: Source, media: Media, folder: Path, name: str) -> tuple[str, str]:
    if not media.subtitles:
        return "", ""
    try:
        return store_subtitles(source, media.subtitles, folder, name), ""
    except MediaError as error:  # the video is whole without them, and the report says so
        return "", f"without its subtitles: {error}"


def _named(name: str, extension: str) -> str:
    return f"{name}.{extension}" if extension else ""


def _fetch(
    source: Source, address: str, part: Path, wanted: frozenset[str], more_than: int = 0
) -> tuple[str, str]:
    """Fetch one file; gives its extension and its SHA-256."""
    if not address:
        raise MediaError(f"{source.name} gives no address for it")
    digest = hashlib.sha256()

    def counted() -> Iterator[bytes]:
        for piece in _large_enough(source.fetch(address), more_than):
            digest.update(piece)
            yield piece

    atomic.write_part(part, counted())
    with part.open("rb") as file:
        extension = extension_of(file.read(16))
    if extension not in wanted:
        raise MediaError("what came is not the picture or video that was promised")
    return extension, digest.hexdigest()


def _large_enough(pieces: Iterator[bytes], more_than: int) -> Iterator[bytes]:
    """Give up on a picture whose header says that it is too small."""
    if more_than:
        first = next(pieces, b"")
        size = size_of(io.BytesIO(first))
        if size:
            _refuse_smaller(size, more_than)
        pieces = chain([first], pieces)
    yield from pieces


def _refuse_smaller(size: tuple[int, int], more_than: int) -> None:
    if more_than and size[0] * size[1] <= more_than:
        raise MediaSmaller("not larger than the one that is here")
