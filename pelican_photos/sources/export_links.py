"""The posts that the owner of an export liked or saved, by their links.

Until 2025 ``{"likes_media_likes": [{"title": owner, "string_list_data": [{"href",
"timestamp"}]}]}`` and ``{"saved_saved_media": [{"title": owner, "string_map_data":
{"Saved on": {"href", "timestamp"}}}]}``; since then lists of labels and values.  Labels and
keys are in the account's language, so that none is relied on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pelican_photos.errors import SourceError
from pelican_photos.sources.archives import Archives, Member
from pelican_photos.sources.export_details import leaves, owner_in, permalink, permalink_in
from pelican_photos.sources.export_text import repaired_all
from pelican_photos.sources.export_words import is_username_label
from pelican_photos.sources.json_stream import elements
from pelican_photos.sources.loose_json import as_line, as_mapping, as_time

Kind = Literal["liked", "saved"]

_FILES = {
    "liked": re.compile(r"(?:.*/)?liked_posts(?:_[0-9]+)?\.json", re.ASCII),
    "saved": re.compile(r"(?:.*/)?saved_posts(?:_[0-9]+)?\.json", re.ASCII),
}
# Until February 2021 these had a time and an owner for each, and nothing that leads to it.
_EARLY = {
    "liked": re.compile(r"(?:.*/)?likes\.json", re.ASCII),
    "saved": re.compile(r"(?:.*/)?saved\.json", re.ASCII),
}
_USERNAME = re.compile(r"(?=[a-z0-9._]*[a-z0-9])[a-z0-9._]{1,30}", re.ASCII)
# The keys of an entry, where a file holds one alone instead of a list.
_OF_ONE_ENTRY = frozenset(
    ("title", "string_list_data", "string_map_data", "label_values", "timestamp", "media", "fbid")
)


class Link(NamedTuple):
    """A post that the owner liked or saved."""

    code: str  # of at most 11 characters
    owner: str  # whose it was when the export was made; "" when not said
    added: datetime | None  # when it was liked or saved


def links(paths: Sequence[Path], kind: Kind) -> list[Link]:
    """List them, newest first, each once, of all the zips and folders of an export.

    Raises:
        SourceError: there are none, they cannot be read, or the export is of a time when
            it had no links.
    """
    archives = Archives(paths)
    members = [member for member in archives.members() if member.path.endswith(".json")]
    found: list[Link] = []
    files = [member for member in members if _FILES[kind].fullmatch(member.path)]
    for member in files:
        found += _links_in(archives, member)
    if not files:
        raise SourceError(_why_none(paths, members, kind))
    newest_first = sorted(found, key=lambda link: link.added.timestamp() if link.added else 0.0)
    once: dict[str, Link] = {}
    for link in reversed(newest_first):
        once.setdefault(link.code, link)
    return list(once.values())


def _why_none(paths: Sequence[Path], members: list[Member], kind: Kind) -> str:
    name = ", ".join(as_line(str(path)) for path in paths)
    if any(_EARLY[kind].fullmatch(member.path) for member in members):
        return f"{name}: names no {kind} posts, only their owners; ask Instagram for a new export"
    return f"{name}: has no {kind}_posts.json; ask for an export with it, as JSON"


def _links_in(archives: Archives, member: Member) -> Iterator[Link]:
    pieces = archives.pieces(member)
    for element in elements(pieces, archives.shown(member), own=_OF_ONE_ENTRY):
        entry = as_mapping(repaired_all(element.value))
        link = _link_of_labels(entry) if "label_values" in entry else _link_of(entry)
        if link is not None:
            yield link


def _link_of(entry: Mapping[str, Any]) -> Link | None:
    """Read ``string_list_data`` or ``string_map_data``: the first part that leads to a post."""
    lists, maps = entry.get("string_list_data"), as_mapping(entry.get("string_map_data"))
    parts = [*(lists if isinstance(lists, list) else [lists]), *maps.values(), entry]
    for part in map(as_mapping, parts):
        link = permalink(str(part.get("href", "")))
        if link is not None:
            added = as_time(part.get("timestamp"), entry.get("timestamp"))
            return Link(link.code, as_line(entry.get("title")) or link.owner, added)
    return None


def _link_of_labels(entry: Mapping[str, Any]) -> Link | None:
    found = leaves(entry)
    link = permalink_in(found)
    if link is None:
        return None
    # In words that we do not know: of the owner there are a name, perhaps a link, and last of
    # all the user name.
    inside = [leaf for leaf in found if leaf.group and _USERNAME.fullmatch(leaf.value)]
    labelled = [leaf for leaf in inside if is_username_label(leaf.label)] or inside
    owner = link.owner or owner_in(found) or (labelled[-1].value if labelled else "")
    return Link(link.code, owner, as_time(entry.get("timestamp")))
