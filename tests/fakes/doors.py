"""All ways into one site, as a person would go through them one after the other."""

import hashlib
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from rich.console import Console

from fakes.importing import imported, site_of
from fakes.instagram import FakeInstagram
from fakes.one_account import ACCOUNT, Told, alt_of, export_of, folder_of, number_in, profile_of
from pelican_photos.import_command import Request, run_import
from pelican_photos.importer import Wish
from pelican_photos.library import Library
from pelican_photos.model import Album, Photo
from pelican_photos.report import Report
from pelican_photos.settings import settings_of
from pelican_photos.sources.instagram_export import InstagramExport
from pelican_photos.storing import Site
from pelican_photos.terminal import Display


class CountedExport(InstagramExport):
    """An export that counts the files that were asked for."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__(paths)
        self.fetched = 0

    def fetch(self, address: str) -> Iterator[bytes]:
        self.fetched += 1
        return super().fetch(address)


class Doors:
    """The ways into one site: "live", "folder", an export by its era; "png", one of PNG files.

    ``fetched`` counts the media that the last one gave; ``disk`` keeps folders and exports of
    each account, which many sites may share.
    """

    def __init__(self, site: Path, instagram: FakeInstagram, disk: Path) -> None:
        self.site = site
        self.content = site / "content"
        self.content.mkdir(parents=True, exist_ok=True)
        self.instagram = instagram
        self.fetched = 0
        self._disk = disk
        instagram.mend()
        instagram.saved = []
        self.is_now(ACCOUNT)

    def is_now(self, account: Sequence[Told | None]) -> None:
        """Change the account, live and in the exports that are made from now on."""
        self.account = tuple(account)
        self.instagram.profiles = [profile_of(self.account)]

    def enter(self, door: str | int, **wish: bool) -> Report:
        """Import as a new process would."""
        self.instagram.mend()
        if door not in ("live", "folder"):
            export = CountedExport([self.source(door)])
            report = imported(self.content, export, **wish)
            self.fetched = export.fetched
            return report
        report = self._run([] if door == "live" else [self.source(door)], Wish(**wish))
        self.fetched = self.instagram.count("cdn")
        return report

    def source(self, door: str | int) -> Path:
        """Make what lies on the owner's disk, unless it is there."""
        name = hashlib.md5(repr(self.account).encode()).hexdigest()[:8]
        path = self._disk / f"{name}-{door}{'' if door == 'folder' else '.zip'}"
        if not path.exists():
            if door == "folder":
                folder_of(self.instagram, path)
            else:
                era, form = (4, "PNG") if door == "png" else (door, "JPEG")
                export_of(era, self.account, form=form).zip(path)
        return path

    def open(self) -> Site:
        return site_of(self.content)

    def pages(self) -> list[Path]:
        return sorted(self.content.rglob("*.md"))

    def _run(self, sources: list[Path], wish: Wish) -> Report:
        session = str(self.instagram.session_file())
        configuration = {"PHOTOS_INSTAGRAM_SESSION": session, "PHOTOS_INSTAGRAM_DELAY": 0}
        settings = settings_of(configuration, self.site, {})
        with (self.site / "said.txt").open("a") as said:
            display = Display(Console(file=said, width=200))
            return run_import(settings, Request(sources=tuple(sources), wish=wish), display)


class Shown(NamedTuple):
    """One photo of the site, without the names that depend on which door came first."""

    kind: str
    number: int  # of the picture, as it was drawn
    width: int  # pixels of the original
    camera: str
    taken: str


def shown(site: Path) -> dict[str, tuple[str, str, list[Shown]]]:
    """Give title, body and photos of each post, by its permalink; check what is always so."""
    library = Library(site / "content", "photos")
    stored = list(library.stored())
    assert not library.problems
    photos: dict[str, list[Shown]] = defaultdict(list)
    for file, page in stored:
        if isinstance(page, Photo):
            photos[page.album or page.slug].append(_shown(file, page))
    posts = [page for _, page in stored if isinstance(page, Album) or not page.album]
    found = {
        page.syndication: (page.title, page.content, sorted(photos[page.slug])) for page in posts
    }
    assert len(found) == len(posts), "a post is there twice"
    return found


def _shown(file: Path, page: Photo) -> Shown:
    original = file.with_name(page.original)
    with Image.open(original) as picture:
        assert picture.size == (page.width, page.height)
    number = number_in(original)
    assert page.alt == alt_of(number)
    assert not page.video or file.with_name(page.video).is_file()
    kind = "video" if page.video else "picture"
    return Shown(kind, number, page.width, page.camera, page.taken)


@contextmanager
def quick_disk() -> Iterator[Path]:
    """Lend a folder in memory, where there is one, so that fsync costs nothing."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="photos-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
