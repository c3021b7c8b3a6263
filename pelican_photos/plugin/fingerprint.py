"""What a page was made from, as a short text: equal texts mean equal pages.  Pure.

Everything that a template is given goes in, by what it is and not by where it lies in memory.
What cannot be told apart so, such as a function, is refused: its page is then made each time.
A class whose ``SHOWN`` names some attributes is judged by those alone: templates read no others.
"""

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from pelican_photos import model

_BYTES = 16  # of a digest: two of a million pages are alike by chance once in 10^26 sites
# Plain values, whose representation tells them apart; classes below them may say less.
_PLAIN = frozenset({type(None), bool, int, float, str, bytes, date, datetime})
_DATA = model.__name__


class Unprovable(TypeError):
    """A value that may differ without anything showing it."""


@dataclass(frozen=True, slots=True)
class Later:
    """A value that is dear to make: ``make`` gives it, and ``inputs`` decide what that is."""

    inputs: Any
    make: Any  # without arguments


class Fingerprints:
    """Takes fingerprints; of what is frozen and shown by many pages, once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}
        self._names: dict[type, tuple[str, ...]] = {}

    def of(self, *values: Any) -> str:
        """Give the fingerprint of some values: 32 hexadecimal digits.

        Raises:
            Unprovable: one of them, or something in it, is of an unknown kind.
        """
        return _digest("".join(map(self._text, values)))

    def _text(self, value: Any) -> str:
        kind = type(value)
        if kind in _PLAIN:
            return f"{value!r};"
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        if kind is tuple or kind is list:
            return f"[{''.join(map(self._text, value))}]"
        if kind in self._names or is_dataclass(kind) or hasattr(kind, "SHOWN"):
            text = _digest(self._told(value))
            if kind is not Later:  # which is made for one page alone
                # The value is kept along, so that its id stays its own.
                self._known[id(value)] = value, text
            return text
        return self._of_another(value)

    def _told(self, value: Any) -> str:
        kind = type(value)
        if kind.__module__ == _DATA:
            return repr(value)  # plain data all the way down
        if kind is Later:
            return self._text(value.inputs)
        shown = [self._text(getattr(value, name)) for name in self._names_of(kind)]
        return f"{kind.__qualname__}({''.join(shown)})"

    def _names_of(self, kind: Any) -> tuple[str, ...]:
        if kind not in self._names:
            shown = getattr(kind, "SHOWN", None)
            self._names[kind] = shown or tuple(each.name for each in fields(kind))
        return self._names[kind]

    def _of_another(self, value: Any) -> str:
        if isinstance(value, str):  # Markup: what is escaped already is not the same text
            return f"{type(value).__name__}:{str(value)!r};"
        if isinstance(value, tuple):
            return f"{type(value).__qualname__}[{''.join(map(self._text, value))}]"
        if isinstance(value, Mapping):
            pairs = (self._text(key) + self._text(each) for key, each in value.items())
            return f"{{{''.join(pairs)}}}"
        if isinstance(value, AbstractSet):
            return f"<{''.join(sorted(map(self._text, value)))}>"
        if isinstance(value, PurePath):
            return f"path:{str(value)!r};"
        raise Unprovable(f"{type(value).__qualname__} {value!r:.60}")


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).hexdigest()
