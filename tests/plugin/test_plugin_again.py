"""A build after another: it makes what has changed and no more, and equals one from nothing."""

import os
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pelican
import pytest
from pelican.plugins import signals

from builders import NOON, a_comment, a_photo, an_album
from fakes import counting
from fakes.from_nothing import from_nothing, texts
from fakes.site import Site
from pelican_photos.model import Location, Person

pytestmark = pytest.mark.usefixtures("one_moment")


@pytest.fixture
def renders(monkeypatch):
    return counting.rendered(monkeypatch)


def of_photos(renders: list[str]) -> list[str]:
    return [name for name in renders if name.startswith("photos/")]


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path / "site", PHOTOS_INSTAGRAM_PROFILE="somebody")
    site.add(*PAGES)
    site.write("pages/about.md", "Title: About\n\nMe.\n")
    return site


PAGES = (
    a_photo("boats", title="Boats", tags=("sea", "dusk"), content="Boats  \nby @ana"),
    a_photo(
        "river",
        published=NOON - timedelta(days=1),
        tags=("river",),
        location=Location(name="Porto"),
    ),
    a_photo("film", published=NOON - timedelta(days=400), video="film.mp4", duration=4.0),
    a_photo("tree", published=NOON - timedelta(days=366), people=(Person(username="ana"),)),
    an_album("walk", published=NOON - timedelta(days=2), tags=("walk",)),
    a_photo("walk-1", published=NOON - timedelta(days=2), album="walk", position=1),
    a_photo("walk-2", published=NOON - timedelta(days=2), album="walk", position=2),
)
BOATS, RIVER, FILM, TREE, WALK, *_ = PAGES


def moments(folder: Path) -> dict[str, int]:
    return {str(file): file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}


def test_nothing_is_rendered_or_written_when_nothing_has_changed(site, renders):
    before = moments(site.build().folder / "photos")
    renders.clear()

    again = site.build()

    assert of_photos(renders) == []
    assert moments(again.folder / "photos") == before


def test_one_edited_page_makes_itself_and_what_shows_it(site, renders):
    site.build()
    renders.clear()
    site.add(replace(RIVER, alt="Water"))

    site.build()

    made = [
        name for name in of_photos(renders) if name in ("photos/photo.html", "photos/album.html")
    ]
    # Itself, and what is beside it: another photo, an album, and that album's first photo.
    assert sorted(made) == ["photos/album.html", *["photos/photo.html"] * 3]


def edit(page, **changes) -> Callable[[Site], dict]:
    def change(site: Site) -> dict:
        site.add(replace(page, **changes))
        return {}

    return change


def add(page) -> Callable[[Site], dict]:
    return edit(page)


def remove(page) -> Callable[[Site], dict]:
    def change(site: Site) -> dict:
        for file in (site.content / "photos").rglob(f"{page.slug}.*"):
            file.unlink()
        return {}

    return change


def setting(**settings) -> Callable[[Site], dict]:
    return lambda site: settings


def comment(site: Site) -> dict:
    site.comment(FILM, a_comment(text="How far?"))
    return {}


def hide(site: Site) -> dict:
    site.comment(FILM, a_comment(text="How far?", hidden=True))
    return {}


def write(path: str, text: str) -> Callable[[Site], dict]:
    def change(site: Site) -> dict:
        site.write(path, text)
        return {}

    return change


def theirs(path: str, text: str) -> Callable[[Site], dict]:
    """A template of the site's own in place of ours."""

    def change(site: Site) -> dict:
        file = site.folder / "templates" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return {"THEME_TEMPLATES_OVERRIDES": [str(site.folder / "templates")]}

    return change


def style(site: Site) -> dict:
    (site.folder / "own.css").write_text("a{}")
    return {"PHOTOS_STYLESHEET": "own.css"}


