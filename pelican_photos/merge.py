"""Three ways: what upstream said before, what it says now, and what the page says.  Pure.

Where the page still says what upstream said before, it takes what upstream says now.
Where it says something else, its owner wrote that, and it stays; the difference is told.
Lists are merged entry by entry: an owner's tag stays beside a new one of upstream's, and
one that the owner removed stays away.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pelican_photos.caption import one_line
from pelican_photos.model import Album, Photo
from pelican_photos.page import body_of, header_of, header_value, read_list, written_list

BODY = "Caption"  # what messages call the body of a page

# The keys that upstream has a say in; those of one line go together, or not at all.
_GROUPS: tuple[tuple[str, ...], ...] = (
    ("Title",),
    ("Date",),
    ("Location", "Geo", "Geo_precision"),
    ("Owner",),
    ("Music",),
    ("Syndication",),
    ("Status",),
    ("Alt",),
    ("Alt_auto",),
    ("Taken",),
    ("Camera",),
)
_LISTS: dict[str, Callable[[str], Hashable]] = {
    "Tags": str.casefold,
    "Coauthors": str.casefold,
    "People": lambda person: person.partition("@")[0].strip().casefold(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field in which the page and upstream do not agree, as each has it."""

    field: str
    here: str
    upstream: str

    def __str__(self) -> str:
        """Say it in one line: "Title: "Mine" stays; upstream has "Theirs"."""
        return f"{self.field}: {_quoted(self.here)} stays; upstream has {_quoted(self.upstream)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What is to change on a page, and what its owner keeps; all empty when nothing is new."""

    changes: Mapping[str, str | None] = field(default_factory=dict)
    body: str | None = None
    kept: tuple[Difference, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Name what changes."""
        return (*self.changes, *((BODY,) if self.body is not None else ()))


def merge_page(text: str, before: Photo | Album, after: Photo | Album) -> Merge:
    """Merge what is new upstream into the text of a page.

    Args:
        text: the page as it is.
        before: the page that upstream's earlier words make.
        after: the page that its words of now make.
    """
    base, theirs = header_of(before), header_of(after)
    changes: dict[str, str | None] = {}
    kept: list[Difference] = []
    for keys in _GROUPS:
        followed, stays = _merge_group(keys, text, base, theirs)
        changes |= followed
        kept += stays
    for key, identity in _LISTS.items():
        changes |= _merge_list(key, identity, text, base, theirs)
    body, differs = _merge_body(body_of(text), before.content, after.content)
    return Merge(changes=changes, body=body, kept=(*kept, *differs))


def _merge_group(
    keys: tuple[str, ...], text: str, base: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[dict[str, str | None], list[Difference]]:
    here = {key: header_value(text, key) for key in keys}
    was, says, is_here = (
        {key: _meaning(key, values.get(key, "")) for key in keys} for values in (base, theirs, here)
    )
    if says in (was, is_here):
        return {}, []
    differing = [key for key in keys if says[key] != is_here[key]]
    if is_here == was and not _moves_to_another_year(was, says):
        return {key: theirs.get(key) for key in differing}, []
    return {}, [
        Difference(field=key, here=here[key], upstream=theirs.get(key, "")) for key in differing
    ]


def _merge_list(
    key: str,
    identity: Callable[[str], Hashable],
    text: str,
    base: Mapping[str, str],
    theirs: Mapping[str, str],
) -> dict[str, str | None]:
    old, new, here = (
        _entries(key, identity, value)
        for value in (base.get(key, ""), theirs.get(key, ""), header_value(text, key))
    )
    merged = {name: entry for name, entry in here.items() if name not in old or name in new}
    for name, entry in new.items():
        if name not in old:
            merged.setdefault(name, entry)
        elif here.get(name) == old[name]:  # a person may have moved in the picture
            merged[name] = entry
    if list(merged.values()) == list(here.values()):
        return {}
    return {key: _written(key, merged.values()) if merged else None}


def _merge_body(here: str, old: str, new: str) -> tuple[str | None, tuple[Difference, ...]]:
    if new in (old, here):
        return None, ()
    if _trimmed(here) == _trimmed(old.strip("\n")):
        return new, ()
    return None, (Difference(field=BODY, here=here, upstream=new),)


def _trimmed(body: str) -> list[str]:
    """Leave out what many an editor removes when it saves: spaces at the ends of lines."""
    return [line.rstrip() for line in body.split("\n")]


def _meaning(key: str, value: str) -> object:
    """Read a value as far as two spellings of it may mean the same."""
    try:
        if key == "Date" and value:
            date = datetime.fromisoformat(value)
            return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
        if key == "Geo" and value:
            return tuple(map(float, value.split(",")))
    except ValueError:  # its owner wrote it, or broke it: it is what it is
        return value
    return value


def _moves_to_another_year(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """A page's address begins with its year, and no import changes an address."""
    dates: tuple[Any, Any] = (old.get("Date"), new.get("Date"))
    return all(isinstance(date, datetime) for date in dates) and dates[0].year != dates[1].year


def _entries(key: str, identity: Callable[[str], Hashable], value: str) -> dict[Hashable, str]:
    parts = value.split(";") if key == "People" else read_list(value)
    return {identity(part.strip()): part.strip() for part in parts if part.strip()}


def _written(key: str, entries: Iterable[str]) -> str:
    return "; ".join(entries) if key == "People" else written_list(tuple(entries))


def _quoted(text: str) -> str:
    shown = one_line(text)
    return f'"{shown[:60]}…"' if len(shown) > 60 else f'"{shown}"' if shown else "nothing"
