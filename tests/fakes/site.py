"""Small sites, built with the real Pelican in a temporary folder, and read back."""

import locale
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import mf2py
from pelican import Pelican
from pelican.settings import read_settings
from PIL import Image

from pelican_photos.library import Library
from pelican_photos.model import Album, Comment, Photo
from pelican_photos.naming import page_path
from pelican_photos.page import write_page

OUR_THEME = Path(__file__).parents[2] / "themes" / "photostream"


class Log(logging.Handler):
    """Keeps what was said, by level."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def said(self, level: int = logging.WARNING) -> list[str]:
        return [each.getMessage() for each in self.records if each.levelno >= level]


@dataclass
class Built:
    """The output of one build."""

    folder: Path
    log: Log

    def has(self, address: str) -> bool:
        return self.file(address).is_file()

    def file(self, address: str) -> Path:
        path = unquote(urlsplit(address).path).lstrip("/")
        return self.folder / (f"{path}index.html" if path.endswith("/") or not path else path)

    def text(self, address: str) -> str:
        return self.file(address).read_text("utf-8")

    def page(self, address: str) -> "Element":
        return _parsed(self.text(address))

    def microformats(self, address: str) -> dict:
        return mf2py.parse(doc=self.text(address), url=f"https://example.org/{address}")

    def addresses(self) -> set[str]:
        return {
            f"{file.parent.relative_to(self.folder).as_posix()}/"
            for file in self.folder.rglob("index.html")
        }


@lru_cache(32)  # tests of one gallery ask for the same few pages, and none changes one
def _parsed(text: str) -> "Element":
    return Element(html5lib.parse(text, "etree", namespaceHTMLElements=False))


class Element:
    """An element of a page, asked by its name and classes: ``a.u-url``."""

    def __init__(self, node) -> None:
        self.node = node

    def all(self, selector: str, **attributes: str) -> list["Element"]:
        name, *classes = selector.split(".")
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [
            Element(node)
            for node in self.node.iter()
            if isinstance(node.tag, str)
            and (not name or node.tag == name)
            and set(classes) <= set(node.get("class", "").split())
            and all(node.get(key) == value for key, value in wanted.items())
        ]

    def one(self, selector: str, **attributes: str) -> "Element":
        found = self.all(selector, **attributes)
        assert len(found) == 1, f"{len(found)} {selector} {attributes}"
        return found[0]

    def get(self, name: str) -> str | None:
        return self.node.get(name)

    @property
    def text(self) -> str:
        """What can be read; a break is a line end."""
        return _text(self.node)


def _text(node) -> str:
    inner = "\n" if node.tag == "br" else (node.text or "") if isinstance(node.tag, str) else ""
    return inner + "".join(_text(child) + (child.tail or "") for child in node)


class Site:
    """A site to be: its pages, its pictures, its settings."""

    def __init__(self, folder: Path, **settings) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.output = folder / "output"
        self.settings = settings
        self.content.mkdir(parents=True, exist_ok=True)
        (folder / "pelicanconf.py").touch()

    def add(self, *pages: Photo | Album) -> None:
        """Write pages, each photo with a picture of the size that the page says."""
        for page in pages:
            file = self.content / page_path("photos", page)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(write_page(page), "utf-8")
            if isinstance(page, Photo) and page.original:
                draw(file.with_name(page.original), (page.width, page.height), seed=page.slug)
            if isinstance(page, Photo) and page.video:
                file.with_name(page.video).write_bytes(b"\0\0\0\x18ftypmp42" + bytes(64))

    def comment(self, page: Photo | Album, *comments: Comment) -> None:
        file = self.content / page_path("photos", page)
        Library(self.content, "photos").add_comments(file, comments)

    def write(self, path: str, text: str) -> Path:
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def build(self, **settings) -> Built:
        configuration = {
            "PATH": str(self.content),
            "OUTPUT_PATH": str(self.output),
            "THEME": str(OUR_THEME),
            "SITENAME": "A site",
            "SITEURL": "https://example.org",
            "TIMEZONE": "UTC",
            "PLUGINS": ["pelican_photos"],
            "PHOTOS_RENDITIONS": ["32h", "64h"],
            "LOCALE": ["C"],
            **self.settings,
            **settings,
        }
        log = Log()
        loggers = [logging.getLogger(name) for name in ("pelican", "pelican_photos")]
        for logger in loggers:
            logger.addHandler(log)
        spoken = locale.setlocale(locale.LC_ALL)  # Pelican sets it for the whole process
        try:
            Pelican(read_settings(override=configuration)).run()
        finally:
            locale.setlocale(locale.LC_ALL, spoken)
            for logger in loggers:
                logger.removeHandler(log)
        return Built(self.output, log)


def draw(file: Path, size: tuple[int, int], seed: str = "") -> None:
    """Draw a picture that no other seed gives."""
    file.parent.mkdir(parents=True, exist_ok=True)
    colour = tuple(sum(seed.encode()) * step % 200 for step in (3, 5, 7))
    picture = Image.linear_gradient("L").resize(size)
    painted = Image.composite(
        Image.new("RGB", size, colour), Image.new("RGB", size, "white"), picture
    )
    painted.save(file, quality=85)
