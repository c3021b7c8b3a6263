import os
import re
from pathlib import Path

import pytest
from PIL import Image

from pelican_photos.demo.chromium import Chromium, find_chromium
from pelican_photos.demo.screenshots import Shot, every_shot, take
from pelican_photos.errors import PhotosError
from pelican_photos.serving import Folder, running

ROOT = Path(__file__).parents[2]

PAGE = """\
<!DOCTYPE html><title>Two colours</title>
<style>
  :root { color-scheme: light dark; background: light-dark(#0f0, #00f) }
  body { margin: 0 }
  img { display: block; width: 100px; height: 100px }
</style>
<img src="red.svg" alt="" loading="lazy">
"""
RED = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="100" height="100" fill="red"/></svg>'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    try:
        find_chromium()
    except PhotosError as problem:
        if os.environ.get("PHOTOS_REQUIRE_BROWSER", "") not in ("", "0"):
            raise
        pytest.skip(str(problem))
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text(PAGE)
    (folder / "hole.html").write_text(PAGE.replace("red.svg", "gone.svg"))
    (folder / "red.svg").write_text(RED)
    with running(Folder(folder), 0) as url:
        yield url


@pytest.mark.browser
def test_a_picture_is_as_wide_as_a_phone_and_has_the_colours_asked_for(site, tmp_path):
    phone = Shot(name="page", address="", width=360, height=500, scale=2)
    dark = Shot(name="page", address="", width=768, height=500, dark=True)
    heard = []

    files = take([phone, dark], site, tmp_path / "new", lambda *numbers: heard.append(numbers))

    assert [file.name for file in files] == ["page-360-light.jpg", "page-768-dark.jpg"]
    assert heard == [(1, 2), (2, 2)]
    with Image.open(files[0]) as seen:
        assert seen.size == (720, 1000)
        assert [colour(seen, place) for place in ((50, 50), (700, 900))] == ["red", "green"]
    with Image.open(files[1]) as seen:
        assert seen.size == (768, 500)
        assert [colour(seen, place) for place in ((50, 50), (700, 400))] == ["red", "blue"]


def colour(picture, place):
    values = picture.getpixel(place)
    return ("red", "green", "blue")[values.index(max(values))]


@pytest.mark.browser
def test_an_address_that_does_not_answer_is_one_sentence(site, tmp_path):
    gone = Shot(name="gone", address="", width=360, height=500)

    with pytest.raises(PhotosError, match=r"could not open http://127\.0\.0\.1:1/: net::ERR_"):
        take([gone], "http://127.0.0.1:1", tmp_path)


@pytest.mark.browser
def test_a_page_that_lacks_a_picture_is_one_sentence(site, tmp_path):
    hole = Shot(name="hole", address="hole.html", width=360, height=500)

    with pytest.raises(PhotosError, match=r"hole\.html is missing: http://.*/gone\.svg"):
        take([hole], site, tmp_path)


@pytest.mark.browser
def test_a_command_that_the_browser_does_not_know_is_one_sentence(site):
    with Chromium.running() as browser, pytest.raises(PhotosError, match=r"refused Page\.fly"):
        browser._ask("Page.fly")


def test_five_pages_are_shown_in_three_widths_and_two_colours_each_in_a_file_of_its_own():
    shots = every_shot()

    assert len({shot.file for shot in shots}) == len(shots) == 30
    assert {shot.width for shot in shots} == {360, 768, 1440}


def test_what_the_readme_shows_is_taken_by_the_command_and_light():
    shown = re.findall(r"docs/screenshots/([^\s\")]+)", (ROOT / "README.md").read_text("utf-8"))

    assert 4 <= len(shown) <= 6
    assert set(shown) <= {shot.file for shot in every_shot()}
    for name in shown:
        assert 10_000 < (ROOT / "docs" / "screenshots" / name).stat().st_size <= 200_000


def test_without_chromium_a_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(PhotosError, match="apt-get install chromium"):
        find_chromium()
