"""The ``media.json`` of exports until February 2021, read as posts.  Pure.

``{"photos": [{"caption", "taken_at", "path", "location"}], "videos": […], "stories": […],
"profile": […], "direct": […]}``, in true UTF-8.  An album is nothing but several entries of
one time and one caption, and its videos stand in another list than its pictures.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pelican_photos.errors import SourceOutdated
from pelican_photos.model import Location, Post
from pelican_photos.sources.export_media import medium_of, uri_in
from pelican_photos.sources.export_names import key_of
from pelican_photos.sources.export_posts import ASK_AGAIN, Origin, signed, uid_of
from pelican_photos.sources.loose_json import as_line, as_text, as_time

POSTS = frozenset(("photos", "videos", "igtv", "reels"))
# What is left out, and what it is called.
OTHERS = {"profile": "profile pictures", "direct": "pictures of direct messages"}

_SILENT = frozenset(("taken", "camera", "place", "subtitles"))


def group_key(entry: Mapping[str, Any]) -> int:
    """Give a small key that the entries of one album share."""
    return key_of(f"{entry.get('taken_at')}\n{entry.get('caption')}")


def time_of(entry: Mapping[str, Any]) -> datetime | None:
    """Read ``taken_at``; in the oldest exports it has no zone, and is UTC all the same."""
    said = entry.get("taken_at")
    try:
        when = datetime.fromisoformat(said) if isinstance(said, str) else as_time(said)
        if when is not None and when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        return when and when.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return as_time(said)


def post_of_entries(entries: Sequence[Mapping[str, Any]], origin: Origin) -> Post:
    """Make one post of the entries of one time and caption, in their order.

    Raises:
        SourceOutdated: they have no time.
    """
    first = entries[0]
    published = time_of(first)
    if published is None:
        raise SourceOutdated(f"{as_line(origin.file)}: a post without a time; {ASK_AGAIN}")
    by_place = {uri_in(entry): entry for entry in reversed(entries)}
    once = [entry for entry in entries if by_place[uri_in(entry)] is entry]
    place = as_line(first.get("location"))
    post = Post(
        uid=uid_of(uri_in(first)),
        published=published,
        caption=as_text(first.get("caption")),
        media=tuple(medium_of(entry, origin.look) for entry in once),
        location=Location(name=place) if place else None,
    )
    return signed(post, {"entries": list(once)}, origin, also_silent=_SILENT)
