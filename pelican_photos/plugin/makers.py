"""The code that makes pages: one state of it is told from another, here and on other machines."""

import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from modulefinder import ModuleFinder
from pathlib import Path
from platform import python_version
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
_OWN = "markdown.extensions"
_MAKERS = ("jinja2", "markdown", "markupsafe", "pelican", "pygments", "regex")


@cache
def code() -> str:
    """Tell one state of the code that makes the gallery from another, alike on every machine."""
    versions = ", ".join(f"{name} {version(name)}" for name in _MAKERS)
    code = _digest(sorted([*_PACKAGE.glob("*.py"), *(_PACKAGE / "plugin").glob("*.py")]))
    return f"{versions}, Python {python_version()}, {code}"


def extensions(markdown: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what decides how Markdown is read: the settings, and the code of what extends it.

    An extension is named by its module, or as its package has registered it.
    """
    named = [*(markdown.get("extensions") or ()), *(markdown.get("extension_configs") or ())]
    names = {str(name).partition(":")[0] for name in named}
    short = {name for name in names if "." not in name and find_spec(f"{_OWN}.{name}") is None}
    if short:
        registered = entry_points(group=_OWN)
        names |= {each.module for each in registered if each.name in short}
    roots = {name.partition(".")[0] for name in names} - {"markdown"}
    return markdown, tuple(map(_package, sorted(roots)))


@cache
def _package(root: str) -> str:
    """Tell one state of a package from another, as it was when this process first asked.

    What was loaded then goes on to work, whatever becomes of its files.
    """
    return _digest(_files_of(root))


def _files_of(package: str) -> list[Path]:
    found = find_spec(package)
    if found is None:
        return []  # a short name, or one that Markdown will complain about
    folders = found.submodule_search_locations
    if folders is None:
        own = [Path(found.origin)] if found.origin else []
    else:
        own = [file for folder in folders for file in Path(folder).rglob("*.py")]
    return sorted({*own, *_brought_by(package)})


def _brought_by(package: str) -> Iterator[Path]:
    """Yield the code that a module of the site's own imports, so far as that is its own, too."""
    installed = {"site-packages", "dist-packages"}
    library = sysconfig.get_path("stdlib")
    places = [os.path.abspath(each) for each in sys.path]  # noqa: PTH100 - "" is where we are
    beside = [
        each
        for each in places
        if installed.isdisjoint(Path(each).parts) and not each.startswith(library)
    ]
    finder = ModuleFinder(beside, excludes=["pelican_photos"])
    # What is installed is not beside it; of what is broken, Markdown will complain.
    with suppress(ImportError, SyntaxError):
        finder.import_hook(package)
    files = (getattr(each, "__file__", None) for each in finder.modules.values())
    yield from (Path(each) for each in files if each)


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
