"""A folder that Instaloader has made, of whatever layout and age, as a source of posts.

Nothing is asked of Instagram: what is not in the folder is missing, and is said so.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain
from pathlib import Path, PurePosixPath

from pelican_photos.errors import MediaError, PostMissing, SourceOutdated
from pelican_photos.model import Comment, Post, Unreadable
from pelican_photos.sources.instagram_json import comments_of, post_of, speaks_of_caption
from pelican_photos.sources.instaloader_files import (
    caption_beside,
    dated_name,
    is_inside,
    json_stem,
    node_in,
    read_json,
)
from pelican_photos.sources.instaloader_index import Index, detect, index_of
from pelican_photos.sources.instaloader_media import Located, bare_media, locate
from pelican_photos.sources.loose_json import as_line

__all__ = ["InstaloaderFolder", "detect"]

_PIECE = 2**18  # bytes


class InstaloaderFolder:
    """The posts of one owner in a folder, newest first; addresses are paths from it.

    A post's uid is ``instagram:SHORTCODE``; without any JSON files, as Instaloader's
    ``--no-metadata-json`` leaves a folder, it is ``instaloader:2023-07-30_09-15-37_UTC``.

    Args:
        folder: the folder; everything below it is looked at.
        owner: a user name or an account's number.  Without it the owner is whoever has
            most posts in the folder; posts of others (saved ones, a feed) are skipped.
    """

    live = False  # a folder costs nothing to read again, and what it lacks may be upstream
    whole = False  # a folder holds what was fetched once

    def __init__(self, folder: Path, *, owner: str = "") -> None:
        self._root = Path(os.path.realpath(folder))
        self._owner = owner
        self._name = as_line(str(folder))
        self._refused: dict[str, str] = {}
        self._damaged: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """The path of the folder, as it was given."""
        return self._name

    @property
    def skipped(self) -> Mapping[str, int]:
        """How many things are passed over, by what they are: "story items", "posts of others"."""
        return self._index.skipped + self._damaged

    def expected(self) -> int:
        """Count the posts, readable or not; this looks through the folder."""
        return len(self._index.files) + len(self._index.unreadable)

    def posts(self) -> Iterator[Post | Unreadable]:
        """Yield the posts, newest first, then what could not be read.

        Raises:
            SourceError: the folder is missing, cannot be listed, or holds no posts.
        """
        for uid, files in self._index.files.items():
            try:
                yield self._best_of(uid, files)
            except SourceOutdated as error:  # changed since the first look
                yield Unreadable(uid=uid, reason=str(error))
        yield from self._index.unreadable

    def knows(self, uid: str) -> bool:
        """Whether the post is in the folder."""
        return uid in self._index.files

    def refresh(self, uid: str) -> Post:
        """Read one post again."""
        files = self._index.files.get(uid)
        if not files:
            raise PostMissing(f"{as_line(uid)}: not in {self._name}")
        return self._best_of(uid, files)

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield the bytes of a picture or video, in pieces."""
        shown = f"{as_line(address)} in {self._name}"
        if address in self._refused:
            raise MediaError(self._refused[address])
        file = self._root / address
        if not file.is_file():
            raise MediaError(f"{shown}: there is no such file; let Instaloader fetch it again")
        if not is_inside(self._root, file):
            raise MediaError(f"{shown}: leads out of the folder; copy the file itself into it")
        try:
            with file.open("rb") as stream:
                piece = stream.read(_PIECE)
                if not piece:
                    raise MediaError(f"{shown}: is empty; let Instaloader fetch it again")
                while piece:
                    yield piece
                    piece = stream.read(_PIECE)
        except OSError as error:
            raise MediaError(f"{shown}: cannot be read ({error.strerror})") from error

    def comments(self, post: Post) -> tuple[Comment, ...] | None:
        """Read ``X_comments.json``; None when there is none, or a damaged one."""
        stems = {_stem(name) for name in self._index.files.get(post.uid, ())}
        lists = [self._comment_entries(f"{stem}_comments.json") for stem in sorted(stems)]
        found = [entries for entries in lists if entries is not None]
        return comments_of(chain.from_iterable(found)) if found else None

    @cached_property
    def _index(self) -> Index:
        return index_of(self._root, self._owner)

    def _best_of(self, uid: str, files: tuple[str, ...]) -> Post:
        """Choose among files of one post: most pictures at hand, most pictures, most said."""
        if not json_stem(files[0]):
            return self._bare(uid, files)
        found: list[Located] = []
        failure = SourceOutdated(f"{as_line(uid)}: gone from {self._name}")
        for name in files:
            try:
                found.append(self._located(name))
            except SourceOutdated as error:
                failure = error
        if not found:
            raise failure
        best = found[0] if len(found) == 1 else max(found, key=_completeness)
        self._refused.update(best.refused)
        return best.post

    def _located(self, name: str) -> Located:
        node = node_in(read_json(self._root, name))
        post = post_of(node, with_addresses=False)
        if not post.caption and not speaks_of_caption(node):
            post = replace(post, caption=caption_beside(self._root, json_stem(name)))
        return locate(self._root, json_stem(name), post)

    def _bare(self, uid: str, files: tuple[str, ...]) -> Post:
        dated = dated_name(PurePosixPath(files[0]).name)
        assert dated is not None, "the index takes dated names only"
        return Post(
            uid=uid,
            published=dated.published,
            caption=caption_beside(self._root, _stem(files[0])),
            media=bare_media(self._root, files),
        )

    def _comment_entries(self, name: str) -> list[object] | None:
        if not (self._root / name).is_file():
            return None
        try:
            entries = read_json(self._root, name)
        except SourceOutdated:
            entries = None
        if isinstance(entries, list):
            return entries
        self._damaged["comments that cannot be read"] += 1
        return None


def _stem(name: str) -> str:
    """Give the ``X`` that a post's files have in common."""
    if stem := json_stem(name):
        return stem
    dated = dated_name(PurePosixPath(name).name)
    return PurePosixPath(name).with_name(dated.stem).as_posix() if dated else name


def _completeness(found: Located) -> tuple[int, int, int]:
    return found.present, len(found.post.media), len(str(found.post.raw))
