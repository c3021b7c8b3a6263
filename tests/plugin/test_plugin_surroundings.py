"""What templates may ask for, so that their pages can be compared."""

import locale
from contextlib import ExitStack
from functools import partial

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, meta, nodes
from pelican.plugins import signals
from pelican.settings import DEFAULT_CONFIG

from pelican_photos.plugin.assets import theme_folder
from pelican_photos.plugin.environment import prepare
from pelican_photos.plugin.fingerprint import Unprovable
from pelican_photos.plugin.surroundings import NAMES, listeners, loaded, recipe

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
        '{{ entry.tags|map(attribute="name")|map("upper")|reject("in", ["SEA"])|join }}',
        '{{ entry.tags|selectattr("count", "odd")|map("photos_large")|list }}',
        '{% from "photos/_tile.html" import tile %}{{ 3|photos_tile_at(tile, 1, 2, 3) }}',
        '{% extends "!theme/base.html" %}',
    ],
)
def test_a_template_of_the_sites_may_ask_for_what_ours_get(template):
    base = (OURS / "base.html").read_text("utf-8")
    more = {"mine.html": "{{ author }}", "!theme/base.html": base}

    assert proved({"photos/photo.html": template, **more})


@pytest.mark.parametrize(
    "name", sorted(str(file.relative_to(OURS)) for file in OURS.rglob("*.html"))
)
def test_a_copy_of_ours_may_have_more_to_say(name):
    mine = "{# mine #}\n{{ SITENAME }}\n"
    copy = (OURS / name).read_text("utf-8")
    extends = copy.find("{% extends")

    assert proved({name: copy[:extends] + mine + copy[extends:] if extends > 0 else mine + copy})


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
        ('{% include "photos/_latest.html" %}', "_latest.html asks for gallery"),
        ('{{ siblings|map(attribute="file")|join }}', "file"),
        ("{{ entry['file'] }}", "file"),
        ('{{ [entry.tags]|map("map", "shout")|list }}', "map"),
        ("{{ entry.title|shout }}", "shout"),
        ("{{ 3|number }}", "number"),  # a test of Jinja's, and no filter
        ('{{ entry.tags|map("shout")|list }}', "shout"),
        ('{{ entry.tags|select("mine")|list }}', "mine"),
        ('{{ entry.tags|rejectattr("name", "mine")|list }}', "mine"),
        ("{{ entry.tags|map(entry.title)|list }}", "what map finds by itself"),
        ("{{ entry.tags|select(*entry.tags)|list }}", "what select finds by itself"),
        ("{{ entry.page.published.now() }}", "now"),
        ("{{ entry.page.published.today().year }}", "today"),
        ("{{ entry.page.published['utcnow']() }}", "utcnow"),
        ("{{ entry.tags|random }}", "random"),
        ('{{ [entry.tags]|map("random")|list }}', "random"),
        ("{{ lipsum() }}", "lipsum"),
        ("{{ FOOTER }}", "FOOTER"),
        ("{% if %}", "photos/photo.html"),
    ],
)
def test_one_that_asks_for_more_may_show_anything(template, why):
    with pytest.raises(Unprovable, match=why):
        proved(
            {"photos/photo.html": template, "mine.html": "{{ categories }}"},
            lambda environment: environment.globals.update(FOOTER="a"),
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda environment: environment.filters.update(striptags=str),
        lambda environment: environment.filters.update(photos_large=str),
        lambda environment: environment.filters.update(photos_menu=str),
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


def test_what_the_sites_own_home_page_shows_of_photos_is_no_page_of_the_gallery():
    assert proved({"photos/_latest.html": "{{ gallery.posts|shout }}"}) == proved()


@pytest.mark.parametrize("now", ["{# mine #}", "{# not mine #}", "{% if %}"])
def test_templates_are_loaded_as_they_were_compared_or_it_is_told(now):
    templates = {"photos/_view.html": "{# mine #}"}
    environment = an_environment(templates)
    compared = recipe(environment, DEFAULT_CONFIG).templates
    templates["photos/_view.html"] = now

    assert loaded(environment, compared) == (now == "{# mine #}")


def test_a_name_that_no_template_asks_for_changes_nothing():
    assert proved(change=lambda environment: environment.globals.update(mine=len)) == proved()


@pytest.mark.parametrize(
    "change",
    [
        lambda environment: setattr(environment, "trim_blocks", False),
        lambda environment: setattr(environment, "autoescape", True),
        lambda environment: setattr(environment, "autoescape", lambda name: name == "base.html"),
        lambda environment: environment.policies.update({"truncate.leeway": 0}),
    ],
)
def test_how_a_plugin_has_templates_read_counts(change):
    assert proved(change=change) != proved()


def spoken(templates):
    """Give what is proved of templates in two languages of the process."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("C", "C.UTF-8"):
            locale.setlocale(locale.LC_ALL, name)
            yield proved(templates)
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_the_language_of_the_process_counts_where_a_template_may_use_it():
    dated = {"photos/_tile.html": "{{ entry.page.published.strftime('%B') }}"}
    one, other = spoken(dated)
    assert one != other

    one, other = spoken({})
    assert one == other  # a clock of cron builds what a terminal does


def a_listener(path, context):
    """Do nothing."""


class Listener:
    def __call__(self, path, context):
        """Do nothing."""


def test_whoever_is_told_of_pages_has_a_name_and_a_place_among_others():
    with ExitStack() as connected:
        for each in (a_listener, Listener(), partial(a_listener)):
            connected.enter_context(signals.content_written.connected_to(each))
        names = [name.rpartition(".")[2] for name in listeners()]

    assert names == ["partial", "Listener", "a_listener"]
