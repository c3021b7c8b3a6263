"""TIFF: what EXIF is made of, and TIFF and DNG as a whole.

What has to go has an entry in a table.  The entry is taken out, the rest of the table moves up, and
what the entry pointed at becomes zeros.  Within EXIF all other bytes that no entry accounts for
become zeros as well, for there lie thumbnails and what a maker note forgot to count as its own.
"""

from collections.abc import Iterator
from itertools import chain

from pelican_photos.errors import MetadataError
from pelican_photos.metadata.directories import (
    GPS,
    SUB_IFDS,
    THUMBNAIL,
    THUMBNAIL_LENGTH,
    Layout,
    few,
    layout,
    old_jpeg,
    pixels,
)
from pelican_photos.metadata.ifd import ORDERS, SIZES, Directory, Entry, Tiff, is_tiff, outside
from pelican_photos.metadata.patch import (
    Data,
    Extent,
    Patch,
    merged,
    moved,
    refuse_shared,
    without,
    zeros,
)
from pelican_photos.metadata.rules import Scan

_HEADER = 8
_GEOTIFF = frozenset({0x830E, 0x8480, 0x8482, 0x85D8, 0x87AF, 0x87B0, 0x87B1})
# Serial numbers of body, lens and camera, the picture's number, the owner's name (EXIF's, and
# Photoshop's two), and the name of the computer, which often is "Anna's phone".
_PRIVATE = frozenset({0xA431, 0xA435, 0xC62F, 0xFDE9, 0xA420, 0xA430, 0xFDE8, 0x013C})
# Maker notes, as they are called by EXIF, DNG, Kodak (two), Leaf and Hasselblad; a whole raw file.
_NOTES = frozenset({0x927C, 0xC634, 0x8290, 0xFE00, 0x8606, 0xC51B, 0xC68C})
_SMALL_PICTURES = frozenset({THUMBNAIL, THUMBNAIL_LENGTH, SUB_IFDS})
_PADDING = 0xEA1C
_BLOCKS = frozenset({0x02BC, 0x83BB, 0x8649})  # XMP, IPTC, Photoshop
_MOST_LISTS = 64  # of coordinates


def patches(block: Data, scan: Scan) -> list[Patch]:
    """Find what must go in all directories, and in the blocks they hold.

    Raises:
        MetadataError: a directory is damaged, or shares bytes with what must go; or it is a raw
            file with a maker note, which its pixels need.
    """
    return list(_Cleaning(block, scan).patches())


def has_note(block: bytes) -> bool:
    """Tell whether an EXIF block holds a maker note.

    Raises:
        MetadataError: it is damaged.
    """
    if not is_tiff(block):
        return False
    tiff = Tiff(block, ORDERS[block[:2]])
    return _holds_note(layout(tiff, whole=False, keep_places=True))


def _holds_note(found: Layout) -> bool:
    return any(entry.tag in _NOTES for each in found.kept for entry in each.entries)


