"""What a picture says of itself, from blocks that are made here byte by byte."""

import unicodedata
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.tagged_files import (
    Exif,
    app1,
    blob,
    chunk,
    datasets,
    encoded,
    exif,
    jpeg,
    packet_segment,
    png,
    rationals,
    resources,
    riff_chunk,
    segment,
    text,
    webp,
    xmp,
)
from fakes.tagged_films import picture_items
from pelican_photos.embedded import Details, details_of

NOTHING = Details()
ONE_HOUR = timezone(timedelta(hours=1))


def packet(properties=b"", attributes=b""):
    namespaces = (
        b' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
        b' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    )
    return xmp(properties, namespaces + attributes)


def alt_list(name, *entries):
    items = b"".join(
        b'<rdf:li xml:lang="' + lang + b'">' + word + b"</rdf:li>" for lang, word in entries
    )
    return b"<" + name + b"><rdf:Alt>" + items + b"</rdf:Alt></" + name + b">"


def placed_exif(order="<", south=b"N\0", west=b"W\0", latitude=((39, 1), (36, 1), (0, 1))):
    block = Exif(order)
    places = block.directory({0x8825: block.long()})
    block.link(places[0x8825], len(block.data))
    block.directory(
        {
            1: (2, 2, south),
            2: (5, 3, rationals(latitude, order)),
            3: (2, 2, west),
            4: (5, 3, rationals(((9, 1), (4, 1), (1500, 100)), order)),
        }
    )
    return bytes(block.data)


CONTAINERS = {
    "JPEG": lambda block, words: jpeg(app1(block), packet_segment(words)),
    "PNG": lambda block, words: png(
        chunk(b"eXIf", block), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + words)
    ),
    "WebP": lambda block, words: (
        b"RIFF\0\0\0\0WEBP" + riff_chunk(b"EXIF", b"Exif\0\0" + block) + riff_chunk(b"XMP ", words)
    ),
    "HEIC": lambda block, words: picture_items(
        (b"Exif", b"", b"\0\0\0\6Exif\0\0" + block), (b"mime", b"application/rdf+xml", words)
    ),
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_picture_says_when_and_with_what_it_was_taken(container, order):
    offset = {0x9011: text(b"+01:00"), 0x9003: text(b"2024:05:12 18:03:00")}
    details = details_of(CONTAINERS[container](exif(order, camera=offset), packet()))

    assert details.taken == datetime(2024, 5, 12, 18, 3, tzinfo=ONE_HOUR)
    assert details.camera == "Foo Bar 1"
    assert details.caption == "Boats"  # dc:title


def test_without_an_offset_the_time_is_the_camera_s_own():
    assert details_of(jpeg(app1(exif()))).taken == datetime(2024, 5, 12, 18, 3)


@pytest.mark.parametrize("offset", [b"+1:00", b"   :  ", b"\xff\xff", b"+99:00"])
def test_a_broken_offset_leaves_the_time(offset):
    block = exif(camera={0x9003: text(b"2024:05:12 18:03:00"), 0x9011: text(offset)})

    assert details_of(jpeg(app1(block))).taken == datetime(2024, 5, 12, 18, 3)


@pytest.mark.parametrize(
    "time", [b"0000:00:00 00:00:00", b"    :  :     :  :  ", b"2024:13:45 1:1:1"]
)
def test_a_time_that_is_none_is_left_out(time):
    assert details_of(jpeg(app1(exif(camera={0x9003: text(time)})))).taken is None


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        (b"Canon", b"Canon EOS R5", "Canon EOS R5"),
        (b"NIKON CORPORATION", b"NIKON D750", "NIKON D750"),
        (b"Apple", b"iPhone 13", "Apple iPhone 13"),
        (b"OLYMPUS IMAGING CORP.", b"E-M1", "OLYMPUS E-M1"),
        (b"", b"X", "X"),
        (b"Foo\0\0\0", b"\0", "Foo"),
        (b"Foo\x1b[31m\n", b"Bar", "Foo[31m Bar"),
    ],
)
def test_a_camera_is_named_once(make, model, camera):
    block = exif(first={0x010F: text(make), 0x0110: text(model)})

    assert details_of(jpeg(app1(block))).camera == camera


@pytest.mark.parametrize(
    ("written", "caption"),
    [
        (b"Boats at dusk", "Boats at dusk"),
        ("Café".encode(), "Café"),
        ("Café".encode("cp1252"), "Café"),
        (b"OLYMPUS DIGITAL CAMERA         ", ""),
        (b"DCIM", ""),
        (b"IMG_1234.JPG", ""),
        (b"DSC_0001", ""),
        (b"P1010001", ""),
        (b"SONY DSC", ""),
        (b"rhdr", ""),
        (b"  \t ", ""),
        (b"Image of the boats", "Image of the boats"),
    ],
)
def test_a_description_is_a_person_s_words_or_nothing(written, caption):
    assert details_of(jpeg(app1(exif(first={0x010E: text(written)})))).caption == caption


