"""IPTC-IIM: the captions of news agencies, a flat list of numbered data sets.

A data set is 0x1C, a record number, a data set number, and a length of two bytes; with the top bit
of the length set, the rest of it says how many bytes the real length has.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata.patch import Patch, number
from pelican_photos.metadata.rules import Rules

_MARK = 0x1C
# Content location code and name, city, sub-location, province, country code and name.
_PLACES = frozenset((2, dataset) for dataset in (26, 27, 90, 92, 95, 100, 101))
# The owner's number, and a small picture with its format and the version of that.
_PRIVATE = frozenset((2, dataset) for dataset in (188, 200, 201, 202))


class Dataset(NamedTuple):
    """One data set: record and number, and where its value stands."""

    name: tuple[int, int]
    start: int
    end: int


def patches(block: bytes, rules: Rules) -> list[Patch]:
    """Leave out what must go; what follows moves up, and zeros fill the end, as readers expect.

    Raises:
        MetadataError: a data set runs past the end, or others follow something unreadable.
    """
    gone = _PRIVATE if rules.keep_places else _PRIVATE | _PLACES
    kept = bytearray()
    at = 0
    for dataset in walk(block):
        if dataset.name not in gone:
            kept += block[at : dataset.end]
        at = dataset.end
    if at == len(kept):
        if b"\x1c\x02" in block[at:]:
            raise MetadataError("its IPTC data are not readable to their end")
        return []
    if block[at:].strip(b"\0"):
        raise MetadataError("its IPTC data are not readable to their end")
    return [Patch(0, bytes(kept.ljust(len(block), b"\0")))]


def walk(block: bytes) -> Iterator[Dataset]:
    """Walk the data sets, up to the first byte that begins none.

    Raises:
        MetadataError: a data set runs past the end.
    """
    at = 0
    while at < len(block) and block[at] == _MARK:
        start, end = _extent(block, at)
        yield Dataset((block[at + 1], block[at + 2]), start, end)
        at = end


def _extent(block: bytes, at: int) -> tuple[int, int]:
    length, body = number(block, at + 3, 2), at + 5
    if length & 0x8000:
        width = length & 0x7FFF
        length, body = number(block, body, width), body + width
    if body + length > len(block):
        raise MetadataError("its IPTC data are cut short")
    return body, body + length
