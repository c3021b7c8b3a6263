"""Where posts come from.  Whatever is new later is one more file in this folder.

A source yields posts and nothing else: it knows neither pages nor the site.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from pelican_photos.model import Comment, Post, Unreadable


class Source(Protocol):
    """What the importer asks of a source; each verb may raise ``SourceError``."""

    @property
    def name(self) -> str:
        """What messages call it: "Instagram", or the path of a folder."""
        ...

    @property
    def live(self) -> bool:
        """Whether each answer costs a request, addresses expire, and missing means deleted."""
        ...

    @property
    def whole(self) -> bool:
        """Whether ``posts`` offers all that a profile shows, so that what it lacks is gone."""
        ...

    @property
    def skipped(self) -> Mapping[str, int]:
        """What was passed over on purpose, counted by what it is: "story items"."""
        ...

    def expected(self) -> int | None:
        """How many posts there are, as far as the source says before it is read."""
        ...

    def posts(self) -> Iterator[Post | Unreadable]:
        """Yield each post once.  The order is the source's; callers assume none."""
        ...

    def knows(self, uid: str) -> bool:
        """Whether a Uid is one of this source's, so that it can be asked for again."""
        ...

    def refresh(self, uid: str) -> Post | Unreadable:
        """Ask again for one post, with fresh addresses.

        Raises:
            PostMissing: it is deleted or private upstream.
        """
        ...

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield the bytes behind an address of a ``Media``, in pieces.

        Raises:
            MediaExpired: the address has expired; ``refresh`` gives a fresh one.
            MediaError: fewer bytes came than were announced, or none.
        """
        ...

    def comments(self, post: Post) -> tuple[Comment, ...] | None:
        """Give the comments of a post, oldest first; None when the source has none to give.

        Raises:
            CommentsError: there are some, and they could not be had this time.
        """
        ...
