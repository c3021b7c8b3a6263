"""Builds a site again whenever something of it changes: the process behind ``invoke serve``.

    python -m pelican_photos.rebuilding pelicanconf.py

Pelican's ``--autoreload`` looks for changes between its builds: what changes during one is missed,
as most of what is copied into ``content/`` is, and a mistake in the settings ends it.  Here changes
are noted all the time, also those of the site's own style sheet and templates, and whatever comes
of a build, the next change is waited for.
"""

import gc
import logging
import os
import stat
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from queue import Empty
from typing import Any

from pelican import LOG_HANDLERS, Pelican, get_config, init_logging, parse_arguments
from pelican.log import console
from pelican.settings import read_settings

from pelican_photos.changes import Changes, noted
from pelican_photos.errors import PhotosError
from pelican_photos.site_modules import SiteModules
from pelican_photos.watched_site import Watched, watched_of

logger = logging.getLogger(__name__)

_TICK = 20_000_000  # nanoseconds by which the time of a file may lag behind
_LOOK_AGAIN = 0.5  # seconds after which it is seen whether folders have come or gone


def main(configuration: str) -> None:
    """Build, and build again, until standard input ends, with whoever has started this."""
    if _is_piped():
        threading.Thread(target=_end_with_input, daemon=True).start()
    # Compiled settings are taken for the same where size and second are, which an edit may keep.
    sys.dont_write_bytecode = True
    arguments = parse_arguments(["-s", configuration])
    init_logging(
        level=arguments.verbosity,
        fatal=arguments.fatal,
        name="pelican",
        handler=LOG_HANDLERS[arguments.log_handler],
        logs_dedup_min_level=getattr(logging, arguments.logs_dedup_min_level),
    )
    site = Site(arguments)
    while True:
        before = site.read()
        with noted(site.watched.watches) as changes:
            site.build()
            for changed in _each(changes, partial(site.stands_as, before)):
                if site.is_wrong or any(map(site.watched.is_setting, changed)):
                    break  # what has to be watched may be something else now
                site.build()


class Site:
    """A site that may be wrong at the moment, as its settings or pages are being edited."""

    def __init__(self, arguments: Namespace) -> None:
        self._arguments = arguments
        self._configuration = Path(arguments.settings).absolute()
        self._pelican: Pelican | None = None
        self._imported = SiteModules(self._configuration.parent)
        self.watched = watched_of(self._configuration, {"PATH": "content"})  # until they are read

    def read(self) -> Mapping[Path, object]:
        """Read the settings, and tell how the site stands, as ``stands_as`` compares it.

        Where they are wrong, that is said, and those before still count.
        """
        began, read = time.time_ns(), self._modules()  # what is stored from now on differs
        self._pelican = None
        _tried(self._open)
        self.watched = replace(self.watched, imported=self._imported.files)
        stands = _stands(self.watched)
        for file, stamp in self._modules().items():
            # One that is known only since then may have been stored since, too.
            changed_since = stamp is not None and stamp[0] >= began - _TICK
            stands[file] = read.get(file, None if changed_since else stamp)
        return stands

    @property
    def is_wrong(self) -> bool:
        """Whether the settings could not be read: whatever changes may have mended that."""
        return self._pelican is None

    def build(self) -> None:
        """Build the site once, if its settings allow; whatever is wrong is said."""
        if self._pelican is not None:
            _tried(self._pelican.run)

    def stands_as(self, before: Mapping[Path, object]) -> bool:
        """Tell whether it does: no folder has come, gone or been replaced, no module changed."""
        return {**_stands(self.watched), **self._modules()} == before

    def _modules(self) -> Mapping[Path, tuple[int, int, int] | None]:
        """Tell the present state of all that may be part of the settings."""
        return {file: _stamp(file) for file in self.watched.modules}

    def _open(self) -> None:
        with self._imported.imported_anew():
            settings: Mapping[str, Any] = read_settings(
                self._arguments.settings, override=get_config(self._arguments)
            )
        self.watched = watched_of(self._configuration, settings)
        kind = settings["PELICAN_CLASS"]
        self._pelican = (resolve_name(kind) if isinstance(kind, str) else kind)(settings)


def _stands(watched: Watched) -> dict[Path, object]:
    known: dict[Path, object] = {}
    for folder in {folder for each in watched.watches for folder in each.folders}:
        with suppress(OSError, ValueError):  # a NUL in its name
            known[folder] = folder.stat().st_ino
    return known


def _stamp(file: Path) -> tuple[int, int, int] | None:
    with suppress(OSError):
        status = file.stat()
        return status.st_mtime_ns, status.st_ino, status.st_size
    return None


def _each(changes: Changes, goes_on: Callable[[], bool]) -> Iterator[set[Path]]:
    """Yield what has changed, all at once, for as long as that goes on."""
    while goes_on():
        with suppress(Empty):
            changed = changes.get(timeout=_LOOK_AGAIN)
            while not changes.empty():
                changed |= changes.get()
            names = ", ".join(sorted(path.name for path in changed))
            console.print(f"Changed: {names}", markup=False, highlight=False, soft_wrap=True)
            yield changed


def _tried(do: Callable[[], None]) -> None:
    """Do something, say what is wrong, and go on: its owner is at work on it."""
    if not _went_well(do):
        gc.collect()  # a build that failed still holds its lock, in a circle of objects


def _went_well(do: Callable[[], None]) -> bool:
    try:
        do()
    except SystemExit:
        return False  # it was said
    except PhotosError as error:
        logger.critical("%s", error)
        return False
    except Exception as error:  # noqa: BLE001 - whatever a template or a plugin raises
        logger.critical("%s: %s", type(error).__name__, error)
        return False
    return True


def _is_piped() -> bool:
    """Whether somebody holds the other end of standard input; nobody does at a terminal."""
    with suppress(OSError):
        return stat.S_ISFIFO(os.fstat(0).st_mode)
    return False


def _end_with_input() -> None:
    """End when whoever holds the other end of standard input does, be it killed."""
    while os.read(0, 1):
        continue
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
