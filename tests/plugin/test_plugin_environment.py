import gc
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment

from builders import a_photo
from pelican_photos.plugin.assets import theme_folder
from pelican_photos.plugin.entry import Entry, Picture, Source
from pelican_photos.plugin.environment import Compiled, prepare


def an_environment(templates: dict[str, str], **options) -> Environment:
    environment = Environment(loader=ChoiceLoader([DictLoader(templates)]), **options)
    prepare(environment)
    return environment


def test_our_templates_escape_and_the_sites_own_stay_as_they_were():
    environment = an_environment(
        {
            "base.html": "{{ x }}|{% block content %}{% endblock %}",
            "photos/a.html": '{% extends "base.html" %}{% block content %}{{ x }}{% endblock %}',
        }
    )

    assert environment.get_template("photos/a.html").render(x="<b>") == "<b>|&lt;b&gt;"
    assert environment.get_template("base.html").render(x="<b>") == "<b>|"


@pytest.mark.parametrize("before", [True, lambda _: True])
def test_a_site_that_escapes_everything_goes_on_to(before):
    environment = an_environment({"base.html": "{{ x }}"}, autoescape=before)

    assert environment.get_template("base.html").render(x="<b>") == "&lt;b&gt;"


def test_a_template_that_a_theme_replaces_escapes_as_well():
    environment = an_environment({"!theme/photos/tags.html": "{{ x }}"})

    assert environment.get_template("!theme/photos/tags.html").render(x="<b>") == "&lt;b&gt;"


def test_a_theme_wins_over_our_templates_and_need_not_have_any():
    environment = an_environment({"photos/tags.html": "theirs"})

    assert environment.get_template("photos/tags.html").render() == "theirs"
    assert environment.get_template("photos/_tile.html")


def test_a_macro_of_ours_escapes_also_where_the_page_does_not():
    environment = an_environment(
        {
            "photos/m.html": "{% macro m(x) %}{{ x }}{% endmacro %}",
            "index.html": '{% from "photos/m.html" import m %}{{ m("<b>") }}',
        }
    )

    assert environment.get_template("index.html").render() == "&lt;b&gt;"


def compiling(folder, *, templates=None, code="1", change=None, **options) -> Environment:
    """Give an environment that notes in ``compiled`` what it had to compile."""
    loader = ChoiceLoader([DictLoader(templates or {})])
    environment = Environment(loader=loader, **options)
    prepare(environment, Compiled(str(folder), code))
    if change:
        change(environment)
    environment.compiled, compile_ = [], environment.compile

    def noting(source, name=None, *more):
        environment.compiled.append(name)
        return compile_(source, name, *more)

    environment.compile = noting
    return environment


def compiled(folder, name: str = "photos/_view.html", **how) -> list[str]:
    environment = compiling(folder, **how)
    environment.get_template(name).render()
    return environment.compiled


def test_compiled_templates_are_kept_and_damaged_ones_compiled_again(tmp_path):
    assert compiled(tmp_path) == ["photos/_view.html"]
    assert compiled(tmp_path) == []
    [kept] = tmp_path.iterdir()
    content = kept.read_bytes()
    for damage in (b"", b"j2", content[:-20], b"\0" * 500):
        kept.write_bytes(damage)
        assert compiled(tmp_path) == ["photos/_view.html"]
        assert kept.read_bytes() == content


@pytest.mark.parametrize(
    "other",
    [
        {"code": "2"},
        {"trim_blocks": True},
        {"line_statement_prefix": "%%"},
        {"change": lambda environment: environment.filters.update(upper=str)},
        {"change": lambda environment: environment.tests.update(odd=bool)},
        {"extensions": ["jinja2.ext.do"]},
    ],
)
def test_what_was_compiled_in_another_way_is_not_taken(tmp_path, other):
    """A filter of something constant was applied while the template was compiled."""
    compiled(tmp_path)

    assert compiled(tmp_path, **other) == ["photos/_view.html"]


def test_a_copy_of_ours_is_ours_and_other_templates_are_compiled_in_every_build(tmp_path):
    copy = (theme_folder() / "templates/photos/_view.html").read_text("utf-8")
    index = '{{ "x"|hashed }}{% include "photos/_view.html" %}'
    theirs = {"photos/_view.html": copy, "index.html": index}
    for word in "ab":
        environment = compiling(
            tmp_path,
            templates=theirs,
            change=lambda each, word=word: each.filters.update(hashed=lambda _: word),
        )

        assert environment.get_template("index.html").render().strip() == word
    assert environment.compiled == ["index.html"]


