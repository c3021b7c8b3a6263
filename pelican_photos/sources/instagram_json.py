"""What Instagram calls a node, read as a ``Post``.  Pure: no file, no socket.

A node comes in several dialects, told apart by their keys and never by a version:

- GraphQL, as Instaloader kept it until 4.14: ``taken_at_timestamp``, ``display_url``,
  ``edge_sidecar_to_children``; later with ``XDTGraphImage`` among the children;
- the raw media object of the mobile API: ``code``, ``taken_at``, ``image_versions2``,
  ``carousel_media``; at top level since Instaloader 4.15.3, with GraphQL keys added;
- both: a small GraphQL node whose ``iphone_struct`` is the raw object (a feed's posts);
- Instaloader 3's, GraphQL with ``display_src`` and ``date``.

They use different keys for different things, so a node is laid flat first, the raw
object on top, and then read once.  Every key is optional, and may hold anything.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pelican_photos.errors import SourceOutdated
from pelican_photos.model import Edition, Location, Media, Post
from pelican_photos.sources.instagram_comments import comment_of, comments_of
from pelican_photos.sources.instagram_media import media_in
from pelican_photos.sources.instagram_users import owner_in, username_in, usernames_in
from pelican_photos.sources.loose_json import (
    as_count,
    as_id,
    as_line,
    as_mapping,
    as_mappings,
    as_number,
    as_text,
    as_time,
    edge_nodes,
    overlaid,
)

__all__ = [
    "FOLDER",
    "LIVE",
    "SILENT",
    "comment_of",
    "comments_of",
    "owner_id_of",
    "post_of",
    "shortcode_of",
    "speaks_of_caption",
    "uid_of",
]

FOLDER, LIVE = Edition(2), Edition(3)
# A node never says these: the CDN serves files without metadata, and only the list in which
# a post stands (a timeline, an archive) says whether it is archived.
SILENT = frozenset({"taken", "camera", "place", "subtitles", "status"})

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SHORTCODE = re.compile(r"[A-Za-z0-9_-]{1,64}")  # mostly 11; longer on a private account


def post_of(
    node: Mapping[str, Any],
    *,
    with_addresses: bool = True,
    edition: Edition = FOLDER,
    silent: frozenset[str] = SILENT,
) -> Post:
    """Read a node of any dialect.

    Args:
        node: what Instagram sent, or what Instaloader kept under ``"node"``.
        with_addresses: False when the files are at hand; then a picture or a video
            without an address is no error, and its address is "".
        edition: with what authority the node speaks; Instaloader's file by default.
        silent: the fields of which nobody who read such a node should hope to hear.

    Raises:
        SourceOutdated: the shortcode, the time, or a picture or video is missing.
    """
    flat = _flat(node)
    code = _shortcode(flat)
    if not code:
        raise _outdated("a post", "shortcode")
    published = as_time(flat.get("date"), flat.get("taken_at_timestamp"), flat.get("taken_at"))
    if published is None:
        raise _outdated(code, "time")
    media = media_in(flat, published)
    if not media:
        raise _outdated(code, "picture")
    if with_addresses:
        _check_addresses(code, media)

    return Post(
        uid=f"instagram:{code}",
        published=published,
        caption=_caption(flat),
        media=media,
        owner=username_in(owner_in(flat)),
        coauthors=usernames_in(as_mappings(flat.get("coauthor_producers"))),
        location=_location(flat),
        music=_music(flat),
        syndication=_permalink(code, flat),
        comment_count=_comment_count(flat),
        edition=edition,
        silent=silent,
        raw=node,
    )


def uid_of(node: Mapping[str, Any]) -> str:
    """Give the uid that the post of a node has or would have; "" without a shortcode."""
    code = _shortcode(_flat(node))
    return f"instagram:{code}" if code else ""


def owner_id_of(node: Mapping[str, Any]) -> str:
    """Give the number of the owner's account, which outlives a renaming; "" when unsaid."""
    owner = owner_in(_flat(node))
    return as_id(owner.get("pk")) or as_id(owner.get("id"))


def speaks_of_caption(node: Mapping[str, Any]) -> bool:
    """Tell whether a node says what the caption is, be it only that there is none."""
    return not {"caption", "edge_media_to_caption"}.isdisjoint(_flat(node))


def shortcode_of(pk: int) -> str:
    """Give the shortcode of a media's number: its digits in base 64, most significant first."""
    digits = ""
    while pk > 0:
        pk, digit = divmod(pk, 64)
        digits = _ALPHABET[digit] + digits
    return digits


def _flat(node: Mapping[str, Any]) -> dict[str, Any]:
    return overlaid(node, as_mapping(node.get("iphone_struct")))


def _shortcode(flat: Mapping[str, Any]) -> str:
    for key in ("shortcode", "code"):
        if isinstance(code := flat.get(key), str) and _SHORTCODE.fullmatch(code):
            return code
    for key in ("pk", "id"):  # "37…09", 37…09, or "37…09_OWNER"
        number = as_id(flat.get(key)).partition("_")[0]
        if number.isdecimal() and 0 < int(number) < 2**64:
            return shortcode_of(int(number))
    return ""


def _check_addresses(code: str, media: Sequence[Media]) -> None:
    for position, item in enumerate(media, start=1):
        if not item.picture:
            raise _outdated(code, f"address of picture {position}")
        if item.kind == "video" and not item.video:
            raise _outdated(code, f"address of video {position}")


def _caption(flat: Mapping[str, Any]) -> str:
    said = flat.get("caption")
    if isinstance(said, Mapping):
        said = said.get("text")
    if not isinstance(said, str):
        edges = edge_nodes(flat.get("edge_media_to_caption"))
        said = edges[0].get("text") if edges else ""
    return as_text(said)


def _location(flat: Mapping[str, Any]) -> Location | None:
    place = as_mapping(flat.get("location"))
    name = as_line(place.get("name"))
    latitude, longitude = as_number(place.get("lat")), as_number(place.get("lng"))
    if (
        latitude is None
        or longitude is None
        or abs(latitude) > 90
        or abs(longitude) > 180
        or (latitude, longitude) == (0, 0)  # how Instagram says that it does not know
    ):
        return Location(name=name) if name else None
    return Location(name=name, latitude=latitude, longitude=longitude)


def _music(flat: Mapping[str, Any]) -> str:
    """Name the licensed track as Instagram does, "Artist · Title"; a post's own sound is none."""
    for key in ("clips_metadata", "music_metadata"):
        info = as_mapping(as_mapping(flat.get(key)).get("music_info"))
        track = as_mapping(info.get("music_asset_info"))
        names = (as_line(track.get("display_artist")), as_line(track.get("title")))
        if any(names):
            return " · ".join(name for name in names if name)
    return ""


def _permalink(code: str, flat: Mapping[str, Any]) -> str:
    kind = "reel" if flat.get("product_type") == "clips" else "p"
    return f"https://www.instagram.com/{kind}/{code}/"


def _comment_count(flat: Mapping[str, Any]) -> int | None:
    keys = ("edge_media_to_parent_comment", "edge_media_to_comment", "comments")
    nested = (as_mapping(flat.get(key)).get("count") for key in keys)
    return as_count(flat.get("comment_count"), flat.get("comments"), *nested)


def _outdated(which: str, what: str) -> SourceOutdated:
    return SourceOutdated(
        f"{which}: no {what} in what Instagram sent; upgrade, or use Instagram's data export"
    )
