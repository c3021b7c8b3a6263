import pytest

from fakes.tagged_files import COORDINATES, PLACE, cleaned, patches_of
from pelican_photos.errors import MetadataError

HEAD = bytes.fromhex("1a45dfa3 84 42868101")
UNKNOWN = b"\x01" + b"\xff" * 7


def element(number, *parts, wide=False):
    body = b"".join(parts)
    short = len(body) < 127 and not wide
    length = bytes([0x80 | len(body)]) if short else (1 << 56 | len(body)).to_bytes(8)
    return bytes.fromhex(number) + length + body


def tag(name, value, *more, wide=False):
    return element("67c8", element("45a3", name), element("4487", value), *more, wide=wide)


def film(*tags, checksum=b"", segment=None, cluster=None):
    frames = cluster or element("1f43b675", element("e7", b"\0"), element("a3", b"FRAMES"))
    tags = element("1254c367", checksum, element("7373", element("63c0"), *tags))
    return HEAD + (segment or (lambda *parts: element("18538067", *parts)))(frames, tags)


@pytest.mark.parametrize("value", [COORDINATES, COORDINATES * 20])
@pytest.mark.parametrize("name", [b"LOCATION", b"COM.APPLE.QUICKTIME.LOCATION.ISO6709", b"GPS"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_tag_that_names_a_place_becomes_void(name, value, wide):
    title = tag(b"TITLE", b"Boats")
    after = cleaned(film(title, tag(name, value, wide=wide)))
    assert COORDINATES not in after
    assert title in after
    assert element("a3", b"FRAMES") in after


def test_a_place_in_a_tag_of_a_tag_becomes_void():
    after = cleaned(film(tag(b"ARTIST", b"Bob", tag(b"RECORDING_LOCATION", PLACE))))
    assert PLACE not in after
    assert b"Bob" in after


def test_a_checksum_that_is_no_longer_right_becomes_void():
    checksum = element("bf", b"\1\2\3\4")
    assert checksum not in cleaned(film(tag(b"LOCATION", PLACE), checksum=checksum))
    assert patches_of(film(tag(b"TITLE", PLACE), checksum=checksum)) == ()


def test_a_stream_without_lengths_is_read_through():
    cluster = bytes.fromhex("1f43b675") + UNKNOWN + element("e7", b"\0") + element("a3", b"FRAMES")
    data = film(
        tag(b"LOCATION", PLACE),
        cluster=cluster,
        segment=lambda *parts: bytes.fromhex("18538067") + UNKNOWN + b"".join(parts),
    )
    assert PLACE not in cleaned(data)


@pytest.mark.parametrize("cut", [1, 9, 25])
def test_tags_that_are_cut_short_are_refused(cut):
    with pytest.raises(MetadataError):
        patches_of(film(tag(b"LOCATION", PLACE))[:-cut])
