"""Feeds as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).  Pure."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pelican_photos.plugin.feed_items import FeedItem, Medium
from pelican_photos.plugin.feed_words import FeedWords


def json_feed(words: FeedWords, written: Sequence[str]) -> str:
    """Write a feed; ``written`` holds each item as ``json_item`` gives it."""
    head = _without_nothing(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": words.title,
            "home_page_url": words.page,
            "feed_url": f"{words.address}.json",
            "description": words.subtitle,
            "icon": words.icon,
            "authors": [_author(words.author)],
            "language": words.language,
        }
    )
    items = ",\n".join(written)
    return f'{_text(head)[:-1]},"items":[\n{items}\n]}}\n'


def json_item(item: FeedItem, language: str) -> str:
    """Write one item."""
    return _text(
        _without_nothing(
            {
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "content_html": item.html,
                "image": item.image,
                "date_published": item.published.isoformat(timespec="seconds"),
                "authors": [_author(item.author)],
                "tags": item.tags,
                "language": language,
                "attachments": [dict(_attachment(medium)) for medium in item.media],
            }
        )
    )


def _attachment(medium: Medium) -> Iterator[tuple[str, Any]]:
    yield "url", medium.url
    yield "mime_type", medium.kind
    if medium.alt:
        yield "title", medium.alt
    if medium.length:
        yield "size_in_bytes", medium.length
    if medium.duration:
        yield "duration_in_seconds", medium.duration


def _author(author: tuple[str, str]) -> dict[str, str]:
    name, address = author
    return {"name": name, "url": address}


def _without_nothing(words: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if value}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
