"""A still of a film, by ffmpeg where there is one: what is shown until the film is played.

A still that an import drew carries a comment that says so.  It stands in for the poster that its
source lacks, and gives way to the real one.
"""

import shutil
import subprocess
from pathlib import Path

from pelican_photos.media_types import extension_of

_SHARE = 0.1  # of the film: the very first frame is often black
_PATIENCE = 60  # seconds
_HEAD = 16  # bytes that tell a film's kind
_WORDS = b"A still of the film, drawn by Pelican Photostream"
_START = b"\xff\xd8"  # of a JPEG
_COMMENT = b"\xff\xfe" + (len(_WORDS) + 2).to_bytes(2, "big") + _WORDS


def draw_still(film: Path, duration: float, still: Path) -> bool:
    """Write a JPEG; False without ffmpeg, or when it cannot read the film.

    The same film gives the same bytes again, and ffmpeg opens nothing but this one file.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        return False
    with film.open("rb") as file:
        webm = extension_of(file.read(_HEAD)) == "webm"
    command = [
        *(program, "-nostdin", "-y", "-v", "error"),
        *("-protocol_whitelist", "file", "-threads", "1"),
        *("-ss", f"{duration * _SHARE:.3f}"),
        # Told, or else a playlist in the guise of a film could name other files.
        *("-f", "matroska" if webm else "mov", "-i", f"file:{film}"),
        *("-map", "0:v:0", "-frames:v", "1", "-map_metadata", "-1", "-fflags", "+bitexact"),
        *("-flags:v", "+bitexact", "-c:v", "mjpeg", "-q:v", "2"),
        *("-f", "image2", "-update", "1", f"file:{still}"),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True)  # noqa: S603 - a list, no shell
    except (subprocess.SubprocessError, OSError):
        still.unlink(missing_ok=True)
    return still.is_file() and still.stat().st_size > 0


def sign(still: Path) -> None:
    """Mark a still that is not placed yet as drawn by us."""
    still.write_bytes(_START + _COMMENT + still.read_bytes().removeprefix(_START))


def is_ours(picture: Path) -> bool:
    """Whether a picture is a still that an import drew; not any more once its owner edited it."""
    if not picture.is_file():
        return False
    with picture.open("rb") as file:
        return file.read(len(_START + _COMMENT)) == _START + _COMMENT
