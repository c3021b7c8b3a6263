"""Finds the post that a new one is, where another source gave it before.

``matching`` decides; here are the pictures that it may ask for.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pelican_photos import film_still, images
from pelican_photos.errors import ImageError, MediaError
from pelican_photos.ledger import Entry, features_of
from pelican_photos.matching import Known, Verdict, twins
from pelican_photos.model import Post
from pelican_photos.originals import fetch_picture
from pelican_photos.sources import Source
from pelican_photos.storing import Site, item_uid


class Recognising:
    """Knows the posts of a site, for the time that one source is read."""

    def __init__(self, source: Source, site: Site) -> None:
        self._source = source
        self._site = site
        self._known = Known(site.ledger.features())
        self._claimed: set[str] = set()

    def find(self, post: Post) -> Verdict:
        """Find a known post that a post of an unknown Uid is; see ``Known.find``."""
        return self._known.find(post, self._claimed, lambda: self._look(post), self._look_of)

    def claim(self, entry: Entry) -> None:
        """Note that this source has given a post: what it gives later is another one."""
        self._claimed.add(entry.uid)
        features = features_of(entry)
        if features:
            self._known.add(features)

    def twins(self) -> Iterator[tuple[Entry, Entry]]:
        """Find posts that are here twice, as two machines had them through different doors."""
        for uids in twins(self._site.ledger.features(), self._look_of):
            first, second = map(self._site.ledger.get, uids)
            if first and second and not (first.forgotten or second.forgotten):
                yield first, second

    def _look(self, post: Post) -> str:
        address = post.media[_first_picture(media.kind for media in post.media)].picture
        if not address:  # a film without a poster
            return ""
        with tempfile.TemporaryDirectory() as folder:
            try:
                return fetch_picture(self._source, address, Path(folder, "picture")).look
            except (MediaError, ImageError):  # what is wrong with it is said when it is stored
                return ""

    def _look_of(self, uid: str) -> str:
        """Give how a stored picture looks; an older ledger did not note it."""
        entry = self._site.ledger.get(uid)
        if entry is None or not entry.items:
            return ""
        index = _first_picture(mark.kind for mark in entry.marks)
        item = entry.items[index]
        page = self._site.library.find(item_uid(entry, index))
        if item.look or page is None or not item.original:
            return item.look
        picture = page.with_name(item.original)
        if film_still.is_ours(picture):  # no other source has it
            return ""
        try:
            return images.check(picture).look
        except (ImageError, OSError):  # the original is elsewhere, or not a picture any more
            return ""


def _first_picture(kinds: Iterable[str]) -> int:
    """Give the number of the first picture; of the first medium where all are films.

    Exports before 2021 list the videos of an album behind its pictures, so that the first
    medium is not the same everywhere.
    """
    return next((number for number, kind in enumerate(kinds) if kind != "video"), 0)
