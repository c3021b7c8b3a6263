"""A large JSON file, one element of its lists at a time: no more than one is ever in memory.

What an element means is not known here.
"""

import codecs
import json
import re
from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

from pelican_photos.errors import SourceError, SourceOutdated

LARGEST_ELEMENT = 2**21  # characters; a post of twenty pictures has some sixty thousand

_SPACE = re.compile(r"[ \t\n\r]*")
_AFTER_A_VALUE = " \t\n\r,:]}"
_LONGEST_REST = 16  # characters of a number after a point or an "e" that has no digit yet
# Raw control characters have been seen in strings.
_DECODER = json.JSONDecoder(strict=False)


class Element(NamedTuple):
    """An element of a list; ``key`` names the list in the file's object, "" without one."""

    key: str
    value: Any


def elements(
    pieces: Iterable[bytes],
    shown: str,
    *,
    own: Container[str] = (),
    largest: int = LARGEST_ELEMENT,
) -> Iterator[Element]:
    """Yield the elements of a file that is a list, or an object of lists.

    A list is met as an object where there is one element only: in an object of lists, and
    at the top, where the keys of ``own`` give that away.  Its lists are gathered then.

    Args:
        pieces: the file's bytes, UTF-8, cut anywhere.
        shown: what messages call the file.
        own: the keys of a single element.
        largest: how many characters an element may have.

    Raises:
        SourceError: the file is cut short, is no JSON, or holds an element that is too
            large, and whatever reading the pieces raises.
        SourceOutdated: it is JSON, but neither a list nor an object.
    """
    text = _Text(pieces, shown, largest)
    opening = text.next_mark()
    if opening == "[":
        yield from (Element("", value) for value in text.items())
    elif opening == "{":
        yield from _of_object(text, own)
    else:
        raise SourceOutdated(f"{shown}: holds no list of posts; {_ASK_AGAIN}")
    text.expect_end()


_ASK_AGAIN = "download the export again, as JSON"


def _of_object(text: "_Text", own: Container[str]) -> Iterator[Element]:
    single: dict[str, Any] = {}
    for key in text.keys():  # noqa: SIM118 - a stream of them, no mapping
        if key in own:
            single[key] = text.value()
        elif text.peek() == "[":
            text.next_mark()
            yield from (Element(key, value) for value in text.items())
        else:
            yield Element(key, text.value())
    if single:
        yield Element("", single)


class _Text:
    """The text of a file, of which a window is in memory."""

    def __init__(self, pieces: Iterable[bytes], shown: str, largest: int) -> None:
        self._pieces = iter(pieces)
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._shown = shown
        self._largest = largest
        self._window = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Give the next character that is no space; "" at the end."""
        while True:
            match = _SPACE.match(self._window, self._at)
            assert match is not None, "nothing at all matches too"
            self._at = match.end()
            if self._at < len(self._window) or self._ended:
                return self._window[self._at : self._at + 1]
            self._read(1)

    def next_mark(self) -> str:
        """Take the next character that is no space."""
        mark = self.peek()
        self._at += 1
        return mark

    def items(self) -> Iterator[Any]:
        """Yield the items of a list whose bracket was taken, up to its end."""
        if self.peek() == "]":
            self.next_mark()
            return
        mark = ","
        while mark == ",":
            yield self.value()
            mark = self.next_mark()
        if mark != "]":
            raise self._broken()

    def keys(self) -> Iterator[str]:
        """Yield the keys of an object whose brace was taken; the caller takes each value."""
        if self.peek() == "}":
            self.next_mark()
            return
        mark = ","
        while mark == ",":
            key = self.value()
            if not isinstance(key, str) or self.next_mark() != ":":
                raise self._broken()
            yield key
            mark = self.next_mark()
        if mark != "}":
            raise self._broken()

    def value(self) -> Any:
        """Take a whole value."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._at)
            except (ValueError, RecursionError) as error:
                if self._ended or not self._may_go_on(error):
                    raise self._broken() from error
            else:
                if self._ended or self._is_whole(end):
                    self._at = end
                    return value
            if len(self._window) - self._at > self._largest:
                raise SourceError(f"{self._shown}: no post is as large as one here; {_ASK_AGAIN}")
            # Twice as much each time: trying again costs no more than reading.
            self._read(len(self._window) - self._at)

    def expect_end(self) -> None:
        """Refuse anything after the value at the top."""
        if self.peek():
            raise self._broken()

    def _read(self, characters: int) -> None:
        parts = [self._window[self._at :]]
        self._at = 0
        while characters >= 0 and not self._ended:
            piece = next(self._pieces, None)
            self._ended = piece is None
            parts.append(self._decode(piece or b"", final=self._ended))
            characters -= len(parts[-1]) or 1
        self._window = "".join(parts)

    def _is_whole(self, end: int) -> bool:
        """Tell whether a value ends here, and not in the next piece: "1.5e" begins with a number.

        What follows too long after it belongs to no number, and is refused as what it is.
        """
        after = self._window[end : end + _LONGEST_REST]
        return bool(after) and (after[0] in _AFTER_A_VALUE or len(after) == _LONGEST_REST)

    def _may_go_on(self, error: Exception) -> bool:
        """Tell whether the window only ends too early: words and escapes have few letters."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.pos + 16 > len(self._window) or error.msg.startswith("Unterminated string")

    def _broken(self) -> SourceError:
        return SourceError(f"{self._shown}: is cut short, or no JSON; {_ASK_AGAIN}")
