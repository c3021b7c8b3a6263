"""Pages with AVIF beside WebP: who is offered it, and who is not."""

import json
from datetime import timedelta

import pytest

from builders import NOON, a_photo, an_album
from fakes import pictures
from fakes.site import Built, Site
from pelican_photos.demo.links import candidates

SIZE = {"width": 640, "height": 480}
TRIP = NOON - timedelta(days=1)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    site = Site(
        tmp_path_factory.mktemp("formats"),
        SITEURL="https://example.org",
        PHOTOS_RENDITIONS=["60h", "300h", "480h"],
    )
    site.add(
        a_photo("boats", title="Boats at dusk", **SIZE),
        a_photo("small", published=NOON - timedelta(days=2), width=320, height=240),
        an_album("trip", published=TRIP),
        *(
            a_photo(f"trip-{number}", album="trip", position=number, published=TRIP, **SIZE)
            for number in (1, 2)
        ),
    )
    folder = site.content / "photos" / "2024"
    for seed, name in enumerate(("boats", "trip-1", "trip-2")):
        pictures.noise(640, 480, seed).save(folder / f"{name}.jpg", quality=90)
    return site


@pytest.fixture(scope="module")
def built(site) -> Built:
    return site.build(PHOTOS_FORMATS=("avif", "webp"))


@pytest.fixture(scope="module")
def sources(built):
    """What is offered in AVIF, by the page."""
    pages = {address: built.page(address) for address in built.addresses()}
    return {
        address: [picture.one("source") for picture in page.all("picture")]
        for address, page in pages.items()
    }


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("photos/", 2),
        ("photos/2024/", 2),
        ("photos/albums/", 1),
        ("photos/links/", 2),
        ("photos/2024/boats/", 1),
        ("photos/2024/trip/", 2),
        ("photos/2024/trip-1/", 3),
        ("photos/2024/small/", 0),
    ],
)
def test_tiles_stage_and_strip_are_offered_in_avif_where_there_is_one(sources, address, count):
    assert len(sources[address]) == count
    assert {source.get("type") for source in sources[address]} <= {"image/avif"}


def test_an_avif_has_the_widths_and_sizes_of_the_webp_behind_it(built, sources):
    for address, found in sources.items():
        pictures_of_page = built.page(address).all("picture")
        for picture, source in zip(pictures_of_page, found, strict=True):
            image = picture.one("img")
            assert widths(source.get("srcset")) == widths(image.get("srcset"))
            assert source.get("sizes") == image.get("sizes")
            assert ".avif" in source.get("srcset")
            assert ".avif" not in image.get("srcset") + image.get("src")


def widths(srcset):
    return [each.split()[1] for each in srcset.split(", ")]


def test_whatever_is_offered_is_there(built, sources):
    offered = {
        address
        for found in sources.values()
        for source in found
        for address in candidates(source.get("srcset"))
    }

    assert all(built.has(address) for address in offered)
    made = {f"/{file.relative_to(built.folder)}" for file in built.folder.rglob("*.avif")}
    assert made
    assert made <= {address.removeprefix("https://example.org") for address in offered}


def test_the_viewer_has_both_lists(built):
    link = built.page("photos/2024/boats/").one("a.view")

    assert ".avif" not in link.get("data-view") + link.get("href")
    assert widths(link.get("data-avif")) == widths(link.get("data-view"))
    assert link.get("data-avif") == link.one("source").get("srcset")
    assert built.page("photos/2024/small/").one("a.view").get("data-avif") is None


def test_feeds_cards_and_machines_get_webp(built):
    page = built.page("photos/2024/boats/")
    [said] = page.all("script", type="application/ld+json")
    cards = [meta.get("content") for meta in page.all("meta") if meta.get("content")]
    feeds = [*built.folder.rglob("*.atom"), *built.folder.rglob("*.json")]

    assert json.loads(said.text)
    assert ".avif" not in said.text + " ".join(cards)
    assert len(feeds) > 2
    assert not [feed for feed in feeds if ".avif" in feed.read_text("utf-8")]


def test_with_webp_alone_the_pages_are_those_without_the_offer(site, built, sources):
    """Taking the offer out of a page gives the page of a site that never heard of AVIF."""
    offering = {address: built.text(address) for address in sources}
    plain = site.build()

    assert plain.addresses() == set(offering)
    for address, text in offering.items():
        assert without_avif(text) == plain.text(address)
        assert "avif" not in plain.text(address)


def without_avif(text):
    for mark, end in (("<picture><source", ">"), (' data-avif="', '"')):
        while mark in text:
            before, _, rest = text.partition(mark)
            text = before + rest.partition(end)[2]
    return text.replace("</picture>", "")
