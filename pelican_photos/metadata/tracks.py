"""Tracks of a film that say, again and again, where the camera was, or which one it was.

Such a track becomes free space, and its samples become zeros.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, repeat

from pelican_photos.errors import MetadataError
from pelican_photos.metadata.boxes import Box, boxes, child, freed
from pelican_photos.metadata.patch import (
    Data,
    Extent,
    Patch,
    number,
    refuse_shared,
    zeros,
)
from pelican_photos.metadata.rules import Rules

_SEEN_OR_HEARD = frozenset({b"vide", b"soun", b"pict", b"auxv", b"tmcd", b"hint", b"odsm", b"sdsm"})
_READ = frozenset({b"text", b"sbtl", b"subt", b"clcp", b"subp"})
_APPLE_KEYS = b"mebx"
_PLACES_ALONE = frozenset({b"gpmd", b"camm"})  # GoPro's and Google's: no serial number is in them
_LOCATION = b"location"
_NO_MORE = 1 << 40, 0, 0  # a run of chunks that begins behind all that there can be


def is_hidden(data: Data, track: Box, rules: Rules) -> bool:
    """Tell whether a track is no picture, no sound, and not known to be harmless.

    GoPro, DJI, Sony, Insta360 and Google each have a format for what their sensors say, with the
    coordinates among it, and some with the camera's serial number: only Apple's names in clear
    letters what is inside.
    """
    handler = child(data, track, b"mdia", b"hdlr")
    kind = data[handler.body + 8 : handler.body + 12] if handler else b""
    if kind in _SEEN_OR_HEARD:
        return False
    table = child(data, track, b"mdia", b"minf", b"stbl")
    formats = child(data, table, b"stsd") if table else None
    if table is None or formats is None:
        return False
    name = data[formats.body + 12 : formats.body + 16]
    if name == _APPLE_KEYS:
        return not rules.keep_places and _LOCATION in data[formats.body : formats.end]
    if kind in _READ:
        return any(rules.hide_block(data[start:end]) for start, end in _chunks(data, table))
    return not (rules.keep_places and name in _PLACES_ALONE)


def patches(data: Data, track: Box, rules: Rules) -> list[Patch]:
    """Free a track and what it shows.

    Raises:
        MetadataError: its samples cannot be told from those of other tracks.
    """
    table = child(data, track, b"mdia", b"minf", b"stbl")
    erased = list(_chunks(data, table)) if table else []
    top = list(boxes(data, 0, len(data)))
    films = [box for box in top if box.kind == b"moov"]
    if any(box.kind == b"moof" for box in top) or not films:
        raise MetadataError(
            "it is in fragments, and one of its tracks may say where it was taken, or with what"
        )
    content = [box for box in top if box.kind == b"mdat"]
    outside = [(0, 0), *((box.body, box.end) for box in content), (len(data), len(data))]
    gaps = [Extent(one[1], two[0]) for one, two in pairwise(outside)]
    refuse_shared(erased, [*gaps, *_others(data, films, track, rules)])
    return [*freed(track), *(zeros(extent) for extent in erased)]


def _others(data: Data, films: list[Box], track: Box, rules: Rules) -> Iterator[Extent]:
    for film in films:
        for other in boxes(data, film.body, film.end):
            table = child(data, other, b"mdia", b"minf", b"stbl") if other.kind == b"trak" else None
            if table and other != track and not is_hidden(data, other, rules):
                yield from _chunks(data, table)


def _chunks(data: Data, table: Box) -> Iterator[Extent]:
    """Work out where the samples of a track lie: whole chunks, for theirs lie in one piece."""
    sizes = _sizes(data, table)
    first = total = 0
    for offset, samples in zip(
        _offsets(data, table), _samples_per_chunk(data, table), strict=False
    ):
        last = min(first + samples, len(sizes) - 1)
        extent = Extent(offset, offset + sizes[last] - sizes[first])
        total += extent.end - extent.start
        if extent.end > len(data) or total > len(data):
            raise MetadataError("one of its tracks is longer than the file")
        yield extent
        first = last


def _sizes(data: Data, table: Box) -> Sequence[int]:
    """Give where each sample would begin, were all samples of the track one piece."""
    box = child(data, table, b"stsz") or child(data, table, b"stz2")
    if box is None:
        raise MetadataError("one of its tracks has no table of sizes")
    size, count, at = number(data, box.body + 4, 4), number(data, box.body + 8, 4), box.body + 12
    if box.kind == b"stsz" and size:
        return range(0, (count + 1) * size, size)
    bits = 32 if box.kind == b"stsz" else size & 0xFF
    if bits not in {8, 16, 32} or count * bits // 8 > box.end - at:
        raise MetadataError("the sizes of one of its tracks are not readable")
    return list(accumulate(_column(data, at, count, bits // 8), initial=0))


def _offsets(data: Data, table: Box) -> Iterator[int]:
    box = child(data, table, b"stco") or child(data, table, b"co64")
    if box is None:
        raise MetadataError("one of its tracks has no table of places")
    width = 4 if box.kind == b"stco" else 8
    count = min(number(data, box.body + 4, 4), (box.end - box.body - 8) // width)
    return _column(data, box.body + 8, count, width)


def _samples_per_chunk(data: Data, table: Box) -> Iterator[int]:
    """Unroll the runs, each of which says from which chunk on it holds: the last has no end."""
    box = child(data, table, b"stsc")
    if box is None:
        raise MetadataError("one of its tracks has no table of chunks")
    count = min(number(data, box.body + 4, 4), (box.end - box.body - 8) // 12)
    values = _column(data, box.body + 8, count * 3, 4)
    runs = list(zip(values, values, values, strict=True))
    for (first, samples, _), (following, _, _) in pairwise([*runs, _NO_MORE]):
        yield from repeat(samples, max(following - first, 0))


def _column(data: Data, at: int, count: int, width: int) -> Iterator[int]:
    """Read a column of numbers, all of one width."""
    raw = data[at : at + count * width]
    return (int.from_bytes(raw[n : n + width]) for n in range(0, len(raw), width))
