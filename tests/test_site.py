"""Sites built with the real Pelican, and read back as browsers and feed readers do."""

import re
from datetime import timedelta

import feedparser
import pytest

from builders import NOON, a_photo, an_album
from fakes.site import Built, Site


def folded(text: str) -> str:
    return " ".join(part for part in re.split("[ \t\n\f\r]+", text) if part)


def on_day(number: int, **changes):
    slug = changes.pop("slug", f"day-{number}")
    return a_photo(slug, published=NOON + timedelta(days=number), **changes)


def tiles(built: Built, address: str) -> list[str]:
    """List the addresses behind the tiles of a page, in order."""
    links = [tile.one("a").get("href") for tile in built.page(address).all("li.tile")]
    return [link.removeprefix("https://example.org") for link in links]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    site = Site(tmp_path_factory.mktemp("full"), PHOTOS_PER_PAGE=2)
    site.add(
        on_day(1, title="Boats", tags=("day1", "sea"), alt="Two boats"),
        on_day(2, title="Boats", tags=("day1",)),
        on_day(3, title="Boats", tags=("day1", "day12")),
        an_album("trip", title="A trip", published=NOON, cover=2, tags=("sea",)),
        a_photo("trip-1", title="A trip (1)", album="trip", position=1),
        a_photo("trip-2", title="A trip (2)", album="trip", position=2),
        on_day(-400, video="day--400.mp4", duration=75.0),
        on_day(4, status="draft", slug="unready"),
        on_day(5, status="hidden", slug="secret", tags=("quiet",)),
    )
    site.write("words.md", "Title: Words\nDate: 2024-05-01\nTags: web\n\nSome *words*.")
    site.write("pages/about.md", "Title: About\n\n[A photo]({filename}/photos/2024/trip.md)")
    return site.build()


def test_nothing_is_complained_about(built):
    assert built.log.said() == []


def test_every_page_of_the_gallery_is_there_and_no_other(built):
    assert built.addresses() - {"./"} == {
        *("photos/", "photos/page/2/", "photos/page/3/"),
        *("photos/2024/", "photos/2024/page/2/", "photos/2023/"),
        *("photos/tags/", "photos/tags/day1/", "photos/tags/day1/page/2/"),
        *("photos/tags/day12/", "photos/tags/sea/"),
        *("photos/2024/05/", "photos/2024/05/page/2/", "photos/2023/04/"),
        *("photos/albums/", "photos/videos/", "photos/archive/", "photos/on-this-day/"),
        "photos/search/",
        *(f"photos/on-this-day/{day}/" for day in ("05-15", "05-14", "05-13", "05-12", "04-08")),
        *(f"photos/2024/day-{number}/" for number in (1, 2, 3)),
        *("photos/2024/trip/", "photos/2024/trip-1/", "photos/2024/trip-2/"),
        *("photos/2023/day--400/", "photos/2024/secret/", "drafts/photos/2024/unready/"),
        *("photos/links/", "p/day-1/", "p/day-2/", "p/day-3/", "p/day--400/", "reel/day--400/"),
    }


def test_listings_show_one_tile_a_post_newest_first_over_their_pages(built):
    shown = [tiles(built, f"photos/{page}") for page in ("", "page/2/", "page/3/")]

    assert shown == [
        ["/photos/2024/day-3/", "/photos/2024/day-2/"],
        ["/photos/2024/day-1/", "/photos/2024/trip/"],
        ["/photos/2023/day--400/"],
    ]


def test_pages_of_a_tag_do_not_run_into_another_tags(built):
    assert tiles(built, "photos/tags/day1/") == ["/photos/2024/day-3/", "/photos/2024/day-2/"]
    assert tiles(built, "photos/tags/day1/page/2/") == ["/photos/2024/day-1/"]
    assert tiles(built, "photos/tags/day12/") == ["/photos/2024/day-3/"]
    assert tiles(built, "photos/tags/sea/") == ["/photos/2024/day-1/", "/photos/2024/trip/"]


def test_tags_are_listed_with_the_number_of_their_posts(built):
    items = [folded(item.text) for item in built.page("photos/tags/").one("ul.tags").all("li")]

    assert items == ["#day1 , 3 posts", "#day12 , 1 post", "#sea , 2 posts"]


def test_an_album_and_a_video_say_so_on_their_tiles(built):
    (album,) = [t for t in built.page("photos/page/2/").all("li.tile") if "album" in t.text]
    (video,) = built.page("photos/page/3/").all("li.tile")

    assert folded(album.one("span.mark").text) == ", album of 2"
    assert "trip-2/" in album.one("img").get("src")
    assert folded(video.one("span.mark").text) == ", video 1:15"


