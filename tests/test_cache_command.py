"""What is in the cache, and what leaves it: nothing that any build would miss."""

import io
import os
import shutil
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from builders import NOON, a_photo
from fakes import counting
from fakes.site import Site
from pelican_photos.cache_command import Request, run_cache
from pelican_photos.errors import Busy, Guarded, SettingsError
from pelican_photos.library import Library
from pelican_photos.naming import page_path
from pelican_photos.plugin.page_cache import PageCache, Printed
from pelican_photos.plugin.pictures import renditions_for
from pelican_photos.running_builds import RunningBuild
from pelican_photos.settings import settings_of
from pelican_photos.terminal import Display

BOATS, RIVER, TREE = (
    a_photo(name, published=NOON - timedelta(days=days), width=40, height=80)
    for days, name in enumerate(("boats", "river", "tree"))
)
THEIRS = replace(BOATS, slug="theirs", original="theirs.jpg")


class Cached(Site):
    """A site whose renditions are made without the rest of a build."""

    steps = ("20h", "60h")

    def settings_now(self, **settings):
        return settings_of({"PHOTOS_RENDITIONS": self.steps, **settings}, self.folder)

    def render(self):
        assert not any(made.problem for made in self.rendered().values())

    def rendered(self):
        settings = self.settings_now()
        stored = Library(settings.content, settings.path).stored()
        return renditions_for(settings).render(
            [file.with_name(page.original) for file, page in stored]
        )

    @property
    def cache(self):
        return self.folder / ".cache" / "photos"

    def shelf(self):
        return set(self.cache.glob("renditions/??/*"))

    def original(self, photo):
        return self.content / page_path("photos", photo).with_name(photo.original)

    def remove(self, photo):
        self.original(photo).unlink()
        (self.content / page_path("photos", photo)).unlink()

    def look(self, *ways, **request):
        said = io.StringIO()
        ways = ways or (self.settings_now(),)
        run_cache(ways, Display(Console(file=said, width=200)), Request(**request))
        return said.getvalue()

    def clean(self, *ways):
        return self.look(*ways, gc=True, yes=True)


@pytest.fixture
def site(tmp_path):
    site = Cached(tmp_path / "site")
    site.add(BOATS, RIVER, TREE)
    site.render()
    return site


@pytest.fixture
def encoded(monkeypatch):
    return counting.encoded(monkeypatch)


def test_it_says_what_is_in_the_cache(site):
    said = site.look().splitlines()

    assert said[0].startswith("3 originals; 6 renditions of them, ")
    assert said[1].startswith("0 pages")
    assert said[2:] == ["not needed: nothing"]


def test_a_cache_that_is_not_there_yet_is_no_error(tmp_path):
    assert "no build has used it yet" in Cached(tmp_path / "site").clean()


def test_renditions_of_a_photo_that_is_gone_go_and_all_others_stay(site, encoded):
    before = site.shelf()
    site.remove(RIVER)

    said = site.clean()

    assert "2 renditions of pictures that no page names" in said
    assert "1 original in the index that no page names" in said
    assert len(before - site.shelf()) == 2
    assert site.shelf() < before
    site.render()
    assert encoded == []
    assert "not needed: nothing" in site.look()


def test_sizes_that_are_not_wanted_any_more_go_once_they_are_not(site, encoded):
    site.steps = ("40h", "60h")
    assert "3 renditions of sizes, a quality or an encoder" in site.clean()
    site.render()

    assert set(encoded) == {(20, 40)}
    assert len(site.shelf()) == 6
    site.clean()
    encoded.clear()
    site.render()
    assert encoded == []


def test_what_another_configuration_of_the_site_needs_stays(site):
    before = site.shelf()

    site.clean(site.settings_now(PHOTOS_RENDITIONS=("20h",)), site.settings_now())

    assert site.shelf() == before


def test_a_photo_that_was_renamed_and_not_built_since_keeps_its_renditions(site, encoded):
    file = site.original(RIVER)
    site.add(a_photo("stream", published=RIVER.published, width=40, height=80))
    file.replace(file.with_name("stream.jpg"))
    file.with_suffix(".md").unlink()

    said = site.clean()

    assert "renditions of" not in said.partition("not needed")[2]
    encoded.clear()
    site.render()
    assert encoded == []


@pytest.mark.parametrize("steps", [Cached.steps, ("30h",)])
def test_a_missing_original_keeps_the_only_copy(site, steps):
    """Also of a recipe that is not in use: a clone shows what it has."""
    site.original(TREE).unlink()
    site.steps = steps
    before = site.shelf()

    site.clean()
    site.clean()

    assert len(before & site.shelf()) == (6 if steps == Cached.steps else 2)
    site.render()  # it would name what it has no renditions of


@pytest.mark.parametrize("known", [True, False])
def test_an_original_that_is_no_picture_now_keeps_the_only_copy(site, known):
    """As in a checkout without Git LFS, where a pointer stands for each."""
    if not known:
        (site.cache / "index-1.sqlite3").unlink()
    site.original(TREE).write_text("version https://git-lfs.github.com/spec/v1\n")
    before = site.shelf()

    site.clean()
    site.clean()

    assert site.shelf() == before


