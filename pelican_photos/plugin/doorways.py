"""The pages by which people come in from elsewhere: old addresses, and the one for nowhere."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pelican_photos.naming import short_hash
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.markup import large
from pelican_photos.plugin.press import Press
from pelican_photos.plugin.short_addresses import ShortAddress

logger = logging.getLogger(__name__)

NOT_FOUND = "404.html"
# What Pelican's own generators write, by its name in the context.
_OWN = (
    *("articles", "hidden_articles", "drafts"),
    *("pages", "hidden_pages", "draft_pages", "staticfiles"),
)


class Doorways:
    """Writes those pages, each unless the site has a page of its own there."""

    def __init__(self, press: Press, context: Mapping[str, Any]) -> None:
        self._press = press
        self._taken = {save_as.casefold() for save_as in _files(context)}

    def free(self, addresses: Iterable[ShortAddress]) -> list[ShortAddress]:
        """Leave out the addresses where the site has something of its own, and say which."""
        free = []
        for address in addresses:
            if self._is_taken(address.save_as):
                logger.warning(
                    "%s/ is a page of your own: the post that was there on Instagram stays at %s",
                    address.folder,
                    address.choices[0].entry.folder,
                )
            else:
                free.append(address)
        return free

    def write_short_addresses(self, addresses: Iterable[ShortAddress]) -> None:
        """Write a page for each address; it leads on to the post."""
        for address in addresses:
            self._press.file(
                "moved",
                address.save_as,
                f"{address.folder}/",
                status="hidden",
                choices=address.choices,
            )

    def write_not_found(self, posts: Iterable[Entry]) -> None:
        """Write the page that a server shows for what it does not have."""
        if not self._is_taken(NOT_FOUND):
            self._press.file(
                "not-found",
                NOT_FOUND,
                NOT_FOUND,
                status="hidden",
                is_anywhere=True,
                found=_any_photo(posts),
            )

    def _is_taken(self, save_as: str) -> bool:
        return save_as.casefold() in self._taken


def _files(context: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the site writes of its own, below its output."""
    for name in _OWN:
        yield from (str(content.save_as) for content in context.get(name, ()))
    yield from map(str, context.get("TEMPLATE_PAGES", {}).values())
    for name in context.get("DIRECT_TEMPLATES", ()):
        yield str(context.get(f"{name.upper()}_SAVE_AS", f"{name}.html"))


def _any_photo(posts: Iterable[Entry]) -> Entry | None:
    """Choose a photo as if by chance, a wide one if there is one: the same in every build."""
    photos = (post for post in posts if not post.owner and large(post.cover.picture))
    return min(photos, key=_chance, default=None)


def _chance(post: Entry) -> tuple[bool, str]:
    return post.cover.picture.ratio < 1, short_hash(post.folder)
