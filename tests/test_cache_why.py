"""Why something would be made again: what differs is named, and nothing is made."""

import io
import os
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from builders import NOON, a_photo, an_album
from fakes import counting
from fakes.site import OUR_THEME, Site, draw
from pelican_photos.cache_command import run_why
from pelican_photos.errors import SettingsError
from pelican_photos.image_formats import maker
from pelican_photos.naming import page_path
from pelican_photos.pelican_site import read_settings
from pelican_photos.rendition_recipes import differences
from pelican_photos.terminal import Display

BOATS = a_photo("boats", width=40, height=80)
RIVER, FAR, WALK = (
    a_photo("river", published=NOON - timedelta(days=1), title="River"),
    a_photo("far", published=NOON - timedelta(days=9), title="Far"),
    an_album("walk", published=NOON - timedelta(days=3)),
)
STEP = a_photo("walk-1", published=NOON - timedelta(days=3), album="walk", position=1)


class Asked(Site):
    """A site with a configuration file, as the command wants it."""

    def configure(self, **settings):
        told = {
            "PATH": "content",
            "THEME": str(OUR_THEME),
            "SITENAME": "A site",
            "SITEURL": "https://example.org",
            "TIMEZONE": "UTC",
            "PLUGINS": ["pelican_photos"],
            "PHOTOS_RENDITIONS": ["20h", "60h"],
            **settings,
        }
        text = "".join(f"{name} = {value!r}\n" for name, value in told.items())
        (self.folder / "pelicanconf.py").write_text(text)

    def why(self, slug):
        said = io.StringIO()
        ways = (read_settings(root=self.folder),)
        run_why(ways, Display(Console(file=said, width=300)), slug)
        return said.getvalue()

    def original(self, photo):
        return self.content / page_path("photos", photo).with_name(photo.original)


@pytest.fixture(scope="module")
def _built(tmp_path_factory):
    site = Asked(tmp_path_factory.mktemp("why") / "site")
    site.add(BOATS, RIVER, WALK, STEP, FAR)
    site.configure()
    site.build(PHOTOS_RENDITIONS=["20h", "60h"])
    return site.folder


@pytest.fixture
def site(_built, tmp_path):
    """A copy of a built site, whose pictures and pages are the very files that were built."""
    shutil.copytree(_built, tmp_path / "site", copy_function=taken_over)
    return Asked(tmp_path / "site")


def taken_over(file, to):
    is_replaced_whole = file.endswith((".jpg", ".webp")) or "/output/photos/" in file
    (os.link if is_replaced_whole else shutil.copy2)(file, to)


def test_nothing_has_changed(site, monkeypatch):
    encoded, rendered = counting.encoded(monkeypatch), counting.rendered(monkeypatch)

    said = site.why("boats").splitlines()

    assert said[:2] == [
        "boats.jpg: the original is as it was when it was read last",
        "boats.jpg: all 2 renditions are there: nothing would be encoded",
    ]
    assert said[2].startswith("boats.jpg: renditions were encoded last at 20")
    assert said[2].endswith(" UTC: the original was new")
    assert (
        said[3] == "its page with pelicanconf.py: it would be left alone: it shows what it showed"
    )
    assert said[4].startswith("its page with pelicanconf.py: it was made last at 20")
    assert said[4].endswith(" UTC: nothing was known of it")
    assert (encoded, rendered) == ([], [])
    assert not list((site.folder / ".cache/photos/builds").glob("*-*"))


def test_other_bytes_and_who_shows_them(site):
    site.original(BOATS).unlink()
    draw(site.original(BOATS), (40, 80), "another")

    said = site.why("boats")

    assert "boats.jpg: the original has other bytes: SHA-256 " in said
    assert "boats.jpg: 2 of 2 renditions would be encoded" in said
    assert "it would be made anew, for the photo, its neighbours, or its words\n" in said
    assert "anew, for the photo, its neighbours, or its words\n" in site.why("river")
    assert "it would be left alone" in site.why("far")
    assert site.why("boats") == said


def test_another_file_with_the_same_bytes(site):
    file = site.original(BOATS)
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data)

    said = site.why("boats")

    assert "the original has another time and inode, but the same bytes" in said
    assert "nothing would be encoded" in said
    assert "it would be left alone" in said


def test_another_recipe(site):
    site.configure(PHOTOS_QUALITY=80, PHOTOS_RENDITIONS=["20h", "40h"])

    said = site.why("boats")

    assert "boats.jpg: sizes: 20h 60h → 20h 40h\n" in said
    assert "boats.jpg: quality of WebP: 78 → 80\n" in said
    assert "boats.jpg: 2 of 2 renditions would be encoded" in said


