"""The files that the owner chose: found, looked through, and refused before anything is stored."""

import mmap
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from pelican_photos import images
from pelican_photos.adding.chosen import Chosen
from pelican_photos.caption import one_line
from pelican_photos.embedded import Details, details_of
from pelican_photos.errors import ImageError, MetadataError, SettingsError
from pelican_photos.media_types import PICTURES, VIDEOS, extension_of
from pelican_photos.metadata import public_patches
from pelican_photos.originals import digest_of

_HEAD = 16  # bytes that tell a file's kind


def files_in(folder: Path) -> tuple[list[Path], int]:
    """List the pictures and films of a folder by capture time, and count what else is there.

    Raises:
        SettingsError: the folder cannot be read, or holds none.
    """
    shown = one_line(str(folder))
    try:
        files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
        wanted = [file for file in files if file.is_file() and _extension(file)]
        dated = sorted(wanted, key=lambda file: (_order(file), file.name))
    except OSError as error:
        raise SettingsError(f"{shown}: cannot be read ({error.strerror})") from error
    if not dated:
        raise SettingsError(f"{shown}: holds no picture or film that is known here")
    return dated, len(files) - len(dated)


def look_through(
    paths: Sequence[Path], progress: Callable[[int, int, str], None], *, keep_places: bool
) -> list[Chosen]:
    """Look at each file to its last byte; ``progress`` is told how many of how many, and which.

    Whether it can be published, with its places if these are kept, is found out as well.

    Raises:
        SettingsError: a file is missing, twice among them, or no picture or film; ``ImageError``
            is told so too, and says which file it is.
    """
    chosen: dict[str, Chosen] = {}
    for number, path in enumerate(paths, start=1):
        one = _looked_at(path.absolute(), keep_places=keep_places)
        progress(number, len(paths), one.name)
        if one.sha256 in chosen:
            twin = chosen[one.sha256].path
            raise SettingsError(
                f"{one_line(str(path))} and {one_line(str(twin))} are the same; name one of them"
            )
        chosen[one.sha256] = one
    return list(chosen.values())


def _looked_at(path: Path, *, keep_places: bool) -> Chosen:
    shown = one_line(str(path))
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SettingsError(f"{shown}: is a folder; add it alone, or name its files")
        if not stat.S_ISREG(status.st_mode) or not status.st_size:
            raise SettingsError(f"{shown}: is empty or no file; name a picture or a film")
        extension = _extension(path)
        if not extension:
            raise SettingsError(
                f"{shown}: is of no kind that is known here: JPEG, PNG, WebP, GIF, HEIC, AVIF,"
                " MP4, MOV, WebM; save it as one of these"
            )
        details, uncleanable = _details(path, keep_places=keep_places)
        sha256 = digest_of(path)
    except OSError as error:
        raise SettingsError(f"{shown}: cannot be read ({error.strerror})") from error
    if extension in VIDEOS:
        _refuse_broken(extension, details, shown)
        width, height, look = details.width, details.height, ""
    else:
        width, height, _, look = check_picture(path)
    return Chosen(
        path=path,
        kind="video" if extension in VIDEOS else "image",
        sha256=sha256,
        size=status.st_size,
        width=width,
        height=height,
        look=look,
        details=details,
        uncleanable=uncleanable,
    )


def _extension(path: Path) -> str:
    with path.open("rb") as file:
        extension = extension_of(file.read(_HEAD))
    return extension if extension in PICTURES | VIDEOS else ""


def _details(path: Path, *, keep_places: bool) -> tuple[Details, str]:
    """Read what a file says of itself, and whether what is private can be taken out."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            public_patches(data, keep_places=keep_places)
        except MetadataError as error:
            return details_of(data), str(error)
        return details_of(data), ""


def check_picture(path: Path) -> images.Checked:
    """Decode a picture whole.

    Raises:
        ImageError: it is none, or damaged; it names the file.
    """
    try:
        return images.check(path)
    except ImageError as error:
        raise ImageError(one_line(str(error))) from error


def _refuse_broken(extension: str, details: Details, shown: str) -> None:
    """Refuse an MP4 without the box that says how to play it: its recording was cut short."""
    if extension != "webm" and not details.width and not details.duration:
        raise SettingsError(f"{shown}: is a film that was cut short; copy it from the camera again")


def _order(file: Path) -> str:
    """Give the capture time as its camera wrote it; without one a file comes last."""
    details, _ = _details(file, keep_places=False) if file.stat().st_size else (Details(), "")
    return str(details.taken.replace(tzinfo=None)) if details.taken else "~"
