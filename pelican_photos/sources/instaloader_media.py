"""Which files of a folder of Instaloader's are a post's pictures and videos.

The post says how many there are, and of what kind; the files are found by the stem of
its JSON file.  Instaloader's default name is a second, so two posts of one second fall
into one name: the later one overwrites the JSON file of the earlier one and keeps its
picture.  Such a picture is refused, as far as its shape gives it away.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pelican_photos.model import Media, Post
from pelican_photos.sources.instaloader_files import PICTURES, VIDEOS, is_inside
from pelican_photos.sources.loose_json import as_line
from pelican_photos.sources.picture_size import size_of

_BASENAME = re.compile(r"/([\w-]+)\.[a-z0-9]+(?:\?|$)", re.ASCII)  # in an address on the CDN
_SHAPES_DIFFER = 0.03  # of width to height; rounding a thumbnail's pixels makes up to 0.01


class Located(NamedTuple):
    """A post whose addresses are paths from the root, with slashes."""

    post: Post
    present: int  # how many of its files are there
    refused: dict[str, str]  # address → why it is not this post's


def locate(root: Path, stem: str, post: Post) -> Located:
    """Find the files of a post; a missing one keeps the address that it would have."""
    cover = _basename(post.media[0].picture)
    media, refused, present = [], {}, 0
    for position, item in enumerate(post.media, start=1):
        names = list(_stems(stem, position, len(post.media), cover, item.picture))
        picture, has_picture = _find(root, names, PICTURES)
        video, has_video = "", True
        if item.kind == "video":
            video_names = list(_stems(stem, position, len(post.media), cover, item.video))
            video, has_video = _find(root, video_names, VIDEOS)
            if has_video and not has_picture:  # Instaloader's --no-video-thumbnails
                picture = ""
        elif has_picture and (reason := _mismatch(root, picture, item)):
            refused[picture] = reason
        present += has_picture + has_video
        media.append(replace(item, picture=picture, video=video))
    return Located(replace(post, media=tuple(media)), present, refused)


def bare_media(root: Path, files: Iterable[str]) -> tuple[Media, ...]:
    """List media from their files alone, in order of the numbers in their names."""
    pictures: dict[str, str] = {}
    videos: dict[str, str] = {}
    for file in sorted(files):
        stem, _, suffix = file.rpartition(".")
        kind = pictures if f".{suffix}" in PICTURES else videos
        kind.setdefault(stem, file)
    stems = sorted(pictures.keys() | videos.keys(), key=lambda stem: (len(stem), stem))
    return tuple(_bare(root, stem, pictures.get(stem), videos.get(stem)) for stem in stems)


def _bare(root: Path, stem: str, picture: str | None, video: str | None) -> Media:
    width, height = (_size(root, picture) if picture else None) or (0, 0)
    if video:
        poster = picture or ""
        return Media(kind="video", picture=poster, video=video, width=width, height=height)
    return Media(picture=picture or f"{stem}{PICTURES[0]}", width=width, height=height)


def _stems(stem: str, position: int, count: int, cover: str, address: str) -> Iterator[str]:
    """Yield the stems that an item's file may have, the likeliest first."""
    if count == 1:
        yield stem
    yield f"{stem}_{position}"
    folder, _, name = stem.rpartition("/")
    own = _basename(address)
    if cover and own and cover in name:  # the pattern held {filename}, the CDN's own name
        renamed = name.replace(cover, own)
        yield f"{folder}/{renamed}" if folder else renamed


def _basename(address: str) -> str:
    name = _BASENAME.search(address)
    return name[1] if name else ""


def _find(root: Path, stems: Sequence[str], suffixes: Iterable[str]) -> tuple[str, bool]:
    for stem in stems:
        for suffix in suffixes:
            if (root / f"{stem}{suffix}").is_file():
                return f"{stem}{suffix}", True
    return f"{stems[0]}{next(iter(suffixes))}", False


def _mismatch(root: Path, picture: str, item: Media) -> str:
    """Say why a file is not this item's picture, but another post's of the same second."""
    file = root / picture
    twin = next((s for s in VIDEOS if file.with_suffix(s).is_file()), "")
    if twin:
        return f"{as_line(picture)}: belongs to the video beside it, not to this post"
    size = _size(root, picture)
    if size is None or not item.width or not item.height:
        return ""
    here, said = size[0] * item.height, item.width * size[1]
    if abs(here - said) <= _SHAPES_DIFFER * max(here, said):
        return ""
    return (
        f"{as_line(picture)}: is {size[0]}x{size[1]}, but the post's picture is of the shape"
        f" {item.width}x{item.height}; another post of the same second took its name"
    )


def _size(root: Path, picture: str) -> tuple[int, int] | None:
    if not is_inside(root, root / picture):
        return None
    try:
        with (root / picture).open("rb") as stream:
            return size_of(stream)
    except OSError:  # fetching it will say what is wrong with it
        return None
