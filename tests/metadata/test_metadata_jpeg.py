import hashlib
import io
import re

import pytest
from PIL import ExifTags, Image

from fakes.tagged_files import (
    CITY,
    LONGITUDE,
    PICTURE,
    PLACE,
    PLACES_OF_IPTC,
    app1,
    blob,
    cleaned,
    datasets,
    encoded,
    exif,
    jpeg,
    long_packets,
    packet_segment,
    patches_of,
    pictures_in_one,
    rationals,
    resources,
    segment,
    text,
    traces,
    xmp,
)
from fakes.tagged_films import film, user_data
from pelican_photos.errors import MetadataError

PRIVATE = {
    0xA430: text(b"Olivia"),
    0xA431: text(b"SN271828"),
    0x927C: blob(b"a maker's note"),
    0x013B: text(b"Ann"),
}


def pixels(data):
    return Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_xmp_and_iptc_are_cleaned_and_the_pixels_stay(order):
    irb = segment(0xED, b"Photoshop 3.0\0" + resources())
    data = jpeg(app1(exif(order)), packet_segment(xmp(CITY)), irb)
    after = cleaned(data)
    assert traces(data, order)
    assert traces(after, order) == []
    assert pixels(after) == pixels(data)
    assert Image.open(io.BytesIO(after)).getexif()[0x0112] == 6


def test_a_picture_without_metadata_needs_no_patch():
    assert patches_of(jpeg()) == ()
    assert patches_of(jpeg(app1(b""))) == ()


@pytest.mark.parametrize("cut", [40, 90, 170, 260])
def test_exif_in_two_segments_is_one_block(cut):
    block = exif(thumbnail=encoded("JPEG", PICTURE))
    data = jpeg(app1(block[:cut]), app1(block[cut:]))
    after = cleaned(data)
    assert traces(data.replace(b"\xff\xe1", b""), "<")
    assert rationals(LONGITUDE, "<")[-8:] not in after
    assert len(after) == len(data)


def test_two_exif_blocks_are_both_cleaned():
    data = jpeg(app1(exif("<")), app1(exif(">")))
    assert traces(cleaned(data), "<") == traces(cleaned(data), ">") == []


def test_fill_bytes_before_a_marker_hide_nothing():
    data = jpeg(b"\xff\xff\xff" + app1(exif()))
    assert traces(cleaned(data), "<") == []


def test_metadata_between_two_scans_is_cleaned():
    data = encoded("JPEG", PICTURE, progressive=True)
    second = [match.start() for match in re.finditer(rb"\xff\xda", data)][1]
    after = cleaned(data[:second] + app1(exif()) + data[second:])
    assert traces(after, "<") == []
    assert pixels(after) == pixels(data)


def test_a_long_packet_is_cleaned_in_all_parts_and_renamed():
    extended = xmp(b" " * 500 + CITY + b"<dc:source>Keep</dc:source>", wrapped=False)
    data = jpeg(*long_packets(extended))
    after = cleaned(data)
    assert PLACE not in after
    name = re.search(rb'HasExtendedXMP="(.{32})"', after)[1]
    parts = re.findall(rb"xmp/extension/\0(.{32})(.{4})(.{4})", after, re.DOTALL)
    assert {part[0] for part in parts} == {name}
    text = extended.replace(CITY, b" " * len(CITY))
    assert name == hashlib.md5(text).hexdigest().upper().encode()


def test_a_long_packet_without_a_place_keeps_its_name():
    extended = xmp(b" " * 500, wrapped=False)
    first, *rest = long_packets(extended)
    data = jpeg(packet_segment(xmp()), *rest)
    assert patches_of(data) == ()
    assert first


def test_the_digest_of_cleaned_iptc_is_renewed_and_a_wrong_one_left_alone():
    irb = resources()
    data = jpeg(segment(0xED, b"Photoshop 3.0\0" + irb))
    after = cleaned(data)
    start = after.index(b"8BIM\4\4") + 12
    iptc = after[start : start + int.from_bytes(after[start - 4 : start])]
    assert hashlib.md5(iptc).digest() in after
    wrong = data.replace(irb[-16:], b"0123456789abcdef")
    assert b"0123456789abcdef" in cleaned(wrong)


