"""Whether a path is an export of Instagram's, by a look at names and a few bytes."""

import re
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from pelican_photos.sources.archives import is_zip
from pelican_photos.sources.instaloader_files import files_below

# Files that no other program makes, wherever they lie.
_TELLING = re.compile(
    r"(?:.*/)?(?:"
    r"your_instagram_activity/.*\.(?:json|html)"
    r"|content/(?:posts_[0-9]+|stories|reels|archived_posts|profile_photos)\.(?:json|html)"
    r"|media/posts/[0-9]{6}/[^/]+"
    r"|personal_information/(?:.*/)?personal_information\.(?:json|html)"
    r"|posts_[0-9]+\.(?:json|html)|liked_posts\.json|saved_posts\.json"
    r"|(?:photos|videos|stories|profile)/20[0-9]{4}/[0-9a-f]{32}\.(?:jpg|mp4)"
    r")",
    re.ASCII,
)
_EARLY = re.compile(r"(?:.*/)?media(?:_[0-9]+)?\.json")
_EARLY_LISTS = re.compile(rb'\s*\{\s*"(?:photos|videos|stories|profile|direct)"\s*:\s*\[')
_MOST_NAMES = 20_000


def detect(path: Path) -> bool:
    """Tell whether a zip or a folder is an export, or a part of one; it stops at the first sign."""
    try:
        if path.is_dir():
            return _is_export_folder(path)
        return is_zip(path) and _is_export_zip(path)
    except OSError:  # what cannot be read cannot be imported either, and will say so then
        return False


def _is_export_zip(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
            if any(map(_TELLING.fullmatch, names)):
                return True
            early = next(filter(_EARLY.fullmatch, names), None)
            if early is None:
                return False
            with archive.open(early) as stream:
                return _EARLY_LISTS.match(stream.read(200)) is not None
    except (BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError):
        return False


def _is_export_folder(folder: Path) -> bool:
    files = (directory / name for directory, names in files_below(folder) for name in names)
    return any(_is_telling(file, folder) for file in islice(files, _MOST_NAMES))


def _is_telling(file: Path, folder: Path) -> bool:
    name = file.relative_to(folder).as_posix()
    if _TELLING.fullmatch(name):
        return True
    if is_zip(file):
        return _is_export_zip(file)
    if not _EARLY.fullmatch(name) or not file.is_file():
        return False
    with file.open("rb") as stream:
        return _EARLY_LISTS.match(stream.read(200)) is not None
