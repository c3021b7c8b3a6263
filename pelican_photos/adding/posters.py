"""A still of a film, by ffmpeg where there is one: the poster until it is played."""

import shutil
import subprocess
from pathlib import Path

from pelican_photos.adding.chosen import Chosen
from pelican_photos.media_types import extension_of

HOW_TO = "install ffmpeg, or name a picture with --poster"
_SHARE = 0.1  # of the film: the very first frame is often black
_PATIENCE = 60  # seconds
_HEAD = 16  # bytes that tell a file's kind


def draw_poster(film: Chosen, folder: Path) -> Path | None:
    """Write a still into ``folder``; None without ffmpeg, or when it cannot read the film.

    The same film gives the same bytes again, and ffmpeg opens nothing but this one file.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    with film.path.open("rb") as file:
        webm = extension_of(file.read(_HEAD)) == "webm"
    poster = folder / f"{film.sha256[:16]}.jpg"
    command = [
        *(program, "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-threads", "1"),
        *("-ss", f"{film.details.duration * _SHARE:.3f}"),
        # Told, or else a playlist in the guise of a film could name other files.
        *("-f", "matroska" if webm else "mov", "-i", f"file:{film.path}"),
        *("-map", "0:v:0", "-frames:v", "1", "-map_metadata", "-1", "-fflags", "+bitexact"),
        *("-flags:v", "+bitexact", "-q:v", "2", "-f", "image2", "-update", "1", f"file:{poster}"),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True)  # noqa: S603 - a list, no shell
    except (subprocess.SubprocessError, OSError):
        poster.unlink(missing_ok=True)
    return poster if poster.is_file() and poster.stat().st_size else None
