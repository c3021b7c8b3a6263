"""Many names on one page: the most used first, then all of them by their first letter.  Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pelican_photos.plugin.entry import Entry, Topic

_FEW = 60  # so many names are read as one list
_MOST_USED = 24
_DIGITS, _OTHERS = "0–9", "Others"  # noqa: RUF001 - people see the dash


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The names that begin with a letter, with their numbers of posts."""

    name: str
    topics: tuple[tuple[Topic, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Every topic once under its letter; ``most_used`` repeats some, and is empty for a few."""

    most_used: tuple[tuple[Topic, int], ...]
    letters: tuple[Letter, ...]


def directory_of(topics: Mapping[Topic, Sequence[Entry]]) -> Directory:
    """Arrange topics, which come ordered by name; a few of them are one list without a letter."""
    counted = [(topic, len(entries)) for topic, entries in topics.items()]
    if len(counted) <= _FEW:
        return Directory(most_used=(), letters=(Letter(name="", topics=tuple(counted)),))
    most_used = sorted(counted, key=lambda pair: -pair[1])[:_MOST_USED]
    groups: dict[str, list[tuple[Topic, int]]] = {}
    for topic, count in counted:
        groups.setdefault(initial(topic.name), []).append((topic, count))
    return Directory(
        most_used=tuple(most_used),
        letters=tuple(
            Letter(name=name, topics=tuple(group))
            for name, group in sorted(groups.items(), key=lambda item: _rank(item[0]))
        ),
    )


def initial(name: str) -> str:
    """Say under which letter a name is found: accents do not matter, nor does its case.

    What has no capitals, such as Chinese, has too many letters for headings of their own.
    """
    first = unicodedata.normalize("NFKD", name.strip())[:1]
    if first.isdigit():
        return _DIGITS
    capital = first.upper()[:1]
    return capital if capital.isalpha() and capital != first.lower() else _OTHERS


def _rank(name: str) -> tuple[int, str]:
    return {_DIGITS: 0, _OTHERS: 2}.get(name, 1), name
