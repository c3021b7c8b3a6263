"""The pictures and videos of a node that ``instagram_json`` has laid flat.  Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pelican_photos.model import Media
from pelican_photos.sources.instagram_alt import sort_alt
from pelican_photos.sources.instagram_users import names_in, owner_in, people_in
from pelican_photos.sources.loose_json import (
    as_address,
    as_line,
    as_mapping,
    as_mappings,
    as_number,
    as_size,
    as_text,
    overlaid,
)

# The last part of an address on the CDN, without its extension: ``<a>_<b>_<c>_n`` for a picture,
# other words for a film.  A shorter one ("video.mp4") tells no file from another.
_NAME = re.compile(r"https?://[^?#]*/([\w-]{8,200})(?:\.\w{1,5})?(?:[?#]|$)", re.ASCII)

_Version = tuple[str, tuple[int, int] | None]  # an address, and its pixels when they are said


def media_in(flat: Mapping[str, Any], published: datetime) -> tuple[Media, ...]:
    """List the media of a post in order; none for a carousel whose items are missing.

    An address that the node does not hold is "".
    """
    names = names_in(owner_in(flat))
    return tuple(_media(item, names, published) for item in _items(flat))


def _items(flat: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    raw, legacy = _children(flat)
    if not raw and not legacy:
        is_album = flat.get("media_type") == 8 or _typename(flat).endswith("Sidecar")
        return [] if is_album else [flat]
    if len(raw) == len(legacy):
        return [overlaid(below, above) for below, above in zip(legacy, raw, strict=True)]
    return max(raw, legacy, key=len)


def _children(
    flat: Mapping[str, Any],
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    raw = flat.get("carousel_media")
    edges = as_mapping(flat.get("edge_sidecar_to_children")).get("edges")
    # What is no object stays, as an empty one: a lost picture must not go unnoticed.
    return (
        [as_mapping(child) for child in raw] if isinstance(raw, list) else [],
        [as_mapping(as_mapping(e).get("node")) for e in edges] if isinstance(edges, list) else [],
    )


def _media(item: Mapping[str, Any], names: tuple[str, ...], published: datetime) -> Media:
    is_video = _is_video(item)
    picture, picture_size = _picture(item)
    video, video_size = _video(item) if is_video else ("", None)
    stated = _stated_size(item)
    # The largest candidate is the very picture; what is stated may precede a crop.
    size = (stated or video_size or picture_size) if is_video else (picture_size or stated)
    alt, alt_auto = sort_alt(
        as_line(item.get("accessibility_caption")), names=names, published=published
    )
    return Media(
        id=_id(item),
        names=_names(item),
        kind="video" if is_video else "image",
        picture=picture,
        video=video,
        width=size[0] if size else 0,
        height=size[1] if size else 0,
        duration=max(0.0, as_number(item.get("video_duration")) or 0.0) if is_video else 0.0,
        alt=alt,
        alt_auto=alt_auto,
        people=people_in(item),
    )


def _id(item: Mapping[str, Any]) -> str:
    """Give the number of a medium; the dialects write it as ``pk``, ``id`` or ``id_owner``."""
    for key in ("pk", "id"):
        number = str(item.get(key) or "").partition("_")[0]
        if number.isdecimal() and number.isascii():
            return number
    return ""


def _names(item: Mapping[str, Any]) -> tuple[str, ...]:
    """List what the CDN calls the files of an item, each once, the pictures first."""
    found = (_NAME.match(address) for address in _addresses(item))
    return tuple(dict.fromkeys(name[1] for name in found if name))


def _addresses(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield every address of a picture or a film that an item holds, in any dialect."""
    candidates = as_mapping(item.get("image_versions2")).get("candidates")
    for version in as_mappings(candidates):
        yield as_address(version.get("url"))
    for key in ("display_url", "display_src"):
        yield as_address(item.get(key))
    for version in as_mappings(item.get("display_resources")):
        yield as_address(version.get("src"))
    for version in as_mappings(item.get("video_versions")):
        yield as_address(version.get("url"))
    yield as_address(item.get("video_url"))


def _is_video(item: Mapping[str, Any]) -> bool:
    said = item.get("is_video")
    if item.get("media_type") in (1, 2):
        return bool(item["media_type"] == 2)
    if isinstance(said, bool):
        return said
    return _typename(item).endswith("Video") or bool(_video(item)[0])


def _stated_size(item: Mapping[str, Any]) -> tuple[int, int] | None:
    dimensions = as_mapping(item.get("dimensions"))
    original = as_size(item.get("original_width"), item.get("original_height"))
    return original or as_size(dimensions.get("width"), dimensions.get("height"))


def _picture(item: Mapping[str, Any]) -> _Version:
    candidates = as_mapping(item.get("image_versions2")).get("candidates")
    address, size = _largest(candidates, "url", "width", "height")
    if address:
        # With ``se=7`` the CDN sends a smaller rendition than the candidate itself.
        return re.sub(r"([?&])se=\d+&?", r"\1", address).rstrip("?&"), size
    address = as_address(item.get("display_url")) or as_address(item.get("display_src"))
    if address:
        return address, None
    return _largest(item.get("display_resources"), "src", "config_width", "config_height")


def _video(item: Mapping[str, Any]) -> _Version:
    address, size = _largest(item.get("video_versions"), "url", "width", "height")
    return (address, size) if address else (as_address(item.get("video_url")), None)


def _largest(versions: object, url: str, width: str, height: str) -> _Version:
    """Pick the version of most pixels; among equals the first, which Instagram prefers."""
    found = [
        (as_address(version.get(url)), as_size(version.get(width), version.get(height)))
        for version in as_mappings(versions)
    ]
    return max((version for version in found if version[0]), key=_pixels, default=("", None))


def _pixels(version: _Version) -> int:
    across, down = version[1] or (0, 0)
    return across * down


def _typename(item: Mapping[str, Any]) -> str:
    return as_text(item.get("__typename"))
