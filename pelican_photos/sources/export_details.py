"""The detailed ``posts.json`` of 2026: labels and values, in the language of the account.  Pure.

``{"timestamp", "fbid", "media": [cover], "label_values": [{"label", "value", "href"},
{"label", "media": [medium, …]}, {"title", "dict": [{"title": "", "dict": […]}]}]}``.
A label decides nothing alone, as far as something else does: links are known by where they
lead, media by their ``uri``, and what labels are called is learnt from posts known already.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pelican_photos.model import Location
from pelican_photos.sources.export_media import place_of, uri_in
from pelican_photos.sources.export_names import medium_key, number_in
from pelican_photos.sources.export_words import (
    is_caption_label,
    is_draft_label,
    is_false,
    is_latitude_label,
    is_longitude_label,
    is_owner_label,
    is_place_label,
    is_true,
    is_username_label,
)
from pelican_photos.sources.loose_json import (
    as_id,
    as_line,
    as_mapping,
    as_mappings,
    as_text,
    as_time,
)

# /p/CODE/, /reel/CODE/, /tv/CODE/, /someone/p/CODE/; what follows eleven characters was
# added for those whom a private post was shared with.
_PERMALINK = re.compile(
    r"https?://(?:www\.|m\.)?instagram\.com/(?:(?P<owner>[\w.]{1,30})/)?(?:p|reels?|tv)"
    r"/(?!audio/)(?P<code>[A-Za-z0-9_-]{1,64})(?:[/?#]|$)",
    re.ASCII,
)
_PROFILE = re.compile(r"https?://(?:www\.)?instagram\.com/(?P<owner>[\w.]{1,30})/?", re.ASCII)
_CODE_LENGTH = 11


class Permalink(NamedTuple):
    """What the address of a post says; the owner is "" in most."""

    code: str
    owner: str


class Leaf(NamedTuple):
    """A label with its value."""

    label: str
    value: str
    href: str
    group: str  # the title or label around it


def is_detailed(raw: object) -> bool:
    """Tell whether an element is of this shape."""
    return isinstance(as_mapping(raw).get("label_values"), list)


def is_post(raw: object) -> bool:
    """Tell whether an element can be a post, of this shape or of another."""
    return not {"label_values", "media", "uri"}.isdisjoint(as_mapping(raw))


def permalink(address: str) -> Permalink | None:
    """Read the address of a post on Instagram; None for any other."""
    match = _PERMALINK.match(address)
    return Permalink(match["code"][:_CODE_LENGTH], match["owner"] or "") if match else None


def leaves(raw: Mapping[str, Any]) -> list[Leaf]:
    """List the labels and values of an element, however deep they are."""
    return list(_leaves(raw.get("label_values"), ""))


def permalink_in(found: list[Leaf]) -> Permalink | None:
    """Find an element's own address: a link at the top, else one further down.

    A caption that is somebody's address is none of these; a value called "URL", as it is in
    every language, is the last resort.
    """
    by_depth = sorted(found, key=lambda leaf: bool(leaf.group))
    addresses = [leaf.href for leaf in by_depth]
    addresses += [leaf.value for leaf in by_depth if leaf.label.casefold() == "url"]
    return next(filter(None, map(permalink, addresses)), None)


def owner_in(found: list[Leaf]) -> str:
    """Find whose it is: a user name in the group of the owner; "" without one.

    Other names and links to profiles may be those of people in the picture.
    """
    inside = [leaf for leaf in found if is_owner_label(leaf.group)]
    links = [match["owner"] for leaf in inside if (match := _PROFILE.fullmatch(leaf.href))]
    labelled = [leaf.value for leaf in inside if is_username_label(leaf.label)]
    return next(filter(None, map(as_line, [*links, *labelled])), "")


def location_in(found: list[Leaf]) -> Location | None:
    """Find the place that the owner named, as far as its labels can be read."""
    inside = [leaf for leaf in found if is_place_label(leaf.group) or is_place_label(leaf.label)]
    # Coordinates anywhere else may be those of a camera, which are nobody's business.
    names = (leaf.value for leaf in inside if not leaf.href and re.search(r"[^\W\d_]", leaf.value))
    name = as_line(next(names, ""))
    north = next((leaf.value for leaf in inside if is_latitude_label(leaf.label)), "")
    east = next((leaf.value for leaf in inside if is_longitude_label(leaf.label)), "")
    place = place_of(north.replace(",", "."), east.replace(",", "."))
    if place is None:
        return Location(name=name) if name else None
    return Location(
        name=name, latitude=place.latitude, longitude=place.longitude, coarse=place.coarse
    )


def is_draft(found: list[Leaf], *, published: bool) -> bool:
    """Tell whether a label says that it was never published.

    Args:
        found: its labels and values.
        published: whether anything else says that it was; a value that is neither "True" nor
            "False" in a language that we know is believed then to mean "False".
    """
    values = [leaf.value for leaf in found if is_draft_label(leaf.label)]
    return any(is_true(value) or not (published or is_false(value)) for value in values)


def caption_label(found: list[Leaf], caption: str) -> str:
    """Learn what this language calls a caption, from a post whose caption is known."""
    return next((leaf.label for leaf in found if caption and as_text(leaf.value) == caption), "")


def as_element(raw: Mapping[str, Any], found: list[Leaf], learnt: str = "") -> dict[str, Any]:
    """Give an element the shape of ``posts_1.json``."""
    captions = [
        leaf.value
        for leaf in found
        if (learnt and leaf.label == learnt) or is_caption_label(leaf.label)
    ]
    times = (
        v for entry in _entries(raw.get("label_values")) for v in [entry.get("timestamp_value")]
    )
    published = as_time(raw.get("timestamp"), *times)
    return {
        "media": media_in(raw),
        "title": next(filter(None, captions), ""),
        "creation_timestamp": int(published.timestamp()) if published else 0,
    }


def media_in(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """List the media of an element, each once, the cover first.

    At the top there is the cover alone; the list further down has it too, and may run backwards.
    """
    top = raw.get("media")
    covers = as_mappings([top] if isinstance(top, Mapping) else top)
    covers = [medium for medium in covers if uri_in(medium)]
    nested = [entry for entry in _entries(raw.get("label_values")) if uri_in(entry)]
    members = {medium_key(uri_in(medium)): medium for medium in nested}
    if covers and len(members) > 1 and medium_key(uri_in(covers[0])) == list(members)[-1]:
        members = dict(reversed(members.items()))
    first = {medium_key(uri_in(medium)): medium for medium in covers}
    missing = {key: medium for key, medium in first.items() if key not in members}
    return list((missing | members).values())


def keys_of(raw: Mapping[str, Any]) -> set[int]:
    """Give the keys by which ``posts_1.json`` may know an element."""
    keys = {medium_key(uri_in(medium)) for medium in media_in(raw)}
    number = as_id(raw.get("fbid"))
    return keys | ({medium_key(number)} if number_in(number) else set())


def _leaves(value: object, group: str) -> Iterator[Leaf]:
    for entry in as_mappings(value):
        label, title = as_line(entry.get("label")), as_line(entry.get("title"))
        said = entry.get("value")
        if isinstance(said, str | int | float):
            href = entry.get("href")
            yield Leaf(label, str(said), href if isinstance(href, str) else "", group)
        elif isinstance(entry.get("href"), str):
            yield Leaf(label, "", entry["href"], group)
        yield from _leaves(entry.get("dict"), title or label or group)


def _entries(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield every object below a list, in the order of the file."""
    for entry in as_mappings(value):
        yield entry
        for part in entry.values():
            yield from _entries([part] if isinstance(part, Mapping) else part)
