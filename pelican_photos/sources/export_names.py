"""What the names of an export's files tell.  Pure.

A picture is called, by the year of the export::

    photos/202102/<md5>.jpg                               until February 2021
    media/posts/202105/<a>_<b>_<c>_n_<number>.jpg         until April 2025
    media/posts/202505/<number>.jpg                       since then

``<number>`` is Instagram's own for the medium, of 15 to 20 digits, and the same in each
export; ``<a>_<b>_<c>_n`` is its name on the CDN.
"""

import hashlib
import re
from typing import Literal, NamedTuple

Role = Literal["early", "posts", "archived", "deleted", "stories", "profile"]
FileKind = Literal["image", "video", "subtitles", ""]

_NUMBER = re.compile(r"(?:(?P<rest>.+)_)?(?P<number>[0-9]{15,20})", re.ASCII)
_POSTS_FILE = re.compile(
    r"(?P<above>.*/)?(?P<name>[a-z_]+?)(?:_(?P<part>[0-9]+))?\.(?P<form>json|html)", re.ASCII
)
# Folders of an export that hold such files; what is above them is somebody's prefix.
_OWN_FOLDERS = re.compile(r"(?:(?:your_instagram_activity/)?(?:content|media)/)$", re.ASCII)
_ROLES: dict[str, Role] = {
    "media": "early",
    "posts": "posts",
    "reels": "posts",
    "igtv_videos": "posts",
    "other_content": "posts",
    "archived_posts": "archived",
    "recently_deleted_content": "deleted",
    "stories": "stories",
    "profile_photos": "profile",
}
_KINDS: dict[str, FileKind] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "gif", "heic", "avif"), "image"),
    **dict.fromkeys(("mp4", "mov", "webm", "m4v"), "video"),
    **dict.fromkeys(("srt", "vtt"), "subtitles"),
}


class PostsFile(NamedTuple):
    """A file that may hold posts, by its name; only its content decides."""

    role: Role
    form: Literal["json", "html"]
    prefix: str  # what is above the export's own folders
    order: tuple[str, int]  # where it comes among the files of its role


def posts_file(path: str) -> PostsFile | None:
    """Read the path of a file with posts, under any prefix; None for any other file."""
    match = _POSTS_FILE.fullmatch(path)
    role = _ROLES.get(match["name"]) if match else None
    if match is None or role is None:
        return None
    prefix = _OWN_FOLDERS.sub("", match["above"] or "")
    form: Literal["json", "html"] = "json" if match["form"] == "json" else "html"
    return PostsFile(role, form, prefix, (match["name"], int(match["part"] or 0)))


def number_in(path: str) -> str:
    """Give the number that Instagram has for a medium; "" when its name has none."""
    match = _NUMBER.fullmatch(_stem(path))
    return match["number"] if match else ""


def names_in(path: str) -> tuple[str, ...]:
    """Give the names of a medium that its file's holds: the number, then what is before it."""
    match = _NUMBER.fullmatch(_stem(path))
    names = (match["number"], match["rest"]) if match else (_stem(path),)
    return tuple(filter(None, names))


def basename_of(address: str) -> str:
    """Give the name of a file at an address on the web, without its extension."""
    return _stem(address.partition("?")[0].partition("#")[0])


def file_kind(path: str) -> FileKind:
    """Tell by its extension what a file is; "" for an unknown one or none."""
    return _KINDS.get(path.rpartition(".")[2].lower(), "")


def medium_key(uri: str) -> int:
    """Give a small key that a medium has in each file of an export, and in each export."""
    number = number_in(uri)
    return int(number) if number else key_of(uri)


def file_key(path: str) -> int:
    """Give a small key that a file has under any prefix."""
    number = number_in(path)
    return int(number) if number else key_of(_stem(path))


def key_of(text: str) -> int:
    """Give a small key of a text, below zero: 64 bits of its BLAKE2."""
    data = text.encode("utf-8", "surrogatepass")
    return ~int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem else name
