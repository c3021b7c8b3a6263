"""An address that a post had on Instagram leads to its page, with only the host changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOON, a_photo, an_album
from fakes.site import Built, Site
from pelican_photos.plugin.gallery import Rules, gallery_of
from pelican_photos.plugin.short_addresses import short_addresses, shortlinks

SITE = "https://example.org"
INSTAGRAM = "https://www.instagram.com"


def folders(*pages, profile: str = "") -> dict[str, list[str]]:
    """Give each address with the slugs that it leads to."""
    listed = [(f"{page.slug}.md", page) for page in pages]
    posts = gallery_of(listed, {}, Rules(path="photos")).posts
    found = short_addresses(posts, profile)
    return {each.folder: [choice.entry.page.slug for choice in each.choices] for each in found}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (a_photo("a", syndication=f"{INSTAGRAM}/p/CxYz_12AbCd/"), ["p/CxYz_12AbCd"]),
        (a_photo("a", syndication=f"{INSTAGRAM}/ann.b/p/CxYz1/"), ["p/CxYz1"]),
        (a_photo("a", syndication="http://instagram.com/p/CxYz1?utm=1#x"), ["p/CxYz1"]),
        (a_photo("a", uid="instagram:CxYz_12AbCd"), ["p/CxYz_12AbCd"]),
        (a_photo("a", syndication=f"{INSTAGRAM}/reel/CxYz1/"), ["p/CxYz1", "reel/CxYz1"]),
        (a_photo("a", syndication=f"{INSTAGRAM}/tv/CxYz1/"), ["p/CxYz1", "tv/CxYz1"]),
        (a_photo("a", uid="instagram:CxYz1", video="a.mp4"), ["p/CxYz1", "reel/CxYz1"]),
        (
            a_photo("a", video="a.mp4", syndication=f"{INSTAGRAM}/tv/CxYz1/"),
            ["p/CxYz1", "tv/CxYz1", "reel/CxYz1"],
        ),
        (a_photo("a", uid="instagram-export:17841400000000000"), []),
        (a_photo("a", uid="instagram:../../etc"), []),
        (a_photo("a", uid="x", syndication=f"{INSTAGRAM}/p/../../secret/"), []),
        (a_photo("a", uid="x", syndication=f"{INSTAGRAM}/p/ab/"), []),
        (a_photo("a", uid="x", syndication=f"{INSTAGRAM}/p/{'a' * 41}/"), []),
        (a_photo("a", uid="x", syndication="https://instagram.com.evil.org/p/CxYz1/"), []),
        (a_photo("a", uid="x", syndication=f"{INSTAGRAM}/p/CxYzé/"), []),
        (a_photo("a", uid="instagram:CxYz1\n"), []),
        (a_photo("a", uid="instagram:CxYz1", status="hidden"), []),
        (a_photo("a", uid="instagram:CxYz1", owner="bob", status="hidden"), []),
        (a_photo("a", uid="instagram:CxYz1", owner="bob", status="published"), ["p/CxYz1"]),
    ],
)
def test_a_post_has_the_addresses_that_it_had_on_instagram(page, expected):
    assert list(folders(page)) == expected


def test_the_sites_own_posts_are_below_their_profile_too():
    own = a_photo("a", uid="instagram:CxYz1")
    bobs = a_photo("b", uid="instagram:CxYz2", owner="bob", status="published")

    assert set(folders(own, bobs, profile="ann.b")) == {"p/CxYz1", "p/CxYz2", "ann.b/p/CxYz1"}
    for wrong in ("..", "a/b", "", "a b", "index.html"):
        assert set(folders(own, profile=wrong)) == {"p/CxYz1"}


def test_codes_that_differ_by_case_alone_share_their_choices():
    found = folders(
        a_photo("a", uid="instagram:AbCdE", video="a.mp4"),
        a_photo("b", uid="instagram:aBcDe"),
        a_photo("c", uid="instagram:other"),
    )

    assert found == {
        "p/AbCdE": ["a", "b"],
        "p/aBcDe": ["a", "b"],
        "reel/AbCdE": ["a"],
        "p/other": ["c"],
    }


def test_two_pages_of_one_post_are_one_choice():
    assert folders(a_photo("a", uid="instagram:CxYz1"), a_photo("b", uid="instagram:CxYz1")) in (
        {"p/CxYz1": ["a"]},
        {"p/CxYz1": ["b"]},
    )


def test_ten_thousand_posts_take_no_time_that_grows_with_their_square():
    posts = gallery_of([("a.md", a_photo("a"))], {}, Rules(path="photos")).posts
    many = [
        replace(posts[0], page=a_photo("a", uid=f"instagram:C{number:06}"))
        for number in range(10_000)
    ]

    found = short_addresses(many)

    assert len(found) == 10_000
    assert shortlinks(found) == {posts[0].folder: found[-1].folder}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    site = Site(tmp_path_factory.mktemp("moved"), PHOTOS_INSTAGRAM_PROFILE="ann")
    site.add(
        a_photo("boats", uid="instagram:CxYz_1", title='"><b>Boats</b>'),
        an_album("trip", uid="instagram:TripA", title="A trip", published=NOON),
        a_photo("trip-1", album="trip", position=1, uid="instagram:TripA#1"),
        a_photo("trip-3", album="trip", position=3, uid="instagram:TripA#3", alt="The third"),
        a_photo("film", uid="instagram:AbCdE", video="film.mp4"),
        a_photo("fold", uid="instagram:aBcDe", published=NOON - timedelta(days=1)),
        a_photo("taken", uid="instagram:mine_1"),
    )
    site.write("mine.md", "Title: Mine\nDate: 2024-05-01\nSave_as: p/Mine_1/index.html\n\nMine.")
    return site.build()


def test_the_page_at_an_old_address_leads_on_without_a_script(built):
    page = built.page("p/CxYz_1/")
    target = f"{SITE}/photos/2024/boats/"

    assert page.one("link", rel="canonical").get("href") == target
    assert [link.get("href") for link in page.one("main").all("a")] == [target]
    refresh = page.one("noscript").one("meta")
    assert (refresh.get("http-equiv"), refresh.get("content")) == ("refresh", f"0; url={target}")
    assert built.text("p/CxYz_1/") == built.text("ann/p/CxYz_1/")
    assert len(built.text("p/CxYz_1/")) < 1500
    assert page.one("h1").text == '"><b>Boats</b>'


def test_the_script_that_chooses_is_a_file_of_the_site(built):
    (script,) = built.page("p/TripA/").all("script")

    assert built.has(script.get("src"))
    assert not script.text


def test_an_album_names_its_pictures_by_the_number_that_instagram_gives_them(built):
    items = built.page("p/TripA/").all("li")

    assert [(item.get("value"), item.one("a").get("href")) for item in items] == [
        ("1", f"{SITE}/photos/2024/trip-1/"),
        ("3", f"{SITE}/photos/2024/trip-3/"),
    ]
    assert items[1].text == "The third"


def test_addresses_that_differ_by_case_alone_hold_the_same_bytes_and_both_posts(built):
    page = built.page("p/AbCdE/")

    assert built.text("p/AbCdE/") == built.text("p/aBcDe/")
    assert [
        (section.get("data-code"), section.one("a").get("href")) for section in page.all("section")
    ] == [("AbCdE", f"{SITE}/photos/2024/film/"), ("aBcDe", f"{SITE}/photos/2024/fold/")]
    assert not page.all("noscript")
    assert not page.all("link", rel="canonical")
    assert built.page("reel/AbCdE/").one("noscript")


def test_a_page_of_the_site_stays_where_it_is_and_the_log_says_so(built):
    assert "Mine." in built.text("p/Mine_1/")
    assert not built.has("p/mine_1/")
    [said] = built.log.said()
    assert said.startswith("p/mine_1/ is a page of your own: ")
    assert not built.page("photos/2024/taken/").all("link", rel="shortlink")


@pytest.mark.parametrize(
    ("page", "short"),
    [
        ("photos/2024/boats/", f"{SITE}/p/CxYz_1/"),
        ("photos/2024/trip/", f"{SITE}/p/TripA/"),
        ("photos/2024/film/", f"{SITE}/p/AbCdE/"),
        ("photos/2024/fold/", f"{SITE}/p/aBcDe/"),
    ],
)
def test_a_post_says_its_short_address(built, page, short):
    assert built.page(page).one("link", rel="shortlink").get("href") == short


def test_a_short_address_of_its_owner_wins(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo("boats", uid="instagram:CxYz_1", shortlink="https://s.example/1"))

    page = site.build().page("photos/2024/boats/")

    assert page.one("link", rel="shortlink").get("href") == "https://s.example/1"


def test_a_site_may_do_without(tmp_path):
    site = Site(tmp_path, PHOTOS_SHORT_ADDRESSES=False)
    site.add(a_photo("boats", uid="instagram:CxYz_1"))
    built = site.build()

    assert not built.has("p/CxYz_1/")
    assert not built.page("photos/2024/boats/").all("link", rel="shortlink")


def test_addresses_lead_on_where_a_site_links_relatively(tmp_path):
    site = Site(tmp_path, SITEURL="", RELATIVE_URLS=True)
    site.add(a_photo("boats", uid="instagram:CxYz_1"))

    page = site.build().page("p/CxYz_1/")

    assert page.one("main").one("a").get("href") == "../../photos/2024/boats/"
    assert page.one("noscript").one("meta").get("content") == "0; url=../../photos/2024/boats/"
