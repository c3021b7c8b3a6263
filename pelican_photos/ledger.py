"""The ledger: what a page cannot remember, one small file for each post.

It says what upstream last said, which media are stored or pending and why, under which
other Uids the post is known, and which slug it was given.  It is committed with the pages;
two machines merge it file by file.  It holds no time of its own, so the same import writes
the same bytes anywhere.

In memory there is a line for each post; an entry is read when it is asked for.
"""

import json
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pelican_photos import atomic
from pelican_photos.errors import LedgerError
from pelican_photos.matching import Features, Mark, caption_digest
from pelican_photos.model import UNSIGNED, Edition
from pelican_photos.naming import ledger_name, names_of

# A medium is pending until its page is written; "gone" was deleted upstream before we had it.
State = Literal["pending", "done", "gone"]

_ENTRIES_AT_HAND = 32
_BEFORE_EXPORTS = Edition(2)  # live, or a folder of Instaloader's


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What became of one medium."""

    state: State = "pending"
    media_id: str = ""  # upstream's own, by which a medium is found when its album changed
    names: tuple[str, ...] = ()  # of its file on Instagram's servers, as far as a source said
    reason: str = ""  # why it is not done, for a person
    original: str = ""  # file name and SHA-256 of what was stored
    sha256: str = ""
    look: str = ""  # the picture's difference hash, 16 hexadecimal digits
    video: str = ""
    video_sha256: str = ""
    subtitles: str = ""
    larger: str = ""  # file name and SHA-256 of what is just taking the original's place
    larger_sha256: str = ""
    offered: tuple[str, ...] = ()  # other files for it that were looked at, and are not better


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one post."""

    uid: str
    aliases: tuple[str, ...] = ()  # Uids that the same post has in other sources
    slug: str = ""
    album: State = "done"  # the album's own page; a photo alone has none
    items: tuple[Item, ...] = ()
    reason: str = ""  # why the whole post could not be read
    comment_count: int | None = None  # what upstream said when its comments were last stored
    listed: bool = False  # it was seen among the posts of its live profile
    gone: bool = False  # and later no more: deleted or archived upstream, and kept here
    forgotten: bool = False  # its owner wants it never again
    edition: Edition = UNSIGNED  # of the best source that spoke
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
        return not self.forgotten and (bool(self.reason) or "pending" in states)

    @property
    def uids(self) -> tuple[str, ...]:
        """Every Uid the post is known by, its own first."""
        return (self.uid, *self.aliases)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What each medium is known by."""
        said = self.upstream.get("media", ())
        return tuple(
            Mark(item.media_id, item.names, str(said[n].get("kind", "")) if n < len(said) else "")
            for n, item in enumerate(self.items)
        )

    def with_item(self, index: int, item: Item) -> "Entry":
        """Give the entry with another word on one medium."""
        return replace(self, items=(*self.items[:index], item, *self.items[index + 1 :]))


class _Line(NamedTuple):
    """What stays in memory of an entry."""

    file: str  # its name, where it is not the usual one
    slug: str
    media_count: int
    pending: bool
    listed: bool  # and not gone since
    features: Features | None  # nobody can tell what an unreadable post looks like


class Ledger:
    """The folder of entries."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines: dict[str, _Line] = {}
        self._aliases: dict[str, str] = {}
        self._at_hand: OrderedDict[str, Entry] = OrderedDict()
        names = os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208 - a tenth of the room
        for name in sorted(names):
            if name.endswith(".json") and not name.startswith("."):
                self._note(_read(folder / name), name)

    def __iter__(self) -> Iterator[Entry]:
        for uid in tuple(self._lines):
            yield self._entry(uid)

    def __contains__(self, uid: object) -> bool:
        """Whether a post is known, by any of its Uids."""
        return uid in self._lines or uid in self._aliases

    def get(self, uid: str) -> Entry | None:
        """Find the entry of a post, by any of its Uids."""
        own = uid if uid in self._lines else self._aliases.get(uid)
        return None if own is None else self._entry(own)

    def put(self, entry: Entry) -> None:
        """Write an entry, unless it says nothing new."""
        line = self._lines.get(entry.uid)
        if line and self._entry(entry.uid) == entry:
            return
        text = json.dumps(_said(entry), ensure_ascii=False, indent=1, sort_keys=True)
        # Half a surrogate pair has no bytes of its own: it stays the escape that JSON has for it.
        data = f"{text}\n".encode("utf-8", "backslashreplace")
        name = (line and line.file) or ledger_name(entry.uid)
        atomic.write_bytes(self._folder / name, data)
        self._note(entry, name)
        self._keep_at_hand(entry)

    def drop(self, uid: str) -> None:
        """Remove an entry, as if the post had never been seen."""
        line = self._lines.pop(uid)
        self._at_hand.pop(uid, None)
        for alias in [alias for alias, own in self._aliases.items() if own == uid]:
            del self._aliases[alias]
        file = self._folder / (line.file or ledger_name(uid))
        with atomic.plain_disk_errors(file):
            file.unlink(missing_ok=True)

    def pending(self) -> list[str]:
        """List the Uids of posts of which something is missing, and that have a name already."""
        return [uid for uid, line in self._lines.items() if line.pending and line.slug]

    def listed(self) -> list[str]:
        """List the Uids of posts that stood on a live profile when it was last read."""
        return [uid for uid, line in self._lines.items() if line.listed]

    def features(self) -> Iterator[Features]:
        """Yield what each post is recognised by."""
        yield from (line.features for line in self._lines.values() if line.features)

    def slugs(self) -> frozenset[str]:
        """Give every slug that was ever given away: none is used twice, also after a delete."""
        return frozenset(
            name
            for line in self._lines.values()
            if line.slug
            for name in names_of(line.slug, line.media_count)
        )

    def named(self, slug: str) -> Entry | None:
        """Find the entry that a slug was given to, be it a photo's of an album."""
        for uid, line in self._lines.items():
            if line.slug and slug in names_of(line.slug, line.media_count):
                return self._entry(uid)
        return None

    def _entry(self, uid: str) -> Entry:
        if uid in self._at_hand:
            self._at_hand.move_to_end(uid)
            return self._at_hand[uid]
        entry = _read(self._folder / (self._lines[uid].file or ledger_name(uid)))
        self._keep_at_hand(entry)
        return entry

    def _keep_at_hand(self, entry: Entry) -> None:
        self._at_hand[entry.uid] = entry
        self._at_hand.move_to_end(entry.uid)
        if len(self._at_hand) > _ENTRIES_AT_HAND:
            self._at_hand.popitem(last=False)

    def _note(self, entry: Entry, name: str) -> None:
        self._lines[entry.uid] = _Line(
            file="" if name == ledger_name(entry.uid) else name,
            slug=entry.slug,
            media_count=len(entry.items),
            pending=entry.pending,
            listed=entry.listed and not entry.gone and not entry.forgotten,
            features=features_of(entry),
        )
        self._aliases.update(dict.fromkeys(entry.aliases, entry.uid))


