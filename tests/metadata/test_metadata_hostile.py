"""Whatever a file's bytes are: patches that keep its length, or one plain refusal."""

import re
import struct
import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fakes.tagged_files import (
    CITY,
    app1,
    canon_exif,
    chunk,
    cleaned,
    datasets,
    encoded,
    exif,
    jpeg,
    long_packets,
    packet_segment,
    patches_of,
    pictures_in_one,
    png,
    profile,
    resources,
    riff_chunk,
    segment,
    webp,
    xmp,
)
from fakes.tagged_films import SENSED, film, keyed, log, picture_items, small_picture, user_data
from pelican_photos.errors import MetadataError
from pelican_photos.metadata.patch import Extent, Patch, joined, patched, spread, tidy

PACKED = b"Raw profile type exif\0\0" + zlib.compress(profile(b"exif", exif()))
ITEMS = [(b"Exif", b"", bytes(4) + exif()), (b"mime", b"application/rdf+xml", xmp(CITY))]
SAMPLES = [
    exif("<", thumbnail=jpeg(app1(exif(">")))),
    exif(">"),
    xmp(CITY),
    resources(),
    datasets((5, b"Boats"), (90, b"Nazaretown")),
    jpeg(app1(exif()), segment(0xED, b"Photoshop 3.0\0" + resources())) + jpeg(app1(exif(">"))),
    jpeg(*long_packets(xmp(CITY, wrapped=False)), packet_segment(xmp(CITY))),
    jpeg() + film(user_data()),
    png(chunk(b"eXIf", exif()), chunk(b"zTXt", PACKED), chunk(b"tEXt", b"Location\0here")),
    webp(riff_chunk(b"EXIF", exif()), riff_chunk(b"XMP ", xmp(CITY))),
    picture_items(*ITEMS),
    small_picture(b"Nazaretown"),
    picture_items(*ITEMS, in_idat=True),
    film(user_data(), keyed(location__name=b"Nazaretown", make=b"Foo")),
    film(log(), samples=SENSED * 6),
    jpeg(app1(canon_exif())) + jpeg(),
    pictures_in_one(0x010001, 0x020002),
    encoded("GIF")[:-1] + xmp(CITY) + b";",
]


def directory(entries, following=0):
    table = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + table + struct.pack("<I", following)


def tiff(*directories):
    return b"II*\0\x08\0\0\0" + b"".join(directories)


