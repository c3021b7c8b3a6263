"""Who may see a page: one decision, for the gallery and for the bucket.  Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from pelican_photos.model import Album, Photo

OPENNESS = ("skip", "draft", "hidden", "published")  # Pelican's words, the most private first


class Visibility:
    """The status of every page of a site, as the pages, their albums and the clock say."""

    def __init__(
        self, pages: Iterable[tuple[PurePath, Photo | Album]], until: datetime | None = None
    ) -> None:
        """Later pages than ``until`` are drafts; None shows the future too."""
        self._until = until
        self._albums: dict[str, list[tuple[PurePath, Album]]] = defaultdict(list)
        for file, page in pages:
            if isinstance(page, Album):
                self._albums[page.slug].append((file, page))

    def album_of(self, file: PurePath, photo: Photo) -> tuple[PurePath, Album] | None:
        """Find a photo's album: the one beside it, else of its year, else the most private.

        Albums of two years may share a slug that their owner chose.
        """
        found = self._albums.get(photo.album, [])
        beside = [each for each in found if each[0].parent == file.parent]
        of_year = [each for each in found if each[1].published.year == photo.published.year]
        for group in (beside, of_year, found):
            if group:
                return min(group, key=lambda each: self._own(each[1]))
        return None

    def status(self, file: PurePath, page: Photo | Album) -> str:
        """Give the most private status of a page and its album.

        An unknown word is a draft.  A photo whose album has no page is hidden: whoever
        deletes an album's page takes its photos off the lists.  Somebody else's page is
        skipped until the site's owner writes published or draft into it.
        """
        openness = self._own(page)
        if isinstance(page, Photo) and page.album:
            album = self.album_of(file, page)
            openness = min(openness, self._own(album[1]) if album else _without_album(page))
        return OPENNESS[openness]

    def _own(self, page: Photo | Album) -> int:
        word = (page.status or "published").lower()
        openness = OPENNESS.index(word if word in OPENNESS else "draft")
        if self._until is not None and page.published > self._until:
            openness = min(openness, OPENNESS.index("draft"))
        if page.owner and word not in ("published", "draft"):
            openness = OPENNESS.index("skip")
        return openness


def _without_album(photo: Photo) -> int:
    return OPENNESS.index("skip" if photo.owner else "hidden")
