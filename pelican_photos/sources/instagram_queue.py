"""The posts behind the links of a data export, a few each day, over as many days as it takes.

Thousands of requests at once would put the account at risk; so each day has its budget, and
whatever stops a run, the next one goes on where it stopped.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pelican_photos.errors import PostMissing, SourceError
from pelican_photos.link_queue import Left, QueueState
from pelican_photos.model import Comment, Post, Unreadable
from pelican_photos.pauses import shown
from pelican_photos.sources.export_links import Link
from pelican_photos.sources.instagram import Instagram
from pelican_photos.sources.instagram_address import cut_code
from pelican_photos.sources.instagram_one_by_one import OneByOne
from pelican_photos.sources.instagram_ownership import hide_foreign
from pelican_photos.sources.instagram_users import username_in

_HERE = "links whose posts are here already"
_GONE = "links whose posts were gone before"
_NO_POST = "links that lead to no post"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class LinkQueue:
    """The posts behind some links, the last liked or saved first; all of them come hidden.

    Args:
        instagram: an open connection; the caller closes it.
        links: in any order; the same post may be linked more than once.
        state: what earlier runs noted.
        known: Uids that the site has, readable or not: no request is spent on them.
        again: also ask for what was gone before.
    """

    name = "Instagram"
    live = True  # each answer costs a request, and addresses expire
    whole = False  # what is no longer liked is not gone

    def __init__(
        self,
        instagram: Instagram,
        links: Sequence[Link],
        *,
        state: QueueState,
        known: Container[str] = (),
        again: bool = False,
    ) -> None:
        self._instagram = instagram
        self._asking = OneByOne(instagram)
        self._state = state
        self._known = known
        self._earlier = frozenset() if again else frozenset(state.gone)
        self._links = _newest_first(links)
        self._no_post = sum(not cut_code(link.code) for link in links)
        self._expected: int | None = None
        self._done: set[str] = set()  # in this run
        self._missing: dict[str, str] = {}

    @property
    def skipped(self) -> Mapping[str, int]:
        """How many links were passed over: without a post, or with one that is known or gone."""
        done = Counter({_NO_POST: self._no_post})
        for code in self._links.keys() - self._done:
            done[_HERE] += self._is_here(code)
            done[_GONE] += not self._is_here(code) and code in self._earlier
        return +done

    @property
    def missing(self) -> Mapping[str, str]:
        """The addresses of posts that this run found gone, each with the reason."""
        return self._missing

    @property
    def left(self) -> Left:
        """How many links are still to be asked for, and when the budget opens again."""
        count = len(self._open())
        return Left(count, self._state.opens if count else None)

    def expected(self) -> int:
        """Count the posts that today's budget allows."""
        if self._expected is None:
            return min(len(self._open()), self._state.budget)
        return self._expected

    def posts(self) -> Iterator[Post | Unreadable]:
        """Ask for each post and yield it, until none or no budget is left.

        Raises:
            SourceError: Instagram refuses; what was asked for is counted and noted.
        """
        self._expected = self.expected()
        for code in self._open():
            if not self._state.budget:
                return
            entry = self._asked(self._links[code])
            if entry is not None:
                yield entry
            self._done.add(code)

    def knows(self, uid: str) -> bool:
        """Whether a Uid is behind one of the links, and may be asked for within the budget."""
        return _code_in(uid) in self._links and self._state.budget > 0

    def refresh(self, uid: str) -> Post | Unreadable:
        """Ask for one post anew; it counts like any other request.

        Raises:
            PostMissing: it is deleted or private.
            SourceError: Instagram refuses, or the budget is spent.
        """
        opens = self._state.opens
        if opens is not None:
            raise SourceError(
                f"the {self._state.per_day} single posts that PHOTOS_INSTAGRAM_BUDGET allows in "
                f"24 hours are spent: go on after {shown(opens)}"
            )
        link = self._links.get(_code_in(uid))
        self._state.spend()
        return _hidden(self._asking.ask(uid.partition("#")[0]), link)

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield a picture or video in pieces; see ``Downloads.fetch``."""
        return self._instagram.fetch(address)

    def comments(self, post: Post) -> tuple[Comment, ...] | None:  # noqa: ARG002 - the protocol's
        """None: comments on the posts of others are not collected in bulk."""
        return None

    def _asked(self, link: Link) -> Post | Unreadable | None:
        """Ask for the post of a link; None when it is gone, which is noted."""
        try:
            entry = self.refresh(f"instagram:{link.code}")
        except PostMissing as error:
            self._state.note_gone(link.code, str(error))
            self._missing[f"https://www.instagram.com/p/{link.code}/"] = str(error)
            return None
        self._state.forget_gone(link.code)
        return entry

    def _open(self) -> list[str]:
        return [code for code in self._links if not self._is_settled(code)]

    def _is_settled(self, code: str) -> bool:
        return code in self._done or code in self._earlier or self._is_here(code)

    def _is_here(self, code: str) -> bool:
        return f"instagram:{code}" in self._known


def _newest_first(links: Sequence[Link]) -> dict[str, Link]:
    """Order links by when they were added, each post once; those without a time come last."""
    cut = [link._replace(code=cut_code(link.code)) for link in links]
    ordered = sorted(cut, key=lambda link: link.added or _LONG_AGO, reverse=True)
    found: dict[str, Link] = {}
    for link in ordered:
        if link.code:
            found.setdefault(link.code, link)
    return found


def _hidden(entry: Post | Unreadable, link: Link | None) -> Post | Unreadable:
    """Hide a post, whosever it is; its owner is whom it names, else whom the link names."""
    if isinstance(entry, Post) and not entry.owner and link is not None:
        entry = replace(entry, owner=username_in({"username": link.owner}))
    return hide_foreign(entry, ())


def _code_in(uid: str) -> str:
    return uid.partition("#")[0].removeprefix("instagram:")