def pages(count):
    """Directories of strips, each of which says that it has as many as the file has room for."""
    size = 2 + 2 * 12 + 4
    strips = [(tag, 4, count * size // 4, 8) for tag in (0x0111, 0x0117)]
    return tiff(*(directory(strips, 8 + n * size) for n in range(1, count)))


def holds(data, *, keep_places=False):
    """Either all that must hold for patches does, or the file is refused."""
    with suppress(MetadataError):
        cleaned(data, keep_places=keep_places)


@pytest.mark.parametrize("data", SAMPLES)
def test_the_samples_themselves_are_cleaned(data):
    assert patches_of(data)
    assert not re.search(b"Nazaretown|Olivia", cleaned(data))


@pytest.mark.parametrize("data", SAMPLES)
def test_a_file_cut_anywhere_is_cleaned_or_refused(data):
    for end in range(0, len(data), max(1, len(data) // 150)):
        holds(data[:end])


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(
        st.tuples(
            st.floats(0, 1, exclude_max=True),
            st.one_of(
                st.binary(min_size=1, max_size=4),
                st.sampled_from([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\1"]),
            ),
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_a_file_with_other_bytes_is_cleaned_or_refused(data, changes, keep_places):
    changed = bytearray(data)
    for place, piece in changes:
        at = int(place * len(data))
        changed[at : at + len(piece)] = piece
    holds(bytes(changed[: len(data)]), keep_places=keep_places)


TAGS = [0x010F, 0x00FE, 0x0111, 0x0117, 0x013C, 0x014A, 0x0201, 0x0202, 0x02BC, 0x0106]
MORE_TAGS = [0x8769, 0x8825, 0x927C, 0xA430, 0xA431, 0xC612, 0xC634, 0xEA1C, 0xA005, 0x8482]
NUMBERS = st.one_of(st.integers(0, 400), st.sampled_from([1 << 16, 1 << 31, (1 << 32) - 1]))
COUNTS = st.one_of(st.integers(0, 9), NUMBERS)
ENTRIES = st.tuples(st.sampled_from(TAGS + MORE_TAGS), st.integers(0, 13), COUNTS, NUMBERS)
DIRECTORIES = st.lists(st.tuples(st.lists(ENTRIES, max_size=8), NUMBERS), max_size=4)


@settings(max_examples=150, deadline=None)
@given(DIRECTORIES, st.binary(max_size=99), st.booleans(), st.booleans())
def test_any_directories_are_cleaned_or_refused(directories, values, within, keep_places):
    block = tiff(*(directory(sorted(entries), after) for entries, after in directories)) + values
    holds(jpeg(app1(block)) if within else block, keep_places=keep_places)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SAMPLES), st.binary(max_size=200), st.integers(0, 40))
@example(b"", b"", 0)
def test_any_bytes_behind_a_start_are_cleaned_or_refused(data, noise, kept):
    holds(data[:kept] + noise)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=6), st.data())
def test_spreading_is_the_inverse_of_joining(lengths, draw):
    data = bytes(range(100))
    starts = draw.draw(st.permutations(range(0, 100, 10)))
    extents = [Extent(s, s + length) for s, length in zip(starts, lengths, strict=False)]
    whole = joined(data, extents)
    at = draw.draw(st.integers(0, len(whole)))
    patch = Patch(at, bytes(200 for _ in whole[at:]))
    result = patched(data, spread([patch], extents))
    assert joined(result, extents) == patched(whole, [patch])
    assert len(result) == len(data)


def test_patches_that_contradict_each_other_are_refused():
    assert tidy(b"abcdef", [Patch(1, b"xx"), Patch(2, b"xy")]) == (Patch(1, b"xxy"),)
    assert tidy(b"abcdef", [Patch(0, b"abc"), Patch(3, b"")]) == ()
    for patches in ([Patch(1, b"xx"), Patch(2, b"yy")], [Patch(5, b"xx")], [Patch(-1, b"x")]):
        with pytest.raises(MetadataError):
            tidy(b"abcdef", patches)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xff\xd8" + b"\xff" * 3_000_000, id="fill bytes"),
        pytest.param(tiff(directory([(0x8825, 4, 9_999, 8)] * 9_999)), id="lists of coordinates"),
        pytest.param(tiff(directory([(0x014A, 4, 99_999, 8)] * 40_000)), id="directories"),
        pytest.param(
            tiff(directory([(0x927C, 7, n + 20, 8) for n in range(9_999)])), id="maker notes"
        ),
        pytest.param(pages(9_999), id="strips"),
        pytest.param(b"\xff\xd8" + b"\xff\xfe\0\2" * 100_000, id="comments"),
        pytest.param(b"\xff\xd8\xff\xd9" + b"\xff\xd8\xff\xe0\0\2abc" * 20_000, id="pictures"),
        pytest.param(b"\xff\xd8" + app1(b"II*\0") * 20_000, id="exif"),
        pytest.param(png(*[chunk(b"noTe", b"")] * 50_000), id="chunks"),
        pytest.param(png(*[chunk(b"zTXt", PACKED)] * 500), id="profiles"),
        pytest.param(film(*[b"\0\0\0\x08udta"] * 50_000), id="boxes"),
        pytest.param(film(*[log(b"text")] * 60, samples=SENSED * 9_999), id="subtitles"),
        pytest.param(film() * 2_000, id="films"),
        pytest.param(picture_items(*[ITEMS[0]] * 2_000), id="items"),
        pytest.param(b"8BIM\4\4\0\0\0\0\0\5\x1c\2\x5a\0\0\0" * 50_000, id="cities"),
        pytest.param(b"\x1aE\xdf\xa3\x80" + b"\x73\x73\x80" * 100_000, id="elements"),
        pytest.param(b"\x1c\2\x05\0\0" * 200_000, id="data sets"),
        pytest.param(b"8BIM\4\4\0\0\0\0\0\0" * 50_000, id="resources"),
        pytest.param(b"GIF89a" + b"<x:xmpmeta></x:xmpmeta>" * 25_000, id="packets"),
        pytest.param(b"GIF89a" + b"<x:xmpmeta>" * 200_000, id="open packets"),
    ],
)
def test_a_file_of_nothing_but_beginnings_is_looked_at_once(data):
    began = time.process_time()
    holds(data)
    assert time.process_time() - began < 10  # what is quadratic takes hours