class _Cleaning:
    """One block, and what stays in it."""

    def __init__(self, block: Data, scan: Scan) -> None:
        self._tiff = Tiff(block, ORDERS[block[:2]])
        self._scan = scan
        self._whole = scan.outermost
        self._keep_places = scan.rules.keep_places
        self._hidden = _hidden_tags(whole=self._whole, keep_places=self._keep_places)
        self._layout = _readable(
            layout(self._tiff, whole=self._whole, keep_places=self._keep_places)
        )

    def patches(self) -> Iterator[Patch]:
        secret, directories = list(self._secret()), self._layout.kept
        kept = few(chain.from_iterable(self._kept(each) for each in directories))
        refuse_shared([*secret, *self._links()], kept)
        everything = [Extent(_HEADER, len(self._tiff.data))]
        loose = list(self._loose()) if self._whole else everything
        for extent in merged([*secret, *without(loose, kept)]):
            yield zeros(extent)
        for directory in directories:
            yield from self._table(directory)
            for start, end in self._inside(directory):
                yield from moved(self._scan(self._tiff.data[start:end]), start)

    def _secret(self) -> Iterator[Extent]:
        """Give what becomes zeros, or is refused where something that stays lies over it."""
        if not self._keep_places:
            yield from _coordinates(self._tiff, self._layout.kept)
        for directory in self._layout.kept:
            for entry in directory.entries:
                if self._is_hidden(entry) and not _may_claim_too_much(entry):
                    yield from _there(self._tiff, outside(directory, entry))

    def _links(self) -> Iterator[Extent]:
        """Give the offsets of directories that change because a thumbnail goes."""
        for directory in self._layout.kept:
            if self._whole and directory.table.start in self._layout.following:
                yield Extent(directory.table.end, directory.table.end + 4)

    def _loose(self) -> Iterator[Extent]:
        """Give what becomes zeros where nothing that stays lies over it."""
        for directory in self._layout.kept:
            for entry in directory.entries:
                if entry.tag in _NOTES:
                    yield from _there(self._tiff, outside(directory, entry))
        for directory in self._layout.dropped:
            yield directory.table
            for entry in directory.entries:
                yield from _there(self._tiff, outside(directory, entry))
            yield from few(pixels(self._tiff, directory))

    def _kept(self, directory: Directory) -> Iterator[Extent]:
        """Give what must not change: tables, values, strips and tiles."""
        yield directory.table
        for entry in directory.entries:
            if not self._is_hidden(entry) and entry.tag != _PADDING:
                yield from _there(self._tiff, outside(directory, entry))
        if self._whole:
            yield from pixels(self._tiff, directory)

    def _table(self, directory: Directory) -> Iterator[Patch]:
        """Take the entries out that must go; the rest of the table moves up within it.

        The offset of the next directory moves up as well.  Where it stood stays as it is, for some
        writers leave it out and put a value there.
        """
        tiff, (start, end) = self._tiff, directory.table
        following = tiff.data[end : end + 4] if directory.chained else b""
        if start in self._layout.following:
            following = self._layout.following[start].to_bytes(4, tiff.order)
        gone = {n for n, entry in enumerate(directory.entries) if self._is_hidden(entry)}
        if not gone:
            if self._whole and start in self._layout.following:
                yield Patch(end, following)
            return
        if not directory.whole:
            raise MetadataError("the list of its EXIF tags is cut short")
        lines = [
            tiff.data[at : at + 12]
            for n, at in enumerate(range(start + 2, end, 12))
            if n not in gone
        ]
        table = len(lines).to_bytes(2, tiff.order) + b"".join(lines) + following
        yield Patch(start, table.ljust(end - start, b"\0"))

    def _inside(self, directory: Directory) -> Iterator[Extent]:
        """Give the blocks that have a format of their own."""
        for entry in directory.entries:
            if entry.tag in _BLOCKS:
                yield entry.extent
        if self._whole:
            yield from old_jpeg(self._tiff, directory)

    def _is_hidden(self, entry: Entry) -> bool:
        return entry.tag in self._hidden


def _hidden_tags(*, whole: bool, keep_places: bool) -> frozenset[int]:
    places = frozenset() if keep_places else _GEOTIFF | {GPS}
    return _PRIVATE | _NOTES | places | (frozenset() if whole else _SMALL_PICTURES)


def _readable(found: Layout) -> Layout:
    """Refuse a raw file with a maker note: without it, or with a part of it, it is none."""
    if found.raw and _holds_note(found):
        raise MetadataError(
            "it is a raw file, and its maker note cannot be cleaned; convert it to DNG or JPEG"
        )
    return found


def _may_claim_too_much(entry: Entry) -> bool:
    """Tell what often claims more bytes than are its own, or points at what is no value."""
    return entry.tag in _NOTES or entry.tag in _SMALL_PICTURES or entry.tag == GPS


def _there(tiff: Tiff, extents: tuple[Extent, ...]) -> tuple[Extent, ...]:
    return tuple(extent for extent in extents if extent.end <= len(tiff.data))


def _coordinates(tiff: Tiff, directories: tuple[Directory, ...]) -> Iterator[Extent]:
    """Give the directories of coordinates, and all their values."""
    lists = {at for each in directories for at in _pointers(tiff, each)}
    for at in few(lists, _MOST_LISTS):
        if at + 2 <= len(tiff.data):
            yield from _list_of_coordinates(tiff, tiff.directory(at))


def _pointers(tiff: Tiff, directory: Directory) -> Iterator[int]:
    for entry in directory.entries:
        if entry.tag == GPS:
            pointers = few(tiff.numbers(entry), _MOST_LISTS)
            if not pointers:
                raise MetadataError("its coordinates are of an unknown type")
            yield from pointers


def _list_of_coordinates(tiff: Tiff, gps: Directory) -> Iterator[Extent]:
    if not gps.whole:
        raise MetadataError("the list of its coordinates is cut short")
    yield gps.table
    for entry in gps.entries:
        if entry.kind not in SIZES and (entry.kind, entry.tag) != (0, 0):
            raise MetadataError("its coordinates are of an unknown type")
        if entry.extent.start < len(tiff.data) < entry.extent.end:
            raise MetadataError("its coordinates are cut short")
        yield from _there(tiff, outside(gps, entry))
