"""What a copy of one of our templates may say: what ours says there, and nothing like it."""

import pytest
from jinja2 import Environment, meta

from pelican_photos.plugin.asking import asked_beyond
from pelican_photos.plugin.assets import theme_folder
from pelican_photos.plugin.environment import prepare

OURS = theme_folder() / "templates"


def read(source: str):
    environment = Environment(trim_blocks=True)
    prepare(environment)
    tree = environment.parse(source)
    meta.find_undeclared_variables(tree)  # works out what is constant
    return tree


def beyond(name: str, *changes: tuple[str, str]) -> list[str]:
    """Say what a copy of ours asks for beyond it, with some of its text replaced."""
    ours = (OURS / name).read_text("utf-8")
    theirs = f"{{# mine #}}\n{ours}"
    for old, new in changes:
        assert old in theirs, old
        theirs = theirs.replace(old, new)
    return asked_beyond(read(theirs), read(ours))


@pytest.mark.parametrize(
    "name", sorted(str(file.relative_to(OURS)) for file in OURS.rglob("*.html"))
)
def test_a_copy_with_a_comment_asks_for_nothing_more(name):
    assert beyond(name) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("base.html", "<p>Made with", "<p>{{ photostream.author }}, with"),
        ("base.html", "</body>", '{% include "analytics.html" %}</body>'),
        ("photos/_nav.html", "<li>", '<li class="{{ folder }}">'),
        ("photos/_about.html", "{{ entry.title }}", "{{ entry.page.camera or entry.title }}"),
        ("photos/index.html", '<header class="intro">', "<header>{{ output_file }}"),
        ("photos/tags.html", "<h1>Tags</h1>", "<h1>{{ SITENAME }}</h1>"),
    ],
)
def test_a_copy_may_be_changed_where_it_shows_what_is_compared(name, old, new):
    assert beyond(name, (old, new)) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        # Something else of what is narrowed, or the same for another purpose.
        ("base.html", "{{ p.url }}", "{{ p.content }}"),
        ("base.html", "{{ p.title }}", "{{ loop.nextitem.content }}"),
        ("base.html", "{% if gallery and gallery.posts %}", "{% if gallery.entries %}"),
        ("photos/_layout.html", "{{ super() }}", "{% for x in gallery.posts %}{% endfor %}"),
        ("photos/index.html", "{{ listing.title }}", "{{ listing.entries|length }}"),
        ("photos/index.html", "{{ group.heading }}", "{{ sheet }}"),
        ("photos/people.html", "gallery.people|length", "gallery.entries|length"),
        # By another template, which sees what p is.
        ("base.html", "{{ p.title }}", '{% include "item.html" %}'),
        ("base.html", "{{ p.title }}", '{% from "item.html" import x with context %}'),
        ("base.html", "{{ p.title }}", "{% block item scoped %}{% endblock %}"),
        # Elsewhere: our frame shows pages only where the site wants them in its menu.
        ("base.html", "{% if DISPLAY_PAGES_ON_MENU %}", "{% if true %}"),
        # A name that stands for something else.
        ("photos/_layout.html", '"photos/_nav.html" import ways', '"mine.html" import ways'),
        ("photos/_layout.html", "{% block title %}", "{% set ways = dict %}{% block title %}"),
        (
            "photos/_nav.html",
            "macro way(name, folder, site, gallery",
            "macro way(name, folder, site, g",
        ),
        (
            "photos/tags.html",
            "{% for tag, count in topics %}",
            "{{ gallery.tagged }}{% for tag, count in topics %}",
        ),
    ],
)
def test_whatever_else_is_made_of_what_is_narrowed_may_be_anything(name, old, new):
    assert beyond(name, (old, new))


def test_a_macro_that_is_given_what_is_narrowed_calls_it_as_ours_does():
    ours = read("{% macro ways(site, gallery) %}{{ gallery.posts }}{% endmacro %}")
    theirs = read("{% macro ways(site, g) %}{{ g.posts[0] }}{% endmacro %}")

    assert asked_beyond(theirs, ours)
    assert not asked_beyond(theirs, None)


def test_what_ours_names_is_refused_where_theirs_goes_on_with_it():
    ours = "{% set all = gallery.posts %}{{ all|length }}"

    assert asked_beyond(read(ours), read(ours)) == []
    assert asked_beyond(read(ours + "{{ all[0] }}"), read(ours)) == ["all"]
