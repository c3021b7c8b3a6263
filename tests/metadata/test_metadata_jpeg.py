import hashlib
import io
import re

import pytest
from PIL import Image

from fakes.tagged_files import (
    CITY,
    LONGITUDE,
    PICTURE,
    PLACE,
    app1,
    cleaned,
    datasets,
    encoded,
    exif,
    jpeg,
    long_packets,
    packet_segment,
    rationals,
    resources,
    segment,
    traces,
    xmp,
)
from fakes.tagged_films import film, user_data
from pelican_photos.errors import MetadataError
from pelican_photos.metadata import location_patches


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
    assert location_patches(jpeg()) == ()
    assert location_patches(jpeg(app1(b""))) == ()


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
    assert location_patches(data) == ()
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
    after = cleaned(jpeg() + record + b"SEFH")
    assert after.endswith(b"MCC_Data\0\0\0SEFH")


@pytest.mark.parametrize(
    "block",
    [
        (0xEB, b'JP\0\1...{"exif:GPSLatitude": "39,36.1N"}'),
        (0xE6, b"GoPro\0DEVC...GPSU..."),
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


def test_a_colour_profile_is_never_taken_for_a_place():
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1 GPSLatitude")
    assert location_patches(jpeg(profile)) == ()


@pytest.mark.parametrize(
    "broken",
    [
        app1(b"nothing that anyone knows"),
        segment(0xE1, b"FLIR\0\1\0\0"),
        segment(0xED, b"Adobe_Photoshop2.5:"),
        segment(0xED, b"Photoshop 3.0\0" + resources()[:30]),
        segment(0xED, b"Photoshop 3.0\0" + b"junk" + resources()),
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0short"),
        packet_segment(xmp(CITY)[:-70]),
    ],
)
def test_what_may_hide_a_place_is_refused(broken):
    with pytest.raises(MetadataError):
        location_patches(jpeg(broken))


def test_a_segment_behind_the_end_is_refused():
    with pytest.raises(MetadataError, match="cut short"):
        location_patches(jpeg(app1(exif()))[:100])


def test_a_picture_that_is_cut_short_in_its_pixels_is_cleaned():
    data = jpeg(app1(exif()))[:-100]
    assert traces(cleaned(data), "<") == []


def test_thumbnails_in_thumbnails_come_to_an_end():
    block = exif()
    for _ in range(12):
        block = exif(thumbnail=b"\xff\xd8" + app1(block) + b"\xff\xd9")
    with pytest.raises(MetadataError, match="more often than can be meant"):
        location_patches(jpeg(app1(block)))
