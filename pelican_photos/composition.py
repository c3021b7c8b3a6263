"""What pages a post becomes: one photo, or an album and its photos.  Pure."""

from datetime import UTC
from typing import Any, NamedTuple

from pelican_photos import caption
from pelican_photos.model import Album, Location, Media, Person, Photo, Post
from pelican_photos.naming import photo_slug, photo_uid


class Files(NamedTuple):
    """What was stored of one medium: names beside the page, and what the files say.

    Pixels are those of the picture, or of a film that has none; seconds are the film's.
    """

    original: str = ""
    video: str = ""
    width: int = 0
    height: int = 0
    subtitles: str = ""
    duration: float = 0.0


def album_of(post: Post, slug: str) -> Album:
    """Compose the page of an album: the caption once, and what belongs to the whole post."""
    return Album(slug=slug, uid=post.uid, **_title(post), **_whole(post))


def photo_of(  # noqa: PLR0913 - one of them by name
    post: Post, media: Media, position: int, slug: str, files: Files, *, with_place: bool = False
) -> Photo:
    """Compose the page of one photo; in an album the caption stays with the album.

    ``position`` counts from 1 in an album; it is 0 for a photo alone.  Where the camera was
    is private: it stands for a place that nobody named only ``with_place``.
    """
    title = _title(post)
    # The owner stands on every photo: it is private also while its album has no page yet.
    in_album = {**_title_in_album(title, position), "owner": _owner(post)}
    said = in_album if position else {**title, **_whole(post)}
    if with_place:
        said["location"] = said.get("location") or _location(media.place)
    taken = caption.one_line(media.taken)
    return Photo(
        slug=photo_slug(slug, position),
        uid=photo_uid(post.uid, position),
        **said,
        original=files.original,
        video=files.video,
        subtitles=files.subtitles,
        taken="" if taken == f"{title['published']:%Y-%m-%d %H:%M:%S}" else taken,
        camera=caption.one_line(media.camera),
        width=files.width,
        height=files.height,
        duration=round(media.duration or files.duration, 3),
        alt=caption.one_line(media.alt),
        alt_auto=caption.one_line(media.alt_auto),
        people=tuple(filter(None, map(_person, media.people))),
        album=slug if position else "",
        position=position,
    )


def _title(post: Post) -> dict[str, Any]:
    published = post.published.astimezone(UTC).replace(microsecond=0)
    return {"title": caption.title(post.caption, published), "published": published}


def _title_in_album(title: dict[str, Any], position: int) -> dict[str, Any]:
    return {**title, "title": f"{title['title']} ({position})"}


def _whole(post: Post) -> dict[str, Any]:
    """Give what a post says once: it goes to the photo alone, or to the album."""
    return {
        "tags": caption.tags(post.caption),
        "location": _location(post.location),
        "owner": _owner(post),
        "coauthors": tuple(filter(_may_be_listed, map(caption.one_line, post.coauthors))),
        "music": caption.one_line(post.music),
        "syndication": caption.one_line(post.syndication),
        "status": post.status,
        "content": caption.to_markdown(post.caption),
    }


def _owner(post: Post) -> str:
    """Name whose post it is, unless it is the site's own."""
    return (caption.one_line(post.owner) or "unknown") if post.foreign else ""


def _location(location: Location | None) -> Location | None:
    if location is None:
        return None
    whole = location.latitude is not None and location.longitude is not None
    folded = Location(
        name=caption.one_line(location.name),
        latitude=location.latitude if whole else None,
        longitude=location.longitude if whole else None,
        coarse=location.coarse and whole,
    )
    return folded if folded.name or whole else None


def _may_be_listed(name: str) -> bool:
    """Whether a name can stand in a list; Instagram's own always can."""
    return bool(name) and ";" not in name


def _person(person: Person) -> Person | None:
    """Keep a person whose name can stand in a list; Instagram's own always can."""
    username = person.username.strip()
    if not username or set(username) & set(" ;@\t\n\r"):
        return None
    whole = person.x is not None and person.y is not None
    return Person(username=username, x=person.x if whole else None, y=person.y if whole else None)
