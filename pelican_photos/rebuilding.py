"""Builds a site again whenever something of it changes: the process behind ``invoke serve``.

    python -m pelican_photos.rebuilding pelicanconf.py

Pelican's ``--autoreload`` looks for changes between its builds: what changes during one is missed,
as most of what is copied into ``content/`` is, and a mistake in the settings ends it.  Here changes
are noted all the time, also those of the site's own style sheet and templates, and whatever comes
of a build, the next change is waited for.
"""

import logging
import os
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from pelican import LOG_HANDLERS, Pelican, get_instance, init_logging, parse_arguments
from pelican.log import console
from pelican.utils import FileChangeFilter
from watchfiles import Change, watch

logger = logging.getLogger(__name__)

_LOOK_AGAIN = 500  # milliseconds after which it is seen whether anybody waits for us still


def main(configuration: str) -> None:
    """Build, and build again, as long as the process lives that has started this one."""
    arguments = parse_arguments(["-s", configuration])
    init_logging(
        level=arguments.verbosity,
        fatal=arguments.fatal,
        name="pelican",
        handler=LOG_HANDLERS[arguments.log_handler],
        logs_dedup_min_level=getattr(logging, arguments.logs_dedup_min_level),
    )
    site, parent = Site(arguments), os.getppid()
    while os.getppid() == parent:
        site.read()
        with noted(site.folders, site.files, site.ignored) as changes:
            site.build()
            for changed in _until(changes, parent):
                if Path(configuration).absolute() in changed:
                    break
                site.build()


class Site:
    """A site that may be wrong at the moment, as its settings or pages are being edited."""

    def __init__(self, arguments: Namespace) -> None:
        self._arguments = arguments
        self._pelican: Pelican | None = None
        self._settings: Mapping[str, Any] = {"PATH": "content"}  # until they can be read

    def read(self) -> None:
        """Read the settings; where they are wrong, that is said, and those before still count."""
        self._pelican = None
        with _going_on():
            self._pelican, self._settings = get_instance(self._arguments)

    def build(self) -> None:
        """Build the site once; whatever is wrong is said."""
        if self._pelican is None:
            return  # what is wrong was said, and is mended in the settings
        with _going_on():
            self._pelican.run()

    @property
    def folders(self) -> Sequence[Path]:
        """Where anything may change."""
        content = Path(self._settings["PATH"])
        named = (self._settings.get("THEME"), *self._settings.get("THEME_TEMPLATES_OVERRIDES", ()))
        static = (content / each for each in self._settings.get("STATIC_PATHS", ()))
        return [content, *static, *(Path(each) for each in named if each)]

    @property
    def files(self) -> Sequence[Path]:
        """What counts by itself."""
        configuration = Path(self._arguments.settings)
        style = self._settings.get("PHOTOS_STYLESHEET")
        return [configuration, *([configuration.with_name(style)] if style else ())]

    @property
    def ignored(self) -> Sequence[str]:
        """Patterns of files that do not count."""
        return list(self._settings.get("IGNORE_FILES", ()))


@contextmanager
def noted(
    folders: Sequence[Path], files: Sequence[Path], ignored: Sequence[str] = ()
) -> Iterator["SimpleQueue[set[Path]]"]:
    """Note in a queue what changes below ``folders``, and of ``files``, from now on.

    Nothing is lost between two looks into the queue, which may be minutes apart.  A file need
    not be there: editors put another one in its place.
    """
    found: SimpleQueue[set[Path]] = SimpleQueue()
    stop = threading.Event()
    alone = {str(file.absolute()) for file in files}
    beside = {str(file.absolute().parent) for file in files}
    below = {str(folder.absolute()) for folder in folders if folder.exists()}
    watchers = [
        _Watcher(below, FileChangeFilter(ignore_file_patterns=set(ignored)), stop, found),
        _Watcher(beside, lambda _, path: path in alone, stop, found, recursive=False),
    ]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.ready.wait()
    try:
        yield found
    finally:
        stop.set()


class _Watcher(threading.Thread):
    """Brings changes into a queue."""

    def __init__(
        self,
        paths: set[str],
        counts: Any,  # of a change and a path; watchfiles' own type is no public one
        stop: threading.Event,
        found: "SimpleQueue[set[Path]]",
        *,
        recursive: bool = True,
    ) -> None:
        super().__init__(daemon=True)
        self._paths, self._counts, self._recursive = paths, counts, recursive
        self._stop_event, self._found = stop, found
        self.ready = threading.Event()  # when changes are noted

    def run(self) -> None:
        changes: Iterator[set[tuple[Change, str]]] = watch(
            *self._paths,
            watch_filter=self._counts,
            stop_event=self._stop_event,
            rust_timeout=50,  # milliseconds: it then says that nothing has changed
            yield_on_timeout=True,
            recursive=self._recursive,
        )
        for each in changes if self._paths else ():
            self.ready.set()
            if each:
                self._found.put({Path(path) for _, path in each})
        self.ready.set()


def _until(changes: "SimpleQueue[set[Path]]", parent: int) -> Iterator[set[Path]]:
    """Yield what has changed, all at once, until nobody waits for us any more."""
    while os.getppid() == parent:
        try:
            changed = changes.get(timeout=_LOOK_AGAIN / 1000)
        except Empty:
            continue
        while not changes.empty():
            changed |= changes.get()
        names = ", ".join(sorted(path.name for path in changed))
        console.print(f"Changed: {names}", markup=False, highlight=False, soft_wrap=True)
        yield changed


@contextmanager
def _going_on() -> Iterator[None]:
    """Say what is wrong, and go on: its owner is at work on it."""
    try:
        yield
    except SystemExit:
        return  # it was said
    except Exception as error:  # noqa: BLE001 - whatever a template or a plugin raises
        logger.critical("%s: %s", type(error).__name__, error)


if __name__ == "__main__":
    main(sys.argv[1])
