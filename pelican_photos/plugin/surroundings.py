"""What our templates see of the site around a page: no more than they ask for, so comparable.

A page of the gallery is as it was when nothing has changed that its template can read.  Our own
templates get nothing else than is named here.  A site's own template in place of one of ours is
held to the same; one that asks for more, as the frame of another theme does, may show anything,
and the pages of the gallery are then made at every build.
"""

import locale
import time
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import takewhile
from typing import Any

from jinja2 import Environment, TemplateError, TemplateNotFound, meta, nodes
from jinja2.defaults import DEFAULT_NAMESPACE
from pelican.plugins import signals

from pelican_photos.plugin.asking import asked_beyond
from pelican_photos.plugin.assets import theme_folder
from pelican_photos.plugin.environment import (
    FOLDER,
    KNOWN_FILTERS,
    KNOWN_TESTS,
    how_read,
    is_escaped,
    is_ours,
    strangeness,
)
from pelican_photos.plugin.fingerprint import Unprovable
from pelican_photos.plugin.gallery import Gallery
from pelican_photos.plugin.makers import code

# Of the context; "articles" is whether there are any, "pages" what a menu needs of them.
NAMES = (
    *("ARCHIVES_SAVE_AS", "ARCHIVES_URL", "DEFAULT_LANG", "DIRECT_TEMPLATES"),
    *("DISPLAY_PAGES_ON_MENU", "FEED_ALL_ATOM", "FEED_ALL_ATOM_URL", "FEED_DOMAIN", "LINKS"),
    *("MENUITEMS", "SITENAME", "SITESUBTITLE", "SITEURL", "SOCIAL", "THEME_STATIC_DIR"),
    *("articles", "pages", "photostream"),
)
_YEARS = range(1990, 2038)  # of photos; to where every system has local times
_BY_CHANCE = frozenset({"lipsum"})  # of what Jinja has for every template
_FOR_OTHER_PAGES = frozenset({f"{FOLDER}/_latest.html"})  # that are not of the gallery
_APPLYING_ITSELF = frozenset({"map", "select", "reject", "selectattr", "rejectattr"})
# Filters that apply another filter, or a test, whose name is the argument with this number.
_APPLYING = {
    "map": (0, KNOWN_FILTERS - _APPLYING_ITSELF),
    **dict.fromkeys(("select", "reject"), (0, KNOWN_TESTS)),
    **dict.fromkeys(("selectattr", "rejectattr"), (1, KNOWN_TESTS)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """A page of the site, in a menu."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What a page of the gallery has to know of all others: which ways there are."""

    path: str
    url: str
    posts: bool
    albums: bool
    videos: bool
    tagged: bool
    places: bool
    people: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Ways):
    """The same, for the lists of everything and of a year."""

    photo_count: int
    years: tuple[int, ...]


def ways_of(gallery: Gallery) -> Ways:
    """Say which ways lead through a gallery."""
    return Ways(**_ways(gallery))


def overview_of(gallery: Gallery) -> Overview:
    """Say that, how many photos there are, and of which years."""
    years = tuple(gallery.years)
    return Overview(**_ways(gallery), photo_count=gallery.photo_count, years=years)


def _ways(gallery: Gallery) -> dict[str, Any]:
    names = ("posts", "albums", "videos", "tagged", "places", "people")
    found = {name: bool(getattr(gallery, name)) for name in names}
    return {"path": gallery.path, "url": gallery.url, **found}


def narrowed(context: Mapping[str, Any]) -> dict[str, Any]:
    """Give of a site's context what our templates ask for."""
    found = {name: context[name] for name in NAMES if name in context}
    pages = context.get("pages", ()) if context.get("DISPLAY_PAGES_ON_MENU") else ()
    found["articles"] = bool(context.get("articles"))
    found["pages"] = tuple(MenuItem(title=page.title, url=page.url) for page in pages)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that makes pages out of what they show: code and templates."""

    code: str
    templates: Mapping[str, str]  # the sources by name
    read: tuple[Any, ...]  # how they are read
    environment: Mapping[str, Any]
    habits: tuple[Any, ...]  # how this process writes a date in words, and in its own time


def recipe(environment: Environment, settings: Mapping[str, Any]) -> Recipe:
    """Give what makes pages now.

    Raises:
        Unprovable: a template may ask for more than it is given here.
    """
    _refuse_strangers(environment)
    found = list(_templates(environment, settings["TEMPLATE_EXTENSIONS"]))
    templates = {name: source for name, source, _ in found}
    all_are_ours = all(ours for *_, ours in found)
    # What JINJA_ENVIRONMENT says is no more than how an environment begins: plugins change it.
    read = how_read(environment), [is_escaped(environment, name) for name in templates]
    return Recipe(
        code=code(),
        templates=templates,
        read=read,
        environment=settings["JINJA_ENVIRONMENT"],
        habits=() if all_are_ours else _habits(),
    )


def _habits() -> tuple[Any, ...]:
    """Tell how this process writes dates; our own templates do so in their own way."""
    # Zones share names, and offsets: their summers and their history tell them apart.
    seasons = (datetime(year, month, 1) for year in _YEARS for month in (1, 7))  # noqa: DTZ001 - local
    offsets = [str(each.astimezone().utcoffset()) for each in seasons]
    return locale.setlocale(locale.LC_ALL), time.tzname, offsets


def loaded(environment: Environment, templates: Mapping[str, str]) -> bool:
    """Load templates for this build; whether they are what they were when they were compared.

    Somebody may save one while pages are printed, and take that back before the next build.
    """
    assert environment.loader
    try:
        for name, source in templates.items():
            environment.get_template(name)
            if environment.loader.get_source(environment, name)[0] != source:
                return False
    except TemplateError:  # the page that is made with it will say so
        return False
    return True


def listeners() -> tuple[str, ...]:
    """Name the code that is told of every page, and may change it."""
    found = signals.content_written.receivers_for(None)
    # Not each of them is a function, and they come in an order of their own.
    named = ((each, getattr(each, "__qualname__", type(each).__qualname__)) for each in found)
    return tuple(sorted(f"{each.__module__}.{name}" for each, name in named))


def _refuse_strangers(environment: Environment) -> None:
    """Let nothing pass that could make our templates say something else."""
    if why := strangeness(environment):
        raise Unprovable(why)
    more = environment.globals.keys() - DEFAULT_NAMESPACE.keys()
    shadowing = more and more & _asked_by_ours()
    if shadowing or any(environment.globals[n] is not own for n, own in DEFAULT_NAMESPACE.items()):
        raise Unprovable("JINJA_GLOBALS has a name that our templates ask for")


def _templates(environment: Environment, endings: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield every template that our pages are made with: its source, and whether it is ours."""
    own = {each for each in _names() if each not in _FOR_OTHER_PAGES}
    waiting, seen = [_taken(environment, each, endings) for each in sorted(own)], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        source, file = _source(environment, name)
        ours = name.removeprefix("!theme/") in own and is_ours(name, source, file)
        yield name, source, ours
        if not ours:
            waiting += _referenced(environment, name, source)


def _names() -> Iterator[str]:
    yield "base.html"
    folder = theme_folder() / "templates" / FOLDER
    yield from (f"{FOLDER}/{file.name}" for file in sorted(folder.glob("*.html")))


def _taken(environment: Environment, name: str, endings: Sequence[str]) -> str:
    """Give the file that Pelican takes for a page: that with the first ending there is one for.

    The frame, and what pages import, is asked for by its whole name.
    """
    stem = name.removesuffix(".html")
    if not stem.startswith(f"{FOLDER}/") or stem.startswith(f"{FOLDER}/_"):
        return name
    # We have one for ".html".
    others = takewhile(lambda ending: ending != ".html", endings)
    return next((f"{stem}{each}" for each in others if _is_there(environment, stem + each)), name)


def _is_there(environment: Environment, name: str) -> bool:
    assert environment.loader
    try:
        environment.loader.get_source(environment, name)
    except TemplateNotFound:
        return False
    return True


def _source(environment: Environment, name: str) -> tuple[str, str | None]:
    assert environment.loader
    try:
        source, file, _ = environment.loader.get_source(environment, name)
    except TemplateError as error:
        raise Unprovable(f"{name}: {error}") from None
    return source, file


def _referenced(environment: Environment, name: str, source: str) -> Iterator[str]:
    """Look into a template that is not ours: what it asks for, and which others it brings."""
    tree, asked = _read(environment, name, source)
    # Jinja's own search leaves out what is a global already.
    asked |= _named(tree) & environment.globals.keys() - DEFAULT_NAMESPACE.keys()
    asked |= _named(tree) & _BY_CHANCE
    own = theme_folder() / "templates" / name.removeprefix("!theme/")
    replaces = own.is_file() and name not in _FOR_OTHER_PAGES
    ours = _read(environment, name, own.read_text("utf-8"))[0] if replaces else None
    if ours:
        asked -= _named(ours)
    # All of ours are read only for what is not in a copy of one: that takes longer than the rest.
    unknown = asked - _asked_by_ours() if asked else asked
    more = {*unknown, *asked_beyond(tree, ours), *_applied_in(tree)}
    if more:
        raise Unprovable(f"{name} asks for {min(more)}")
    for each in meta.find_referenced_templates(tree):
        if each is None:
            raise Unprovable(f"{name} brings a template that it finds by itself")
        yield each


def _read(
    environment: Environment, name: str, source: str
) -> tuple[nodes.Template, AbstractSet[str]]:
    """Parse a template, with everything in it worked out that is constant; gives what it asks for.

    Raises:
        Unprovable: it is no template.
    """
    try:
        tree = environment.parse(source, name)
        # Jinja works out what is constant while it searches, and puts it into the tree.
        return tree, meta.find_undeclared_variables(tree)
    except TemplateError as error:
        raise Unprovable(f"{name}: {error}") from None


def _applied_in(tree: nodes.Template) -> Iterator[str]:
    """Yield the filters and tests that a template applies, but for Jinja's and ours."""
    for each in tree.find_all((nodes.Filter, nodes.Test)):
        if each.name not in (KNOWN_FILTERS if isinstance(each, nodes.Filter) else KNOWN_TESTS):
            yield each.name
        if isinstance(each, nodes.Filter) and each.name in _APPLYING:
            yield from _applied_by(each)


def _applied_by(each: nodes.Filter) -> Iterator[str]:
    """Yield what a filter applies by a name that it is given: ``map("upper")``."""
    place, known = _APPLYING[each.name]
    given = each.args[place : place + 1]
    if each.dyn_args or not all(isinstance(it, nodes.Const) for it in given):
        yield f"what {each.name} finds by itself"
    names = (it.value for it in given if isinstance(it, nodes.Const))
    yield from (str(name) for name in names if name not in known)


@cache
def _asked_by_ours() -> frozenset[str]:
    """Give every name that our own templates ask for, as they came with this package."""
    environment = Environment(autoescape=True)
    folder = theme_folder() / "templates"
    trees = (environment.parse((folder / name).read_text("utf-8"), name) for name in _names())
    return frozenset(name for tree in trees for name in _named(tree))


def _named(tree: nodes.Template) -> set[str]:
    return {each.name for each in tree.find_all(nodes.Name)}
