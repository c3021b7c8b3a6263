"""A timeline of Instaloader's, read to its very end, past posts that it stumbles over.

Instaloader makes a ``Post`` of each node and raises where one lacks a key, and
it takes an empty page for the end.  Here the node itself counts: it is read
even then, and an end that Instagram did not announce is no end.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import instaloader
from instaloader import exceptions as theirs

from pelican_photos.errors import SourceOutdated
from pelican_photos.model import Post, Unreadable
from pelican_photos.sources.instagram_errors import ODD_ANSWER, OUTDATED, explained
from pelican_photos.sources.instagram_json import LIVE, SILENT, post_of

# What nobody says in a timeline: it does say that a post is not archived, by showing it.
SILENT_ON_THE_GRID = SILENT - {"status"}

UID = re.compile(r"instagram:([A-Za-z0-9_-]{5,64})")

_ABOUT_ONE_POST = (*ODD_ANSWER, theirs.BadResponseException, theirs.PostChangedException)
_UNKNOWN_FORM = "Instagram sent it in a form that Instaloader does not know"
_GONE = "deleted or private"
_PATIENCE = 3  # unreadable posts in a row, where each costs a request


class Timeline:
    """The posts of a profile; ``anonymous`` when each of them is asked for on its own.

    ``silent`` are the fields of which this list of posts says nothing.
    """

    def __init__(
        self,
        nodes: instaloader.NodeIterator[instaloader.Post],
        *,
        username: str,
        anonymous: bool,
        silent: frozenset[str] = SILENT_ON_THE_GRID,
    ) -> None:
        self._nodes = nodes
        self._silent = silent
        self._username = username
        self._anonymous = anonymous

    @property
    def reached(self) -> int:
        """How many posts have been read."""
        return self._nodes.total_index

    @property
    def count(self) -> int | None:
        """How many posts Instagram says there are; None when it does not."""
        count = self._nodes.count
        return count if isinstance(count, int) else None

    @property
    def has_more(self) -> bool:
        """Whether Instagram announced more posts than it showed."""
        with explained(self._username):
            page = self._nodes.freeze().remaining_data or {}
            return bool((page.get("page_info") or {}).get("has_next_page"))

    def entries(self) -> Iterator[Post | Unreadable]:
        """Yield each post; one that nobody can read is yielded as ``Unreadable``."""
        unread = 0
        while (entry := self._next()) is not None:
            unread = unread + 1 if isinstance(entry, Unreadable) else 0
            yield entry
            if unread >= _PATIENCE and self._anonymous:
                raise SourceOutdated(OUTDATED)

    def _next(self) -> Post | Unreadable | None:
        """Read the next post; None at the end.

        An error after the iterator went on is about this one post; before, about the page.
        """
        reached, post, reason = self.reached, None, _UNKNOWN_FORM
        with explained(self._username):
            try:
                post = next(self._nodes, None)
            except _ABOUT_ONE_POST as error:
                if self.reached == reached or not _is_about_a_post(error):
                    raise
                reason = _UNKNOWN_FORM if isinstance(error, ODD_ANSWER) else _GONE
            if post is None and self.reached == reached:
                return None
            return read(self._node(post), reason, self._silent)

    def _node(self, post: instaloader.Post | None) -> Any:
        """Give the node as the timeline brought it; anonymously, as the single post did."""
        if post is not None and self._anonymous:
            return instaloader.get_json_structure(post)["node"]
        page = self._nodes.freeze().remaining_data
        return page["edges"][0]["node"] if page else None


def says_gone(error: theirs.BadResponseException) -> bool:
    """Tell whether a single post is deleted or private, by the only mark there is."""
    return "Fetching Post metadata failed" in str(error)


def read(node: Any, reason: str, silent: frozenset[str] = SILENT) -> Post | Unreadable:
    """Read a node; ``reason`` is why it may be unreadable when it says nothing itself."""
    raw = node if isinstance(node, Mapping) else {"node": node}
    try:
        return post_of(raw, edition=LIVE, silent=silent)
    except SourceOutdated as error:
        # Anonymously, the timeline's node is a mere code: its lack of a picture is no news.
        spoken = "media_type" in raw or "__typename" in raw
        return Unreadable(uid=_uid(raw), reason=str(error) if spoken else reason, raw=raw)


def _is_about_a_post(error: BaseException) -> bool:
    return not isinstance(error, theirs.BadResponseException) or says_gone(error)


def _uid(raw: Mapping[str, Any]) -> str:
    """Name an unreadable node by its shortcode, else by its content."""
    uid = f"instagram:{raw.get('code') or raw.get('shortcode')}"
    if ("code" in raw or "shortcode" in raw) and UID.fullmatch(uid):
        return uid
    # Addresses are others each time, and the same node should get the same name.
    said = re.sub(r"https?://[^\s\"]*", "", json.dumps(raw, sort_keys=True))
    content = said.encode()
    return f"instagram:unreadable-{hashlib.sha256(content).hexdigest()[:12]}"
