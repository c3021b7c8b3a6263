"""What templates may ask for, so that their pages can be compared."""

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, meta, nodes
from pelican.settings import DEFAULT_CONFIG

from pelican_photos.plugin.assets import theme_folder
from pelican_photos.plugin.environment import prepare
from pelican_photos.plugin.fingerprint import Unprovable
from pelican_photos.plugin.surroundings import NAMES, extensions, recipe

OURS = theme_folder() / "templates"
# What a page is given by itself, and what our templates say to the frame around them.
OF_A_PAGE = {
    *("entry", "siblings", "beside", "caption", "track", "tracks", "comments", "author", "short"),
    *("sheet", "directory", "atlas", "years", "months", "files", "choices", "found", "group"),
    *("gallery", "output_file", "page"),
}


def an_environment(templates: dict[str, str]) -> Environment:
    loaders = [DictLoader(templates), FileSystemLoader(OURS)]
    environment = Environment(loader=ChoiceLoader(loaders), trim_blocks=True)
    prepare(environment)
    return environment


def proved(templates: dict[str, str] | None = None, change=None):
    environment = an_environment(templates or {})
    if change:
        change(environment)
    return recipe(environment, DEFAULT_CONFIG)


def test_our_templates_ask_for_nothing_that_is_not_compared():
    environment = an_environment({})
    files = [OURS / "base.html", *(OURS / "photos").glob("*.html")]
    trees = [environment.parse(file.read_text("utf-8")) for file in files]

    asked = set().union(*map(meta.find_undeclared_variables, trees))
    own = {name for tree in trees for name in made_by(tree)}

    assert asked - own - set(NAMES) - OF_A_PAGE == set()


def made_by(tree: nodes.Template):
    """Yield the names that a template gives values to itself; its blocks find them outside."""
    yield from (each.name for each in tree.find_all(nodes.Name) if each.ctx == "store")
    yield from (each.name for each in tree.find_all(nodes.Macro))
    for each in tree.find_all(nodes.FromImport):
        yield from each.names


def test_every_template_counts():
    known = proved()

    assert proved() == known
    assert proved({"photos/_view.html": (OURS / "photos/_view.html").read_text("utf-8")}) == known
    assert proved({"photos/_view.html": "{# mine #}"}) != known


@pytest.mark.parametrize(
    "template",
    [
        "{{ entry.title }}{{ SITENAME|striptags }}",
        '{% extends "base.html" %}{% block content %}{{ gallery.url }}{% endblock %}',
        '{% from "photos/_tile.html" import tile %}{{ tile(entry, SITEURL, 0) }}',
        '{% include "mine.html" %}',
        "{% set x = namespace(n=1) %}{{ range(x.n)|list }}",
    ],
)
def test_a_template_of_the_sites_may_ask_for_what_ours_get(template):
    assert proved({"photos/photo.html": template, "mine.html": "{{ author }}"})


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ articles|length }}", "articles"),
        ("{{ GITHUB_URL }}", "GITHUB_URL"),
        ("{{ gallery.posts }}", "gallery"),
        ("{% set g = gallery %}{{ g.posts }}", "gallery"),
        ("{{ entry.file }}", "file"),
        ("{{ sheet.listing.entries }}", "listing"),
        ("{% include entry.title %}", "finds by itself"),
        ('{% include "mine.html" %}', "mine.html asks for categories"),
        ('{% include "nowhere.html" %}', "nowhere.html"),
        ("{{ entry.title|shout }}", "shout"),
        ("{% if %}", "photos/photo.html"),
    ],
)
def test_one_that_asks_for_more_may_show_anything(template, why):
    with pytest.raises(Unprovable, match=why):
        proved({"photos/photo.html": template, "mine.html": "{{ categories }}"})


@pytest.mark.parametrize(
    "change",
    [
        lambda environment: environment.filters.update(striptags=str),
        lambda environment: environment.filters.update(photos_large=str),
        lambda environment: environment.tests.update(defined=bool),
        lambda environment: environment.globals.update(range=list),
        lambda environment: environment.globals.update(heading="mine"),
        lambda environment: environment.add_extension("jinja2.ext.do"),
        lambda environment: setattr(environment, "finalize", str),
    ],
)
def test_who_changes_what_templates_mean_may_change_anything(change):
    with pytest.raises(Unprovable):
        proved(change=change)


def test_a_name_that_no_template_asks_for_changes_nothing():
    assert proved(change=lambda environment: environment.globals.update(mine=len)) == proved()


def test_the_code_of_an_extension_of_markdown_counts(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "loud_captions.py"
    settings = {"extensions": ["markdown.extensions.extra", "loud_captions:Loud", "nl2br"]}

    def found(code: str):
        file.write_text(code)
        return extensions(settings)

    assert found("a = 1") == found("a = 1")
    assert found("a = 1") != found("a = 2")
