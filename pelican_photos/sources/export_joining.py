"""Where the detailed ``posts.json`` of an export meets its ``posts_1.json``.

The two tell of the same posts by the same numbers.  The plain file has the structure; the
detailed one has the permalink, the place, and posts that the other lacks: drafts among them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pelican_photos.sources.export_details import (
    Leaf,
    as_element,
    caption_label,
    is_draft,
    keys_of,
    leaves,
    location_in,
    owner_in,
    permalink_in,
)
from pelican_photos.sources.export_posts import Extras
from pelican_photos.sources.spill import Spill


class Detail(NamedTuple):
    """One detailed element, read."""

    raw: Mapping[str, Any]
    leaves: list[Leaf]
    extras: Extras

    def is_draft(self, *, published: bool = False) -> bool:
        """Tell whether it says that it was never published."""
        return is_draft(self.leaves, published=published or bool(self.extras.code))


class Details:
    """The detailed elements of all exports, laid aside.

    Args:
        spill: empty, to lay them aside in.
    """

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._places: dict[int, int] = {}  # a medium's key → where its element is
        self._met: set[int] = set()
        self._owners: Counter[str] = Counter()
        self._linked: set[int] = set()  # exports that have permalinks
        self._plain: set[int] = set()  # exports that have a posts_1.json as well
        self._caption_label = ""

    def add(self, raw: Mapping[str, Any], file: str, as_of: str, export: int) -> None:
        """Lay an element aside; ``export`` numbers the exports, the newest first."""
        where = self._spill.add([raw, file, as_of, export])
        for key in keys_of(raw):
            self._places.setdefault(key, where)
        detail = read(raw)
        self._owners.update(filter(None, [owner_in(detail.leaves)]))
        if detail.extras.code:
            self._linked.add(export)

    def note_plain(self, export: int) -> None:
        """Note that an export has a ``posts_1.json`` too, of all that was published."""
        self._plain.add(export)

    def meet(self, keys: Iterable[int]) -> Detail | None:
        """Find what is known beyond a post of a plain file, by its media."""
        where = next((self._places[key] for key in keys if key in self._places), None)
        if where is None:
            return None
        self._met.add(where)
        return read(self._spill.get(where)[0])

    def learn(self, detail: Detail, caption: str) -> None:
        """Note what this export calls a caption, from a post whose caption is known."""
        self._caption_label = self._caption_label or caption_label(detail.leaves, caption)

    def left(self, export: int) -> Iterator[tuple[Detail, str, str]]:
        """Yield the elements that no plain file has met, with their file and its date."""
        for where, (raw, file, as_of, number) in self._spill.all():
            if number == export and where not in self._met:
                yield read(raw), file, as_of

    def element(self, detail: Detail) -> dict[str, Any]:
        """Give an element the shape of a plain file's."""
        return as_element(detail.raw, detail.leaves, self._caption_label)

    def never_published(self, detail: Detail, export: int) -> bool:
        """Tell a draft by its label, or as what others are not: without an address.

        The plain file has all that was published, and published posts have permalinks where
        any has one.
        """
        others_tell = export in self._plain or export in self._linked
        return detail.is_draft() or (not detail.extras.code and others_tell)

    def is_foreign(self, detail: Detail) -> bool:
        """Tell whether it belongs to another account than most do."""
        owner = owner_in(detail.leaves)
        return bool(owner) and owner != self._owners.most_common(1)[0][0]


def read(raw: Mapping[str, Any]) -> Detail:
    """Read a detailed element."""
    found = leaves(raw)
    link = permalink_in(found)
    return Detail(raw, found, Extras(link.code if link else "", location_in(found), raw))
