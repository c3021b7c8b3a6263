"""A site of one contender: its files, the program that builds it, and what changes in it."""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from building.posts import Post, edited

ROOT = Path(__file__).resolve().parents[2]
DISPLAY, THUMBNAIL, QUALITY = 1080, 400, 80
CHANGED = "<p>Made another way.</p>"
SITEURL = "https://photos.example.org"


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo, with what is said about it."""

    post: Post
    file: Path

    @property
    def name(self) -> str:
        """The file's name in every site."""
        return f"{self.post.slug}.jpg"


class Site(ABC):
    """What each contender has to offer; ``program`` is where it was installed."""

    output = "output"
    end = "</article>"  # in the template of a photo's page
    shows_captions = True

    def __init__(self, root: Path, program: Path, *, pictures: bool = True) -> None:
        self.root, self.program, self.pictures = root, program, pictures

    def create(self, shots: Sequence[Shot]) -> None:
        """Write everything that a first build needs."""
        self.configure()
        for shot in shots:
            self.add(shot)

    @abstractmethod
    def configure(self) -> None:
        """Write settings and templates."""

    def add(self, shot: Shot) -> None:
        """Write a photo and its page."""
        if self.pictures:
            link(shot.file, self.original(shot))
        write(self.page(shot), self.text(shot.post))

    def edit(self, shot: Shot) -> None:
        """Change the caption of a photo."""
        write(self.page(shot), self.text(edited(shot.post)))

    def change_template(self) -> None:
        """Change what every photo's page is made with."""
        before, end, after = self.template().read_text("utf-8").rpartition(self.end)
        write(self.template(), f"{before}{CHANGED}{end}{after}")

    def pages_with(self, text: str) -> int:
        """Count the built pages that hold a text."""
        pages = (self.root / self.output).rglob("*.html")
        return sum(text in page.read_text("utf-8") for page in pages)

    @abstractmethod
    def original(self, shot: Shot) -> Path:
        """Say where the picture of a photo goes."""

    @abstractmethod
    def page(self, shot: Shot) -> Path:
        """Say where its page goes."""

    @abstractmethod
    def text(self, post: Post) -> str:
        """Write the page of a post, as this program wants it."""

    @abstractmethod
    def template(self) -> Path:
        """Say which file every photo's page is made with."""

    @abstractmethod
    def command(self) -> list[object]:
        """The program and its arguments, to be run in ``root``."""

    def environment(self) -> Mapping[str, str]:
        return plain_environment()


def plain_environment(**more: str) -> dict[str, str]:
    """What every contender gets: nothing of the user's that could change its way."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC", **more}


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def link(source: Path, target: Path) -> None:
    """Put an original where a site expects it, without a copy where that is possible."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def settings_text(settings: Mapping[str, object]) -> str:
    """Write a configuration file in Python."""
    return "".join(f"{name} = {value!r}\n" for name, value in settings.items())