CHANGES = {
    "a caption": edit(BOATS, content="Boats  \nand nets, by @bruno"),
    "a title": edit(RIVER, title="The river"),
    "somebody new, whom another caption names": edit(TREE, people=(Person(username="bruno"),)),
    "a tag": edit(FILM, tags=("sea",)),
    "a place": edit(TREE, location=Location(name="Porto", latitude=41.1, longitude=-8.6)),
    "the last of a place": edit(RIVER, location=None),
    "a date": edit(TREE, published=NOON - timedelta(days=3)),
    "a new post": add(a_photo("newest", published=NOON + timedelta(hours=1), alt="New")),
    "a comment": comment,
    "a draft": edit(BOATS, status="draft"),
    "an album's cover": edit(WALK, cover=2),
    "a photo more in an album": add(
        a_photo("walk-3", published=NOON - timedelta(days=2), album="walk", position=3)
    ),
    "an album less": remove(WALK),
    "the name of the site": setting(SITENAME="Another site"),
    "its address": setting(SITEURL="https://example.net"),
    "relative addresses": setting(SITEURL="", RELATIVE_URLS=True),
    "its menu": setting(MENUITEMS=(("Shop", "https://shop.example"),)),
    "a page in the menu": write("pages/more.md", "Title: More\n\nMore.\n"),
    "a first article": write("words.md", "Title: Words\nDate: 2024-01-01\n\nWords.\n"),
    "its style": style,
    "its licence": setting(PHOTOS_LICENSE="https://creativecommons.org/licenses/by/4.0/"),
    "nobody shown": setting(PHOTOS_SHOW_PEOPLE=False),
    "other renditions": setting(PHOTOS_RENDITIONS=["16h", "48h"]),
    "how Markdown is read": setting(
        MARKDOWN={"extensions": ["markdown.extensions.nl2br"], "output_format": "html5"}
    ),
    "a template in place of ours": theirs(
        "photos/_view.html", "{% macro view(a, b, c, d) %}{% endmacro %}"
    ),
    "that template, changed": theirs(
        "photos/_view.html", '{% macro view(a, b, c, d) %}data-x="{{ a.title }}"{% endmacro %}'
    ),
    "a template that asks for anything": theirs(
        "photos/_view.html", "{% macro view(a, b, c, d) %}data-x{% endmacro %}{{ gallery or 1 }}"
    ),
    "another frame": theirs(
        "base.html",
        "{% block head %}{% endblock %}{% block content %}{% endblock %}{{ articles|length }}",
    ),
}


def test_whatever_changes_shows_and_nothing_else_does(site):
    """Each change comes on top of those before; each build is compared with one from nothing."""
    site.build()
    settings: dict = {}
    for name, change in CHANGES.items():
        settings |= change(site)
        expected = from_nothing(site, **settings)

        found = texts(site.build(**settings).folder)

        assert {key for key, text in expected.items() if found.get(key) != text} == set(), name


def test_pages_are_the_same_whether_or_not_they_could_be_compared(site):
    """A function in the settings may do anything: templates then see all of the site."""
    compared = texts(site.build().folder)
    shutil.rmtree(site.output)

    whole = texts(site.build(JINJA_FILTERS={"upper": str.upper}).folder)

    assert whole == compared


@pytest.mark.parametrize("deleted", [True, False])
def test_pages_that_were_deleted_come_back(site, renders, deleted):
    """With DELETE_OUTPUT_DIRECTORY their texts are kept, and nothing is rendered again."""
    before = texts(site.build(DELETE_OUTPUT_DIRECTORY=deleted).folder)
    renders.clear()
    shutil.rmtree(site.output)

    after = texts(site.build(DELETE_OUTPUT_DIRECTORY=deleted).folder)

    assert after == before
    assert (of_photos(renders) == []) == deleted


