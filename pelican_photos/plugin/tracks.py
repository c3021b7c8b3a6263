"""The captions of videos: .srt files beside pages, written as WebVTT where browsers find them."""

from pathlib import Path, PurePosixPath

from pelican_photos.errors import PhotosError
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.printer import write
from pelican_photos.subtitles import Subtitles, webvtt_of

# Hours of speech; a larger file is something else.
_LARGEST = 4 << 20  # bytes


def write_track(entry: Entry, output: Path) -> tuple[str, str]:
    """Write the captions of a video beside its page, as ``<slug>.vtt`` in the page's folder.

    Gives their address below the site, "" where there are none, and a sentence on what is wrong
    with them, "" where nothing is.
    """
    if entry.is_album or not entry.photo.video or not entry.photo.subtitles:
        return "", ""
    file = Path(entry.file).with_name(entry.photo.subtitles)
    try:
        found = _read(file)
    except PhotosError as error:
        return "", str(error)
    if not found.cues:
        return "", f"{file} holds no subtitles that can be read; the video goes without"
    address = PurePosixPath(entry.folder, f"{PurePosixPath(entry.folder).name}.vtt")
    _put(output / address, found.text)
    broken = f"{file}: {found.broken} of its subtitles cannot be read and are left out"
    return str(address), broken if found.broken else ""


def _put(target: Path, text: str) -> None:
    """Write a text, unless it is there."""
    try:
        if target.read_bytes() == text.encode():
            return
    except OSError:
        pass  # then it is written, or that says why not
    write(str(target), text)


def _read(file: Path) -> Subtitles:
    try:
        with file.open("rb") as opened:
            srt = opened.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or error
        raise PhotosError(f"{file} cannot be read: {reason}; the video goes without") from error
    if len(srt) > _LARGEST:
        raise PhotosError(f"{file} is too large for subtitles; the video goes without")
    return webvtt_of(srt)
