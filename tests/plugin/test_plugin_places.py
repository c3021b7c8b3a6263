"""The pages that arrange photos by time, place, person and album, as they are built."""

import gzip
import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest

from builders import NOON, a_photo, an_album
from fakes.site import OUR_THEME, Built, Site
from pelican_photos.model import Location, Person

SITE = "https://example.org/"
NAZARE = Location(name="Nazaré", latitude=39.6012, longitude=-9.071)
VENDORED = {
    "LICENSE": "53e8dc25862014e4324741ca18fbe3611e11d42ef69f59f86ea8c5389647d4cb",
    "leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
    "leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    site = Site(tmp_path_factory.mktemp("places"), PHOTOS_PER_PAGE=3)
    site.add(
        a_photo("boats", location=NAZARE, people=(Person(username="ana.silva"),), tags=("sea",)),
        an_album("trip", title="A trip", published=NOON - timedelta(days=1)),
        a_photo("trip-1", album="trip", position=1, people=(Person(username="ana.silva"),)),
        a_photo("film", published=NOON - timedelta(days=2), video="film.mp4", duration=12.4),
        a_photo("year-before", published=NOON - timedelta(days=366), location=NAZARE),
        a_photo(
            "winter", published=datetime(2022, 1, 3, tzinfo=UTC), location=Location(name="Oslo")
        ),
        a_photo("met", published=datetime(2022, 1, 2, tzinfo=UTC), uid="camera:1",
                people=(Person(username="<b>neighbour"),)),
    )  # fmt: skip
    return site.build()


def words(element) -> str:
    return " ".join(element.text.split())


def links(page, selector: str) -> list[tuple[str, str]]:
    (part,) = page.all(selector)
    return [(words(each), each.get("href").removeprefix(SITE)) for each in part.all("a")]


def description(built: Built, address: str) -> str:
    return built.page(address).one("meta", name="description").get("content")


def test_the_archive_names_every_month_and_links_those_with_posts(built):
    page = built.page("photos/archive/")
    months = [words(item) for item in page.all("ol.bars")[0].all("li")]

    assert [words(heading) for heading in page.one("main").all("h2")] == [
        *("2024 , 3 posts", "2023 , 1 post", "2022 , 2 posts"),
    ]
    assert len(page.all("ol.bars")) == 3
    assert months[4] == "May 2024, 3 posts"
    assert months[5] == "June: none"
    assert links(page, "div.archive")[:2] == [
        ("2024", "photos/2024/"),
        ("May 2024, 3 posts", "photos/2024/05/"),
    ]
    assert [len(each.all("img")) for each in page.all("section.months")] == [1, 1, 1]


def test_the_archive_leads_to_the_other_ways_in(built):
    assert {url for _, url in links(built.page("photos/archive/"), "ul.years")} == {
        *("photos/tags/", "photos/people/", "photos/videos/", "photos/on-this-day/"),
    }


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Built:
    """Twenty years with a post a month, each of a place of its own, and hundreds of tags."""
    site = Site(tmp_path_factory.mktemp("large"))
    for n in range(240):
        where = Location(name=f"Place {n}", latitude=n / 2 - 60, longitude=n * 37 % 360 - 180)
        site.add(
            a_photo(
                f"p{n}",
                published=datetime(2005 + n // 12, n % 12 + 1, 5, tzinfo=UTC),
                location=where,
                tags=("sea", *(f"{'abcdefghij'[m % 10]}tag{m}" for m in range(n, 480, 240))),
            )
        )
    return site.build()


def test_the_archive_of_twenty_years_is_light(large):
    page = large.file("photos/archive/").read_bytes()

    assert page.count(b'class="bars"') == 20
    assert len(gzip.compress(page)) <= 20_000


def test_hundreds_of_places_are_light(large):
    page = large.file("photos/map/").read_bytes()

    assert page.count(b"data-at=") == 240
    assert page.count(b"<circle") == 240
    assert len(gzip.compress(page)) <= 30_000


def test_hundreds_of_tags_are_found_by_letter(large):
    page = large.page("photos/tags/")
    listed = {a.get("href") for a in page.one("section.letters").all("a")}

    assert links(page, "section.group")[0][0] == "#sea"
    assert len(listed) == 481
    assert len(page.all("details")) == 11
    assert len(gzip.compress(large.file("photos/tags/").read_bytes())) <= 12_000


@pytest.mark.parametrize(
    ("address", "label", "expected"),
    [
        ("photos/2023/", "Other years", [("← 2024", "photos/2024/"), ("2022 →", "photos/2022/")]),
        ("photos/2024/05/", "Other months", [("May 2023 →", "photos/2023/05/")]),
        (
            "photos/on-this-day/05-11/",
            "Other days",
            [
                ("← 10 May", "photos/on-this-day/05-10/"),
                ("12 May →", "photos/on-this-day/05-12/"),
            ],
        ),
    ],
)
def test_years_months_and_days_lead_to_their_neighbours(built, address, label, expected):
    (nav,) = [each for each in built.page(address).all("nav") if each.get("aria-label") == label]

    assert [(words(a), a.get("href").removeprefix(SITE)) for a in nav.all("a")] == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("photos/places/nazaré/", "Photos from Nazaré: 2 posts, 2023–2024"),
        ("photos/people/ana-silva--PERSON/", "Photos with ana.silva: 2 photos, 2024"),
        ("photos/2022/01/", "Photos of January 2022: 2 posts"),
        ("photos/on-this-day/05-12/", "On 12 May: 2 posts in 2 years"),
        ("photos/albums/", "Albums: 1 album, 2024"),
        ("photos/videos/", "Videos: 1 video, 2024"),
        ("photos/archive/", "Every year and month of the photos: 6 posts, 2022–2024"),
        ("photos/map/", "The places of the photos: 2 places"),
        ("photos/people/", "Who is tagged in the photos: 2 people"),
    ],
)
def test_every_kind_of_list_says_what_it_holds(built, address, expected):
    if "--PERSON" in address:
        address = _person(built)
    assert description(built, address) == expected


