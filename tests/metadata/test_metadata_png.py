import io
import re
import zlib

import pytest
from PIL import Image

from fakes.tagged_files import (
    CITY,
    COORDINATES,
    PLACE,
    chunk,
    cleaned,
    exif,
    patches_of,
    png,
    profile,
    resources,
    traces,
    xmp,
)
from pelican_photos.errors import MetadataError


def chunks(data):
    """Kind and content of each chunk; every checksum must be right."""
    at, found = 8, []
    while at < len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        assert zlib.crc32(data[at + 4 : end]).to_bytes(4) == data[end : end + 4]
        found.append((data[at + 4 : at + 8], data[at + 8 : end]))
        at = end + 4
    return found


def texts(data):
    """What is left of all texts, unpacked."""
    for kind, content in chunks(data):
        if kind == b"zTXt":
            yield zlib.decompress(content.partition(b"\0")[2][1:])
        elif kind == b"tEXt":
            yield content.partition(b"\0")[2]
        elif kind == b"iTXt":
            flag, text = re.fullmatch(
                rb"[^\0]+\0(.).[^\0]*\0[^\0]*\0(.*)", content, re.DOTALL
            ).groups()
            yield zlib.decompress(text) if flag == b"\1" else text


def decoded(text):
    return bytes.fromhex("".join(text.decode().split("\n")[3:]))


def pixels(data):
    return Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_exif_chunk_is_cleaned_and_its_checksum_right(order):
    data = png(chunk(b"eXIf", exif(order)))
    after = cleaned(data)
    assert traces(after, order) == []
    assert [kind for kind, _ in chunks(after)] == [kind for kind, _ in chunks(data)]
    assert pixels(after) == pixels(data)


def test_xmp_is_cleaned_where_it_stands():
    text = b"XML:com.adobe.xmp\0\0\0\0\0"
    after = cleaned(png(chunk(b"iTXt", text + xmp(CITY))))
    assert (b"iTXt", text + xmp(b" " * len(CITY))) in chunks(after)


def test_packed_xmp_is_packed_again_with_an_ignorable_chunk_behind_it():
    text = b"XML:com.adobe.xmp\0\1\0\0\0"
    after = cleaned(png(chunk(b"iTXt", text + zlib.compress(xmp(CITY), 1))))
    assert list(texts(after)) == [xmp(b" " * len(CITY))]
    assert b"vpAd" in dict(chunks(after))


@pytest.mark.parametrize("start", [b"", b"Exif\0\0"])
@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt"])
@pytest.mark.parametrize("name", [b"exif", b"APP1", b"generic profile"])
def test_exif_written_as_text_is_cleaned(start, kind, name):
    text = profile(name, start + exif())
    content = b"\0" + zlib.compress(text, 1) if kind == b"zTXt" else text
    after = cleaned(png(chunk(kind, b"Raw profile type %b\0%b" % (name, content))))
    (left,) = texts(after)
    assert traces(decoded(text), "<")
    assert traces(decoded(left), "<") == []
    assert decoded(left) == start + cleaned(exif())
    assert left.count(b"\n") == text.count(b"\n")


@pytest.mark.parametrize(
    ("name", "block"),
    [
        (b"iptc", resources()),
        (b"8bim", b"Photoshop 3.0\0" + resources()),
        (b"xmp", xmp(CITY)),
        (b"APP1", b"http://ns.adobe.com/xap/1.0/\0" + xmp(CITY)),
        (b"iptc", b"\x1c\2\x5a\0\x0a" + PLACE),
    ],
)
def test_iptc_and_xmp_written_as_text_are_cleaned(name, block):
    text = b"Raw profile type %b\0\0" % name + zlib.compress(profile(name, block), 1)
    after = cleaned(png(chunk(b"zTXt", text)))
    for left in texts(after):
        assert PLACE not in decoded(left)
    assert len(chunks(after)) >= 3


def test_what_does_not_fit_any_more_gives_way_to_an_ignorable_chunk():
    kinds = set()
    for filling in range(40):
        city = b"<photoshop:City>" + b"dc:title " * filling + b"</photoshop:City>"
        content = b"Raw profile type xmp\0\0" + zlib.compress(profile(b"xmp", xmp(city)), 9)
        after = chunks(cleaned(png(chunk(b"zTXt", content))))
        assert all(b"City" not in decoded(left) for left in texts(png(*(chunk(*c) for c in after))))
        kinds.add(tuple(kind for kind, _ in after[1:-2]))
    assert (b"zTXt", b"vpAd") in kinds
    assert (b"vpAd",) in kinds


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (b"tEXt", b"exif:GPSLatitude\x0039/1, 36/1"),
        (b"tEXt", b"Location\0" + PLACE),
        (b"tEXt", b"exif:BodySerialNumber\x00271828"),
        (b"iTXt", b"Owner Name\0\0\0\0\0Olivia"),
        (b"tEXt", b"Thumb::URI\0file:///home/olivia/boats.png"),
        (b"caBX", b"jumb...c2pa.thumbnail.ingredient.jpeg"),
        (b"caBX", b"jumb...exif:GPSLatitude " + COORDINATES),
    ],
)
def test_a_chunk_that_gives_a_secret_away_becomes_ignorable(kind, content):
    after = cleaned(png(chunk(b"tEXt", b"Title\0Boats"), chunk(kind, content)))
    assert (b"vpAd", bytes(len(content))) in chunks(after)
    assert (b"tEXt", b"Title\0Boats") in chunks(after)


def test_credits_are_no_secret():
    words = [chunk(b"tEXt", name + b"\0Ann") for name in (b"Author", b"Copyright", b"Artist")]
    assert patches_of(png(*words)) == ()


def test_what_an_editor_left_of_a_larger_picture_is_gone():
    data = png()
    assert cleaned(data + png()[40:]) == data + bytes(len(data) - 40)


def test_a_place_that_is_kept_stays_in_a_text():
    words = png(chunk(b"tEXt", b"Location\0" + PLACE))
    assert patches_of(words, keep_places=True) == ()


def test_a_picture_without_metadata_needs_no_patch():
    assert patches_of(png(chunk(b"tEXt", b"Title\0GPS for beginners"))) == ()


@pytest.mark.parametrize(
    "broken",
    [
        png(chunk(b"eXIf", exif()))[:90],
        png(chunk(b"zTXt", b"Raw profile type exif\0\0not packed")),
        png(
            chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile(b"e", exif()))[:-9])
        ),
        png(chunk(b"tEXt", b"Raw profile type exif\0no head")),
        png(chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 3\nabc")),
        png(chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 3\nxyz")),
        png(chunk(b"tEXt", b"Raw profile type odd\0" + profile(b"odd", b"GPSLatitude"))),
        png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0")),
        png(chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(70 << 20)))),
    ],
)
def test_what_may_hide_a_place_is_refused(broken):
    with pytest.raises(MetadataError):
        patches_of(broken)
