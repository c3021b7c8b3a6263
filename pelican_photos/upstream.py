"""What upstream said of a post, in the form that the ledger keeps.  Pure.

A field that a source never speaks of is not there at all, so that an export, which knows
no places, cannot take away the one that Instagram named.  Addresses expire and are left
out; so is the place of a camera, which is private and would go into git.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from pelican_photos.caption import normalise
from pelican_photos.model import Location, Media, Person, Post

_OF_POST = (
    *("published", "caption", "owner", "coauthors", "location", "music", "syndication"),
    *("status", "foreign"),
)
_OF_MEDIA = ("kind", "duration", "alt", "alt_auto", "people", "taken", "camera")

# Instagram gives the time of one post differently at its endpoints, by a second or two.
_SAME_MOMENT = timedelta(seconds=5)


def upstream_of(post: Post) -> dict[str, Any]:
    """Reduce a post to what its source says of it, as JSON has it."""
    said = {name: _plain(getattr(post, name)) for name in _OF_POST if name not in post.silent}
    said["media"] = [
        {name: _plain(getattr(media, name)) for name in _OF_MEDIA if name not in post.silent}
        for media in post.media
    ]
    if "caption" in said:
        said["caption"] = normalise(post.caption)
    return said


def joined(
    known: Mapping[str, Any],
    said: Mapping[str, Any],
    places: Sequence[int | None],
    *,
    prevails: bool,
) -> dict[str, Any]:
    """Join what was known with what is said now.

    Args:
        known: what the ledger has.
        said: what a source says now; what it does not speak of stays as it was.
        places: for each known medium the number of its counterpart in ``said``; None
            where that has gone.
        prevails: whether ``said`` is the better word.  The other one only adds what was
            never spoken of.
    """
    media = [
        {**item, **(_additions(item, said["media"][place], prevails) if place is not None else {})}
        for item, place in zip(known.get("media", ()), places, strict=True)
    ]
    whole = {**known, **_additions(known, said, prevails), "media": media}
    if known.get("foreign") and not whole.get("foreign") and "status" not in said:
        whole["status"] = ""  # it was hidden for being somebody else's, which it is not
    return whole


def post_from(uid: str, upstream: Mapping[str, Any]) -> Post:
    """Make a post again of what the ledger keeps of it; its media have no addresses."""
    location = upstream.get("location")
    return Post(
        uid=uid,
        published=datetime.fromisoformat(upstream["published"]),
        caption=upstream.get("caption", ""),
        media=tuple(map(_media, upstream.get("media", ()))),
        owner=upstream.get("owner", ""),
        coauthors=tuple(upstream.get("coauthors", ())),
        location=_location(location) if location else None,
        music=upstream.get("music", ""),
        syndication=upstream.get("syndication", ""),
        status=upstream.get("status", ""),
        foreign=upstream.get("foreign", False),
    )


def _additions(known: Mapping[str, Any], said: Mapping[str, Any], prevails: bool) -> dict[str, Any]:  # noqa: FBT001 - private, and named by its callers
    return {
        name: value
        for name, value in said.items()
        if name != "media"
        and (prevails or name not in known)
        and not (name == "published" and _is_same_moment(known.get(name), value))
    }


def _is_same_moment(known: str | None, said: str) -> bool:
    if known is None:
        return False
    return abs(datetime.fromisoformat(known) - datetime.fromisoformat(said)) <= _SAME_MOMENT


def _plain(value: Any) -> Any:
    """Give a value as JSON would give it back."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Location | Person):
        return asdict(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _media(said: Mapping[str, Any]) -> Media:
    return Media(
        kind=said.get("kind", "image"),
        picture="",
        duration=said.get("duration", 0.0),
        alt=said.get("alt", ""),
        alt_auto=said.get("alt_auto", ""),
        people=tuple(Person(**person) for person in said.get("people", ())),
        taken=said.get("taken", ""),
        camera=said.get("camera", ""),
    )


def _location(said: Mapping[str, Any]) -> Location:
    return Location(
        name=said["name"],
        latitude=said["latitude"],
        longitude=said["longitude"],
        coarse=said.get("coarse", False),
    )
