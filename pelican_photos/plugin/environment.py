"""Our templates in every environment that Pelican makes, and escaping in those templates alone.

A site's home page may show photos, so that the templates ``photos/…`` and the filters
``photos_…`` are there for all generators.  They come last: a file of the same name in the
theme, or in ``THEME_TEMPLATES_OVERRIDES``, wins.
"""

import os
import pickle
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    Undefined,
)
from jinja2 import filters as builtin_filters
from jinja2 import tests as builtin_tests
from jinja2.bccache import Bucket
from jinja2.runtime import Macro

from pelican_photos.plugin.assets import theme_folder
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.markup import FILTERS
from pelican_photos.plugin.structured import FILTERS as STRUCTURED

_TEMPLATES = theme_folder() / "templates"
FOLDER = "photos"  # of the templates, so that no theme's tags.html is taken for ours

OUR_FILTERS = {**FILTERS, **STRUCTURED}

# What decides, beside its text, what a template is compiled to.
_READING = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix"),
    *("line_comment_prefix", "trim_blocks", "lstrip_blocks", "newline_sequence"),
    *("keep_trailing_newline", "optimized", "is_async"),
)

Autoescape = bool | Callable[[str | None], bool]


class _OwnMacros:
    """Macros of one of our own files, of which it is known what they do with what they are given.

    A site's own in place of them may count, or look at where it stands.  And a page that imports
    them with its context has macros of its own, which are gone with it.
    """

    def __init__(self, environment: Environment, template: str, *names: str) -> None:
        self._environment = environment
        self._template = template
        self._names = names

    def __contains__(self, macro: Macro) -> bool:
        return any(macro is each for each in self._found)

    @cached_property
    def _found(self) -> tuple[Macro, ...]:
        environment = self._environment
        assert environment.loader
        source, file, _ = environment.loader.get_source(environment, self._template)
        if environment.is_async or not is_ours(self._template, source, file):
            return ()
        module = environment.get_template(self._template).module
        return tuple(getattr(module, name) for name in self._names if hasattr(module, name))


class TilesMade:
    """The tiles of one build: a post is shown by a dozen lists, and its tile is made for them once.

    What depends on its place is how early its picture is fetched, as ``_tile.html`` says.
    """

    FIRST, EARLY = 2, 8  # so many are fetched before others, and so many at once

    def __init__(self, environment: Environment) -> None:
        self._own = _OwnMacros(environment, f"{FOLDER}/_tile.html", "tile")
        # What is shown is kept along, so that its id stays its own.
        self._known: dict[tuple[Any, ...], tuple[Entry, str]] = {}

    def at(self, index: int, macro: Macro, entry: Entry, site: str, originals: str) -> str:
        """Give the tile of an entry at a place of a page, from 0."""
        if macro not in self._own:
            return macro(entry, site, index, originals)
        alike = max(each for each in (0, self.FIRST, self.EARLY) if each <= index)
        key = (id(entry), site, originals, alike)
        if key not in self._known:
            self._known[key] = entry, macro(entry, site, alike, originals)
        return self._known[key][1]


class MenusMade:
    """The menus of one build: the same on every page, but for those that the menu leads to."""

    def __init__(self, environment: Environment) -> None:
        self._own = _OwnMacros(environment, f"{FOLDER}/_nav.html", "ways", "more_ways")
        self._known: dict[tuple[Any, ...], tuple[Any, str]] = {}

    def of(self, gallery: Any, macro: Macro, site: str, here: str) -> str:
        """Give a menu of the gallery as it stands on the page ``here``, a file of the site."""
        if macro not in self._own:
            return macro(site, gallery, here)
        below = here.removeprefix(f"{gallery.path}/")
        # No page of a photo is as near to the gallery as what the menu leads to.
        there = here if below != here and below.count("/") <= 1 else ""
        key = (macro.name, id(gallery), site, there)
        if key not in self._known:
            self._known[key] = gallery, macro(site, gallery, there)
        return self._known[key][1]


