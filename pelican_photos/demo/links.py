"""Every address that a page or a feed mentions.  Pure."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

_ADDRESSES = {"href", "src", "poster", "url"}
_LISTS = {"srcset", "imagesrcset"}
_IN_TEXT = {"link", "loc", "icon", "logo"}  # elements of feeds and site maps
_HINTS = {"preconnect", "dns-prefetch"}  # these name a server, and no file of it
_IN_JSON = {"url", "image", "banner_image", "home_page_url", "feed_url", "next_url", "icon"}


def links_in(text: str, kind: str) -> tuple[str, ...]:
    """List the addresses in a document of a media type, each once, in order."""
    found = _in_json(text) if kind.endswith("json") else _in_markup(text, is_feed="xml" in kind)
    return tuple(dict.fromkeys(link for link in found if _is_address(link)))


def candidates(srcset: str) -> Iterator[str]:
    """Yield the addresses of a ``srcset``; a comma ends one only before a space or the end."""
    rest = srcset
    while rest := rest.lstrip(" \t\r\n\f,"):
        address, _, rest = re.sub(r"[ \t\r\n\f]", " ", rest).partition(" ")
        yield address.rstrip(",")
        if not address.endswith(","):
            rest = rest.partition(",")[2]


def _in_markup(text: str, *, is_feed: bool) -> list[str]:
    reader = _Reader(is_feed=is_feed)
    reader.feed(text)
    reader.close()
    return reader.found


def _in_json(text: str) -> list[str]:
    try:
        return list(_values(json.loads(text)))
    except ValueError:  # no JSON, so no links; that it is broken is for others to say
        return []


def _values(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, key)
    elif isinstance(value, str) and key in _IN_JSON:
        yield value
    elif isinstance(value, str) and key == "content_html":
        yield from _in_markup(value, is_feed=False)


def _is_address(link: str) -> bool:
    """Whether it can be fetched: "#top", "mailto:…" and "data:…" cannot."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", link.strip(), re.IGNORECASE)
    if scheme:
        return scheme[1].lower() in ("http", "https")
    return bool(link.strip()) and not link.strip().startswith("#")


class _Reader(HTMLParser):
    """Reads HTML, and feeds as if they were; a feed's escaped content is read as HTML."""

    def __init__(self, *, is_feed: bool) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_feed, self._element = is_feed, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element = tag
        given = {name: value for name, value in attrs if value}
        if given.get("rel", "").lower() in _HINTS:
            return
        self.found += [value for name, value in given.items() if name in _ADDRESSES]
        for name in _LISTS & given.keys():
            self.found += candidates(given[name] or "")
        if tag == "meta" and given.get("property", "") in ("og:image", "og:url", "og:video"):
            self.found.append(given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._element:
            self._element = ""

    def handle_data(self, data: str) -> None:
        if not self._is_feed:
            return
        if self._element in _IN_TEXT and data.strip().startswith(("http://", "https://")):
            self.found.append(data.strip())
        elif "<" in data:
            self.found += _in_markup(data, is_feed=False)

    def unknown_decl(self, data: str) -> None:
        """Read what a feed put into a CDATA section."""
        if self._is_feed and data.startswith("CDATA["):
            self.found += _in_markup(data.removeprefix("CDATA["), is_feed=False)
