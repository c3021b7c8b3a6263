"""An element of an export's ``posts_1.json``, ``reels.json``… read as a ``Post``.  Pure.

Since 2021 there are three shapes: ``{"media": [medium, …], "title", "creation_timestamp"}``
for an album; the same without title and time, which its one medium has, for a picture alone;
and the bare medium, for stories and profile pictures.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from pelican_photos.errors import SourceOutdated
from pelican_photos.model import Edition, Location, Media, Post
from pelican_photos.naming import short_hash
from pelican_photos.sources.export_media import Look, medium_of, uri_in
from pelican_photos.sources.export_names import number_in
from pelican_photos.sources.loose_json import as_line, as_mapping, as_mappings, as_text, as_time

# What no export says of a post or its media.
_NEVER_SAID = frozenset(
    "owner coauthors music comment_count id width height duration people alt alt_auto".split()
)
_RARELY_SAID = frozenset(("location", "syndication"))


ASK_AGAIN = "ask Instagram for the export again"
_MD5 = re.compile(r"[0-9a-f]{32}")  # a file's name until February 2021


class Origin(NamedTuple):
    """Where an element was found."""

    file: str  # the path of its JSON or HTML file
    edition: Edition
    look: Look
    status: str = ""  # Pelican's, of all posts of the file


class Extras(NamedTuple):
    """What the detailed ``posts.json`` of 2026 knows beyond ``posts_1.json``."""

    code: str = ""
    location: Location | None = None
    raw: Mapping[str, Any] | None = None


def post_of(raw: Mapping[str, Any], origin: Origin, extras: Extras = Extras()) -> Post:  # noqa: B008 - it is frozen
    """Read an element whose text is repaired.

    Raises:
        SourceOutdated: it has no media, or no time.
    """
    found = media_in(raw)
    if not found:
        raise SourceOutdated(f"{as_line(origin.file)}: a post without pictures; {ASK_AGAIN}")
    titles = (raw.get("title"), *(medium.get("title") for medium in found))
    own = as_time(raw.get("creation_timestamp"), raw.get("timestamp"))
    times = filter(None, (as_time(medium.get("creation_timestamp")) for medium in found))
    published = own or min(times, default=None)
    if published is None:
        raise SourceOutdated(f"{as_line(origin.file)}: a post without a time; {ASK_AGAIN}")
    caption = next(filter(None, map(as_text, titles)), "")
    post = Post(
        uid=uid_of(uri_in(found[0]) or f"{published} {caption}", extras.code),
        published=published,
        caption=caption,
        media=tuple(medium_of(medium, origin.look) for medium in found),
    )
    return signed(post, raw, origin, extras)


def signed(
    post: Post,
    raw: Mapping[str, Any],
    origin: Origin,
    extras: Extras = Extras(),  # noqa: B008 - it is frozen
    *,
    also_silent: frozenset[str] = frozenset(),
) -> Post:
    """Add what every post of an export has: where it is from, and what is not said of it."""
    said = {"location"} if extras.location or post.location else set()
    said |= {"syndication"} if extras.code else set()
    said |= {"people"} if any(medium.people for medium in post.media) else set()
    kept = {"file": origin.file, "element": raw}
    return replace(
        post,
        location=extras.location or post.location,
        syndication=f"https://www.instagram.com/p/{extras.code}/" if extras.code else "",
        status=origin.status,
        edition=origin.edition,
        silent=(_NEVER_SAID | _RARELY_SAID | also_silent) - said,
        raw=kept | ({"detailed": extras.raw} if extras.raw else {}),
    )


def uid_of(uri: str, code: str = "") -> str:
    """Identify a post: by its shortcode, else by its first medium."""
    if code:
        return f"instagram:{code}"
    name = PurePosixPath(uri).stem
    known = number_in(uri) or (name if _MD5.fullmatch(name) else short_hash(uri, 16))
    return f"instagram-export:{known}"


def media_in(raw: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Give the media of an element; one alone may stand for a list, or be the element itself."""
    media = raw.get("media")
    if isinstance(media, Mapping):
        return [media]
    if isinstance(media, list):
        return as_mappings(media)
    return [raw] if uri_in(raw) else []


def uris_of(post: Post) -> list[str]:
    """Give where the media of a post lie; without those that do not say."""
    return list(filter(None, map(_uri, post.media)))


def uri_of_first(raw: object) -> str:
    """Give where an element's first medium lies; "" when it does not say."""
    return next(filter(None, map(uri_in, media_in(as_mapping(raw)))), "")


def _uri(medium: Media) -> str:
    return medium.video or medium.picture
