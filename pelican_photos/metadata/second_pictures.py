"""The small second picture of HEIC and AVIF, which may show what was cut away from the first.

It is an item of the file that refers to the picture it stands for.  The reference and the item get
kinds that readers pass over, and its bytes become zeros, with those of the tiles it is made of.
"""

from collections import defaultdict
from collections.abc import Iterator

from pelican_photos.metadata.boxes import Box, boxes, child
from pelican_photos.metadata.items import listed, places_of
from pelican_photos.metadata.patch import Data, Extent, Patch, merged, number, refuse_shared, zeros

_THUMBNAIL, _MADE_OF = b"thmb", b"dimg"
_NO_KIND = b"free"


def patches(data: Data, meta: Box) -> Iterator[Patch]:
    """Find the items that are small copies of others.

    Raises:
        MetadataError: one is cut short, or shares bytes with an item that stays.
    """
    references = child(data, meta, b"iref")
    if references is None:
        return
    gone, made_of = set[int](), defaultdict[int, set[int]](set)
    for kind, start, origin, targets in _references(data, references):
        if kind == _THUMBNAIL:
            yield Patch(start, _NO_KIND)
            gone.add(origin)
        elif kind == _MADE_OF:
            made_of[origin].update(targets)
    if not gone:
        return
    used = set().union(*(made_of[name] for name in made_of.keys() - gone))
    gone |= set().union(*(made_of[name] for name in gone)) - used
    info = child(data, meta, b"iinf")
    for name, item in listed(data, info) if info else ():
        if item.kind_at and name in gone:
            yield Patch(item.kind_at, _NO_KIND)
    erased, kept = list[Extent](), list[Extent]()
    for name, pieces in places_of(data, meta):
        (erased if name in gone else kept).extend(pieces)
    refuse_shared(erased, kept)
    yield from map(zeros, merged(erased))


def _references(data: Data, box: Box) -> Iterator[tuple[bytes, int, int, list[int]]]:
    """Give each reference: its kind and where that stands, from which item, to which items."""
    width = 4 if number(data, box.body, 1) else 2
    for each in boxes(data, box.body + 4, box.end):
        start = each.body + width + 2
        count = min(number(data, start - 2, 2), (each.end - start) // width)
        targets = [number(data, start + n * width, width) for n in range(count)]
        yield each.kind, each.start + 4, number(data, each.body, width), targets