# Filters that remember within a build what they made; each environment has its own.
_REMEMBERING: Mapping[str, Callable[..., Any]] = {
    "photos_tile_at": TilesMade.at,
    "photos_menu": MenusMade.of,
}
_BY_CHANCE = frozenset({"random"})
KNOWN_FILTERS = (
    builtin_filters.FILTERS.keys() | OUR_FILTERS.keys() | _REMEMBERING.keys()
) - _BY_CHANCE
KNOWN_TESTS = builtin_tests.TESTS.keys()


def strangeness(environment: Environment) -> str:
    """Say what may give our templates another meaning than they have of themselves; "" for nothing.

    Globals are left out: they are looked up when a page is made.
    """
    filters, tests = environment.filters, environment.tests
    own = {**builtin_filters.FILTERS, **OUR_FILTERS}
    replaced = [name for name, filter_ in own.items() if filters.get(name) is not filter_]
    replaced += [
        name
        for name, method in _REMEMBERING.items()
        if getattr(filters.get(name), "__func__", None) is not method
    ]
    replaced += [name for name, test in builtin_tests.TESTS.items() if tests.get(name) is not test]
    if replaced:
        return f"the filter or test {replaced[0]} is another one"
    plain = environment.undefined is Undefined and environment.finalize is None
    if environment.extensions or not plain:
        return "JINJA_ENVIRONMENT says how templates are read"
    return ""


def how_read(environment: Environment) -> tuple[Any, ...]:
    """Give what decides, beside their text and what is escaped, what all templates say."""
    return environment.policies, [getattr(environment, each) for each in _READING]


def is_escaped(environment: Environment, name: str) -> bool:
    """Whether a template of that name escapes what it is given."""
    escapes = environment.autoescape
    return bool(escapes(name) if callable(escapes) else escapes)


def is_ours(name: str, source: str, file: str | None) -> bool:
    """Whether a template is our own, or a copy of it."""
    ours = _TEMPLATES / name.removeprefix("!theme/")
    if file is not None and Path(file).resolve() == ours:
        return True
    return ours.is_file() and ours.read_text("utf-8") == source


class Compiled(FileSystemBytecodeCache):
    """Our templates, compiled, in a folder that is made when there is the first; it may be lost.

    Jinja tells templates apart by their text.  But a filter of something constant is applied
    while a template is compiled, and another version or another setting reads the text in another
    way.  So ``code`` says what compiles here, and templates that are not ours, whose filters may
    be anything, are compiled in every build.
    """

    def __init__(self, directory: str, code: str) -> None:
        super().__init__(directory)
        self._code = code

    def get_bucket(
        self, environment: Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """Find a template of ours; whatever else it is, there is nothing."""
        bucket = Bucket(environment, self.get_cache_key(name, filename), "")
        if is_ours(name, source, filename) and not strangeness(environment):
            reading = how_read(environment), is_escaped(environment, name)
            bucket.checksum = self.get_source_checksum(f"{self._code} {reading} {source}")
            self.load_bytecode(bucket)
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep a template of ours."""
        if bucket.checksum:
            super().set_bucket(bucket)

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


def prepare(environment: Environment, compiled: Compiled | None = None) -> None:
    """Add loader, filters and escaping to an environment; anything said before stays true."""
    ours = _Ours({FOLDER: FileSystemLoader(_TEMPLATES / FOLDER)})
    environment.loader = ChoiceLoader([*filter(None, [environment.loader]), ours])
    made = {"photos_tile_at": TilesMade(environment).at, "photos_menu": MenusMade(environment).of}
    environment.filters.update({**OUR_FILTERS, **made})
    # A build has environments of its own: nobody edits a template while it writes its pages.
    environment.auto_reload = False
    if compiled and environment.bytecode_cache is None:
        environment.bytecode_cache = compiled
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