@pytest.mark.parametrize(("length", "said"), [(None, "is gone"), (10, "is cut short")])
def test_a_rendition_that_is_not_whole(site, length, said):
    [spoilt] = (site.folder / "output/photos/2024/boats").glob("60-*.webp")
    shelf = site.folder.glob(".cache/photos/renditions/??/*")
    [kept] = (file for file in shelf if file.samefile(spoilt))
    kept.unlink()
    if length:
        kept.write_bytes(b"RIFF"[:length])

    answer = site.why("boats")

    assert f"{kept.name} {said}" in answer
    assert "1 of 2 renditions would be encoded" in answer
    assert "it would be left alone" in answer  # the page names what comes back


def test_the_site_around_a_page(site):
    site.configure(SITENAME="Another site")

    assert "anew, for the site around it: settings, menu, what there is" in site.why("boats")


def test_a_template_of_the_owners(site):
    own = site.folder / "templates" / "photos" / "_view.html"
    own.parent.mkdir(parents=True)
    own.write_text("{% macro view(a, b, c, d) %}{% endmacro %}")
    site.configure(THEME_TEMPLATES_OVERRIDES=[str(site.folder / "templates")])

    assert "anew, for templates or code, the locale or the time zone\n" in site.why("boats")


def test_a_page_that_nobody_can_compare(site):
    site.configure()
    with (site.folder / "pelicanconf.py").open("a") as file:
        file.write("JINJA_FILTERS = {'upper': str.upper}\n")

    assert "nobody can tell what it shows: the filter or test upper" in site.why("boats")


def test_a_page_that_is_not_as_it_was_printed(site):
    (site.folder / "output/photos/2024/boats/index.html").unlink()

    assert "the file in the output is not the one that was printed" in site.why("boats")


def test_what_was_made_last_says_why(site):
    site.add(replace(BOATS, title="Nets"))
    site.build(PHOTOS_RENDITIONS=["20h", "60h"])

    assert " UTC: the photo, its neighbours, or its words\n" in site.why("boats")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("bytes", "the original had other bytes"),
        ("quality", "quality of WebP: 78 → 80"),
        ("cache", "they were gone from the cache, or cut short"),
    ],
)
def test_what_was_encoded_last_says_why(site, change, reason):
    settings = {"PHOTOS_RENDITIONS": ["20h", "60h"], "PHOTOS_QUALITY": 78}
    if change == "bytes":
        site.original(BOATS).unlink()
        draw(site.original(BOATS), (40, 80), "another")
    elif change == "quality":
        settings["PHOTOS_QUALITY"] = 80
    else:
        shutil.rmtree(site.folder / ".cache/photos/renditions")
    site.configure(**settings)
    for _ in range(2):  # the second build encodes nothing, and forgets nothing
        site.build(**settings)

    assert "boats.jpg: renditions were encoded last at 20" in site.why("boats")
    assert f" UTC: {reason}\n" in site.why("boats")


def test_an_album_answers_for_its_photos(site):
    said = site.why("walk")

    assert "walk-1.jpg: all 1 renditions are there" in said
    assert "its page with pelicanconf.py: it would be left alone" in said


def test_a_renamed_and_a_missing_original(site):
    file = site.original(FAR)
    site.original(RIVER).unlink()
    page = page_path("photos", FAR)
    (site.content / page).with_name("near.md").write_text(
        (site.content / page).read_text().replace("far.jpg", "near.jpg")
    )
    (site.content / page).unlink()
    file.rename(file.with_name("near.jpg"))

    assert "its bytes are known from ../../content/photos/2024/far.jpg" in site.why("near")
    assert "the original is missing: what the cache has of it is shown" in site.why("river")


def test_a_page_that_is_not_there(site):
    with pytest.raises(SettingsError, match="no page is called so"):
        site.why("nobody")


@given(st.integers(1, 100), st.integers(1, 100), st.booleans())
def test_a_recipe_differs_in_what_was_changed(before, after, with_avif):
    forms = ["webp", "avif"] if with_avif else ["webp"]
    old, new = (" ".join(("320h", *(maker(f, q) for f in forms))) for q in (before, after))

    found = list(differences(old, new))

    assert (f"quality of WebP: {before} → {after}" in found) == (before != after)
    assert all("quality" in line for line in found)
