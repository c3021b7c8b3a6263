"""Which files below a folder are pages, and where nobody can look."""

import os
from pathlib import Path
from typing import NamedTuple

from pelican_photos import atomic

_HIDDEN = f"{os.sep}."


class PageFiles(NamedTuple):
    """What was found, as texts: a path object takes five times the room, and of the time."""

    files: list[str]  # by path, folder by folder
    unlisted: dict[str, str]  # folders that could not be looked into, and why


def page_files(folder: Path) -> PageFiles:
    """List the page files below a folder; what has a leading dot is none, and holds none.

    A folder may be closed to us, or on a disk that is away: a link that leads nowhere.
    """
    files: list[str] = []
    unlisted: dict[str, str] = {}

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # no photos yet; or a folder went meanwhile
            unlisted[str(error.filename)] = str(error.strerror)

    below = len(str(folder))
    for file in atomic.names_below(folder, note):
        if file.endswith(".md"):
            if _HIDDEN not in file[below:]:
                files.append(file)
        elif "." not in file[file.rfind(os.sep) :] and _leads_nowhere(file):
            unlisted[file] = "it is a link that leads nowhere"
    files.sort(key=lambda text: text.replace(os.sep, "\0"))
    return PageFiles(files, {at: why for at, why in unlisted.items() if _HIDDEN not in at[below:]})


def _leads_nowhere(file: str) -> bool:
    return os.path.islink(file) and not os.path.exists(file)  # noqa: PTH110, PTH114 - of thousands