def test_a_build_goes_on_where_compiled_templates_cannot_be_kept(tmp_path):
    (tmp_path / "compiled").write_text("a file")

    assert compiled(tmp_path / "compiled") == ["photos/_view.html"]


class Counted(Entry):
    """An entry that counts how often its tile is made."""

    made: ClassVar[list[str]] = []

    @property
    def owner(self) -> str:
        self.made.append(self.folder)
        return ""


def counted() -> Counted:
    Counted.made.clear()
    wide = Picture(sources=(Source(width=32, height=24, name="32.webp"),))
    given = {"file": Path("a.md"), "folder": "a", "url": "a/", "status": "published"}
    return Counted(page=a_photo(), picture=wide, **given)


TILES = (
    "{% for i in range(20) %}{{ i|photos_tile_at(tile, entry, '', '') if by_filter "
    "else tile(entry, '', i, '') }}{% endfor %}"
)
WAYS = (
    "{{ gallery|photos_menu(ways, '', here) if by_filter else ways('', gallery, here) }}|"
    "{{ gallery|photos_menu(more_ways, '', here) if by_filter else more_ways('', gallery, here) }}"
)


def test_a_tile_is_made_once_for_each_way_its_picture_is_fetched():
    page = '{% from "photos/_tile.html" import tile %}' + TILES
    template = an_environment({"index.html": page}).get_template("index.html")
    entry = counted()
    each_for_itself = template.render(entry=entry, by_filter=False)
    Counted.made.clear()

    assert template.render(entry=entry, by_filter=True) == each_for_itself
    assert template.render(entry=entry, by_filter=True) == each_for_itself
    assert len(Counted.made) == 3


def menus(frame: str, templates: dict[str, str] | None = None, *, by_filter: bool) -> list[str]:
    """Give the menus of some pages of one build."""
    environment = an_environment({"base.html": frame, **(templates or {})})
    parts = dict.fromkeys(("posts", "albums", "videos", "tagged", "places", "people"), True)
    gallery = SimpleNamespace(path="photos", url="photos/", **parts)
    files = ("photos/", "photos/tags/", "photos/map/", "photos/2024/boats/", "tags/", "")
    frame_ = environment.get_template("base.html")
    return [
        frame_.render(here=f"{file}index.html", gallery=gallery, by_filter=by_filter)
        for file in files * 8
    ]


@pytest.mark.parametrize("context", ["", " with context"])
def test_a_menu_is_the_same_whether_or_not_it_is_remembered(context):
    page = f'{{% from "photos/_nav.html" import ways, more_ways{context} %}}{WAYS}'

    assert menus(page, by_filter=True) == menus(page, by_filter=False)


def test_macros_of_one_page_are_not_taken_for_those_of_another():
    """They are gone with their page, and others then lie where they have lain."""
    page = (
        "{% macro menu(site, gallery, here) %}{{ number }}{% endmacro %}"
        "{{ gallery|photos_menu(menu, '', 'index.html') }}"
    )
    template = an_environment({"base.html": page}).get_template("base.html")
    gallery = SimpleNamespace(path="photos")

    for number in range(20):
        assert template.render(gallery=gallery, number=number) == str(number)
        gc.collect()


def test_a_site_with_menus_of_its_own_is_told_of_every_page_where_it_stands():
    own = "{% macro ways(site, gallery, here) %}{{ here }}{% endmacro %}"
    page = f'{{% from "photos/_nav.html" import ways, more_ways %}}{WAYS}'
    templates = {"photos/_nav.html": own + own.replace("ways", "more_ways")}

    made = menus(page, templates, by_filter=True)

    assert made == menus(page, templates, by_filter=False)
    assert "photos/2024/boats/index.html" in made[3]


def test_a_site_with_tiles_of_its_own_is_told_of_each_where_it_stands():
    own = "{% macro tile(e, site, index, originals) %}{{ index + 1 }},{% endmacro %}"
    page = '{% from "photos/_tile.html" import tile %}' + TILES
    environment = an_environment({"photos/_tile.html": own, "index.html": page})

    text = environment.get_template("index.html").render(entry=counted(), by_filter=True)

    assert text == "".join(f"{number}," for number in range(1, 21))
