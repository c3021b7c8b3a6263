"""Our templates in every environment that Pelican makes, and escaping in those templates alone.

A site's home page may show photos, so that the templates ``photos/…`` and the filters
``photos_…`` are there for all generators.  They come last: a file of the same name in the
theme, or in ``THEME_TEMPLATES_OVERRIDES``, wins.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
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


class _Ours(PrefixLoader):
    """A loader whose templates keep their whole name, by which they are known to be ours.

    PrefixLoader compiles ``photos/photo.html`` under the name ``photo.html``.
    """

    load = BaseLoader.load


def prepare(environment: Environment) -> None:
    """Add loader, filters and escaping to an environment; anything said before stays true."""
    folder = theme_folder() / "templates" / FOLDER
    ours = _Ours({FOLDER: FileSystemLoader(folder)})
    environment.loader = ChoiceLoader([*filter(None, [environment.loader]), ours])
    environment.filters.update({**OUR_FILTERS, "photos_tile_at": TilesMade().at})
    # A build has environments of its own: nobody edits a template while it writes its pages.
    environment.auto_reload = False
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
