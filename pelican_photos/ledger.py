"""The ledger: what a page cannot remember, one small file for each post.

It says what upstream said at the first import, which media are stored or pending and why, and which
slug a post was given.  It is committed with the pages; two machines merge it file by
file.  It holds no time of its own, so the same import writes the same bytes anywhere.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pelican_photos import atomic
from pelican_photos.errors import LedgerError
from pelican_photos.model import Post
from pelican_photos.naming import ledger_name, names_of

# A medium is pending until its page is written; "gone" was deleted upstream before we had it.
State = Literal["pending", "done", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What became of one medium."""

    state: State = "pending"
    media_id: str = ""  # upstream's own, by which a medium is found when its album changed
    reason: str = ""  # why it is not done, for a person
    original: str = ""  # file name and SHA-256 of what was stored
    sha256: str = ""
    video: str = ""
    video_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one post."""

    uid: str
    slug: str = ""
    album: State = "done"  # the album's own page; a photo alone has none
    items: tuple[Item, ...] = ()
    reason: str = ""  # why the whole post could not be read
    comment_count: int | None = None  # what upstream said when its comments were last stored
    upstream: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_album(self) -> bool:
        """Whether the post has an album's page beside those of its photos."""
        return len(self.items) > 1

    @property
    def stored_something(self) -> bool:
        """Whether a page of the post was written."""
        album = self.is_album and self.album == "done"
        return album or "done" in {item.state for item in self.items}

    @property
    def pending(self) -> bool:
        """Whether something of the post is still missing here."""
        states = (self.album, *(item.state for item in self.items))
        return bool(self.reason) or "pending" in states

    def with_item(self, index: int, item: Item) -> "Entry":
        """Give the entry with another word on one medium."""
        return replace(self, items=(*self.items[:index], item, *self.items[index + 1 :]))


class Ledger:
    """The folder of entries, read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries = {entry.uid: entry for entry in _read_all(folder)}

    def __iter__(self) -> Iterator[Entry]:
        yield from self._entries.values()

    def get(self, uid: str) -> Entry | None:
        """Find the entry of a post."""
        return self._entries.get(uid)

    def put(self, entry: Entry) -> None:
        """Write an entry, unless it says nothing new."""
        if self._entries.get(entry.uid) == entry:
            return
        text = json.dumps(asdict(entry), ensure_ascii=False, indent=1, sort_keys=True)
        # Half a surrogate pair has no bytes of its own: it stays the escape that JSON has for it.
        data = f"{text}\n".encode("utf-8", "backslashreplace")
        atomic.write_bytes(self._folder / ledger_name(entry.uid), data)
        self._entries[entry.uid] = entry

    def slugs(self) -> frozenset[str]:
        """Give every slug that was ever given away: none is used twice, also after a delete."""
        return frozenset(
            name for entry in self if entry.slug for name in names_of(entry.slug, len(entry.items))
        )


def upstream_of(post: Post) -> dict[str, Any]:
    """Reduce a post to what upstream says of it; addresses expire and are left out."""
    said = asdict(replace(post, raw={}, silent=frozenset()))
    for name in ("raw", "uid", "comment_count", "silent", "edition"):
        del said[name]
    said["published"] = post.published.isoformat()
    for media in said["media"]:
        del media["picture"], media["video"]
    return json.loads(json.dumps(said))  # type: ignore[no-any-return] # tuples become lists


def _read_all(folder: Path) -> Iterator[Entry]:
    for file in sorted(folder.glob("[!.]*.json")):
        try:
            raw = json.loads(file.read_text("utf-8-sig"))
            items = tuple(Item(**item) for item in raw.pop("items"))
            yield Entry(items=items, **raw)
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise LedgerError(
                f"{file} cannot be read: {error}; restore it from git or import again without it"
            ) from error
