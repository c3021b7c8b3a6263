"""All doors lead to one set of photos: Instagram itself, Instaloader's folder, each year's export.

The same account goes through them in different orders.  What comes out is the same, but for
the names that the first door gave: one page for each photo, the larger picture, the words of
Instagram today, and the camera that only an export knows.
"""

import itertools
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image
from rich.console import Console

from fakes.importing import imported, stamps
from fakes.instagram import FakeInstagram
from fakes.instagram_export import ERAS
from fakes.one_account import (
    ACCOUNT,
    EXPORT_WIDTH,
    LIVE_WIDTH,
    alt_of,
    export_of,
    folder_of,
    number_in,
    profile_of,
)
from pelican_photos.import_command import Request, run_import
from pelican_photos.library import Library
from pelican_photos.model import Album, Photo
from pelican_photos.report import Report
from pelican_photos.settings import settings_of
from pelican_photos.sources.instagram_export import InstagramExport
from pelican_photos.terminal import Display


class CountedExport(InstagramExport):
    """An export that keeps account of the files that were asked for."""

    def __init__(self, paths) -> None:
        super().__init__(paths)
        self.fetched: list[str] = []

    def fetch(self, address):
        self.fetched.append(address)
        return super().fetch(address)


class Doors:
    """The ways into one site; ``fetched`` counts the media that the last one gave."""

    def __init__(self, site: Path, instagram: FakeInstagram, sources: Path) -> None:
        self.site = site
        self.fetched = 0
        self._instagram = instagram
        self._sources = sources

    def enter(self, door: str | int) -> Report:
        self._instagram.mend()
        if door == "live":
            report = self._run()
        elif door == "folder":
            report = self._run(self._sources / "folder")
        else:
            export = CountedExport([self._sources / f"export-{door}.zip"])
            report = imported(self.site / "content", export)
            self.fetched = len(export.fetched)
            return report
        self.fetched = self._instagram.count("cdn")
        return report

    def _run(self, *sources: Path) -> Report:
        session = str(self._instagram.session_file())
        configuration = {"PHOTOS_INSTAGRAM_SESSION": session, "PHOTOS_INSTAGRAM_DELAY": 0}
        settings = settings_of(configuration, self.site, {})
        with (self.site / "said.txt").open("a") as said:
            display = Display(Console(file=said, width=200))
            return run_import(settings, Request(sources=sources), display)


@pytest.fixture(scope="module")
def instagram():
    with FakeInstagram(profile_of()) as fake:
        yield fake


@pytest.fixture(scope="module")
def sources(instagram, tmp_path_factory):
    """Write what lies on the owner's disk: Instaloader's folder, and an export of each era."""
    folder = tmp_path_factory.mktemp("sources")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in instagram.environ.items():
            patch.setenv(name, value)
        folder_of(instagram, folder / "folder")
    for era in ERAS:
        export_of(era).zip(folder / f"export-{era}.zip")
    return folder


@pytest.fixture
def doors(tmp_path, instagram, sources, monkeypatch):
    for name, value in instagram.environ.items():
        monkeypatch.setenv(name, value)
    site = tmp_path / "site"
    (site / "content").mkdir(parents=True)
    return Doors(site, instagram, sources)


class Shown(NamedTuple):
    """One photo of the site, without the names that depend on which door came first."""

    kind: str
    width: int  # pixels of the original
    camera: str
    taken: bool


def shown(site: Path) -> dict[str, tuple[str, str, list[Shown]]]:
    """Give title, body and photos of each post, by its permalink."""
    library = Library(site / "content", "photos")
    stored = list(library.stored())
    assert not library.problems
    photos: dict[str, list[Shown]] = defaultdict(list)
    for file, page in stored:
        if isinstance(page, Photo):
            original = file.with_name(page.original)
            assert original.is_file()
            with Image.open(original) as picture:
                assert picture.size == (page.width, page.height)
            assert page.alt == alt_of(number_in(original))
            kind = "video" if page.video else "picture"
            assert not page.video or file.with_name(page.video).is_file()
            photos[page.album or page.slug].append(
                Shown(kind, page.width, page.camera, bool(page.taken))
            )
    posts = [page for _, page in stored if isinstance(page, Album) or not page.album]
    found = {
        page.syndication: (page.title, page.content, sorted(photos[page.slug])) for page in posts
    }
    assert len(found) == len(posts), "a post is there twice"
    return found


def expected(*, camera: str, width: int) -> dict[str, tuple[list[Shown], str]]:
    """Give the photos of each post, and the first line of its caption on Instagram today."""
    posts = {}
    for told, post in zip(ACCOUNT, sorted_posts(), strict=True):
        photos = [
            Shown("picture", width, camera, bool(camera))
            if kind == "p"
            else Shown("video", LIVE_WIDTH, camera, bool(camera))
            for kind in told.media
        ]
        now = told.caption if told.edited is None else told.edited
        posts[f"https://www.instagram.com/p/{post.code}/"] = (sorted(photos), now.split("\n")[0])
    return posts


def sorted_posts():
    return sorted(profile_of().posts, key=lambda post: int(post.media["pk"]))


def check(site: Path, **wanted) -> None:
    found = shown(site)
    for address, (photos, title) in expected(**wanted).items():
        here = found.pop(address)
        assert here[2] == photos, here
        assert here[0] == title or here[0].startswith("Photo, "), here
    assert not found


def chosen_orders():
    """Every order of the doors, with an export of our days; with each other era, two."""
    yield from itertools.permutations(("live", "folder", 4))
    for era in ERAS:
        if era != 4:
            yield ("live", "folder", era)
            yield (era, "live", "folder")


@pytest.mark.parametrize(
    "order", list(chosen_orders()), ids=lambda order: "-".join(map(str, order))
)
def test_each_order_of_doors_leads_to_one_set(doors, order):
    for door in order:
        assert not doors.enter(door).incomplete

    said = "Apple iPhone 12" if not {1, "html"} & set(order) else ""
    check(doors.site, camera=said, width=EXPORT_WIDTH)

    before = stamps(doors.site / "content")
    for door in order:
        report = doors.enter(door)
        assert str(report) == "11 posts: 11 unchanged"
        assert doors.fetched == 0
    assert stamps(doors.site / "content") == before
