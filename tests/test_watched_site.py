"""What of a site is watched: all that it is made of, and nothing that is made of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from watchfiles import Change

from pelican_photos.errors import SettingsError
from pelican_photos.watched_site import watched_of

PELICAN = {
    "IGNORE_FILES": ["**/.*", "*.psd"],
    "STATIC_PATHS": ["images"],
    "THEME": "/elsewhere/theme",
    "THEME_TEMPLATES_OVERRIDES": ["mine"],
}


@pytest.fixture(params=["sites/blog", ".sites/blog", ".venv/blog", "node_modules/.git/blog"])
def root(request, tmp_path, monkeypatch):
    """The folder of a site, wherever it may lie."""
    folder = tmp_path / request.param
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def watched(root, **settings):
    said = {"PATH": str(root / "content"), "OUTPUT_PATH": str(root / "output"), **PELICAN}
    return watched_of(root / "pelicanconf.py", {**said, **settings})


def counts(site, path):
    """Tell whether a change of a path is told of by any of the watches."""
    return any(
        each.counts(Change.modified, str(path))
        for each in site.watches
        if any(
            Path(path).is_relative_to(folder) if each.recursive else Path(path).parent == folder
            for folder in each.folders
        )
    )


@pytest.mark.parametrize(
    "path",
    ["content/photos/a.md", "content/a.jpg", "mine/photos/photo.html", "pelicanconf.py", "menu.py"],
)
def test_what_a_site_is_made_of_counts(root, path):
    assert counts(watched(root), root / path)


@pytest.mark.parametrize(
    "path",
    [
        *("content/.a.md.swp", "content/.git/index", "content/a.md~", "content/a.psd"),
        *("content/node_modules/a.js", "mine/.#photo.html", "output/index.html", "notes.txt"),
        *(".cache/photos/index", "flycheck_pelicanconf.py", "other.css"),
    ],
)
def test_what_it_is_not_made_of_does_not_count(root, path):
    assert not counts(watched(root), root / path)


def test_a_theme_may_be_installed_anywhere(root):
    site = watched(root, THEME=str(root / ".venv/lib/theme"))

    assert counts(site, root / ".venv/lib/theme/templates/base.html")
    assert not counts(site, root / ".venv/lib/theme/__pycache__/a.pyc")


def test_what_is_made_below_the_content_does_not_count(root):
    site = watched(root, OUTPUT_PATH=str(root / "content/out"), PHOTOS_CACHE="content/made")

    assert counts(site, root / "content/a.md")
    assert not counts(site, root / "content/out/a/index.html")
    assert not counts(site, root / "content/made/a.webp")


def test_the_environment_says_which_style_sheet_and_cache_are_in_use(root, monkeypatch):
    monkeypatch.setenv("PHOTOS_STYLESHEET", "css/try.css")
    monkeypatch.setenv("PHOTOS_CACHE", "content/made")
    site = watched(root, PHOTOS_STYLESHEET="own.css")

    assert counts(site, root / "css/try.css")
    assert not counts(site, root / "own.css")
    assert not counts(site, root / "content/made/a.webp")


def test_modules_that_the_settings_import_count_wherever_they_lie(root):
    menu = root / "settings" / "menu.py"
    site = replace(watched(root), imported=[menu])

    assert counts(site, menu)
    assert menu in site.modules
    assert site.is_setting(menu)
    assert not site.is_setting(root / "content/photos/a.md")
    assert site.is_setting(root / "content")  # it is another one by now


def test_every_module_beside_the_settings_may_be_part_of_them(root):
    for name in ("pelicanconf.py", "menu.py", ".#menu.py", "flycheck_menu.py", "notes.txt"):
        (root / name).touch()

    assert watched(root).modules == [root / "menu.py", root / "pelicanconf.py"]


def test_a_pattern_with_a_whole_path_ignores_what_it_did(root):
    """As that of a plugin that writes into the content at each build."""
    site = watched(root, IGNORE_FILES=["*/content/generated/*", str(root / "content/b.md")])

    assert counts(site, root / "content/a.md")
    assert not counts(site, root / "content/generated/a.md")
    assert not counts(site, root / "content/b.md")


@pytest.mark.parametrize(
    "wrong",
    [
        {"THEME_TEMPLATES_OVERRIDES": None},
        {"THEME_TEMPLATES_OVERRIDES": [5]},
        {"IGNORE_FILES": None},
        {"STATIC_PATHS": 3},
        {"PHOTOS_PER_PAGE": 0},
    ],
)
def test_settings_that_cannot_be_are_refused(root, wrong):
    with pytest.raises((TypeError, SettingsError)):
        watched(root, **wrong)
