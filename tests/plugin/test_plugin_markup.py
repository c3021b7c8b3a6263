from dataclasses import replace
from pathlib import PurePath

import pytest

from builders import a_photo, an_album
from pelican_photos.plugin import markup
from pelican_photos.plugin.entry import Picture, Source
from pelican_photos.plugin.gallery import Rules, gallery_of

SOURCES = tuple(
    Source(width=height * 2, height=height, name=f"{height}.webp")
    for height in (320, 480, 640, 1280)
)
PICTURE = Picture(width=2700, height=1350, sources=SOURCES)


def entries(*pages):
    placed = [(PurePath(page.slug), page) for page in pages]
    pictures = {PurePath(page.slug): PICTURE for page in pages}
    return gallery_of(placed, pictures, Rules(path="photos")).entries


def test_a_row_offers_the_renditions_that_fit_a_row():
    (entry,) = entries(a_photo("a b"))

    assert markup.srcset(entry, "..", row=True) == (
        "../photos/2024/a%20b/320.webp 640w, ../photos/2024/a%20b/480.webp 960w, "
        "../photos/2024/a%20b/640.webp 1280w"
    )
    assert "1280.webp 2560w" in markup.srcset(entry, "..")


def test_a_row_offers_the_smallest_rendition_when_none_fits():
    assert markup.row_sources(replace(PICTURE, sources=SOURCES[3:])) == SOURCES[3:]


def test_each_size_comes_in_avif_where_there_is_one():
    """Browsers that know AVIF know WebP too, and take a list or leave it as a whole."""
    first, *others = SOURCES
    sources = (first, *(replace(each, avif=f"{each.height}.avif") for each in others))
    (entry,) = entries(a_photo("a b"))
    entry = replace(entry, picture=replace(PICTURE, sources=sources))

    assert markup.srcset(entry, "..", row=True, avif=True) == (
        "../photos/2024/a%20b/320.webp 640w, ../photos/2024/a%20b/480.avif 960w, "
        "../photos/2024/a%20b/640.avif 1280w"
    )
    assert ".avif" not in markup.srcset(entry, "..")
    assert ".avif" not in markup.address_of(entry, sources[-1])


def test_no_list_of_avif_is_made_where_none_of_its_sizes_is_in_avif():
    sources = (*SOURCES[:3], replace(SOURCES[3], avif="1280.avif"))
    (entry,) = entries(a_photo())
    large = replace(entry, picture=replace(PICTURE, sources=sources))

    assert markup.srcset(entry, "..", avif=True) == ""
    assert markup.srcset(large, "..", row=True, avif=True) == ""
    assert markup.srcset(large, "..", avif=True).endswith("1280.avif 2560w")


def test_sizes_follow_the_ratio_and_the_rows_height():
    assert markup.row_sizes(PICTURE) == "(max-width: 40rem) min(100vw, 360px), min(100vw, 600px)"
    assert markup.stage_sizes(PICTURE) == "min(100vw, 156.0vh, 2700px)"


def test_the_largest_rendition_of_a_reasonable_height_stands_for_a_photo_elsewhere():
    assert markup.large(PICTURE) == SOURCES[3]
    assert markup.large(replace(PICTURE, sources=())) is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://www.instagram.com/p/CxYz/", "https://www.instagram.com/p/CxYz/"),
        ("javascript:alert(1)", ""),
        ("//example.org/x", ""),
        ("", ""),
    ],
)
def test_only_an_address_on_the_web_leads_upstream(address, shown):
    (entry,) = entries(a_photo(syndication=address))

    assert markup.upstream(entry) == shown


def test_a_photo_of_an_album_leads_to_its_own_picture_upstream():
    album = an_album("trip", syndication="https://www.instagram.com/p/CxYz/")
    photo = next(
        entry
        for entry in entries(album, a_photo("trip-2", album="trip", position=2))
        if entry.album
    )

    assert markup.upstream(photo) == "https://www.instagram.com/p/CxYz/?img_index=2"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.4, "0:00"), (12.4, "0:12"), (75, "1:15"), (3723, "1:02:03")]
)
def test_lengths_read_like_a_clock(seconds, shown):
    assert markup.clock(seconds) == shown


def test_things_are_counted_in_words():
    assert [markup.count(n, "photo") for n in (0, 1, 2, 1204)] == [
        *("0 photos", "1 photo", "2 photos", "1,204 photos"),
    ]


@pytest.mark.parametrize(
    ("text", "cut"), [("a\n b", "a b"), ("word " * 50, "word word…"), ("x" * 30, "xxxxxxxxxxxx…")]
)
def test_an_excerpt_ends_at_a_word(text, cut):
    assert markup.excerpt(text, 12) == cut