def test_an_albums_page_shows_its_pictures_in_order_each_a_link_to_its_page(built):
    assert tiles(built, "photos/2024/trip/") == ["/photos/2024/trip-1/", "/photos/2024/trip-2/"]


@pytest.mark.parametrize(
    ("address", "before", "after"),
    [
        ("photos/2024/day-3/", None, "/photos/2024/day-2/"),
        ("photos/2024/day-1/", "/photos/2024/day-2/", "/photos/2024/trip/"),
        ("photos/2024/trip/", "/photos/2024/day-1/", "/photos/2023/day--400/"),
        ("photos/2024/trip-1/", "/photos/2024/day-1/", "/photos/2024/trip-2/"),
        ("photos/2024/trip-2/", "/photos/2024/trip-1/", "/photos/2023/day--400/"),
        ("photos/2024/secret/", None, None),
        ("photos/page/2/", "/photos/", "/photos/page/3/"),
    ],
)
def test_neighbours_are_linked_in_the_head_and_on_the_page(built, address, before, after):
    page = built.page(address)
    for element in ("link", "a"):
        links = {
            rel: [x.get("href").removeprefix("https://example.org") for x in found]
            for rel in ("prev", "next")
            if (found := page.all(element, rel=rel))
        }
        expected = {"prev": before, "next": after}
        assert links == {rel: [href] for rel, href in expected.items() if href}


def test_photos_stay_out_of_the_blog(built):
    blog = ["feeds/all.atom.xml", "archives.html", "tags.html", "categories.html", "tag/web.html"]

    assert not any("Boats" in built.text(page) for page in blog)
    assert not built.has("tag/sea.html")
    assert not built.has("category/photos.html")


def test_the_home_page_shows_the_newest_photos_before_the_articles(built):
    home = built.page("index.html")

    assert len(tiles(built, "index.html")) == 5
    assert [title.text for title in home.all("h3")] == ["Words"]


def test_a_page_may_link_to_a_photo_by_its_file(built):
    link = built.page("pages/about.html").one("div.text").one("a")

    assert link.get("href") == "https://example.org/photos/2024/trip/"


def test_drafts_and_hidden_photos_ask_not_to_be_found(built):
    for address in ("drafts/photos/2024/unready/", "photos/2024/secret/"):
        assert built.page(address).one("meta", name="robots").get("content") == "noindex"
        everywhere = [built.text(page) for page in built.addresses() if page != address]
        assert not any(address in text for text in everywhere)


def test_every_link_and_every_picture_leads_to_a_file(built):
    for address in built.addresses():
        for element in built.page(address).node.iter():
            for name in ("href", "src", "poster"):
                link = element.get(name) or ""
                if link.startswith("https://example.org"):
                    assert built.has(link.partition("#")[0]), f"{address}: {link}"
            for candidate in (element.get("srcset") or "").split(", "):
                assert not candidate or built.has(candidate.split()[0])


def test_pages_describe_themselves_to_others(built):
    page = built.page("photos/2024/day-1/")
    told = {
        meta.get("property") or meta.get("name"): meta.get("content")
        for meta in page.all("meta")
        if meta.get("content")
    }

    assert page.one("title").text == "Boats – A site"
    assert page.one("link", rel="canonical").get("href") == told["og:url"]
    assert told["og:url"] == "https://example.org/photos/2024/day-1/"
    assert told["description"] == "Two boats"
    assert told["og:image:alt"] == "Two boats"
    assert built.has(told["og:image"])
    assert (told["og:image:width"], told["og:image:height"]) == ("8", "10")


def test_the_feed_begins_each_entry_with_the_picture(built):
    feed = feedparser.parse(built.file("photos/feed.atom").read_bytes())
    first = feed.entries[0]

    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Boats", "Boats", "Boats", "A trip", "Boats"]
    assert first.link == "https://example.org/photos/2024/day-3/"
    assert first.content[0].value.startswith('<p><a href="https://example.org/photos/2024/day-3/">')
    assert feed.entries[3].content[0].value.count("<img ") == 2
    assert [tag.term for tag in first.tags] == ["day1", "day12"]


def test_originals_are_carried_along_when_nothing_else_serves_them(built):
    assert built.file("photos/2024/trip-1.jpg").is_file()
    assert built.page("photos/2024/trip-1/").one("dl").one("a").get("href") == (
        "https://example.org/photos/2024/trip-1.jpg"
    )


def test_a_video_is_played_from_its_original_and_shows_its_poster(built):
    video = built.page("photos/2023/day--400/").one("video")

    assert video.get("src") == "https://example.org/photos/2023/day--400.mp4"
    assert (video.get("preload"), video.get("width"), video.get("height")) == ("none", "8", "10")
    assert built.has(video.get("poster"))
    assert {"controls", "playsinline"} <= set(video.node.keys())
