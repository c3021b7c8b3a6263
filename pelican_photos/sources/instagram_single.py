"""Single posts, by the addresses that somebody pasted."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pelican_photos.errors import PostMissing
from pelican_photos.model import Comment, Post, Unreadable
from pelican_photos.sources.instagram import Instagram
from pelican_photos.sources.instagram_address import read_address
from pelican_photos.sources.instagram_ownership import hide_foreign

NOBODY_KNOWN = (
    "Nobody is logged in and no profile is set, so every post counts as somebody else's: "
    "it is imported, and stays hidden"
)


class SinglePosts:
    """The posts behind some addresses, in their order; those of others come hidden.

    Args:
        instagram: an open connection; the caller closes it.
        addresses: as people copy them, share links included.
        notice: is told, in one sentence, what a person should know on the way.

    Raises:
        SettingsError: one of them is no address of a post; nothing was asked yet.
    """

    name = "Instagram"
    live = True  # each answer costs a request, and addresses expire
    whole = False  # a profile has more posts than these

    def __init__(
        self, instagram: Instagram, addresses: Sequence[str], *, notice: Callable[[str], None]
    ) -> None:
        self._instagram = instagram
        self._wanted = {address: read_address(address) for address in addresses}
        self._codes = {found.code for found in self._wanted.values() if found.code}
        self._notice = notice
        self._missing: dict[str, str] = {}

    @property
    def skipped(self) -> Mapping[str, int]:
        """Nothing: whatever was asked for is given, or missing."""
        return {}

    @property
    def missing(self) -> Mapping[str, str]:
        """The addresses behind which there was no post, each with the reason."""
        return self._missing

    def expected(self) -> int:
        """Count the addresses."""
        return len(self._wanted)

    def posts(self) -> Iterator[Post | Unreadable]:
        """Ask for each post, and yield it; what is ``missing`` is noted, and ends nothing."""
        if not self._instagram.own_names:
            self._notice(NOBODY_KNOWN)
        asked: set[str] = set()
        for address, wanted in self._wanted.items():
            try:
                code = wanted.code or self._instagram.leads_to(wanted.share)
                self._codes.add(code)
                if code not in asked:
                    asked.add(code)
                    yield self.refresh(f"instagram:{code}")
            except PostMissing as error:
                self._missing[address] = str(error)

    def knows(self, uid: str) -> bool:
        """Whether a Uid is of one of these posts, as far as the share links were asked."""
        return uid.partition("#")[0].removeprefix("instagram:") in self._codes

    def refresh(self, uid: str) -> Post | Unreadable:
        """Ask for one post anew; raises as ``Instagram.refresh`` does."""
        return hide_foreign(self._instagram.refresh(uid), self._instagram.own_names)

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield a picture or video in pieces; see ``Downloads.fetch``."""
        return self._instagram.fetch(address)

    def comments(self, post: Post) -> tuple[Comment, ...] | None:
        """Give the comments of a post; see ``Discussion.comments``."""
        return self._instagram.comments(post)
