"""Feeds as Atom (RFC 4287), with every picture as an enclosure and in Media RSS.  Pure.

Media RSS is described at https://www.rssboard.org/media-rss.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from pelican_photos.plugin.feed_items import FeedItem, Medium
from pelican_photos.plugin.feed_words import FeedWords

_NAMESPACES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'


def atom_feed(words: FeedWords, items: Sequence[FeedItem], written: Sequence[str]) -> str:
    """Write a feed; ``written`` holds each item as ``atom_entry`` gives it."""
    updated = max((item.published for item in items), default=words.updated)
    name, address = words.author
    head = [
        _element("title", words.title),
        _element("link", rel="alternate", type="text/html", href=words.page),
        _element("link", rel="self", type="application/atom+xml", href=f"{words.address}.atom"),
        _element("id", words.page),
        _element("updated", _time(updated)),
        f"<author>{_element('name', name)}{_element('uri', address)}</author>",
        _element("subtitle", words.subtitle) if words.subtitle else "",
        _element("logo", words.icon) if words.icon else "",
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f"<feed {_NAMESPACES} xml:lang={quoteattr(words.language)}>",
            *filter(None, head),
            *written,
            "</feed>\n",
        ]
    )


def atom_entry(item: FeedItem) -> str:
    """Write one item."""
    name, address = item.author
    return "\n".join(
        [
            "<entry>",
            _element("title", item.title),
            _element("link", rel="alternate", type="text/html", href=item.url),
            _element("published", _time(item.published)),
            _element("updated", _time(item.published)),
            f"<author>{_element('name', name)}{_element('uri', address)}</author>",
            _element("id", item.id),
            _element("content", item.html, type="html"),
            *(_element("category", term=tag) for tag in item.tags),
            *(line for medium in item.media for line in _medium(medium)),
            "</entry>",
        ]
    )


def _medium(medium: Medium) -> Iterator[str]:
    length = {"length": str(medium.length)} if medium.length else {}
    yield _element("link", rel="enclosure", type=medium.kind, href=medium.url, **length)
    attributes = {
        "url": medium.url,
        "type": medium.kind,
        "medium": "video" if medium.is_video else "image",
        "width": str(medium.width),
        "height": str(medium.height),
        "fileSize": str(medium.length or ""),
        "duration": f"{medium.duration:.0f}" if medium.duration else "",
    }
    # No media:description: readers take it for the summary of the whole entry.
    inner = _element("media:thumbnail", url=medium.preview) if medium.preview else ""
    told = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value)
    yield f"<media:content{told}>{inner}</media:content>"


def _element(name: str, text: str = "", **attributes: str) -> str:
    told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    # A carriage return would be read back as a line feed.
    inner = escape(text, {"\r": "&#13;"})
    return f"<{name}{told}>{inner}</{name}>" if inner else f"<{name}{told}/>"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
