import io
import struct

import pytest
from PIL import ExifTags, Image

from fakes.tagged_files import (
    LATITUDE,
    PLACE,
    Exif,
    app1,
    blob,
    cleaned,
    exif,
    jpeg,
    rationals,
    text,
    traces,
)
from pelican_photos.errors import MetadataError
from pelican_photos.metadata import location_patches

BOTH_ORDERS = pytest.mark.parametrize("order", ["<", ">"])


def read(block):
    """Everything Pillow finds: the first directory, the camera's, the coordinates'."""
    tags = Image.Exif()
    tags.load(block)
    return dict(tags), dict(tags.get_ifd(0x8769)), dict(tags.get_ifd(0x8825))


@BOTH_ORDERS
def test_the_coordinates_are_gone_and_nothing_else(order):
    first, camera, coordinates = read(exif(order))
    assert coordinates[2][0] == 39
    after = read(cleaned(exif(order)))
    del first[0x8825]
    assert after == (first, camera, {})


@BOTH_ORDERS
def test_no_byte_of_the_coordinates_is_left(order):
    assert len(traces(exif(order), order)) == 3
    assert traces(cleaned(exif(order)), order) == []


@BOTH_ORDERS
def test_a_directory_of_nothing_but_coordinates_is_left_empty(order):
    block = Exif(order)
    block.link(block.directory({0x8825: block.long()})[0x8825], len(block.data))
    block.directory(block.coordinates())
    assert cleaned(bytes(block.data))[8:] == bytes(len(block.data) - 8)


@BOTH_ORDERS
def test_a_thumbnail_keeps_its_pixels_and_loses_its_own_coordinates(order):
    small = jpeg(app1(exif(order)))
    block = exif(order, thumbnail=small)
    after = cleaned(block)
    assert traces(after, order) == []
    tags = Image.Exif()
    tags.load(after)
    start, length = (tags.get_ifd(ExifTags.IFD.IFD1)[tag] for tag in (0x0201, 0x0202))
    kept = after[start : start + length]
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(small)).tobytes()


def test_coordinates_are_found_in_every_directory_of_the_chain():
    block = Exif()
    end = 8 + 2 + 12 + 4 + 6
    block.directory({0x010F: text(b"First")}, following=end)
    places = block.directory({0x0110: text(b"Second"), 0x8825: block.long()}, following=0)
    third = len(block.data)
    block.directory({0x0131: text(b"Third")})
    block.link(end + 2 + 2 * 12, third)
    block.link(places[0x8825], len(block.data))
    block.directory(block.coordinates())
    after = cleaned(bytes(block.data))
    assert traces(after, "<") == []
    assert struct.unpack_from("<HHHII", after, end) == (1, 0x0110, 2, 7, end + 2 + 2 * 12 + 4)
    assert struct.unpack_from("<I", after, end + 2 + 12) == (third,)


def test_the_coordinates_of_a_map_are_gone():
    block = Exif()
    block.directory({0x010F: text(b"Foo"), 0x8482: (12, 2, struct.pack("<2d", 39.6, -9.07))})
    after = cleaned(bytes(block.data))
    assert struct.pack("<d", 39.6) not in after
    assert b"Foo\0" in after


def test_xmp_and_iptc_in_a_tiff_are_cleaned():
    block = Exif()
    packet = b'<rdf:RDF xmlns:rdf="r"><photoshop:City>' + PLACE + b"</photoshop:City></rdf:RDF>"
    sets = b"\x1c\2\x5a\0\x0a" + PLACE + b"\x1c\2\x69\0\4Keep\0"
    block.directory({0x02BC: blob(packet), 0x83BB: blob(sets), 0x010F: text(b"Foo")})
    after = cleaned(bytes(block.data))
    assert PLACE not in after
    assert b"\x1c\2\x69\0\4Keep\0" in after


def panasonic_note(place):
    """A maker note whose offsets count from the beginning of the whole block."""
    block = Exif()
    start = 8 + 2 + 12 + 4
    note = Exif()
    note.data = bytearray(start) + b"Panasonic\0\0\0"
    note.directory({0x67: blob(place.ljust(64, b"\0")), 0x02: blob(b"firmware!")})
    block.directory({0x927C: blob(bytes(note.data[start:]))})
    return bytes(block.data)


def test_the_place_in_a_panasonic_maker_note_is_gone():
    after = cleaned(panasonic_note(PLACE))
    assert PLACE not in after
    assert b"firmware!" in after


@pytest.mark.parametrize("empty", [b"---", b"", b" "])
def test_dashes_in_a_maker_note_are_no_place(empty):
    assert location_patches(panasonic_note(empty)) == ()


def test_the_place_in_a_nikon_maker_note_is_gone():
    inner = Exif(">")
    inner.directory({0x39: blob(b"0100\1PRT\0" + PLACE.ljust(70, b"\0")), 0x01: blob(b"0210!")})
    after = cleaned(exif(camera={0x927C: blob(b"Nikon\0\x02\x11\0\0" + bytes(inner.data))}))
    assert PLACE not in after
    assert b"PRT" not in after
    assert b"0210!" in after


def test_a_directory_that_points_at_itself_is_read_once():
    block = Exif()
    places = block.directory({0x8769: block.long(8), 0x014A: block.long(8)}, following=8)
    assert places
    assert location_patches(bytes(block.data)) == ()


def test_coordinates_that_share_bytes_with_a_date_are_refused():
    block = bytearray(exif())
    at = block.index(rationals(LATITUDE, "<"))
    pointer = block.index(struct.pack("<HHI", 2, 5, 3)) + 8
    assert struct.unpack_from("<I", block, pointer) == (at,)
    struct.pack_into("<I", block, pointer, block.index(b"2024:05:12") - 4)
    with pytest.raises(MetadataError, match="shares bytes"):
        location_patches(bytes(block))


def test_coordinates_that_point_at_their_own_directory_s_owner_are_refused():
    block = Exif()
    block.directory({0x010F: text(b"Foo"), 0x8825: block.long(8)})
    with pytest.raises(MetadataError):
        location_patches(bytes(block.data))


@pytest.mark.parametrize("cut", [3, 30, 60])
def test_a_list_of_coordinates_that_is_cut_short_is_refused(cut):
    block = Exif()
    block.link(block.directory({0x8825: block.long()})[0x8825], len(block.data))
    start = len(block.data)
    block.directory(block.coordinates())
    with pytest.raises(MetadataError, match="coordinates"):
        location_patches(bytes(block.data[: start + cut]))


def test_coordinates_behind_the_end_are_only_unlinked():
    block = Exif()
    block.directory({0x010F: text(b"Foo"), 0x8825: block.long(1 << 31)})
    assert struct.unpack_from("<H", cleaned(bytes(block.data)), 8) == (1,)


@pytest.mark.parametrize("pointer", [(2, 4, b"abc\0"), (4, 0, b""), (4, 1 << 20, b"")])
def test_a_pointer_to_coordinates_that_is_none_is_refused(pointer):
    block = Exif()
    block.directory({0x8825: pointer})
    with pytest.raises(MetadataError, match="unknown type"):
        location_patches(bytes(block.data))


def test_more_entries_than_anyone_writes_are_refused():
    count = 60_000
    table = struct.pack("<H", count) + struct.pack("<HHII", 0x010F, 3, 1, 0) * count
    with pytest.raises(MetadataError, match="more entries"):
        location_patches(b"II*\0\x08\0\0\0" + table + bytes(4))
