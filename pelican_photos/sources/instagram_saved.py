"""What the session's user saved on Instagram: mostly posts of others.

The list of saved posts is an old one: it brings a picture whole, but of a video or an album
only a stub, and at times not even the owner's name.  What is a stub is asked for alone.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping

from pelican_photos.errors import PostMissing, SourceError
from pelican_photos.model import Comment, Post, Unreadable
from pelican_photos.sources.instagram import Instagram
from pelican_photos.sources.instagram_one_by_one import OneByOne
from pelican_photos.sources.instagram_ownership import hide_foreign

_HERE = "saved posts that are here already"


class SavedPosts:
    """Saved posts, the last saved first; those of others come hidden.

    Args:
        instagram: an open connection with a session; the caller closes it.
        known: Uids that are stored: they are passed over, and no request is spent on them.
    """

    name = "Instagram"
    live = True  # each answer costs a request, and addresses expire
    whole = False  # what is no longer saved is not gone

    def __init__(self, instagram: Instagram, *, known: Container[str] = ()) -> None:
        self._instagram = instagram
        self._asking = OneByOne(instagram)
        self._known = known
        self._expected: int | None = None
        self._skipped: Counter[str] = Counter()
        self._missing: dict[str, str] = {}

    @property
    def skipped(self) -> Mapping[str, int]:
        """How many were passed over, as they are stored."""
        return self._skipped

    @property
    def missing(self) -> Mapping[str, str]:
        """The addresses of saved posts that are gone, each with the reason."""
        return self._missing

    def expected(self) -> int | None:
        """Give the number of saved posts, once the list was asked for."""
        return self._expected

    def posts(self) -> Iterator[Post | Unreadable]:
        """Yield each saved post; one that is gone is noted as ``missing``, and ends nothing.

        Raises:
            LoginNeeded: there is no session.
            SourceError: also when Instagram stops before the end of what it announced.
        """
        saved = self._instagram.saved()
        self._expected = saved.count
        for entry in saved.entries():
            found = self._whole(entry)
            if found is not None:
                yield hide_foreign(found, self._instagram.own_names)
        if saved.has_more:
            raise SourceError(
                f"Instagram stopped showing the saved posts after {saved.reached}: go on later"
            )

    def knows(self, uid: str) -> bool:
        """Whether a Uid holds a shortcode."""
        return self._instagram.knows(uid)

    def refresh(self, uid: str) -> Post | Unreadable:
        """Ask for one post anew; raises as ``Instagram.refresh`` does."""
        return hide_foreign(self._instagram.refresh(uid), self._instagram.own_names)

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield a picture or video in pieces; see ``Downloads.fetch``."""
        return self._instagram.fetch(address)

    def comments(self, post: Post) -> tuple[Comment, ...] | None:
        """Give the comments of an own post; those of others are not collected in bulk."""
        return None if post.foreign else self._instagram.comments(post)

    def _whole(self, entry: Post | Unreadable) -> Post | Unreadable | None:
        """Complete a stub; None when its post is stored, or gone.

        What is stored may be known as own by its coauthors, of whom this list does not speak.
        """
        if entry.uid in self._known:
            self._skipped[_HERE] += 1
            return None
        if (isinstance(entry, Post) and entry.owner) or not self._instagram.knows(entry.uid):
            return entry
        return self._asked(entry.uid)

    def _asked(self, uid: str) -> Post | Unreadable | None:
        try:
            return self._asking.ask(uid)
        except PostMissing as error:
            code = uid.removeprefix("instagram:")
            self._missing[f"https://www.instagram.com/p/{code}/"] = str(error)
            return None
