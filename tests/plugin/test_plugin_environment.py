from types import SimpleNamespace

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment

from pelican_photos.plugin.assets import theme_folder
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


def test_a_tile_is_made_once_for_each_way_its_picture_is_fetched():
    environment = an_environment(
        {
            "photos/m.html": "{% macro m(e, site, i, o) %}"
            "{{ i }}{{ made.append(i) or '' }}{% endmacro %}",
            "index.html": '{% from "photos/m.html" import m with context %}'
            "{% for i in range(20) %}{{ i|photos_tile_at(m, entry, '', '') }},{% endfor %}",
        }
    )
    made: list[int] = []

    text = environment.get_template("index.html").render(made=made, entry=object())

    assert text == "0,0," + "2," * 6 + "8," * 12
    assert made == [0, 2, 8]


@pytest.mark.parametrize(
    ("here", "told"),
    [
        ("photos/tags/index.html", "photos/tags/index.html"),
        ("photos/index.html", "photos/index.html"),
        ("photos/2024/boats/index.html", ""),
        ("tags/index.html", ""),
        ("index.html", ""),
    ],
)
def test_a_menu_knows_where_it_stands_only_where_it_leads_there(here, told):
    environment = an_environment(
        {
            "photos/m.html": "{% macro m(site, gallery, here) %}{{ here }}{% endmacro %}",
            "base.html": '{% from "photos/m.html" import m %}'
            "{{ gallery|photos_menu(m, '', here) }}",
        }
    )

    text = environment.get_template("base.html").render(
        here=here, gallery=SimpleNamespace(path="photos")
    )

    assert text == told