def test_words_of_xmp_go_before_iptc_and_exif():
    properties = (
        alt_list(b"dc:description", (b"de", b"Boote"), (b"x-default", b"Boats &amp; nets"))
        + alt_list(b"Iptc4xmpCore:AltTextAccessibility", (b"x-default", b"Three boats on sand"))
        + b"<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>boats</rdf:li></rdf:Bag></dc:subject>"
        + b"<Iptc4xmpCore:Location>North beach</Iptc4xmpCore:Location>"
    )
    words = packet(properties, b' photoshop:City="Foo" photoshop:Country="Bar"')
    iptc = datasets((120, b"Not this"), (25, b"not"), (90, b"Not here"))
    block = exif(first={0x010E: text(b"Nor this")})
    photoshop = segment(0xED, b"Photoshop 3.0\0" + resources(iptc))

    details = details_of(jpeg(app1(block), packet_segment(words), photoshop))

    assert details.caption == "Boats & nets"
    assert details.alt == "Three boats on sand"
    assert details.keywords == ("sea", "boats")
    assert details.place_name == "North beach, Foo, Bar"


def test_a_title_is_the_first_line_of_a_caption_unless_it_is_there_already():
    described = alt_list(b"dc:description", (b"x-default", b"On the sand"))
    again = alt_list(b"dc:description", (b"x-default", b"boats on the sand"))

    assert details_of(jpeg(packet_segment(packet(described)))).caption == "Boats\nOn the sand"
    assert details_of(jpeg(packet_segment(packet(again)))).caption == "boats on the sand"


@pytest.mark.parametrize(
    ("said", "letters"),
    [
        (b"", "Café".encode()),
        (b"", "Café".encode("cp1252")),
        (b"\x1c\1\x5a\0\3\x1b%G", "Café".encode()),
    ],
)
def test_iptc_is_read_in_the_letters_it_was_written_in(said, letters):
    iptc = said + datasets(
        (120, letters), (25, b"sea"), (25, b"#a; b"), (92, letters), (101, b"Bar")
    )
    details = details_of(jpeg(segment(0xED, b"Photoshop 3.0\0" + resources(iptc))))

    assert details.caption == "Café"
    assert details.keywords == ("sea", "a b")
    assert details.place_name == "Café, Bar"


@pytest.mark.parametrize("order", ["<", ">"])
def test_coordinates_are_degrees_of_one_globe(order):
    assert details_of(jpeg(app1(placed_exif(order)))).coordinates == (39.6, -9.070833)
    assert details_of(jpeg(app1(placed_exif(order, b"S\0", b"E\0")))).coordinates == (
        -39.6,
        9.070833,
    )


@pytest.mark.parametrize("latitude", [((1, 0), (0, 1), (0, 1)), ((99, 1), (0, 1), (0, 1))])
def test_coordinates_that_are_none_are_left_out(latitude):
    assert details_of(jpeg(app1(placed_exif(latitude=latitude)))).coordinates is None


def test_coordinates_of_xmp_are_read():
    words = packet(attributes=b' exif:GPSLatitude="39,36.0N" exif:GPSLongitude="9,4,15W"')

    assert details_of(jpeg(packet_segment(words))).coordinates == (39.6, -9.070833)


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    words = bomb + packet(b"<photoshop:City>&b;&c;</photoshop:City>")

    assert details_of(jpeg(packet_segment(words))) == NOTHING


@pytest.mark.parametrize("words", [b"<a", b"<x:a/>", b"", packet()[:-100], b"<a>" * 2000])
def test_a_packet_that_is_not_well_formed_says_nothing(words):
    assert details_of(jpeg(packet_segment(words))) == NOTHING


def test_a_damaged_block_silences_no_other():
    details = details_of(jpeg(app1(b"II*\0\xff\xff\xff\xff"), packet_segment(packet())))

    assert details == Details(title="Boats")


def test_words_are_folded_and_cut_to_what_can_be_meant():
    hostile = "a\x1b]0;x\x07\u202e\r\nDate: 1\x00".encode()
    details = details_of(
        jpeg(app1(exif(first={0x0110: text(hostile), 0x010E: text(b"x" * 60_000)})))
    )

    assert "\x1b" not in details.camera
    assert "\u202e" not in details.camera
    assert "\n" not in details.camera
    assert len(details.caption) == 20_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_picture_without_any_says_nothing(kind):
    assert details_of(encoded(kind)) == NOTHING


PICTURES = [
    *(make(exif(thumbnail=jpeg()), packet()) for make in CONTAINERS.values()),
    jpeg(segment(0xED, b"Photoshop 3.0\0" + resources())),
    jpeg(app1(placed_exif())),
    webp(riff_chunk(b"EXIF", exif())),
    png(chunk(b"eXIf", exif(camera={0x927C: blob(b"\0" * 99)}))),
]


@given(st.sampled_from(PICTURES), st.data())
def test_a_file_that_is_damaged_anywhere_is_read_without_a_word(whole, data):
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    places = st.integers(0, max(len(damaged) - 1, 0))
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=20)):
        if damaged:
            damaged[place] = value

    details = details_of(bytes(damaged))

    words = details.camera + details.alt + details.place_name
    assert not any(unicodedata.category(letter) == "Cc" for letter in words)


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff\xe1", b"II*\0", b"\0\0\0\x18ftypheic"]),
)
def test_any_bytes_are_read_without_a_word(tail, head):
    details_of(head + tail)


@given(st.text(max_size=300))
def test_any_words_make_one_line(words):
    block = exif(first={0x0110: text(words.encode("utf-8", "replace"))})

    assert "\n" not in details_of(jpeg(app1(block))).camera
