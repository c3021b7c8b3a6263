"""Pelican's side: the pages of the gallery, in any theme.

``gallery`` and ``listing`` decide, ``captions``, ``pictures`` and ``feeds`` prepare,
``generator`` writes.  No state lives here, as Pelican registers a plugin again whenever its
settings change.
"""

import posixpath
from collections.abc import Iterable
from pathlib import PurePosixPath

from pelican import Pelican, signals
from pelican.generators import Generator

from pelican_photos.plugin.configuration import one_line_errors, site_settings
from pelican_photos.plugin.environment import Compiled, prepare


def register() -> None:
    """Connect the gallery; receivers are weakly held, so that all of them are below."""
    signals.initialized.connect(keep_photos_apart)
    signals.generator_init.connect(prepare_templates)
    signals.get_generators.connect(add_generator)


def keep_photos_apart(pelican: Pelican) -> None:
    """Leave the photos to this plugin alone: no articles, no pages, no static copies.

    Lists are replaced and not changed, as settings are shared.
    """
    with one_line_errors():
        path = site_settings(pelican.settings).path
    for name in ("ARTICLE_EXCLUDES", "PAGE_EXCLUDES", "STATIC_EXCLUDES"):
        pelican.settings[name] = _with(pelican.settings[name], path)
    # A folder that is listed itself is searched whatever is excluded.  Its files would go out
    # as they are, with the place where they were taken.
    # Pelican compares folders as they are written: "./" would be another one than "".
    plain = (posixpath.normpath(folder) for folder in pelican.settings["STATIC_PATHS"])
    pelican.settings["STATIC_PATHS"] = [
        "" if folder == "." else folder
        for folder in plain
        if not PurePosixPath(folder).is_relative_to(path)
    ]


def prepare_templates(generator: Generator) -> None:
    """Let all templates of the site show photos."""
    from pelican_photos.plugin.makers import code  # noqa: PLC0415 - loads the gallery

    with one_line_errors():
        folder = site_settings(generator.settings).cache_folder / "templates"
        prepare(generator.env, Compiled(str(folder), code()))


def add_generator(pelican: Pelican) -> type[Generator]:
    """Name the generator of the gallery."""
    from pelican_photos.plugin.generator import PhotosGenerator  # noqa: PLC0415 - loads Pillow

    del pelican
    return PhotosGenerator


def _with(folders: Iterable[str], path: str) -> list[str]:
    # Pelican compares folders as they are written, and a site may say ARTICLE_PATHS = ["."].
    added = (path, f"./{path}")
    return [*(folder for folder in folders if folder not in added), *added]
