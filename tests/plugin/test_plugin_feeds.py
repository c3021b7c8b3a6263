"""Feeds, read back as feed readers do: every picture in them, whole addresses, steady ids."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest

from builders import NOON, a_photo, an_album
from captions import HOSTILE
from fakes.site import Built, Site
from pelican_photos import caption
from pelican_photos.clock import build_time
from pelican_photos.errors import SettingsError
from pelican_photos.plugin.anniversaries import anniversaries
from pelican_photos.plugin.gallery import Rules, gallery_of

FEEDS = ("photos/", "photos/tags/sea/", "photos/2024/trip/", "photos/on-this-day/")
# A quarter past midnight at Lisbon, and still the day before by UTC.
NIGHT = datetime(2026, 5, 12, 23, 15, tzinfo=UTC)


def a_site(folder, **settings) -> Site:
    site = Site(folder, AUTHOR="Ann", TIMEZONE="Europe/Lisbon", **settings)
    site.add(
        a_photo("boats", title="Boats", tags=("sea", "boats"), alt="Two boats", content="Dusk\\."),
        an_album("trip", title="A trip", published=NOON - timedelta(days=1), tags=("sea",)),
        a_photo("trip-1", album="trip", position=1, published=NOON - timedelta(days=1)),
        a_photo("trip-2", album="trip", position=2, published=NOON - timedelta(days=1)),
        a_photo(
            "film", video="film.mp4", duration=75.0, published=NOON - timedelta(days=900), tags=()
        ),
        a_photo("bobs", owner="bob", status="published", published=NOON - timedelta(days=2)),
        a_photo("secret", status="hidden", tags=("sea",)),
    )
    return site


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(NIGHT.timestamp())))
        return a_site(tmp_path_factory.mktemp("feeds"), FEED_APPEND_REF=False).build()


def atom(built: Built, folder: str):
    read = feedparser.parse(built.file(f"{folder}feed.atom").read_bytes())
    assert not read.bozo
    return read


def json_feed(built: Built, folder: str) -> dict:
    return json.loads(built.text(f"{folder}feed.json"))


def test_there_is_a_feed_of_everything_of_each_tag_of_each_album_and_of_this_day(built):
    found = {
        file.parent.relative_to(built.folder).as_posix()
        for ending in ("atom", "json")
        for file in built.folder.rglob(f"feed.{ending}")
    }

    assert {f"{each}/" for each in found} == {*FEEDS, "photos/tags/boats/"}
    assert built.log.said() == []


@pytest.mark.parametrize("folder", FEEDS)
def test_both_formats_say_the_same(built, folder):
    read, told = atom(built, folder), json_feed(built, folder)

    assert [each.id for each in read.entries] == [each["id"] for each in told["items"]]
    assert [each.link for each in read.entries] == [each["url"] for each in told["items"]]
    assert [each.title for each in read.entries] == [each["title"] for each in told["items"]]
    assert [each.published for each in read.entries] == [
        each["date_published"] for each in told["items"]
    ]
    for entry, item in zip(read.entries, told["items"], strict=True):
        enclosed = [link.href for link in entry.links if link.rel == "enclosure"]
        assert enclosed == [each["url"] for each in item["attachments"]]
        assert enclosed == [each["url"] for each in entry.media_content]


def test_every_picture_and_film_is_in_the_feed_of_everything_and_leads_to_a_file(built):
    told = json_feed(built, "photos/")["items"]
    media = {
        urlsplit(item["url"]).path: [urlsplit(each["url"]).path for each in item["attachments"]]
        for item in told
    }

    assert list(media) == [
        *("/photos/2024/boats/", "/photos/2024/trip/", "/photos/2024/bobs/"),
        "/photos/2021/film/",
    ]
    assert [path.rsplit("/", 2)[1] for path in media["/photos/2024/trip/"]] == ["trip-1", "trip-2"]
    assert media["/photos/2021/film/"] == ["/photos/2021/film.mp4"]
    for item in told:
        assert built.has(item["image"])
        for each in item["attachments"]:
            assert built.file(each["url"]).stat().st_size == each["size_in_bytes"]


def test_a_film_is_told_with_its_type_its_length_and_its_poster(built):
    film = atom(built, "photos/").entries[-1]
    (medium,) = film.media_content

    assert (medium["type"], medium["medium"]) == ("video/mp4", "video")
    assert (medium["width"], medium["height"], medium["duration"]) == ("8", "10", "75")
    assert built.has(film.media_thumbnail[0]["url"])
    assert "Watch the video, 1:15" in film.content[0].value
    (attached,) = json_feed(built, "photos/")["items"][-1]["attachments"]
    assert attached["duration_in_seconds"] == 75


def test_the_picture_comes_first_and_then_the_caption(built):
    for value in (
        atom(built, "photos/").entries[0].content[0].value,
        json_feed(built, "photos/")["items"][0]["content_html"],
    ):
        first, _, rest = value.partition("\n")
        assert first.startswith('<p><a href="https://example.org/photos/2024/boats/"><img ')
        assert rest == "<p>Dusk.</p>"


def test_an_id_is_what_it_has_always_been(built):
    assert atom(built, "photos/").entries[0].id == (
        "tag:example.org,2024-05-12:/photos/2024/boats/"
    )


def test_a_feed_is_dated_by_its_newest_entry_and_signed(built):
    read = atom(built, "photos/")

    assert read.feed.updated == "2024-05-12T12:00:00+00:00"
    assert (read.feed.title, read.feed.language) == ("A site – Photos", "en")
    authors = [(each.author, each.author_detail.href) for each in read.entries]
    assert authors[0] == ("Ann", "https://example.org/")
    assert authors[2] == ("@bob", "https://www.instagram.com/bob/")


@pytest.mark.parametrize("folder", FEEDS)
def test_a_json_feed_keeps_to_the_rules_of_its_version(built, folder):
    """https://www.jsonfeed.org/version/1.1/."""
    feed = json_feed(built, folder)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"https://example.org/{folder}feed.json"
    assert feed["home_page_url"] == f"https://example.org/{folder}"
    assert all(isinstance(feed[name], str) for name in ("title", "language"))
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert "author" not in item  # of version 1.0
        assert all(set(author) & {"name", "url", "avatar"} for author in item["authors"])
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
        for each in item["attachments"]:
            assert each["url"].startswith("https://example.org/")
            assert re.fullmatch(r"(image|video)/\w+", each["mime_type"])


