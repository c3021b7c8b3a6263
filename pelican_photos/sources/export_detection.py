"""Whether a path is an export of Instagram's, by a look at names and a few bytes."""

import re
import struct
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

from pelican_photos.sources.archives import is_zip
from pelican_photos.sources.instaloader_files import files_below
from pelican_photos.sources.zip_directory import directory_of, entries

# Files that no other program makes, wherever they lie.
_TELLING = re.compile(
    r"(?:.*/)?(?:"
    r"your_instagram_activity/.*\.(?:json|html)"
    r"|content/(?:stories|reels|archived_posts|profile_photos)\.(?:json|html)"
    r"|media/posts/[0-9]{6}/[^/]+"
    r"|personal_information/(?:.*/)?personal_information\.(?:json|html)"
    r"|posts_[0-9]+\.(?:json|html)|liked_posts\.json|saved_posts\.json"
    r"|(?:photos|videos|stories|profile)/20[0-9]{4}/[0-9a-f]{32}\.(?:jpg|mp4)"
    r")",
    re.ASCII,
)
# This name may be anybody's: its content tells.
_EARLY = re.compile(r"(?:.*/)?media(?:_[0-9]+)?\.json", re.ASCII)
_EARLY_LISTS = re.compile(rb'\s*\{\s*"(?:photos|videos|stories|profile|direct)"\s*:\s*\[')
_MOST_NAMES = 20_000  # in a folder; an export shows what it is long before


def detect(path: Path) -> bool:
    """Tell whether a zip or a folder is an export, or a part of one; it stops at the first sign.

    A damaged zip counts: nothing else that we read is one, and reading it says what is wrong.
    """
    try:
        if not path.is_dir():
            return is_zip(path) and _is_export_zip(path, damaged=True)
        files = (directory / name for directory, names in files_below(path) for name in names)
        return any(_is_telling(file, path) for file in islice(files, _MOST_NAMES))
    except OSError:  # what cannot be read cannot be imported either, and will say so then
        return False


def _is_export_zip(path: Path, *, damaged: bool) -> bool:
    try:
        with path.open("rb") as stream:
            listed = entries(stream, directory_of(stream))
            names = (entry.name for entry in islice(listed, _MOST_NAMES))
            return any(_TELLING.fullmatch(name) or _EARLY.fullmatch(name) for name in names)
    except (BadZipFile, ValueError, struct.error):
        return damaged


def _is_telling(file: Path, folder: Path) -> bool:
    name = file.relative_to(folder).as_posix()
    if _TELLING.fullmatch(name):
        return True
    if not file.is_file():
        return False
    if is_zip(file):
        return _is_export_zip(file, damaged=False)
    if not _EARLY.fullmatch(name):
        return False
    with file.open("rb") as stream:
        return _EARLY_LISTS.match(stream.read(200)) is not None