def features_of(entry: Entry) -> Features | None:
    """Reduce an entry to what its post is recognised by; None without any word of upstream's."""
    if "published" not in entry.upstream:
        return None
    return Features(
        uids=entry.uids,
        published=datetime.fromisoformat(entry.upstream["published"]).timestamp(),
        media_count=len(entry.items),
        caption=caption_digest(entry.upstream.get("caption", "")),
        names=tuple(name for item in entry.items for name in item.names),
    )


def _said(entry: Entry) -> dict[str, Any]:
    """Leave out of an entry and its items what is as it is by default."""
    always = ("uid", "slug", "items", "album", "upstream")
    said = {
        name: value for name, value in _values(entry) if name in always or value != _NOTHING[name]
    }
    return said | {"items": [_said_of_item(item) for item in entry.items]}


def _said_of_item(item: Item) -> dict[str, Any]:
    return {name: value for name, value in _values(item) if name == "state" or value}


def _values(of: Entry | Item) -> Iterator[tuple[str, Any]]:
    """Yield names and values as they are: a copy of all that upstream said would take its time."""
    yield from ((each.name, getattr(of, each.name)) for each in fields(of))


def _read(file: Path) -> Entry:
    try:
        raw = json.loads(file.read_text("utf-8-sig"))
        items = tuple(_item(item) for item in raw.pop("items"))
        raw["aliases"] = tuple(map(str, raw.get("aliases", ())))
        # Before editions were noted there was no export, and every entry had all of its keys.
        unsigned = _BEFORE_EXPORTS if {"reason", "comment_count"} <= raw.keys() else UNSIGNED
        raw["edition"] = Edition(*raw.get("edition", unsigned))
        entry = Entry(items=items, **raw)
        features_of(entry)  # its date can be read
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise LedgerError(
            f"{file} cannot be read: {error}; restore it from git or import again without it"
        ) from error
    return entry


def _item(raw: Mapping[str, Any]) -> Item:
    lists = {name: tuple(map(str, raw.get(name, ()))) for name in ("names", "offered")}
    return Item(**{**raw, **lists})


_NOTHING = dict(_values(Entry(uid="")))
