"""Matroska and WebM: tags that must go become void.

An element is a number, a length, and what it holds.  Both have one to eight bytes; how many, the
zeros before the first 1 of the first byte say.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata.patch import Data, Extent, Patch, number
from pelican_photos.metadata.rules import Rules

_SIGNATURE = b"\x1aE\xdf\xa3"
_SEGMENT, _CLUSTER, _TAGS, _TAG, _SIMPLE_TAG = 0x18538067, 0x1F43B675, 0x1254C367, 0x7373, 0x67C8
_NAME = 0x45A3
_CHECKSUM = 0xBF
_VOID = b"\xec"
_HOLDS_TAGS = frozenset({_SEGMENT, _TAGS, _TAG, _SIMPLE_TAG})
_DEEPEST = 16


class _Element(NamedTuple):
    number: int
    start: int
    body: int
    end: int


def is_matroska(data: Data) -> bool:
    """Tell whether a file begins as Matroska and WebM do."""
    return data[:4] == _SIGNATURE


def patches(data: Data, rules: Rules) -> Iterator[Patch]:
    """Find the tags that name a place, a device or an owner.

    Raises:
        MetadataError: the tags run past the end, or lie too deep in each other.
    """
    return _inside(data, rules, Extent(0, len(data)), 0)


def _inside(data: Data, rules: Rules, within: Extent, depth: int) -> Iterator[Patch]:
    if depth > _DEEPEST:
        raise MetadataError("its tags lie too deep in each other")
    checksums: list[_Element] = []
    found = False
    for element in _elements(data, *within):
        if element.number == _CHECKSUM:
            checksums.append(element)
        elif element.number == _SIMPLE_TAG and rules.hide_key(_name(data, element)):
            found = True
            yield _void(element)
        elif element.number in _HOLDS_TAGS:
            for patch in _inside(data, rules, Extent(element.body, element.end), depth + 1):
                found = True
                yield patch
    if found:
        yield from map(_void, checksums)


def _elements(data: Data, start: int, end: int) -> Iterator[_Element]:
    """Walk the elements between two offsets; one whose length is unknown is gone through."""
    at = start
    while at + 2 <= end:
        name, body = _integer(data, at, marked=True)
        length, body = _integer(data, body, marked=False)
        unknown = length == (1 << 7 * (body - at - _width(data[at]))) - 1
        stop = body + length
        if unknown:
            stop = body if name == _CLUSTER else end
        elif stop > end and name in {_TAGS, _TAG, _SIMPLE_TAG, _NAME}:
            raise MetadataError("its tags are cut short")
        yield _Element(name, at, body, min(stop, end))
        at = stop


def _integer(data: Data, at: int, *, marked: bool) -> tuple[int, int]:
    """Read a number of variable width, with or without its marker, and where it ends."""
    width = _width(number(data, at, 1))
    value = number(data, at, width)
    return value if marked else value & (1 << 7 * width) - 1, at + width


def _width(first: int) -> int:
    if not first:
        raise MetadataError("it is damaged")
    return 9 - first.bit_length()


def _name(data: Data, tag: _Element) -> bytes:
    inside = _elements(data, tag.body, tag.end)
    return b" ".join(data[each.body : each.end] for each in inside if each.number == _NAME)


def _void(element: _Element) -> Patch:
    """Make an element void: its length takes one byte, or eight when one is too few."""
    whole = element.end - element.start
    length = bytes([0x80 | whole - 2]) if whole <= 128 else (1 << 56 | whole - 9).to_bytes(8)
    return Patch(element.start, (_VOID + length).ljust(whole, b"\0"))
