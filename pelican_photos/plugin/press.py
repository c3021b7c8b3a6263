"""Where files of the gallery are written: pages by their templates, and texts as they come."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pelican.generators import Generator
from pelican.utils import get_relative_path, path_to_url

from pelican_photos.plugin.environment import FOLDER
from pelican_photos.plugin.fingerprint import Fingerprints, Later, Unprovable
from pelican_photos.plugin.makers import code
from pelican_photos.plugin.printer import Made, Prints
from pelican_photos.plugin.surroundings import (
    listeners,
    loaded,
    narrowed,
    overview_of,
    recipe,
    ways_of,
)

if TYPE_CHECKING:
    from jinja2 import Template

logger = logging.getLogger(__name__)

# Templates that show the gallery as a whole; all others see the ways through it.
_WHOLE = frozenset({"archive", "links", "map", "on-this-day", "people", "tags"})
_OVERVIEWS = ("photos", "year")  # lists that say how much there is of everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What a plugin that writes a site map asks of a page, in Pelican's words.

    It finds this as ``page`` in the context of what was written, and leaves out what is not
    published.
    """

    url: str
    status: str
    date: datetime | None


class _Told(dict[str, Any]):
    """The context of a page that was not made again: what is dear to make waits to be asked for."""

    def __init__(self, known: Mapping[str, Any], words: Mapping[str, Any]) -> None:
        super().__init__(known)
        self._words = words
        self.update({k: v for k, v in words.items() if not isinstance(v, Later)})

    def __missing__(self, name: str) -> Any:
        value = self._words[name]
        return value.make() if isinstance(value, Later) else value


class Press:
    """Prints with the templates, the context and the writer of one build."""

    def __init__(self, generator: Generator, printer: Prints) -> None:
        self._generator = generator
        self._context: dict[str, Any] = generator.context
        self._templates: dict[str, Template] = {}
        self._gallery = generator.context["gallery"]
        self._assets = generator.context["photostream"].assets
        self._ways, self._overview = ways_of(self._gallery), overview_of(self._gallery)
        self.output = Path(generator.output_path)
        self._printer = printer
        self._fingerprints = Fingerprints()
        # Nobody sees "page": a theme would take it for a page of the site.
        self._whole = {k: v for k, v in self._context.items() if k != "page"}
        self._names = narrowed(self._context)
        self._code = self._fingerprints.of(code())
        self.unprovable = ""  # why pages are made at each build
        self._compared: Mapping[str, str] = {}  # templates
        self._recipe = self._proved()
        self._arounds: dict[tuple[int, str | None], str] = {}
        self._doubtful = False

    def page(self, template: str, folder: str, **words: Any) -> None:
        """Write ``<folder>/index.html`` with our template of that name."""
        self.file(template, f"{folder}/index.html", f"{quote(folder)}/", **words)

    def file(
        self,
        template: str,
        save_as: str,
        url: str,
        *,
        status: str = "published",
        is_anywhere: bool = False,
        **words: Any,
    ) -> None:
        """Write a page elsewhere; ``url`` is its address below the site, percent-encoded.

        Only what is published is in a site map; an entry's page knows that by itself.  What
        ``is_anywhere`` is shown at addresses of any depth, so that no link in it is relative.
        """
        frame: dict[str, Any] = {"output_file": save_as}
        if self._generator.settings["RELATIVE_URLS"] and not is_anywhere:
            frame["SITEURL"] = path_to_url(get_relative_path(save_as))
        names = {**(self._names if self._recipe else self._whole), **frame}
        if self._recipe:
            names["gallery"] = self._shown(template, words)
        note = self._printer.put(
            save_as,
            self._inputs(template, names, words),
            partial(self._made, template, names, words),
            lambda: _Told(
                {**self._context, **frame, "gallery": self._gallery},
                {**words, "page": self._mapped(url, words, status)},
            ),
        )
        self._assets.take(note.split())

    def text(self, save_as: str, make: Callable[[], str], *inputs: Any) -> None:
        """Write a text that our code alone makes from ``inputs``; no template has a part in it."""
        self._printer.put(save_as, self._code_and(inputs), lambda: Made(make()))

    def named(self, name: str, make: Callable[[], str], *inputs: Any) -> str:
        """Write a text whose file has a hash of it in its name; gives the file below the output."""
        return self._printer.put_named(name, self._code_and(inputs), make)

    def doubt(self) -> None:
        """Let the page that is being made be made again next time: something is wrong with it."""
        self._doubtful = True

    def _code_and(self, inputs: tuple[Any, ...]) -> str:
        try:
            return f"{self._code} - {self._fingerprints.of(*inputs)}"
        except Unprovable:
            return ""

    def _inputs(self, template: str, names: Mapping[str, Any], words: Mapping[str, Any]) -> str:
        """Give the fingerprint of what a page is made from, "" where that cannot be told."""
        if not self._recipe:
            return ""
        # One text for all that is short: there are tens of thousands of pages.
        place = f"{template} {names['output_file']!r} {' '.join(words)}"
        try:
            shown = self._fingerprints.of(place, *words.values())
        except Unprovable as error:
            self._doubt_all(error)
            return ""
        return f"{self._recipe} {self._around(names['gallery'], names.get('SITEURL'))} {shown}"

    def _around(self, gallery: Any, siteurl: str | None) -> str:
        """Give the fingerprint of the site as some pages see it around them; there are few."""
        key = id(gallery), siteurl
        if key not in self._arounds:
            self._arounds[key] = self._fingerprints.of(self._names, gallery, siteurl)
        return self._arounds[key]

    def _proved(self) -> str:
        """Give the fingerprint of what makes all pages; "" where they may show anything."""
        try:
            made_with = recipe(self._generator.env, self._generator.settings)
            self._fingerprints.of(self._names)
            self._compared = made_with.templates
            return self._fingerprints.of(made_with, listeners())
        except Unprovable as error:
            self._doubt_all(error)
            return ""

    def _doubt_all(self, error: Unprovable) -> None:
        if not self.unprovable:
            self.unprovable = str(error)
            logger.info("Pages of photos are made at each build: %s", error)

    def _shown(self, template: str, words: Mapping[str, Any]) -> Any:
        """Choose what a page sees of the gallery."""
        sheet = words.get("sheet")
        if template in _WHOLE:
            return self._gallery
        is_overview = sheet and sheet.listing.kind in _OVERVIEWS
        return self._overview if is_overview else self._ways

    @cached_property
    def _as_compared(self) -> bool:
        """Whether templates are still those that were compared; from here on they stay."""
        return loaded(self._generator.env, self._compared)

    def _made(self, template: str, names: Mapping[str, Any], words: Mapping[str, Any]) -> Made:
        self._doubtful = not self._as_compared
        if template not in self._templates:
            self._templates[template] = self._generator.get_template(f"{FOLDER}/{template}")
        given = {k: v.make() if isinstance(v, Later) else v for k, v in words.items()}
        with self._assets.asked() as asked:
            text = self._templates[template].render({**names, **given})
        return Made(text, " ".join(sorted(asked)), self._doubtful)

    def _mapped(self, url: str, words: dict[str, Any], status: str) -> Mapped:
        entry, sheet = words.get("entry"), words.get("sheet")
        newest = sheet.groups[0].entries if sheet and sheet.groups else self._gallery.posts
        shown = entry or next(iter(newest), None)
        return Mapped(
            url=url,
            status=entry.status if entry else status,
            date=shown.page.published if shown else None,
        )
