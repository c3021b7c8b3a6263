"""What the gallery does about broken files, other themes, other addresses, and a second build."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import pelican_photos
from builders import NOON, a_photo, an_album
from fakes.site import Built, Site, draw
from pelican_photos.library import Library
from pelican_photos.model import Location


def on_day(number: int, **changes):
    slug = changes.pop("slug", f"day-{number}")
    return a_photo(slug, published=NOON + timedelta(days=number), **changes)


def tiles(built: Built, address: str) -> list[str]:
    """List the addresses behind the tiles of a page, in order."""
    links = [tile.one("a").get("href") for tile in built.page(address).all("li.tile")]
    return [link.removeprefix("https://example.org") for link in links]


def test_an_empty_gallery_explains_itself_on_its_page_and_in_the_log(tmp_path):
    built = Site(tmp_path).build()
    shown = built.page("photos/").one("div.empty").text

    assert "content/photos" in shown
    assert "invoke import-instagram" in shown
    assert len(built.log.said()) == 1
    assert f"expected below {tmp_path / 'content' / 'photos'}" in built.log.said()[0]


def test_broken_pages_and_pictures_are_named_and_harm_no_other(tmp_path):
    site = Site(tmp_path)
    site.add(on_day(1), on_day(2), on_day(3))
    site.write("photos/2024/undated.md", "Title: Undated\nOriginal: a.jpg\n\nx")
    (site.content / "photos/2024/day-1.jpg").write_bytes(b"no picture")
    (site.content / "photos/2024/day-2.jpg").unlink()
    site.write("photos/2024/day-3.comments.json", "{")
    built = site.build()

    said = "\n".join(built.log.said())
    for name in ("undated.md", "day-1.jpg", "day-2.jpg", "day-3.comments.json"):
        assert name in said
    assert len(tiles(built, "photos/")) == 3
    assert [x.text for x in built.page("photos/").all("span.missing")] == [
        *("Photo, 14 May 2024", "Photo, 13 May 2024"),
    ]


@pytest.mark.parametrize("beside", [True, False])
def test_photos_whose_album_cannot_be_read_wait_until_it_can(tmp_path, beside):
    """It says who may see them."""
    site = Site(tmp_path)
    photo = replace(on_day(1), album="walk", position=1)
    site.add(on_day(2), photo)
    folder = "2024" if beside else "2023"
    site.write(f"photos/{folder}/walk.md", "Title: A walk\nStatus: skip\nDate: yesterday\n\nx")
    built = site.build()

    assert "walk.md" in "\n".join(built.log.said())
    assert built.has("photos/2024/day-2/")
    assert not list(built.folder.rglob("*day-1*"))
    originals = Library(site.content, "photos").originals()
    assert [name for name, _ in originals] == ["photos/2024/day-2.jpg"]


def test_a_gallery_of_broken_pages_says_that_they_are_broken(tmp_path):
    site = Site(tmp_path)
    site.write("photos/2024/undated.md", "Title: Undated\n\nx")
    built = site.build()

    assert "1 page below" in built.page("photos/").one("div.empty").text


def test_the_future_waits_where_the_site_says_so(tmp_path):
    site = Site(tmp_path, WITH_FUTURE_DATES=False)
    site.add(a_photo("later", published=datetime.now(UTC) + timedelta(days=900)), on_day(1))

    assert tiles(site.build(), "photos/") == ["/photos/2024/day-1/"]


def test_places_are_kept_back_where_the_site_says_so(tmp_path):
    site = Site(tmp_path, PHOTOS_SHOW_MAP=False)
    site.add(on_day(1, location=Location(name="Nazaré", latitude=39.6012, longitude=-9.071)))
    built = site.build()

    everything = b"".join(file.read_bytes() for file in built.folder.rglob("*.html"))
    assert "Nazaré".encode() not in everything
    assert b"39.6012" not in everything


@pytest.mark.parametrize("kept_back", ["PHOTOS_SHOW_MAP", "PHOTOS_SHOW_PEOPLE"])
def test_a_machines_words_tell_neither_whom_nor_where_when_that_is_kept_back(tmp_path, kept_back):
    site = Site(tmp_path)
    told = "Photo by Ana in Nazaré tagging @bob. May be an image of boats."
    site.add(a_photo("boats", alt_auto=told), a_photo("gull", alt_auto="Foto de Ana en Nazaré."))

    built = site.build(**{kept_back: False})

    assert "Boats" in [each.text for each in built.page("photos/2024/boats/").all("dd")]
    for page in ("photos/2024/boats/", "photos/2024/gull/"):
        assert not re.search("Nazaré|bob", built.text(page))
    assert told in site.build().text("photos/2024/boats/")


def test_a_path_with_spaces_is_encoded_in_every_link_to_a_file(tmp_path):
    site = Site(tmp_path, PHOTOS_PATH="über uns/my photos")
    site.add(a_photo("boats", syndication="https://www.instagram.com/p/CxYz12345/"))
    draw(site.content / "photos/profile.jpg", (8, 8))
    (site.content / "über uns").mkdir()
    (site.content / "photos").rename(site.content / "über uns/my photos")

    built = site.build()

    links = {
        each.get(name)
        for page in built.folder.rglob("*.html")
        for each in built.page(page.relative_to(built.folder).as_posix()).all("")
        for name in ("href", "src")
        if (each.get(name) or "").startswith("https://example.org/")
    }
    assets = {link.rpartition("/")[2].partition("-")[0] for link in links if "/assets/" in link}
    assert {"gallery", "moved", "today", "ask", "profile"} <= assets
    assert [link for link in links if " " in link or not built.has(link)] == []


def test_a_wrong_setting_is_one_sentence_and_the_status_of_wrong_use(tmp_path, caplog):
    with pytest.raises(SystemExit) as ended:
        Site(tmp_path).build(PHOTOS_PER_PAGE="many")

    assert ended.value.code == 2
    assert "PHOTOS_PER_PAGE is 'many'" in caplog.text


def test_a_cluster_without_an_address_is_one_sentence_too(tmp_path, caplog):
    with pytest.raises(SystemExit) as ended:
        Site(tmp_path).build(PHOTOS_EXECUTOR="dask")

    assert ended.value.code == 2
    assert "PHOTOS_DASK_SCHEDULER is not set" in caplog.text


# Other themes, other addresses


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path, caplog):
    site = Site(tmp_path, PHOTOS_CACHE="taken")
    site.add(on_day(1))
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(SystemExit) as ended:
        site.build()

    assert ended.value.code == 1
    assert "PHOTOS_CACHE" in caplog.text


@pytest.mark.parametrize("theme", ["simple", "notmyidea"])
def test_the_gallery_is_whole_in_a_theme_that_knows_nothing_of_it(tmp_path, theme):
    site = Site(tmp_path, THEME=theme)
    site.add(on_day(1, tags=("sea",)), an_album("trip"), a_photo("trip-1", album="trip"))
    built = site.build()

    assert built.log.said() == []
    assert len(tiles(built, "photos/")) == 2
    for page_address in ("photos/", "photos/2024/day-1/", "photos/2024/trip/", "photos/tags/"):
        page = built.page(page_address)
        sheet = page.one("link", rel="stylesheet", href=_style(built))
        assert built.has(sheet.get("href"))
        assert page.all("div.photostream")
    assert "A site" in built.page("photos/").all("header")[0].text


def _style(built: Built) -> str:
    (file,) = (built.folder / "photos" / "assets").glob("gallery-*.css")
    return f"https://example.org/photos/assets/{file.name}"


def test_a_themes_own_template_wins(tmp_path):
    site = Site(tmp_path, THEME_TEMPLATES_OVERRIDES=[str(tmp_path / "mine")])
    site.add(on_day(1))
    (tmp_path / "mine" / "photos").mkdir(parents=True)
    (tmp_path / "mine" / "photos" / "photo.html").write_text("My own {{ entry.title }}")

    assert site.build().text("photos/2024/day-1/") == "My own Boats"


def test_relative_addresses_lead_from_every_page_to_its_files(tmp_path):
    site = Site(tmp_path, RELATIVE_URLS=True, SITEURL="")
    site.add(on_day(1, tags=("sea",)))
    built = site.build()
    page = built.page("photos/2024/day-1/")

    assert page.one("img.u-photo").get("src").startswith("../../../photos/2024/day-1/")
    assert page.one("a.p-category").get("href") == "../../../photos/tags/sea/"
    assert built.page("photos/").one("li.tile").one("a").get("href") == "../photos/2024/day-1/"
    assert not page.all("link", rel="canonical")


def test_a_site_below_a_path_says_it_in_every_address(tmp_path):
    site = Site(tmp_path, SITEURL="https://example.org/me")
    site.add(on_day(1))
    page = site.build().page("photos/2024/day-1/")
    links = [
        element.get(name)
        for element in page.one("div.photostream").node.iter()
        for name in ("href", "src")
        if element.get(name)
    ]

    assert links
    assert all(link.startswith("https://example.org/me/") for link in links)


def test_originals_stay_where_a_cdn_has_them(tmp_path):
    site = Site(tmp_path, PHOTOS_ORIGINALS_URL="https://cdn.example.org/")
    site.add(on_day(1, video="day-1.mp4"))
    built = site.build()

    assert not built.has("photos/2024/day-1.jpg")
    assert built.page("photos/2024/day-1/").one("video").get("src") == (
        "https://cdn.example.org/photos/2024/day-1.mp4"
    )


@pytest.mark.parametrize("paths", [[""], ["."], ["photos"], ["images", "photos/2024"]])
def test_no_original_leaves_as_it_is_by_another_door(tmp_path, paths):
    site = Site(tmp_path, STATIC_PATHS=paths, PHOTOS_ORIGINALS_URL="https://cdn.example.org")
    site.add(on_day(1))
    site.write("words.md", "Title: W\nDate: 2024-05-01\n\n![a]({static}/photos/2024/day-1.jpg)")
    built = site.build()

    assert not list(built.folder.rglob("*.jpg"))
    assert not list(built.folder.rglob("*.md"))
    assert built.page("w.html").one("div.text").one("img").get("src") == (
        "https://cdn.example.org/photos/2024/day-1.jpg"
    )


# Building again


def renditions(site: Site) -> dict[str, int]:
    """Name every file of the cache, with the time it was made."""
    found = (site.folder / ".cache" / "photos" / "renditions").rglob("*.webp")
    return {file.name: file.stat().st_mtime_ns for file in found}


@pytest.fixture
def twice(tmp_path, one_moment) -> Site:
    site = Site(tmp_path)
    site.add(on_day(1, width=120, height=90), on_day(2, width=90, height=120))
    site.build()
    return site


@pytest.mark.parametrize("deleting", [False, True])
def test_building_again_encodes_nothing_and_builds_the_same(twice, deleting):
    before, pages = renditions(twice), _files(twice)
    twice.build(DELETE_OUTPUT_DIRECTORY=deleting)

    assert renditions(twice) == before
    assert _files(twice) == pages


def _files(site: Site) -> dict[str, bytes]:
    return {
        file.relative_to(site.output).as_posix(): file.read_bytes()
        for file in site.output.rglob("*")
        if file.is_file()
        and file.parent.name != "feeds"  # an empty blog's has the time of the build
    }


def test_a_replaced_original_is_seen_even_when_it_is_older(twice):
    before = renditions(twice)
    original = twice.content / "photos/2024/day-1.jpg"
    draw(original, (120, 90), seed="another")
    os.utime(original, (0, 0))
    twice.build()

    made = set(renditions(twice)) - set(before)
    assert len(made) == 2
    assert {name: renditions(twice)[name] for name in before} == before


def test_another_quality_makes_every_rendition_anew(twice):
    before = renditions(twice)
    twice.build(PHOTOS_QUALITY=30)

    assert len(set(renditions(twice)) - set(before)) == len(before)


def test_a_clone_without_originals_still_builds(twice):
    for original in twice.content.rglob("*.jpg"):
        original.unlink()
    built = twice.build()

    [said] = built.log.said()
    assert said.startswith("Links to 2 originals lead nowhere, to day-")
    assert not built.page("photos/").all("span.missing")


def test_a_build_loads_neither_the_source_nor_the_bucket(tmp_path):
    site = Site(tmp_path)
    site.add(on_day(1))
    (tmp_path / "pelicanconf.py").write_text(
        "SITENAME = 'A site'\nPATH = 'content'\nTIMEZONE = 'UTC'\nPLUGINS = ['pelican_photos']\n"
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules))))\n"
    )
    built = subprocess.run(
        [sys.executable, "-m", "pelican", "-s", "pelicanconf.py"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = json.loads(built.stdout.splitlines()[-1])

    assert (tmp_path / "output/photos/2024/day-1/index.html").is_file()
    assert "pelican_photos.plugin.generator" in loaded
    assert not {"boto3", "botocore", "instaloader", "requests", "invoke", "flask"} & set(loaded)


def test_registering_twice_builds_once(tmp_path):
    site = Site(tmp_path)
    site.add(on_day(1))
    site.build()
    pelican_photos.register()

    assert site.build().log.said() == []
