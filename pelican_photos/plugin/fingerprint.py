"""What a page was made from, as a short text: equal texts mean equal pages.  Pure.

Everything that a template is given goes in, by what it is and not by where it lies in memory.
What cannot be told apart so, such as a function, is refused: its page is then made each time.
A class whose ``SHOWN`` names some attributes is judged by those alone: templates read no others.
"""

import hashlib
from collections.abc import Callable, Mapping, MappingView
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from pelican_photos.model import Album, Comment, Location, Photo
from pelican_photos.plugin.entry import Picture, Topic

_BYTES = 16  # of a digest: two of a million pages are alike by chance once in 10^26 sites
# Values whose representation tells them apart; classes below them may say less.
_PLAIN = frozenset({type(None), bool, int, float, str, bytes, date, datetime})
# The same, all the way down.
_DATA = frozenset({Album, Comment, Location, Photo, Picture, Topic})


class Unprovable(TypeError):
    """A value that may differ without anything showing it."""


@dataclass(frozen=True, slots=True)
class Later:
    """A value that is dear to make: ``make`` gives it, and ``inputs`` decide what that is."""

    inputs: Any
    make: Callable[[], Any]


class Fingerprints:
    """Takes fingerprints; of what is frozen and shown by many pages, once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}
        self._tellers: dict[type, Callable[[Any], str]] = {}

    def of(self, *values: Any) -> str:
        """Give the fingerprint of some values: 32 hexadecimal digits.

        Raises:
            Unprovable: one of them, or something in it, is of an unknown kind.
        """
        return _digest("".join(map(self._text, values)))

    def _text(self, value: Any) -> str:
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        kind = type(value)
        teller = self._tellers.get(kind)
        if teller is None:
            teller = self._tellers[kind] = self._teller(kind)
        return teller(value)

    def _teller(self, kind: type) -> Callable[[Any], str]:
        """Choose how values of a kind are told apart."""
        if kind in _PLAIN:
            return _plain
        if kind is Later:
            return lambda value: self._text(value.inputs)
        if kind in _DATA:
            return lambda value: self._remembered(value, repr(value))
        if hasattr(kind, "SHOWN") or is_dataclass(kind):
            return self._record(kind)
        for base, teller in self._by_base():
            if issubclass(kind, base):
                return teller
        raise Unprovable(f"a {kind.__qualname__}")

    def _by_base(self) -> tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...]:
        return (
            # Markup is a text too, but what is escaped already is not the same text.
            (str, lambda text: f"{type(text).__name__}:{str(text)!r};"),
            (tuple, self._sequence),
            (list, self._sequence),
            (Mapping, self._mapping),
            # A dictionary's keys and items are sets by name, and have an order that pages show.
            (MappingView, self._sequence),
            ((set, frozenset), lambda found: f"<{''.join(sorted(map(self._text, found)))}>"),
            (PurePath, lambda path: f"path:{str(path)!r};"),
        )

    def _sequence(self, values: Any) -> str:
        return f"[{''.join(map(self._text, values))}]"

    def _mapping(self, found: Any) -> str:
        pairs = [self._text(key) + self._text(value) for key, value in found.items()]
        return f"{{{''.join(pairs)}}}"

    def _record(self, kind: Any) -> Callable[[Any], str]:
        names = getattr(kind, "SHOWN", None) or tuple(each.name for each in fields(kind))

        def told(value: Any) -> str:
            shown = [self._text(getattr(value, name)) for name in names]
            return self._remembered(value, f"{kind.__qualname__}({''.join(shown)})")

        return told

    def _remembered(self, value: object, text: str) -> str:
        digest = _digest(text)
        # The value is kept along, so that its id stays its own.
        self._known[id(value)] = value, digest
        return digest


def _plain(value: object) -> str:
    return f"{value!r};"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).hexdigest()