def test_every_address_in_a_feed_is_whole(built):
    for folder in FEEDS:
        for item in json_feed(built, folder)["items"]:
            links = re.findall(r'(?:href|src)="([^"]*)"', item["content_html"])
            assert links
            assert all(link.startswith("https://") for link in links)


@pytest.mark.parametrize(
    ("page", "own"),
    [
        ("photos/", []),
        ("photos/tags/sea/", ["photos/tags/sea/"]),
        ("photos/2024/trip/", ["photos/2024/trip/"]),
        ("photos/2024/boats/", []),
        ("photos/on-this-day/", ["photos/on-this-day/"]),
    ],
)
def test_a_page_names_its_own_feeds_and_those_of_the_gallery(built, page, own):
    links = [x for x in built.page(page).all("link", rel="alternate") if "photos" in x.get("href")]

    assert [link.get("href") for link in links] == [
        f"https://example.org/{folder}feed.{ending}"
        for folder in [*own, "photos/"]
        for ending in ("atom", "json")
    ]
    assert all(built.has(link.get("href")) for link in links)


def test_anniversaries_come_anew_each_year_and_on_their_day(built):
    read = atom(built, "photos/on-this-day/")

    assert [(each.title, each.published) for each in read.entries] == [
        ("2 years ago: Boats", "2026-05-12T00:00:00+01:00"),
        ("2 years ago: A trip", "2026-05-11T00:00:00+01:00"),
        ("2 years ago: Boats", "2026-05-10T00:00:00+01:00"),
    ]
    assert read.entries[0].id == ("tag:example.org,2024-05-12:/photos/2024/boats/on-this-day/2026")
    assert "<p>2 years ago, on 12 May 2024</p>" in read.entries[0].content[0].value
    assert read.feed.updated == "2026-05-12T00:00:00+01:00"


def test_the_day_of_the_build_is_that_of_the_sites_time_zone(tmp_path, monkeypatch):
    site = a_site(tmp_path)

    def told(hour: int, minute: int) -> str:
        moment = datetime(2026, 5, 11, hour, minute, tzinfo=UTC)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
        return site.build().text("photos/on-this-day/feed.atom")

    morning, evening, next_day = told(8, 0), told(22, 55), told(23, 5)

    assert morning == evening
    assert "2 years ago, on 12 May 2024" in next_day
    assert "2 years ago, on 12 May 2024" not in evening


def an_entry(slug: str, published: datetime) -> tuple:
    return f"{slug}.md", a_photo(slug, published=published)