def test_resources_in_two_segments_are_one_block():
    irb = resources()
    halves = [segment(0xED, b"Photoshop 3.0\0" + part) for part in (irb[:40], irb[40:])]
    after = cleaned(jpeg(*halves))
    assert PLACE[:5] not in after
    assert datasets((120, b"Sea"))[:4] in after


@pytest.mark.parametrize("gap", [b"", bytes(100), b"\xff\xd8\xff\x00"])
def test_every_picture_behind_the_first_is_cleaned(gap):
    one = jpeg(app1(exif("<")))
    two = jpeg(segment(0xE0, b"JFIF\0" + bytes(9)), app1(exif(">")))
    three = jpeg(packet_segment(xmp(CITY)))
    after = cleaned(one + gap + two + gap + three)
    assert traces(after, "<") == traces(after, ">") == []
    assert pixels(after[len(one + gap) :]) == pixels(two)


def test_the_film_of_a_motion_photo_is_cleaned():
    data = jpeg(app1(exif())) + b"MotionPhoto_Data" + film(user_data())
    assert traces(data, "<")
    assert traces(cleaned(data), "<") == []


def test_the_country_that_samsung_writes_behind_a_picture_is_gone():
    record = b"\0\0\xa1\x0a\x08\0\0\0MCC_Data268"
    after = cleaned(jpeg() + record + b"SEFHSEFT")
    assert after.endswith(b"MCC_Data\0\0\0SEFHSEFT")


def test_what_a_program_wrote_behind_the_picture_is_gone():
    assert cleaned(jpeg() + b"AXS!" + PLACES_OF_IPTC) == jpeg() + bytes(4 + len(PLACES_OF_IPTC))
    named = jpeg(packet_segment(xmp(b"<dc:a>Container</dc:a>"))) + b"depth"
    assert patches_of(named) == ()


@pytest.mark.parametrize(
    "block",
    [
        (0xEB, b'JP\0\1...{"exif:GPSLatitude": "39,36.1N"}'),
        (0xE4, b"made by Foo, SerialNumber=271828"),
        (0xFE, b"lat 39 longitude 9"),
        (0xE1, b"other/1.0/\0 $GPRMC,123519"),
    ],
)
def test_what_nobody_can_read_is_emptied_when_it_names_a_place(block):
    harmless = segment(0xEC, b"Ducky\0\1")
    marker, content = block
    data = jpeg(harmless, segment(marker, content), segment(marker, content[:4] + b"more"))
    empty = jpeg(harmless, segment(marker, bytes(len(content))), segment(marker, bytes(8)))
    assert cleaned(data) == empty


@pytest.mark.parametrize(
    "start", [b"GoPro\0DEVC", b"ssuniqueid", b"Meta\0\0", b"QVCI\0", b"JFXX\0\x10"]
)
def test_what_a_maker_wrote_into_a_block_of_its_own_is_gone(start):
    kept = segment(0xE3, b"Kept")
    after = cleaned(jpeg(segment(0xE3, start + b"271828"), kept))
    assert after == jpeg(segment(0xE3, bytes(len(start) + 6)), kept)


def test_a_preview_in_several_blocks_is_gone():
    kept = segment(0xEC, b"Kept")
    after = cleaned(jpeg(segment(0xE3, b"\xff\xd8\xff\xdbcut"), segment(0xE3, b"out"), kept))
    assert after == jpeg(segment(0xE3, bytes(7)), segment(0xE3, bytes(3)), kept)


def test_the_thumbnail_of_jfif_is_gone_and_its_density_stays():
    head = b"JFIF\0\1\2\1\0\x48\0\x48"
    data = jpeg(segment(0xE0, head + b"\2\1" + b"cutout"))
    after = cleaned(data)
    assert segment(0xE0, head + bytes(8)) in after
    assert pixels(after) == pixels(data)


def test_a_thumbnail_in_photoshop_s_resources_is_gone():
    irb = b"8BIM\4\x0c\0\0" + (28 + 6).to_bytes(4) + bytes(28) + b"cutout" + resources()
    after = cleaned(jpeg(segment(0xED, b"Photoshop 3.0\0" + irb)))
    assert b"cutout" not in after
    assert b"8BIM\x13\x87" in after


