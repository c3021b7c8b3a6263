"""Files of the owner's own, as a source of posts: what was chosen, and nothing else.

Who chooses, and in whose words a post speaks, is not decided here.
"""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pelican_photos.caption import one_line
from pelican_photos.errors import MediaError, PostMissing
from pelican_photos.model import Comment, Edition, Post

MOST_IN_ALBUM = 20  # as on Instagram, whose albums lie beside these
EDITION = Edition(9)  # nobody knows better than the owner
SILENT = frozenset({"syndication", "comment_count", "owner", "coauthors", "music"})
_PIECE = 2**18  # bytes
_DIGITS = 16  # of a SHA-256: 64 bits keep a billion photos apart


def uid_of(digests: Sequence[str]) -> str:
    """Name a post by what is in its files: their SHA-256 in hexadecimal, in order.

    One file gives the beginning of its own digest, several that of their joined digests.
    """
    if len(digests) == 1:
        return f"file:{digests[0][:_DIGITS]}"
    return f"file:{hashlib.sha256(''.join(digests).encode()).hexdigest()[:_DIGITS]}"


class Files:
    """Posts of chosen files; the addresses in them are absolute paths.

    Args:
        posts: the posts, in the order in which they are wanted.
        digests: by address, the SHA-256 of a file when it was chosen.
    """

    live = False  # a file costs nothing to read again
    whole = False  # there are more photos than the chosen ones

    def __init__(self, *posts: Post, digests: Mapping[str, str] = MappingProxyType({})) -> None:
        self._posts = {post.uid: post for post in posts}
        self._digests = digests

    @property
    def name(self) -> str:
        """What messages call it."""
        return "your files"

    @property
    def skipped(self) -> Mapping[str, int]:
        """Nothing: what is not wanted is not chosen."""
        return {}

    def expected(self) -> int:
        """Count the posts."""
        return len(self._posts)

    def posts(self) -> Iterator[Post]:
        """Yield the posts in the order they were given in."""
        yield from self._posts.values()

    def knows(self, uid: str) -> bool:
        """Whether a post is among these."""
        return uid in self._posts

    def refresh(self, uid: str) -> Post:
        """Give a post again."""
        if uid not in self._posts:
            raise PostMissing(f"{one_line(uid)}: not among {self.name}")
        return self._posts[uid]

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield the bytes of a file; links are followed, for the owner named them.

        Raises:
            MediaError: it is gone, empty, no file, cannot be read, or is not what was chosen.
        """
        shown = one_line(address)
        digest = hashlib.sha256()
        try:
            for piece in _pieces(Path(address), shown):
                digest.update(piece)
                yield piece
        except OSError as error:
            raise MediaError(f"{shown}: cannot be read ({error.strerror})") from error
        if self._digests.get(address, digest.hexdigest()) != digest.hexdigest():
            raise MediaError(f"{shown}: has changed since it was looked at; add it again")

    def comments(self, _post: Post) -> tuple[Comment, ...] | None:
        """None: a file has no comments."""
        return None


def _pieces(file: Path, shown: str) -> Iterator[bytes]:
    # A pipe would keep us waiting in open(), and a folder says so only when it is read.
    if not stat.S_ISREG(file.stat().st_mode):
        raise MediaError(f"{shown}: is no file; name a picture or a film")
    with file.open("rb") as stream:
        if not os.fstat(stream.fileno()).st_size:
            raise MediaError(f"{shown}: is empty; copy it from the camera again")
        while piece := stream.read(_PIECE):
            yield piece
