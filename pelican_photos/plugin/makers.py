"""The code that makes pages: one state of it is told from another, here and on other machines."""

import ast
import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path
from platform import python_version
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
_OWN = "markdown.extensions"
_INSTALLED = frozenset({"site-packages", "dist-packages"})
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


def _files_of(root: str) -> list[Path]:
    """Give the code of an extension; of the site's own also what that imports, if that is, too."""
    beside = _beside()
    if PathFinder.find_spec(root, beside) is None:
        return sorted(_found(find_spec(root)))
    waiting, seen, files = {root}, {_PACKAGE.name}, set[Path]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        new = set(_found(PathFinder.find_spec(name, beside))) - files
        files |= new
        waiting |= {each for file in new for each in _imported_by(file)} - seen
    return sorted(files)


def _beside() -> list[str]:
    """List where modules of the site's own are found: wherever nothing was installed."""
    library = sysconfig.get_path("stdlib")
    places = [os.path.abspath(each) for each in sys.path]  # noqa: PTH100 - "" is where we are
    return [
        each
        for each in places
        if _INSTALLED.isdisjoint(Path(each).parts) and not each.startswith(library)
    ]


def _found(spec: ModuleSpec | None) -> Iterator[Path]:
    """Yield the files of a module, or of all that is in a package; one need not have __init__."""
    if spec is None:
        return  # a short name, or one that Markdown will complain about
    for folder in spec.submodule_search_locations or ():
        yield from Path(folder).rglob("*.py")
    if spec.origin and spec.submodule_search_locations is None:
        yield Path(spec.origin)


def _imported_by(file: Path) -> Iterator[str]:
    """Yield the roots of what a module imports from elsewhere."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return  # of what is broken, Markdown will complain
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
