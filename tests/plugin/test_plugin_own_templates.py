"""A site's own templates in place of ours: a build after another equals one from nothing."""

import time

import pytest
from pelican.plugins import signals

from builders import a_photo
from fakes import counting
from fakes.from_nothing import from_nothing, texts
from fakes.site import Site
from pelican_photos.plugin.assets import theme_folder

OURS = theme_folder() / "templates"
pytestmark = pytest.mark.usefixtures("one_moment")


@pytest.fixture
def renders(monkeypatch):
    return counting.rendered(monkeypatch)


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path / "site", THEME_TEMPLATES_OVERRIDES=[str(tmp_path / "site/templates")])
    site.add(a_photo("boats", tags=("sea",)))
    return site


def own(site: Site, name: str, text: str) -> None:
    """Write a template of the site's own in place of one of ours."""
    file = site.folder / "templates/photos" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def outdated(site: Site, **settings) -> set[str]:
    """Build once more; gives the files that a build from nothing makes otherwise."""
    expected = from_nothing(site, **settings)
    found = texts(site.build(**settings).folder)
    return {name for name, text in expected.items() if found.get(name) != text}


def with_day(day: str) -> str:
    """Give our tile, with something else in place of its day."""
    tile = (OURS / "photos/_tile.html").read_text("utf-8")
    assert "{{ entry.day }}" in tile
    return tile.replace("{{ entry.day }}", day)


@pytest.fixture
def clock(monkeypatch):
    """Let a test set the clock of this machine."""
    yield lambda zone: (monkeypatch.setenv("TZ", zone), time.tzset())
    monkeypatch.undo()
    time.tzset()


def test_a_template_may_show_the_time_of_the_place_where_the_site_is_built(site, clock):
    own(site, "_tile.html", with_day("{{ entry.page.published.astimezone().isoformat() }}"))
    clock("Europe/Berlin")
    site.build()
    clock("America/New_York")

    assert outdated(site) == set()


def test_a_template_may_have_another_ending(site, renders):
    settings = {"TEMPLATE_EXTENSIONS": [".jinja", ".html"]}
    own(site, "photo.jinja", "{{ entry.title }}, as it was")
    site.build(**settings)
    own(site, "photo.jinja", "{{ entry.title }}, as it is")

    assert outdated(site, **settings) == set()
    renders.clear()
    site.build(**settings)
    assert [name for name in renders if name.startswith("photos/")] == []


def test_one_with_another_ending_may_ask_for_no_more_than_others(site, renders):
    settings = {"TEMPLATE_EXTENSIONS": [".jinja", ".html"]}
    own(site, "photo.jinja", "{{ gallery.posts|length }}")
    site.build(**settings)
    renders.clear()

    assert site.build(**settings).text("photos/2024/boats/") == "1"
    assert "photos/photo.jinja" in renders


def test_a_plugin_may_change_how_templates_are_read(site):
    def change(generator):
        generator.env.trim_blocks = False

    site.build()
    with signals.generator_init.connected_to(change):
        assert outdated(site) == set()


def test_a_changed_copy_of_ours_is_compared_as_ours_is(site, renders):
    copy = (OURS / "photos/index.html").read_text("utf-8")
    own(site, "index.html", copy.replace("</header>", "{{ SITENAME }}</header>"))
    site.build()
    renders.clear()

    assert outdated(site) == set()
    renders.clear()
    assert "A site</header>" in site.build().text("photos/")
    assert [name for name in renders if name.startswith("photos/")] == []
    own(site, "index.html", copy.replace("</header>", "{{ output_file }}</header>"))
    assert outdated(site) == set()


def test_a_copy_that_asks_for_more_sees_everything(site):
    copy = (OURS / "photos/index.html").read_text("utf-8")
    own(site, "index.html", copy.replace("</header>", "{{ gallery.entries|length }}</header>"))

    assert "1</header>" in site.build().text("photos/")
    site.add(a_photo("nets", status="hidden"))
    assert outdated(site) == set()


def test_a_template_that_is_edited_while_pages_are_printed_is_used_by_the_next_build(site):
    """And not by half of this one, whose pages would be taken for those of the other."""
    now = []

    def edit(path, context):
        if now and "/photos/" in path:
            own(site, "tags.html", now.pop())

    own(site, "tags.html", "as it was")
    with signals.content_written.connected_to(edit):
        now.append("as it is for a moment")
        site.build()
        assert not now
        own(site, "tags.html", "as it was")

        assert outdated(site) == set()
