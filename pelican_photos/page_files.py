"""Which files below a folder are pages, and where nobody can look."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pelican_photos import atomic
from pelican_photos.media_types import PICTURES, VIDEOS

_HIDDEN = f"{os.sep}."
_NOWHERE = "it is a link that leads nowhere"
# What is never a folder: a link to one of these may well lead nowhere, as git-annex has them.
_FILES = PICTURES | VIDEOS | {"jpeg", "heif", "tif", "tiff", "dng", "m4v", "json", "srt"}


class PageFiles(NamedTuple):
    """What was found, as texts: a path object takes five times the room, and of the time."""

    files: list[str]  # by path, folder by folder
    unlisted: dict[str, str]  # folders that could not be looked into, and why


def page_files(folder: Path) -> PageFiles:
    """List the page files below a folder; what has a leading dot is none, and holds none.

    A folder may be closed to us, or on a disk that is away: a link that leads nowhere.  One that
    is not there at all has no pages yet.
    """
    files: list[str] = []
    unlisted = {str(link): _NOWHERE for link in _links_that_lead_nowhere(folder)}

    def note(error: OSError) -> None:
        # No photos yet, or a folder that went meanwhile.
        if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
            unlisted[str(error.filename)] = str(error.strerror)

    below = len(str(folder))
    for file in atomic.names_below(folder, note):
        _, _, suffix = file[file.rfind(os.sep) :].rpartition(".")
        if suffix == "md":
            if _HIDDEN not in file[below:]:
                files.append(file)
        elif suffix.lower() not in _FILES and _leads_nowhere(file):
            unlisted[file] = _NOWHERE
    files.sort(key=lambda text: text.replace(os.sep, "\0"))
    return PageFiles(files, {at: why for at, why in unlisted.items() if _HIDDEN not in at[below:]})


def _links_that_lead_nowhere(folder: Path) -> Iterator[Path]:
    """Yield the link that keeps us from a folder, which may be that folder itself."""
    for each in (folder, *folder.parents):
        if each.exists():
            return
        if each.is_symlink():
            yield each
            return


def _leads_nowhere(file: str) -> bool:
    return os.path.islink(file) and not os.path.exists(file)  # noqa: PTH110, PTH114 - of thousands
