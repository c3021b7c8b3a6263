"""What a visitor's search reads: the words of every published post, a file for each year.  Pure.

A file is a JSON list of posts, newest first; each is a list of ``FIELDS``, without what is
empty at its end.  Addresses are below the gallery's.  A photo of an album lends its words to the
album's line.  A year whose posts stay as they are keeps its text to the byte, and so its file
keeps its name, which holds a hash of it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.markup import clock, row_sources

# As search.js reads them, by their place.
FIELDS = (
    *("address", "day", "date", "alt", "title", "tags", "place", "people", "words"),
    *("ratio", "colour", "sources", "folder", "album", "clock", "owner"),
)


def search_file(posts: Iterable[Entry], url: str, caption: Callable[[Entry], str]) -> str:
    """Write the file of some posts, in their order; ``url`` is the gallery's.

    ``caption`` gives that of a page as plain text.
    """
    lines = ",\n".join(_line(post, url, caption) for post in posts)
    return f"[\n{lines}\n]\n"


def _line(post: Entry, url: str, caption: Callable[[Entry], str]) -> str:
    values = _values(post, url, caption)
    row = [values[name] for name in FIELDS]
    while not row[-1]:
        del row[-1]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _values(post: Entry, url: str, caption: Callable[[Entry], str]) -> dict[str, Any]:
    cover, everything = post.cover, (post, *post.photos)
    address = _below(url, post)
    shown_at = _below(url, cover)
    return {
        "address": address,
        "day": post.day,
        "date": f"{post.page.published:%Y-%m-%d}",
        "alt": post.alt,
        "title": post.title if post.is_named else "",
        "tags": _unique(topic.name for entry in everything for topic in entry.tags),
        "place": _place(post),
        "people": _people(everything),
        "words": " ".join(_unique(_words(post, caption))),
        "ratio": cover.picture.ratio,
        "colour": cover.picture.colour,
        "sources": [[each.width, each.name] for each in row_sources(cover.picture)],
        "folder": "" if shown_at == address else shown_at,  # of the picture
        "album": len(post.photos),
        "clock": _clock(post),
        "owner": post.owner,
    }


def _below(url: str, entry: Entry) -> str:
    return entry.url.removeprefix(url).rstrip("/")


def _place(post: Entry) -> str:
    """Name the place of a post; in an album each photo may have its own."""
    places = (entry.place.name for entry in (post, *post.photos) if entry.place)
    return "; ".join(_unique(places))


def _people(entries: Iterable[Entry]) -> list[str]:
    """List who is shown beside a post: tagged, or with whom it was made."""
    return _unique(
        name
        for entry in entries
        for name in (
            *(topic.name for topic in entry.people),
            *entry.page.coauthors,
            entry.page.owner,
        )
    )


def _words(post: Entry, caption: Callable[[Entry], str]) -> Iterator[str]:
    """Yield what else can be read on the pages of a post; not again what has its own place."""
    for entry in (post, *post.photos):
        said = caption(entry)
        # A caption begins with the title, mostly.
        yield said.removeprefix(entry.title).strip() if entry.is_named else said
    for entry in post.photos:
        yield entry.title if entry.is_named else ""
        yield entry.photo.alt
    yield from (entry.photo.camera for entry in post.photos or (post,))


def _clock(post: Entry) -> str:
    """Say how long a film is, a space where nobody knows; "" for what is none."""
    if post.is_album or not post.photo.video:
        return ""
    return clock(post.photo.duration) if post.photo.duration else " "


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))
