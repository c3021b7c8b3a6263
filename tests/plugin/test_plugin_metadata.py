"""What pages say of themselves to machines: microformats, JSON-LD, Open Graph, site maps."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from builders import NOON, a_comment, a_photo, an_album
from fakes.site import Built, Site, draw
from pelican_photos.caption import to_markdown
from pelican_photos.model import Location, Person
from pelican_photos.plugin.structured import data_block, license_name

SITE = "https://example.org"
LICENSE = "https://creativecommons.org/licenses/by-nc-sa/4.0/"
EVIL = "</script><script>alert(1)</script><!-- ]]> & \"'"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    site = Site(
        tmp_path_factory.mktemp("metadata"),
        AUTHOR="Ann",
        PHOTOS_LICENSE=LICENSE,
        PHOTOS_ORIGINALS_URL="https://cdn.example.org",
    )
    boats = a_photo(
        "boats",
        title="Boats",
        content="Boats at dusk\\.",
        alt="Two boats",
        tags=("sea", "boats"),
        location=Location(name="Nazaré", latitude=39.6012, longitude=-9.071),
        people=(Person(username="someone"),),
        syndication="https://www.instagram.com/p/CxYz_1/",
        width=1600,
        height=1200,
    )
    earlier = NOON - timedelta(days=1)
    site.add(
        boats,
        an_album("trip", title="A trip", published=earlier),
        a_photo("trip-1", album="trip", position=1, published=earlier),
        a_photo("trip-2", album="trip", position=2, published=earlier, video="t.mp4", duration=9.5),
        a_photo(
            "evil",
            title=EVIL,
            content=to_markdown(EVIL),
            alt=EVIL,
            published=NOON - timedelta(days=3),
        ),
        a_photo("bobs", owner="bob", status="published", published=NOON - timedelta(days=2)),
        a_photo("secret", status="hidden"),
        a_photo("unready", status="draft"),
    )
    answer = a_comment(2, author="ann", text="There.")
    site.comment(boats, a_comment(1, author="bob", text="Where?", answers=(answer,)))
    draw(site.content / "photos" / "profile.jpg", (320, 320))
    return site.build()


def told(built: Built, address: str) -> dict[str, list[str]]:
    """Give what the elements ``meta`` say, by name."""
    found: dict[str, list[str]] = {}
    for meta in built.page(address).all("meta"):
        name = meta.get("property") or meta.get("name")
        if name:
            found.setdefault(name, []).append(meta.get("content"))
    return found


def structured(built: Built, address: str) -> dict:
    (script,) = built.page(address).all("script", type="application/ld+json")
    return json.loads(script.text)


def entry_of(built: Built, address: str) -> dict:
    (item,) = built.microformats(address)["items"]
    return item["properties"]


# Microformats


def test_every_page_of_the_gallery_is_one_feed_or_one_entry_without_loss(built):
    for address in built.addresses():
        items = built.microformats(address)["items"]
        if re.fullmatch(r"photos/2024/[a-z][^/]*/", address):
            assert [item["type"] for item in items] == [["h-entry"]], address
            said = items[0]["properties"]
            assert {"url", "uid", "published", "author"} <= set(said), address
            assert set(said) & {"photo", "video"}, address
        elif built.page(address).all("section.h-feed"):
            (feed,) = [item for item in items if item["type"] == ["h-feed"]]
            tiles = built.page(address).all("li.h-entry")
            entries = [each for each in feed["children"] if each["type"] == ["h-entry"]]
            assert [each["properties"]["url"] for each in entries] == [
                [tile.one("a.u-url").get("href")] for tile in tiles
            ]
            for each in entries:
                assert set(each["properties"]) & {"photo", "video"}, address


def test_a_photo_says_everything_in_microformats(built):
    said = entry_of(built, "photos/2024/boats/")

    assert said["photo"][0]["alt"] == "Two boats"
    assert said["category"][:2] == ["sea", "boats"]
    assert said["category"][2]["type"] == ["h-card"]
    assert said["location"][0]["properties"]["name"] == ["Nazaré"]
    assert said["syndication"] == ["https://www.instagram.com/p/CxYz_1/"]
    (comment,) = said["comment"]
    assert comment["type"] == ["h-cite"]
    assert comment["properties"]["comment"][0]["properties"]["content"] == ["There."]


def test_an_album_repeats_each_medium_as_what_it_is(built):
    said = entry_of(built, "photos/2024/trip/")

    assert [photo["value"].rsplit("/", 2)[1] for photo in said["photo"]] == ["trip-1"]
    assert said["video"] == ["https://cdn.example.org/photos/2024/t.mp4"]


def test_the_author_has_a_face(built):
    for address in ("photos/2024/boats/", "photos/2024/trip/"):
        (author,) = entry_of(built, address)["author"]
        assert author["properties"]["name"] == ["Ann"]
        assert built.has(author["properties"]["photo"][0])
    (feed,) = built.microformats("photos/")["items"]
    assert built.has(feed["properties"]["author"][0]["properties"]["photo"][0])
    assert feed["properties"]["url"] == [f"{SITE}/photos/"]


# JSON-LD


def test_a_photo_is_an_image_object(built):
    said = structured(built, "photos/2024/boats/")

    assert (said["@context"], said["@type"]) == ("https://schema.org", "ImageObject")
    assert (said["name"], said["caption"]) == ("Boats", "Boats at dusk.")
    assert built.has(said["contentUrl"])
    assert built.has(said["thumbnailUrl"])
    assert said["width"] / said["height"] == pytest.approx(4 / 3, abs=0.02)
    assert said["keywords"] == ["sea", "boats"]
    assert said["contentLocation"] == {
        "@type": "Place",
        "name": "Nazaré",
        "geo": {"@type": "GeoCoordinates", "latitude": 39.6012, "longitude": -9.071},
    }
    assert said["creator"] == {"@type": "Person", "name": "Ann", "url": f"{SITE}/"}
    assert said["creditText"] == "Ann"
    assert said["datePublished"] == "2024-05-12T12:00:00+00:00"
    assert (said["license"], said["acquireLicensePage"]) == (LICENSE, f"{SITE}/photos/2024/boats/")


def test_a_film_is_a_video_object(built):
    said = structured(built, "photos/2024/trip-2/")

    assert (said["@type"], said["duration"]) == ("VideoObject", "PT9.5S")
    assert said["contentUrl"] == "https://cdn.example.org/photos/2024/t.mp4"
    assert built.has(said["thumbnailUrl"])
    assert {"name", "description", "uploadDate"} <= set(said)  # what search engines ask of a film


def test_an_album_and_a_list_are_galleries(built):
    album, listing = structured(built, "photos/2024/trip/"), structured(built, "photos/")

    assert [each["@type"] for each in album["associatedMedia"]] == ["ImageObject", "VideoObject"]
    assert [each["url"] for each in album["associatedMedia"]] == [
        f"{SITE}/photos/2024/trip-1/",
        f"{SITE}/photos/2024/trip-2/",
    ]
    assert (listing["@type"], listing["url"]) == ("ImageGallery", f"{SITE}/photos/")
    assert built.has(listing["primaryImageOfPage"]["contentUrl"])


def test_somebody_elses_photo_is_theirs_and_not_licensed(built):
    said = structured(built, "photos/2024/bobs/")

    assert said["creator"]["url"] == "https://www.instagram.com/bob/"
    assert "license" not in said
    page = built.page("photos/2024/bobs/")
    assert not [x for x in page.node.iter() if x.get("rel") == "license"]


def test_hostile_words_stay_inside_their_block(built):
    said = structured(built, "photos/2024/evil/")

    assert said["name"] == EVIL
    assert len(built.page("photos/2024/evil/").all("script")) == 2
    worse = {"a": f"{EVIL}\u2028"}
    assert json.loads(data_block(worse)) == worse
    assert not set("<>&\u2028") & set(data_block(worse))


def test_the_licence_can_be_read_and_followed(built):
    link = built.page("photos/2024/boats/").one("details").one("a", rel="license")

    assert (link.text, link.get("href")) == ("CC BY-NC-SA 4.0", LICENSE)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (LICENSE, "CC BY-NC-SA 4.0"),
        ("http://www.creativecommons.org/licenses/by/3.0/pt/", "CC BY 3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "Public domain"),
        ("https://creativecommons.org/", "creativecommons.org"),
        ("https://example.org/terms/", "example.org/terms"),
    ],
)
def test_a_licence_has_a_name_for_people(address, name):
    assert license_name(address) == name


# Cards


def test_a_photo_has_a_card(built):
    said = told(built, "photos/2024/boats/")

    assert said["og:type"] == ["article"]
    assert said["article:published_time"] == ["2024-05-12T12:00:00+00:00"]
    assert said["article:tag"] == ["sea", "boats"]
    assert built.has(said["og:image"][0])
    assert said["og:image:type"] == ["image/webp"]
    assert said["og:image:alt"] == ["Two boats"]
    assert said["twitter:card"] == ["summary_large_image"]
    assert said["robots"] == ["max-image-preview:large"]


def test_a_film_has_its_film_on_its_card(built):
    said = told(built, "photos/2024/trip-2/")

    assert said["og:video"] == ["https://cdn.example.org/photos/2024/t.mp4"]
    assert said["og:video:type"] == ["video/mp4"]
    assert said["og:video:width"] == ["8"]


def test_a_list_has_the_card_of_its_newest_photo(built):
    said = told(built, "photos/tags/sea/")

    assert said["og:type"] == ["website"]
    assert "/boats/" in said["og:image"][0]


def test_what_is_not_listed_asks_not_to_be_found(built):
    assert told(built, "photos/2024/secret/")["robots"] == ["noindex"]


# Site maps


def test_the_usual_plugin_lists_what_is_published_and_when(tmp_path):
    """In a process of its own: that plugin listens for as long as its process lives."""
    site = Site(tmp_path)
    site.add(
        a_photo("boats", tags=("sea",), uid="instagram:CxYz_1"),
        a_photo("older", published=NOON - timedelta(days=900)),
        a_photo("secret", status="hidden"),
        a_photo("unready", status="draft"),
    )
    site.write("words.md", "Title: Words\nDate: 2024-05-01\n\nSome.")
    (tmp_path / "pelicanconf.py").write_text(
        "SITENAME, SITEURL, PATH, TIMEZONE = 'S', 'https://example.org', 'content', 'UTC'\n"
        "PLUGINS, THEME = ['pelican_photos', 'sitemap'], 'notmyidea'\n"
    )
    command = [sys.executable, "-W", "ignore", "-m", "pelican", "-s", "pelicanconf.py"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)

    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    tree = ET.parse(site.output / "sitemap.xml")
    found = {
        url.findtext(f"{space}loc", "").removeprefix(f"{SITE}/"): url.findtext(f"{space}lastmod")
        for url in tree.iter(f"{space}url")
    }
    assert {each for each in found if each.startswith(("photos/", "drafts/", "p/", "404"))} == {
        *("photos/", "photos/2024/", "photos/2024/05/", "photos/2021/", "photos/2021/11/"),
        *("photos/2024/boats/", "photos/2021/older/", "photos/links/", "photos/archive/"),
        "photos/search/",
        *("photos/tags/", "photos/tags/sea/", "photos/on-this-day/"),
        *("photos/on-this-day/05-12/", "photos/on-this-day/11-24/"),
    }
    assert found["photos/2021/older/"] == "2021-11-24T12:00:00+00:00"
    assert found["photos/"] == found["photos/tags/"] == "2024-05-12T12:00:00+00:00"
    assert "words.html" in found
