import struct

import pytest
from PIL import Image

from fakes.tagged_files import (
    LATITUDE,
    PLACE,
    Exif,
    blob,
    cleaned,
    exif,
    patches_of,
    rationals,
    text,
    traces,
)
from pelican_photos.errors import MetadataError

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


def pages(thumbnail, *more):
    """A TIFF file: a page, a thumbnail's directory with a date, and more pages."""
    block = Exif()
    places, following = [], 4
    for n, entries in enumerate([{}, thumbnail, *more]):
        block.link(following, len(block.data))
        named = {0x0131: text(b"Page %d" % n)} | entries
        following = len(block.data) + 2 + 12 * len(named)
        places.append(len(block.data))
        block.directory(named)
    return bytes(block.data), places


def reduced(block):
    return {0x00FE: block.long(1)}


JPEG_THUMBNAIL = {0x0201: (4, 1, struct.pack("<I", 8)), 0x0202: (4, 1, struct.pack("<I", 0))}


@pytest.mark.parametrize("thumbnail", [reduced(Exif()), {0x00FF: Exif().short(2)}, JPEG_THUMBNAIL])
@pytest.mark.parametrize("more", [(), ({},)])
def test_a_thumbnail_among_the_pages_of_a_tiff_is_gone(thumbnail, more):
    data, places = pages(thumbnail, *more)
    after = cleaned(data)
    assert b"Page 1" in data
    assert b"Page 1" not in after
    following = struct.unpack_from("<I", after, places[0] + 2 + 12)
    assert following == (places[2] if more else 0,)
    assert (b"Page 2" in after) == bool(more)


def test_the_pages_of_a_tiff_stay_and_so_do_the_previews_of_a_dng():
    pages_alone, _ = pages({0x0100: Exif().long(48)}, {})
    dng, _ = pages(reduced(Exif()) | {0xC612: (1, 4, b"\1\4\0\0")})
    assert patches_of(pages_alone) == ()
    first_is_dng = dng.replace(b"Page 0", b"Page 0")
    assert b"Page 1" not in cleaned(first_is_dng)
    block = Exif()
    end = 8 + 2 + 12 + 4
    block.directory({0xC612: (1, 4, b"\1\4\0\0")}, following=end)
    block.directory(reduced(block))
    assert patches_of(bytes(block.data)) == ()


RAW = {0x0106: (3, 1, struct.pack("<H", 32803))}
NOTE = {0x927C: blob(b"SN271828 and what decodes the pixels")}


def test_the_maker_note_of_a_dng_is_gone_and_that_of_another_raw_file_is_refused():
    def raw(entries):
        block = Exif()
        block.directory(RAW | NOTE | entries)
        return bytes(block.data)

    assert b"SN271828" not in cleaned(raw({0xC612: (1, 4, b"\1\4\0\0")}))
    with pytest.raises(MetadataError, match="raw file"):
        patches_of(raw({}))


@pytest.mark.parametrize("tag", [0xA431, 0xA435, 0xC62F, 0xFDE9, 0xA420, 0xA430, 0xFDE8, 0x013C])
@BOTH_ORDERS
def test_a_serial_number_or_an_owner_is_gone_with_its_entry(tag, order):
    block = Exif(order)
    block.directory({0x010F: text(b"Foo"), tag: text(b"SN271828"), 0x8298: text(b"Ann Artist")})
    after = cleaned(bytes(block.data))
    assert b"SN271828" not in after
    tags = Image.Exif()
    tags.load(after)
    assert dict(tags) == {0x010F: "Foo", 0x8298: "Ann Artist"}


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


def test_a_directory_that_points_at_itself_is_read_once():
    block = Exif()
    places = block.directory({0x8769: block.long(8), 0x014A: block.long(8)}, following=8)
    assert places
    assert patches_of(bytes(block.data)) == ()


def test_coordinates_that_share_bytes_with_a_date_are_refused():
    block = bytearray(exif())
    at = block.index(rationals(LATITUDE, "<"))
    pointer = block.index(struct.pack("<HHI", 2, 5, 3)) + 8
    assert struct.unpack_from("<I", block, pointer) == (at,)
    struct.pack_into("<I", block, pointer, block.index(b"2024:05:12") - 4)
    with pytest.raises(MetadataError, match="shares bytes"):
        patches_of(bytes(block))


def test_coordinates_that_point_at_their_own_directory_s_owner_are_refused():
    block = Exif()
    block.directory({0x010F: text(b"Foo"), 0x8825: block.long(8)})
    with pytest.raises(MetadataError):
        patches_of(bytes(block.data))


@pytest.mark.parametrize("cut", [3, 30, 60])
def test_a_list_of_coordinates_that_is_cut_short_is_refused(cut):
    block = Exif()
    block.link(block.directory({0x8825: block.long()})[0x8825], len(block.data))
    start = len(block.data)
    block.directory(block.coordinates())
    with pytest.raises(MetadataError, match="coordinates"):
        patches_of(bytes(block.data[: start + cut]))


def test_coordinates_behind_the_end_are_only_unlinked():
    block = Exif()
    block.directory({0x010F: text(b"Foo"), 0x8825: block.long(1 << 31)})
    assert struct.unpack_from("<H", cleaned(bytes(block.data)), 8) == (1,)


@pytest.mark.parametrize("pointer", [(2, 4, b"abc\0"), (4, 0, b""), (4, 1 << 20, b"")])
def test_a_pointer_to_coordinates_that_is_none_is_refused(pointer):
    block = Exif()
    block.directory({0x8825: pointer})
    with pytest.raises(MetadataError, match="unknown type"):
        patches_of(bytes(block.data))


def test_more_entries_than_anyone_writes_are_refused():
    count = 60_000
    table = struct.pack("<H", count) + struct.pack("<HHII", 0x010F, 3, 1, 0) * count
    with pytest.raises(MetadataError, match="more entries"):
        patches_of(b"II*\0\x08\0\0\0" + table + bytes(4))
