"""Builders: a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any

from pelican_photos.model import Album, Comment, Media, Photo, Post

NOON = datetime(2024, 5, 12, 12, 0, tzinfo=UTC)


def a_media(number: int = 1, **changes: Any) -> Media:
    return Media(**{"picture": f"https://cdn/{number}.jpg", "width": 8, "height": 10} | changes)


def a_video(number: int = 1, **changes: Any) -> Media:
    return a_media(number, kind="video", video=f"https://cdn/{number}.mp4", duration=1.5, **changes)


def a_post(code: str = "CxYz", pictures: int = 1, **changes: Any) -> Post:
    return Post(
        **{
            "uid": f"instagram:{code}",
            "published": NOON,
            "caption": "Boats at dusk",
            "media": tuple(a_media(number) for number in range(1, pictures + 1)),
            "syndication": f"https://www.instagram.com/p/{code}/",
        }
        | changes
    )


def a_photo(slug: str = "2024-05-12-boats", **changes: Any) -> Photo:
    return Photo(
        **{
            "slug": slug,
            "uid": f"instagram:{slug}",
            "title": "Boats",
            "published": NOON,
            "original": f"{slug}.jpg",
            "width": 8,
            "height": 10,
        }
        | changes
    )


def an_album(slug: str = "2024-05-12-boats", **changes: Any) -> Album:
    return Album(
        **{"slug": slug, "uid": f"instagram:{slug}", "title": "Boats", "published": NOON} | changes
    )


def a_comment(number: int = 1, **changes: Any) -> Comment:
    return Comment(
        **{"id": str(number), "author": "someone", "published": NOON, "text": f"Comment {number}"}
        | changes
    )
