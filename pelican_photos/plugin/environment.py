"""Our templates in every environment that Pelican makes, and escaping in those templates alone.

A site's home page may show photos, so that the templates ``photos/…`` and the filters
``photos_…`` are there for all generators.  They come last: a file of the same name in the
theme, or in ``THEME_TEMPLATES_OVERRIDES``, wins.
"""

import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Macro

from pelican_photos.plugin.assets import theme_folder
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.markup import FILTERS
from pelican_photos.plugin.structured import FILTERS as STRUCTURED

FOLDER = "photos"  # of the templates, so that no theme's tags.html is taken for ours

OUR_FILTERS = {**FILTERS, **STRUCTURED}

Autoescape = bool | Callable[[str | None], bool]


class TilesMade:
    """The tiles of one build: a post is shown by a dozen lists, and its tile is made for them once.

    What depends on its place is how early its picture is fetched, as ``_tile.html`` says.
    """

    FIRST, EARLY = 2, 8  # so many are fetched before others, and so many at once

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], str] = {}

    def at(self, index: int, macro: Macro, entry: Entry, site: str, originals: str) -> str:
        """Give the tile of an entry at a place of a page, from 0."""
        alike = max(each for each in (0, self.FIRST, self.EARLY) if each <= index)
        key = (id(macro), id(entry), site, originals, alike)
        if key not in self._known:
            self._known[key] = macro(entry, site, alike, originals)
        return self._known[key]


class MenusMade:
    """The menus of one build: the same on every page, but for those that the menu leads to."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], str] = {}

    def of(self, gallery: Any, macro: Macro, site: str, here: str) -> str:
        """Give a menu of the gallery as it stands on the page ``here``, a file of the site."""
        below = here.removeprefix(f"{gallery.path}/")
        # No page of a photo is as near to the gallery as what the menu leads to.
        there = here if below != here and below.count("/") <= 1 else ""
        key = (id(macro), id(gallery), site, there)
        if key not in self._known:
            self._known[key] = macro(site, gallery, there)
        return self._known[key]


class Compiled(FileSystemBytecodeCache):
    """Compiled templates in a folder, which is made when there is the first; it may be lost.

    What belongs to a template is told from its text, so that a changed one is compiled again.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template, if the disk lets us."""
        with suppress(OSError):
            os.makedirs(self.directory, exist_ok=True)  # noqa: PTH103 - a text, to Jinja
            super().dump_bytecode(bucket)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Find a template; one that is damaged is compiled again."""
        with suppress(OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError):
            super().load_bytecode(bucket)


class _Ours(PrefixLoader):
    """A loader whose templates keep their whole name, by which they are known to be ours.

    PrefixLoader compiles ``photos/photo.html`` under the name ``photo.html``.
    """

    load = BaseLoader.load


def prepare(environment: Environment, compiled: Path | None = None) -> None:
    """Add loader, filters and escaping to an environment; anything said before stays true.

    Compiled templates are kept in the folder ``compiled``.
    """
    folder = theme_folder() / "templates" / FOLDER
    ours = _Ours({FOLDER: FileSystemLoader(folder)})
    environment.loader = ChoiceLoader([*filter(None, [environment.loader]), ours])
    made = {"photos_tile_at": TilesMade().at, "photos_menu": MenusMade().of}
    environment.filters.update({**OUR_FILTERS, **made})
    # A build has environments of its own: nobody edits a template while it writes its pages.
    environment.auto_reload = False
    if compiled and environment.bytecode_cache is None:
        environment.bytecode_cache = Compiled(str(compiled))
    environment.autoescape = partial(_escapes, environment.autoescape)


def _escapes(before: Autoescape, name: str | None) -> bool:
    """Escape what our templates write, wherever they come from; others do as they did.

    Pelican switches escaping off, as titles and summaries of articles are HTML.  Captions,
    tags and places are not: they are what strangers typed.
    """
    own = (name or "").removeprefix("!theme/").removeprefix("!simple/")
    if own.startswith(f"{FOLDER}/"):
        return True
    return before(name) if callable(before) else before