def _person(built: Built) -> str:
    return next(a for a in sorted(built.addresses()) if a.startswith("photos/people/ana"))


def test_the_map_lists_every_place_and_draws_those_whose_position_is_known(built):
    page = built.page("photos/map/")
    world = page.one("div.world")

    assert [words(item) for item in page.one("div.places").all("li")] == [
        *("Nazaré , 2 posts", "Oslo , 1 post"),
    ]
    assert built.text("photos/map/").count("<circle ") == 1
    assert [(words(a), a.get("href"), a.get("tabindex")) for a in world.all("a")] == [
        ("Nazaré, 2 posts", f"{SITE}photos/places/nazar%C3%A9/", "-1"),
    ]
    assert world.get("aria-hidden") == "true"


def test_the_button_says_whom_it_asks(built):
    page = built.page("photos/map/")

    assert page.one("button").text == "Open map"
    assert "Opening it asks tile.openstreetmap.org for" in page.one("div.opener").text


@pytest.mark.parametrize("tiles", [True, False])
def test_without_tiles_there_is_no_button_and_no_script(tmp_path, tiles):
    site = Site(tmp_path, **({} if tiles else {"PHOTOS_MAP_TILES": ""}))
    site.add(a_photo(location=NAZARE))
    built = site.build()

    assert len(built.page("photos/map/").all("button")) == tiles
    assert len(built.page("photos/map/").all("script", type="module")) == tiles
    assert bool(list((built.folder / "photos/assets").glob("leaflet*"))) == tiles


def test_a_map_without_any_position_is_a_list(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo(location=Location(name="Oslo")))
    page = site.build().page("photos/map/")

    assert [words(item) for item in page.one("div.places").all("li")] == ["Oslo , 1 post"]
    assert not page.all("button")
    assert not page.all("div.world")


def test_a_place_says_where_it_is_to_people_and_machines(built):
    address = "photos/places/nazaré/"
    page = built.page(address)
    (feed,) = built.microformats(address)["items"]
    (geo,) = [each for each in feed["children"] if each["type"] == ["h-geo"]]

    assert "39.6012° N, 9.0710° W" in page.one("header.intro").text
    assert page.one("p.h-geo").one("a").get("href") == "geo:39.601200,-9.071000"
    assert geo["properties"]["latitude"] == ["39.6012"]
    assert geo["properties"]["name"] == ["Nazaré"]
    assert links(page, "p.kicker") == [("Places", "photos/map/")]
    picture = page.one("div.locator").one("img").get("src")
    assert re.fullmatch(
        rf"{SITE}photos/assets/world-\w+\.svg#svgView\(viewBox\([\d,-]+\)\)", picture
    )
    assert built.has(picture.partition("#")[0])


def test_a_place_without_a_position_has_no_little_map(built):
    page = built.page("photos/places/oslo/")

    assert not page.all("div.locator")
    assert not page.all("p.h-geo")


