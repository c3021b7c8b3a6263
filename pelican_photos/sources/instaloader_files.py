"""What Instaloader leaves in a folder, file by file.

Below ``X``, which any pattern may have given::

    X.json.xz X.json            what Instagram said of a post, a story item, a profile…
    X.jpg X_1.jpg X_2.webp      pictures, and posters of videos; numbered in a carousel
    X.mp4 X_2.mp4               videos
    X.txt X_old_01.txt          the caption, and what it was before
    X_comments.json             the comments, a list

A name is read in one case only: the default pattern holds the date, and without a JSON
file there is no other.
"""

import json
import lzma
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from pelican_photos.errors import SourceOutdated
from pelican_photos.sources.loose_json import as_line, as_mapping, as_text

PICTURES = (".jpg", ".jpeg", ".webp", ".heic", ".png", ".avif")
VIDEOS = (".mp4", ".mov", ".webm")

_MOST_BYTES = 64 * 2**20  # of JSON; a post has some ten thousand
_DEFAULT_NAME = re.compile(
    r"(?P<stem>(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}-[0-9]{2}-[0-9]{2})_UTC)"
    r"(?:_(?P<position>[0-9]{1,2}))?"
)


class DatedName(NamedTuple):
    """The parts of a name of Instaloader's default pattern."""

    stem: str
    published: datetime
    position: int  # from 1 in a carousel; 0 without


def files_below(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield each folder with the names of its files, in order; links to folders are not followed.

    Raises:
        OSError: a folder cannot be listed.
    """

    def give_up(error: OSError) -> None:
        raise error

    for directory, folders, names in os.walk(root, onerror=give_up):
        folders.sort()
        yield Path(directory), sorted(names)


def is_inside(root: Path, file: Path) -> bool:
    """Tell whether a file, once links are followed, is one and lies below a resolved folder."""
    return file.is_file() and Path(os.path.realpath(file)).is_relative_to(root)


def json_stem(name: str) -> str:
    """Cut ``.json.xz`` or ``.json`` off a name; "" when it ends otherwise."""
    for suffix in (".json.xz", ".json"):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return ""


def read_json(root: Path, name: str) -> Any:
    """Read a JSON file below a resolved folder, unpacked if its name ends in ``.xz``.

    Raises:
        SourceOutdated: it is damaged, is no JSON, is far too large, or is a link out
            of the folder.
    """
    file, shown = root / name, as_line(name)
    if not is_inside(root, file):
        raise SourceOutdated(f"{shown}: is no file, or a link that leads out of the folder")
    try:
        with lzma.open(file) if file.suffix == ".xz" else file.open("rb") as stream:
            return json.loads(stream.read(_MOST_BYTES))  # cut off it is no JSON
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise SourceOutdated(f"{shown}: cannot be read; let Instaloader write it anew") from error
    except (ValueError, RecursionError) as error:
        raise SourceOutdated(f"{shown}: is no JSON; let Instaloader write it anew") from error


def kind_of(structure: object) -> str:
    """Name what a JSON file holds: Post, StoryItem, Profile…; "" when not Instaloader's."""
    whole = as_mapping(structure)
    kind = as_mapping(whole.get("instaloader")).get("node_type")
    if isinstance(kind, str) and isinstance(whole.get("node"), Mapping):
        return kind
    return "Post" if "shortcode" in whole else ""  # as Instaloader 3 wrote it


def node_in(structure: object) -> Mapping[str, Any]:
    """Give the node of a structure that ``kind_of`` knows."""
    whole = as_mapping(structure)
    return as_mapping(whole["node"]) if "instaloader" in whole else whole


def dated_name(name: str) -> DatedName | None:
    """Read the name of a picture or video of the default pattern; None for any other."""
    file = PurePath(name)
    match = _DEFAULT_NAME.fullmatch(file.stem)
    if match is None or file.suffix not in PICTURES + VIDEOS:
        return None
    try:
        published = datetime.strptime(match["date"], "%Y-%m-%d_%H-%M-%S").replace(tzinfo=UTC)
    except ValueError:  # the 30th of February: somebody else's name
        return None
    return DatedName(match["stem"], published, int(match["position"] or 0))


def caption_beside(root: Path, stem: str) -> str:
    """Read ``X.txt``; "" without one.  Instaloader ends it with a line end of its own.

    Raises:
        SourceOutdated: it is there, but cannot be read.
    """
    file = root / f"{stem}.txt"
    if not is_inside(root, file):
        return ""
    try:
        with file.open("rb") as stream:
            said = stream.read(2**20).decode("utf-8-sig", "replace")
    except OSError as error:
        raise SourceOutdated(f"{as_line(stem)}.txt: cannot be read ({error.strerror})") from error
    return as_text(said.replace("\r\n", "\n").removesuffix("\n"))
