"""When each file of the site goes up, and how long it may be kept.

Pure, by its key alone.  ``photos`` is ``PHOTOS_PATH``.
"""

import re
from functools import cache
from typing import NamedTuple

from pelican_photos.content_types import content_type
from pelican_photos.publish.objects import Role, Stage

FOREVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
ASK_EACH_TIME = "public, max-age=0, must-revalidate"
SECRET = "private, no-store"  # noqa: S105 - of what nobody is served

_DIGEST = r"[.-][0-9a-f]{8,64}\.[a-z0-9]+"
_LISTS = re.compile(r"index\d*\.")
_DOCUMENTS = (".html", ".htm", ".xhtml", ".xml", ".atom", ".rss", ".json", ".txt", ".xsl")


def is_hashed(key: str, photos: str) -> bool:
    """Say whether a name holds a digest of the content, so that it never changes.

    Renditions are ``photos/2024/slug/640-1a2b3c4d.webp``, assets of the theme
    ``theme/css/photostream.1a2b3c4d.css``, ours ``photos/assets/gallery-1a2b3c4d.css``, and what
    a search reads ``photos/assets/search-2024-1a2b3c4d.json``.  Elsewhere eight digits are a date.
    """
    names = _names(photos)
    if names.listing.fullmatch(key):
        return True
    return not is_document(key) and bool(names.hashed.fullmatch(key))


def cache_control(key: str, role: Role, photos: str) -> str:
    """Give the Cache-Control of a key.

    A picture may be a day old, and a change of it is told to the CDN.  A
    document, a script or a style sheet without a digest in its name is asked
    for each time, so that a page never meets the style of another day.
    """
    if role is Role.ORIGINAL:
        return A_DAY
    if is_hashed(key, photos):
        return FOREVER
    kind = content_type(key)
    return A_DAY if kind.startswith(("image/", "video/", "audio/", "font/")) else ASK_EACH_TIME


def stage_of(key: str, role: Role, photos: str) -> Stage:
    """Say when a key goes up.

    ``index.html`` lists others, except in the folder of one photo or album: a year's other
    folders are its months and its further pages.  A feed, the site map and what is shown for an
    address that leads nowhere name other pages too.  Any other HTML is a page.
    """
    if role is Role.ORIGINAL:
        return Stage.ORIGINALS
    if not is_document(key):
        return Stage.ASSETS
    names = _names(photos)
    if names.listing.fullmatch(key):
        return Stage.INDEXES
    if names.page.fullmatch(key):
        return Stage.PAGES
    name = key.rpartition("/")[2]
    lists = _LISTS.match(name) or key == "404.html"
    return (
        Stage.PAGES if name.endswith((".html", ".htm", ".xhtml")) and not lists else Stage.LISTINGS
    )


class _Names(NamedTuple):
    """What keys below one ``PHOTOS_PATH`` look like, to be matched whole."""

    hashed: re.Pattern[str]
    listing: re.Pattern[str]  # what a search reads
    page: re.Pattern[str]  # of a photo or album


@cache
def _names(photos: str) -> _Names:
    """Compile them once: each is asked for with each file of the site."""
    below = re.escape(photos)
    rendition = rf"{below}/\d{{4}}/[^/]+/[^/]+{_DIGEST}"
    asset = rf"(?:theme|{below}/assets)/(?:.*/)?[^/]+{_DIGEST}"
    return _Names(
        hashed=re.compile(f"{rendition}|{asset}"),
        listing=re.compile(rf"{below}/assets/[^/]+-[0-9a-f]{{8,64}}\.json"),
        page=re.compile(rf"{below}/\d{{4}}/(?!page/|\d\d/)[^/]+/index\.html"),
    )


def is_document(key: str) -> bool:
    """Say whether a key is text that people or programs read, such as a page or a feed."""
    return key.lower().endswith(_DOCUMENTS)