def test_people_are_shown_with_their_newest_photo(built):
    page = built.page("photos/people/")

    assert [words(item) for item in page.one("ul.topics").all("li")] == [
        *("<b>neighbour , 1 photo", "ana.silva , 2 photos"),
    ]
    assert [len(item.all("img")) for item in page.one("ul.topics").all("li")] == [1, 1]


def test_a_persons_page_names_them_and_leads_to_their_profile(built):
    (feed,) = built.microformats(_person(built))["items"]
    (card,) = [each for each in feed["children"] if each["type"] == ["h-card"]]
    link = built.page(_person(built)).one("div.h-card").one("a")

    assert feed["properties"]["name"] == ["Photos with ana.silva"]
    assert card["properties"]["name"] == ["ana.silva"]
    assert card["properties"]["url"] == ["https://www.instagram.com/ana.silva/"]
    assert link.get("rel") == "nofollow noopener"


def test_whose_photos_are_not_from_instagram_has_no_profile_there(built):
    address = next(a for a in sorted(built.addresses()) if "neighbour" in a)
    page = built.page(address)

    assert page.one("h1").text == "<b>neighbour"
    assert "instagram.com" not in built.text(address)


def test_albums_have_covers_and_say_how_many_photos_they_hold(built):
    (item,) = built.page("photos/albums/").one("ul.covers").all("li")

    assert words(item) == "A trip 1 photo · 11 May 2024"
    assert item.one("img").get("alt")
    assert item.one("a.u-url").get("href") == f"{SITE}photos/2024/trip/"


def test_albums_are_cut_into_sheets(tmp_path):
    site = Site(tmp_path, PHOTOS_PER_PAGE=2)
    for number in range(3):
        when = NOON - timedelta(days=number)
        site.add(
            an_album(f"a{number}", published=when),
            a_photo(f"a{number}-1", album=f"a{number}", position=1, published=when),
        )
    built = site.build()

    assert len(built.page("photos/albums/").one("ul.covers").all("li")) == 2
    assert len(built.page("photos/albums/page/2/").one("ul.covers").all("li")) == 1


def test_videos_show_how_long_they_take(built):
    (tile,) = built.page("photos/videos/").all("li.tile")

    assert "video 0:12" in words(tile)


def test_the_calendar_links_days_and_is_the_same_on_every_day(built):
    page = built.page("photos/on-this-day/")
    found = links(page, "div.calendar")

    assert ("12 May, 2 posts", "photos/on-this-day/05-12/") in found
    assert len(found) == len([a for a in built.addresses() if "on-this-day/" in a]) - 1
    assert len(page.one("div.calendar").all("li")) == 366
    assert str(datetime.now(UTC).year) not in page.one("div.calendar").text


def test_hostile_places_stay_text_on_the_map(tmp_path):
    site = Site(tmp_path, PHOTOS_MAP_ATTRIBUTION='"><script>alert(2)</script>')
    name = "\"><script>alert(1)</script>' onload='x"
    site.add(
        *(
            a_photo(
                f"p{n}",
                published=NOON - timedelta(hours=n),
                location=Location(name=f"{name}{n}", latitude=1 + n / 10, longitude=2),
            )
            for n in range(2)
        )
    )
    built = site.build()
    page = built.page("photos/map/")

    assert f"Around {name}0" in page.one("section.region").one("h2").text
    assert [each.get("type") for each in page.all("script")] == [None, "module"]
    assert all(each.get("src") for each in page.all("script"))
    assert page.one("section.live").get("data-credit") == '"><script>alert(2)</script>'
    assert not [x for x in page.node.iter() if x.get("onload")]


def test_leaflet_is_what_was_published_with_its_licence():
    folder = OUR_THEME / "assets" / "vendor" / "leaflet"
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}

    assert found == VENDORED


def test_leaflet_reaches_the_site_byte_for_byte(built):
    for name in ("leaflet.js", "leaflet.css"):
        source = (OUR_THEME / "assets" / "vendor" / "leaflet" / name).read_bytes()
        stem, _, ending = name.partition(".")
        (copy,) = (built.folder / "photos" / "assets").glob(f"{stem}-*.{ending}")
        assert copy.read_bytes() == source


def test_the_page_of_a_place_is_no_heavier_for_its_map(built):
    assert len(gzip.compress(built.file("photos/places/nazaré/").read_bytes())) <= 8_000
    world = (OUR_THEME / "assets" / "world.svg").read_bytes()
    assert len(gzip.compress(world)) <= 12_000
    assert b"Natural Earth" in world