def shown_on(today: date, *published: datetime) -> list[tuple[str, int]]:
    pages = [an_entry(f"day-{number}", when) for number, when in enumerate(published)]
    gallery = gallery_of(pages, {}, Rules(path="photos"))
    return [(f"{each.day}", each.years) for each in anniversaries(gallery.days, today)]


def test_anniversaries_are_those_of_seven_days():
    week = [datetime(2020, 1, day, tzinfo=UTC) for day in (1, 2, 8, 9)]

    assert shown_on(date(2024, 1, 8), *week) == [("2024-01-08", 4), ("2024-01-02", 4)]
    assert shown_on(date(2024, 1, 3), datetime(2023, 12, 28, tzinfo=UTC)) == []
    assert shown_on(date(2024, 1, 3), datetime(2022, 12, 28, tzinfo=UTC)) == [("2023-12-28", 1)]


def test_the_29th_of_february_is_celebrated_each_year():
    leap = datetime(2020, 2, 29, tzinfo=UTC)

    assert shown_on(date(2023, 2, 28), leap) == [("2023-02-28", 3)]
    assert shown_on(date(2024, 3, 1), leap) == [("2024-02-29", 4)]


@pytest.mark.parametrize(("most", "lengths"), [(1, [1, 1, 1]), (0, [4, 2, 2]), (None, [4, 2, 2])])
def test_a_feed_is_no_longer_than_the_site_wants(tmp_path, most, lengths):
    built = a_site(tmp_path, FEED_MAX_ITEMS=most).build()

    folders = ("photos/", "photos/tags/sea/", "photos/2024/trip/")
    assert [len(json_feed(built, folder)["items"]) for folder in folders] == lengths


def test_the_feed_of_a_tag_has_its_newest_and_fewer_than_that_of_everything(tmp_path):
    site = Site(tmp_path)
    for number in range(30):
        when = NOON - timedelta(days=number)
        site.add(a_photo(f"n{number}", published=when, tags=("sea",)))

    built = site.build()

    assert len(json_feed(built, "photos/")["items"]) == 30
    newest = [f"https://example.org/photos/2024/n{number}/" for number in range(20)]
    assert [item["url"] for item in json_feed(built, "photos/tags/sea/")["items"]] == newest
    assert [entry.link for entry in atom(built, "photos/tags/sea/").entries] == newest


@pytest.mark.parametrize("settings", [{}, {"RELATIVE_URLS": True}])
def test_without_an_address_of_the_site_there_is_no_feed_and_no_link_to_one(tmp_path, settings):
    built = a_site(tmp_path, SITEURL="", **settings).build()

    assert not list((built.folder / "photos").rglob("feed.*"))
    assert not built.page("photos/").all("link", type="application/feed+json")
    assert "feed.atom" not in built.text("photos/")


def test_a_site_that_links_relatively_still_has_whole_addresses_in_its_feeds(tmp_path):
    built = a_site(tmp_path, RELATIVE_URLS=True).build()

    assert json_feed(built, "photos/")["items"][0]["url"] == (
        "https://example.org/photos/2024/boats/"
    )


def test_hostile_words_read_the_same_in_both_formats(tmp_path):
    site = Site(tmp_path, SITENAME="A & <b>B</b>", AUTHOR='<i>"x"</i>')
    pages = []
    for number, text in enumerate(HOSTILE[:90]):
        line = caption.one_line(text)
        word = re.sub(r"[\s@;,]", "", line) or "x"
        title = caption.title(text, NOON)
        when = NOON - timedelta(hours=number)
        pages.append(a_photo(f"p{number:03}", published=when, title=title, alt=line, tags=(word,)))
    site.add(*pages)
    built = site.build()
    read, told = atom(built, "photos/"), json_feed(built, "photos/")

    assert len(read.entries) == len(told["items"]) == len(pages)
    assert "<script>alert" not in built.text("photos/feed.atom")
    for item, page in zip(told["items"], pages, strict=True):
        assert item["title"] == page.title
        assert item["tags"] == list(page.tags)
        assert item["attachments"][0].get("title", "") == page.alt


def test_the_clock_says_what_it_is_told_or_refuses():
    assert build_time({"SOURCE_DATE_EPOCH": "0"}) == datetime(1970, 1, 1, tzinfo=UTC)
    assert abs(build_time({}) - datetime.now(UTC)) < timedelta(minutes=1)
    with pytest.raises(SettingsError, match="SOURCE_DATE_EPOCH"):
        build_time({"SOURCE_DATE_EPOCH": "yesterday"})