def test_what_nobody_knows_stays_while_an_original_is_missing(site):
    (site.cache / "index-1.sqlite3").unlink()
    site.original(TREE).unlink()
    before = site.shelf()
    site.clean()
    assert site.shelf() == before

    site.remove(RIVER)
    (site.content / page_path("photos", TREE)).unlink()
    assert "4 renditions that the index knows nothing of" in site.clean()


def test_another_site_that_shares_the_cache_keeps_its_renditions(site, tmp_path):
    another = Cached(tmp_path / "another")
    another.add(THEIRS)
    shared = {"PHOTOS_CACHE": "../site/.cache/photos"}
    renditions_for(another.settings_now(**shared)).render([another.original(THEIRS)])
    before = site.shelf()

    site.clean()

    assert site.shelf() == before


def test_ways_to_build_that_nobody_goes_any_more_are_forgotten(site):
    for way, days in (("a", 29), ("b", 31)):
        file = site.cache / "pages" / f"{way}.sqlite3"
        pages = PageCache(file, keeps_text=False)
        with pages.opened():
            pages.add("index.html", Printed("", "", ""), "")
        os.utime(file, (time.time() - days * 86_400,) * 2)
    assert site.look().splitlines()[1].startswith("2 pages and other texts, in 2 ways")

    site.clean()

    assert [file.stem for file in site.cache.glob("pages/*.sqlite3")] == ["a"]
    with PageCache(site.cache / "pages" / "a.sqlite3", keeps_text=False).opened():
        pass
    assert time.time() - (site.cache / "pages" / "a.sqlite3").stat().st_mtime < 60


def test_unfinished_renditions_go(site):
    part = site.cache / "renditions" / "unfinished" / "part"
    part.write_bytes(b"RIFF")

    assert "1 rendition not finished by any build" in site.clean()
    assert not part.exists()


def test_nothing_goes_that_nobody_agreed_to(site):
    site.remove(RIVER)
    before = site.shelf()

    with pytest.raises(Guarded, match="nothing was removed"):
        site.look(gc=True)
    listed = site.look(gc=True, dry_run=True)

    assert listed.count("would remove renditions/") == 2
    assert site.shelf() == before


def test_nothing_goes_while_a_page_cannot_be_read(site):
    site.write("photos/2024/river.md", "Date: the day before\n\n")

    assert "what 1 page would need is not known" in site.look()
    with pytest.raises(SettingsError, match=r"river\.md: .*correct it first"):
        site.clean()


def test_nothing_goes_while_a_build_runs(site):
    site.remove(RIVER)
    before = site.shelf()
    build = RunningBuild(site.cache, site.output)
    build.begin()

    with pytest.raises(Busy, match="a build uses the cache"):
        site.clean()

    assert site.shelf() == before
    build.end()


def test_a_cache_in_which_everything_is_lost_is_no_trouble(site):
    shutil.rmtree(site.cache / "renditions")

    assert site.clean().startswith("3 originals; 0 renditions")
    site.render()
    assert len(site.shelf()) == 6


STEPS = (("20h", "60h"), ("20h", "40h"), ("30h",))


@pytest.fixture(scope="module")
def _known(tmp_path_factory):
    """A site whose renditions were made with two of the three recipes."""
    site = Cached(tmp_path_factory.mktemp("known") / "site")
    site.add(BOATS, RIVER, TREE)
    for site.steps in STEPS[:2]:
        site.render()
    return site.folder


@settings(max_examples=15)
@given(
    gone=st.sets(st.sampled_from([BOATS, RIVER, TREE])),
    missing=st.sets(st.sampled_from([BOATS, RIVER, TREE])),
    touched=st.sets(st.sampled_from([BOATS, RIVER, TREE])),
    steps=st.sampled_from(STEPS),
)
def test_a_build_after_a_clean_up_makes_and_shows_what_it_would_have(
    _known, gone, missing, touched, steps
):
    with tempfile.TemporaryDirectory() as folder:
        before, cleaned = (Cached(Path(shutil.copytree(_known, f"{folder}/{n}"))) for n in "ab")
        for site in (before, cleaned):
            site.steps = steps
            for photo in missing | gone:
                site.original(photo).unlink()
            for photo in touched - missing - gone:
                site.original(photo).touch()
            for photo in gone:
                (site.content / page_path("photos", photo)).unlink()

        cleaned.clean()

        assert made_and_shown(cleaned) == made_and_shown(before)
        assert "renditions of" not in cleaned.look().partition("not needed")[2]


def made_and_shown(site):
    with pytest.MonkeyPatch.context() as patched:
        encoded = counting.encoded(patched)
        rendered = site.rendered()
    return sorted(encoded), {
        path.name: [each.name for each in made.renditions] for path, made in rendered.items()
    }