def test_the_style_sheet_comes_back_in_a_theme_of_ones_own(site, renders):
    """Its frame asks for so little that pages can be compared."""
    theme = site.folder / "theme"
    shutil.copytree(Path(pelican.__file__).with_name("themes") / "simple", theme)
    frame = "{% block head %}{% endblock %}{% block content %}{% endblock %}"
    (theme / "templates/base.html").write_text(frame)
    (theme / "templates/index.html").write_text("At home.")
    before = texts(site.build(THEME=str(theme), DELETE_OUTPUT_DIRECTORY=True).folder)
    renders.clear()

    after = texts(site.build(THEME=str(theme), DELETE_OUTPUT_DIRECTORY=True).folder)

    assert after == before
    assert of_photos(renders) == []
    assert [name for name in after if name.startswith("photos/assets/gallery-")]


def test_a_function_in_the_settings_of_markdown_leaves_the_captions_as_they_are(site, renders):
    """What it does cannot be told from one build to the next."""
    configured = {"markdown.extensions.toc": {"slugify": lambda text, separator: "x"}}
    markdown = {"extension_configs": configured}
    before = texts(site.build(MARKDOWN=markdown).folder)
    renders.clear()

    assert texts(site.build(MARKDOWN=markdown).folder) == before
    assert "photos/photo.html" in renders
    assert "photos/tags.html" not in renders  # has no caption


def test_a_plugin_that_rewrites_the_finished_site_costs_no_rendering(site, renders):
    def shorten(pelican):
        for file in Path(pelican.output_path).rglob("*.html"):
            file.write_text(file.read_text("utf-8").strip() + "<!-- short -->", "utf-8")

    signals.finalized.connect(shorten)
    before = texts(site.build().folder)
    renders.clear()

    assert texts(site.build().folder) == before
    assert of_photos(renders) == []


def test_a_page_that_cannot_be_read_makes_no_other_anew(site, renders):
    site.build()
    site.write("photos/2024/broken.md", "Title: Broken\nPhoto: ../../secret.jpg\n")
    renders.clear()

    log = site.build().log

    assert any("broken.md" in said for said in log.said())
    assert of_photos(renders) == []


def test_comments_that_cannot_be_read_are_named_until_they_can(site):
    site.comment(FILM, a_comment(text="How far?"))
    [file] = site.content.rglob("*.comments.json")
    kept = file.rename(file.with_suffix(".kept"))
    file.mkdir()

    for built in (site.build(), site.build()):
        assert any(f"{file.name} cannot be read" in said for said in built.log.said())
        assert built.has("photos/2023/film/")
    file.rmdir()
    kept.rename(file)
    assert "How far?" in site.build().text("photos/2023/film/")


def test_a_page_that_somebody_changed_in_the_output_is_written_anew(site):
    built = site.build()
    before = texts(built.folder)
    built.file("photos/2024/boats/index.html").write_text("mine")

    assert texts(site.build().folder) == before


def test_a_plugin_is_told_of_pages_that_were_not_made_again(site):
    told: list[tuple[str, str]] = []

    def listen(path, context):
        told.append((path, context["page"].url if "/output/photos/" in path else ""))
        assert "/photos/2024/boats/" not in path or context["caption"].text

    with listening(listen):
        site.build()
        first, told[:] = sorted(told), []
        site.build()

    assert sorted(told) == first


def test_what_a_plugin_adds_to_a_page_is_added_once(site):
    def listen(path, context):
        with Path(path).open("a") as file:
            file.write("<!-- seen -->")

    with listening(listen):
        site.build()
        built = site.build()

    assert built.text("photos/2024/boats/").count("<!-- seen -->") == 1


@contextmanager
def listening(receiver):
    signals.content_written.connect(receiver)
    try:
        yield
    finally:
        signals.content_written.disconnect(receiver)


def test_a_damaged_cache_is_thrown_away(site):
    before = texts(site.build().folder)
    for file in (site.folder / ".cache" / "photos" / "pages").iterdir():
        file.write_bytes(b"SQLite format 3\0" + os.urandom(9000))

    assert texts(site.build().folder) == before
