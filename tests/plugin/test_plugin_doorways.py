"""The pages by which people come in from elsewhere: the landing page, and the one for nowhere."""

import gzip
from datetime import timedelta

import pytest

from builders import NOON, a_photo, an_album
from fakes.site import Built, Site, draw
from pelican_photos.serving import Folder

SITE = "https://example.org"


def a_site(folder, **settings) -> Site:
    site = Site(folder, **settings)
    site.add(
        *(
            a_photo(f"day-{n}", title=f"Day {n}", published=NOON - timedelta(days=n))
            for n in range(20)
        ),
        an_album("trip", published=NOON + timedelta(days=1)),
        a_photo("trip-1", album="trip", position=1, published=NOON + timedelta(days=1)),
        a_photo("wide", width=90, height=60, published=NOON - timedelta(days=30)),
        a_photo("bobs", owner="bob", status="published", width=90, height=60),
    )
    return site


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    site = a_site(
        tmp_path_factory.mktemp("doorways"),
        SITENAME="Ann & co",
        SITESUBTITLE="Sea <em>and</em> sky",
        LINKS=(("My <b>book</b>", "https://book.example/?a=1&b=2"),),
        SOCIAL=(("Mastodon", "https://social.example/@ann"),),
    )
    draw(site.content / "photos" / "profile.jpg", (320, 320))
    return site.build()


def test_the_landing_page_shows_who_it_is_and_where_to_go(built):
    assert built.log.said() == []
    (card,) = [x for x in built.microformats("photos/links/")["items"] if x["type"] == ["h-card"]]

    assert card["properties"]["name"] == ["Ann & co"]
    assert card["properties"]["note"] == ["Sea and sky"]
    assert card["properties"]["url"] == [f"{SITE}/", "https://social.example/@ann"]
    (photo,) = card["properties"]["photo"]
    assert built.has(photo["value"] if isinstance(photo, dict) else photo)
    links = {link.get("href"): link.text for link in built.page("photos/links/").all("a")}
    assert links["https://book.example/?a=1&b=2"] == "My book"
    assert links[f"{SITE}/photos/"]
    assert f"{SITE}/photos/archive/" in links


def test_the_landing_page_shows_the_newest_posts_as_squares(built):
    squares = built.page("photos/links/").one("ul.squares").all("li")

    assert len(squares) == 18
    assert squares[0].one("a").get("href") == f"{SITE}/photos/2024/trip/"
    assert all(built.has(square.one("a").get("href")) for square in squares)
    assert len(gzip.compress(built.file("photos/links/").read_bytes())) <= 20_000


def test_the_picture_of_the_profile_is_small_and_tells_nothing(built):
    (portrait,) = (built.folder / "photos" / "assets").glob("profile-*")

    assert portrait.stat().st_size < 10_000
    assert portrait.suffix == ".webp"
    assert not list(built.folder.rglob("profile.jpg"))


def test_a_broken_picture_of_the_profile_is_named_and_harms_nothing(tmp_path):
    site = a_site(tmp_path)
    site.write("photos/profile.jpg", "no picture")
    built = site.build()

    assert ["profile.jpg" in line for line in built.log.said()] == [True]
    assert not built.page("photos/links/").all("img", class_="u-photo", alt="")


def test_a_landing_page_of_nothing_says_who_it_is_all_the_same(tmp_path):
    page = Site(tmp_path, LINKS=(("Book", "https://book.example/"),)).build().page("photos/links/")

    assert page.one("h1").text.strip() == "A site"
    assert not page.all("ul.squares")


# Nowhere


def test_what_is_not_there_shows_a_photo_and_the_ways_into_the_gallery(built):
    page = built.page("404.html")
    (picture,) = page.one("main").all("img")

    assert "/wide/" in picture.get("src")  # the only wide one that is the site's own
    assert page.one("meta", name="robots").get("content") == "noindex"
    assert not page.all("link", rel="canonical")
    ways = {link.get("href") for link in page.one("main").all("a")}
    assert {f"{SITE}/photos/2024/wide/", f"{SITE}/photos/", f"{SITE}/photos/archive/"} <= ways


def links_of(built: Built) -> set[str]:
    return {
        element.get(name)
        for element in built.page("404.html").node.iter()
        for name in ("href", "src")
        if element.get(name) and not element.get(name).startswith("#")
    }


@pytest.mark.parametrize(
    ("settings", "start"),
    [
        ({"SITEURL": "", "RELATIVE_URLS": True}, "/"),
        ({"SITEURL": ""}, "/"),
        ({"SITEURL": "https://example.org/me", "RELATIVE_URLS": True}, "https://example.org/me/"),
    ],
)
def test_its_addresses_hold_at_any_depth(tmp_path, settings, start):
    built = a_site(tmp_path, **settings).build()

    ours = [link for link in links_of(built) if "getpelican" not in link]
    assert len(ours) > 5
    assert all(link.startswith(start) for link in ours)


@pytest.mark.parametrize("theme", ["simple", "notmyidea"])
def test_both_pages_are_there_in_another_theme(tmp_path, theme):
    built = a_site(tmp_path, THEME=theme).build()

    assert built.log.said() == []
    for address in ("404.html", "photos/links/"):
        page = built.page(address)
        assert page.all("div.photostream")
        names = [nav.get("aria-label") for nav in page.one("div.photostream").all("nav")]
        assert names == ["Gallery"]
        assert page.all("link", rel="stylesheet", href=_style(built))


def _style(built: Built) -> str:
    (file,) = (built.folder / "photos" / "assets").glob("gallery-*.css")
    return f"{SITE}/photos/assets/{file.name}"


@pytest.mark.parametrize(
    ("file", "text", "settings"),
    [
        ("pages/no.md", "Title: No\nSave_as: 404.html\n\nMine.", {}),
        (
            "extra/404.html",
            "Mine.",
            {
                "STATIC_PATHS": ["extra"],
                "EXTRA_PATH_METADATA": {"extra/404.html": {"path": "404.html"}},
                "ARTICLE_EXCLUDES": ["extra"],
                "PAGE_EXCLUDES": ["extra"],
            },
        ),
        ("mine.html", "Mine.", {"TEMPLATE_PAGES": {"mine.html": "404.html"}}),
    ],
)
def test_a_page_of_the_sites_own_wins(tmp_path, file, text, settings):
    site = a_site(tmp_path, ARTICLE_PATHS=["words"], **settings)
    site.write(file, text)
    built = site.build()

    assert "Mine." in built.text("404.html")
    assert "There is nothing at this address" not in built.text("404.html")
    assert built.log.said() == []


def test_a_preview_answers_with_it(built):
    answer = Folder(built.folder).open("/no/such/page/", "")

    assert answer.status == 404
    assert answer.stream
    assert b"There is nothing at this address" in answer.stream.read(100_000)
    answer.stream.close()