@pytest.mark.parametrize("order", ["<", ">"])
def test_maker_note_thumbnail_and_what_nobody_accounts_for_are_gone_from_exif(order):
    data = jpeg(app1(exif(order, camera=PRIVATE, thumbnail=b"cutout") + b"left over"))
    after = cleaned(data)
    for secret in (b"cutout", b"left over", b"SN271828", b"Olivia", b"note"):
        assert secret in data
        assert secret not in after
    tags = Image.open(io.BytesIO(after)).getexif()
    assert tags[0x0112] == 6
    assert dict(tags.get_ifd(0x8769)) == {0x9003: "2024:05:12 18:03:00", 0x8827: 200, 0x013B: "Ann"}
    assert dict(tags.get_ifd(ExifTags.IFD.IFD1)) == {}


def test_coordinates_that_are_kept_are_as_they_were():
    data = jpeg(app1(exif(camera=PRIVATE)), packet_segment(xmp(CITY)))
    after = cleaned(data, keep_places=True)
    assert traces(after, "<") == traces(data, "<")
    assert b"SN271828" not in after
    one, two = (Image.open(io.BytesIO(each)).getexif() for each in (data, after))
    assert dict(one.get_ifd(0x8825)) == dict(two.get_ifd(0x8825)) != {}


@pytest.mark.parametrize("kind", [0x010001, 0x010002, 0x040000])
def test_a_copy_in_a_list_of_pictures_is_gone_and_the_second_eye_stays(kind):
    data = pictures_in_one(kind, 0x020002, kind)
    after = cleaned(data)
    size = len(jpeg())
    assert after[-3 * size :] == bytes(size) + jpeg() + bytes(size)
    assert b"UNIQUE271828" not in after
    assert pixels(after) == pixels(data)
    with Image.open(io.BytesIO(after)) as picture:
        assert picture.n_frames == 2
        picture.seek(1)
        assert picture.tobytes() == pixels(jpeg())


def test_a_gain_map_stays():
    data = pictures_in_one(0)
    assert cleaned(data) == data.replace(b"UNIQUE271828".ljust(33), bytes(33))


def test_a_preview_that_the_maker_note_alone_knows_of_is_gone():
    first = jpeg(app1(exif(camera=PRIVATE)))
    assert cleaned(first + jpeg())[len(first) :] == bytes(len(jpeg()))
    named = jpeg(app1(exif(camera=PRIVATE)), packet_segment(xmp(b"<dc:a>Container</dc:a>")))
    assert cleaned(named + jpeg()).endswith(jpeg())


def test_a_colour_profile_is_never_taken_for_a_place():
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1 GPSLatitude")
    assert patches_of(jpeg(profile)) == ()


@pytest.mark.parametrize(
    "broken",
    [
        app1(b"nothing that anyone knows"),
        segment(0xE1, b"FLIR\0\1\0\0"),
        segment(0xE2, b"\0\1\0\2IJPEG\0"),
        segment(0xED, b"Adobe_Photoshop2.5:"),
        segment(0xED, b"Photoshop 3.0\0" + resources()[:30]),
        segment(0xED, b"Photoshop 3.0\0" + b"junk" + resources()),
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0short"),
        packet_segment(xmp(CITY)[:-70]),
    ],
)
def test_what_may_hide_a_place_is_refused(broken):
    with pytest.raises(MetadataError):
        patches_of(jpeg(broken))


def test_a_segment_behind_the_end_is_refused():
    with pytest.raises(MetadataError, match="cut short"):
        patches_of(jpeg(app1(exif()))[:100])


def test_a_picture_that_is_cut_short_in_its_pixels_is_cleaned():
    data = jpeg(app1(exif()))[:-100]
    assert traces(cleaned(data), "<") == []


def test_blocks_in_blocks_come_to_an_end():
    block = resources()
    for _ in range(12):
        block = b"8BIM\4\x22\0\0" + len(block).to_bytes(4) + block + bytes(len(block) % 2)
    with pytest.raises(MetadataError, match="more often than can be meant"):
        patches_of(jpeg(segment(0xED, b"Photoshop 3.0\0" + block)))
