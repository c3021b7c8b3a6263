"""Other people's photos: private until the site's owner publishes them, then named as theirs."""

from datetime import timedelta

import feedparser
import pytest

from builders import NOON, a_comment, a_photo, an_album
from fakes.site import Built, Site
from pelican_photos.library import Library

SAVED = "https://www.instagram.com/p/CxYz/"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    """A site with a photo of its own, a private one and a private album, and two shown ones."""
    site = Site(tmp_path_factory.mktemp("others"), AUTHOR="Some One")
    secret = a_photo("secret", title="Not ours", owner="bob", status="hidden", tags=("private",))
    site.add(
        a_photo("ours", published=NOON + timedelta(days=1)),
        secret,
        an_album("trip", title="Not ours", owner="bob", status="hidden", content="Not ours"),
        a_photo("trip-1", title="Not ours (1)", album="trip", position=1),
        a_photo("trip-2", title="Not ours (2)", album="trip", position=2, video="trip-2.mp4"),
        a_photo("half-1", title="Not ours (1)", album="half", position=1, owner="bob"),
        a_photo("shown", owner="bob.by", status="published", syndication=SAVED, uid="instagram:C"),
        an_album("walk", owner="bob.by", status="published", uid="instagram:W"),
        a_photo("walk-1", album="walk", position=1, uid="instagram:W#1"),
    )
    site.comment(secret, a_comment(text="Not ours either"))
    return site


@pytest.fixture(scope="module")
def built(site) -> Built:
    return site.build()


def test_no_byte_of_a_private_page_is_built(site, built):
    folder = site.content / "photos" / "2024"
    private = {
        (folder / f"{name}.jpg").read_bytes() for name in ("secret", "trip-1", "trip-2", "half-1")
    }

    assert built.log.said() == []
    for file in filter(lambda each: each.is_file(), built.folder.rglob("*")):
        below = file.relative_to(built.folder).as_posix()
        assert not any(word in below for word in ("secret", "trip", "half", "private")), below
        assert b"Not ours" not in file.read_bytes(), below
        assert file.read_bytes() not in private, below


def test_no_rendition_is_made_of_a_private_picture(site, built):
    kept = [file.name for file in (site.folder / ".cache").rglob("*.webp")]

    assert kept
    assert len(kept) == len({*built.folder.rglob("*.webp")})


def test_no_original_of_a_private_page_is_published(site):
    keys = {key for key, _ in Library(site.content, "photos").originals()}

    assert keys == {f"photos/2024/{name}.jpg" for name in ("ours", "shown", "walk-1")}


@pytest.mark.parametrize("name", ["shown", "walk", "walk-1"])
def test_a_page_says_whose_photo_it_is(built, name):
    address = f"photos/2024/{name}/"
    (entry,) = built.microformats(address)["items"]
    (author,) = entry["properties"]["author"]

    assert author["properties"]["url"] == ["https://www.instagram.com/bob.by/"]
    assert author["properties"]["name"] == ["@bob.by"]
    assert "Photo by @bob.by" in built.page(address).one("main").text


def test_a_page_leads_to_where_the_photo_is_from(built):
    assert built.microformats("photos/2024/shown/")["items"][0]["properties"]["syndication"] == [
        SAVED
    ]


def test_a_list_says_whose_photo_it_is_and_nothing_of_the_sites_own(built):
    (feed,) = built.microformats("photos/")["items"]
    authors = {
        entry["properties"]["url"][0]: entry["properties"].get("author", [])
        for entry in feed["children"]
    }

    assert {url.rsplit("/", 2)[1]: len(found) for url, found in authors.items()} == {
        "ours": 0,
        "walk": 1,
        "shown": 1,
    }
    assert {tile.text.count("Photo by @bob.by") for tile in built.page("photos/").all("li")} == {
        0,
        1,
    }


def test_where_nothing_says_whose_a_photo_is_only_own_ones_are_shown(site, built):
    assert [tile.one("a").get("href") for tile in built.page("photos/links/").all("li.tile")] == [
        "https://example.org/photos/2024/ours/"
    ]
    assert "/2024/ours/" in built.page("photos/archive/").one("section.months").one("img").get(
        "src"
    )


def test_a_year_of_other_peoples_photos_has_no_face(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo("shown", owner="bob", status="published"))

    built = site.build()

    assert not built.page("photos/archive/").all("img")
    assert not built.page("photos/archive/").all("meta", property="og:image")
    assert not built.page("photos/links/").all("li.tile")


def test_the_feed_says_whose_photo_it_is(built):
    read = feedparser.parse(built.text("photos/feed.atom"))
    told = {entry.link.rsplit("/", 2)[1]: entry.summary for entry in read.entries}

    assert 'Photo by <a href="https://www.instagram.com/bob.by/">@bob.by</a>' in told["shown"]
    assert "Photo by" not in told["ours"]


def test_a_hostile_name_stays_a_name(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo("shown", owner='x"><script>alert(1)</script>/../?#', status="published"))

    page = site.build().page("photos/2024/shown/")

    assert '@x"><script>alert(1)</script>/../?#' in page.one("main").text
    (link,) = page.one("main").all("a.p-author")
    assert link.get("href").startswith("https://www.instagram.com/x%22%3E%3Cscript")
    assert "/../" not in link.get("href")
