"""Builds a site again whenever something of it changes: the process behind ``invoke serve``.

    python -m pelican_photos.rebuilding pelicanconf.py

Pelican's ``--autoreload`` looks for changes between its builds: what changes during one is missed,
as most of what is copied into ``content/`` is, and a mistake in the settings ends it.  Here changes
are noted all the time, also those of the site's own style sheet and templates, and whatever comes
of a build, the next change is waited for.
"""

import logging
import os
import stat
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from pelican import LOG_HANDLERS, Pelican, get_instance, init_logging, parse_arguments
from pelican.log import console
from pelican.utils import FileChangeFilter
from watchfiles import Change, watch

logger = logging.getLogger(__name__)

_LOOK_AGAIN = 0.5  # seconds after which it is seen whether folders have come or gone

Counts = Callable[[Change, str], bool]  # whether a change of a path is one
Changes = SimpleQueue[set[Path]]


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
        with noted(site.folders, site.files, site.counts) as changes:
            site.build()
            for changed in _each(changes, partial(site.stands_as, before)):
                if site.is_wrong or not changed.isdisjoint(site.roots):
                    break  # what has to be watched may be something else now
                site.build()


class Site:
    """A site that may be wrong at the moment, as its settings or pages are being edited."""

    def __init__(self, arguments: Namespace) -> None:
        self._arguments = arguments
        self._configuration = Path(arguments.settings)
        self._pelican: Pelican | None = None
        self._settings: Mapping[str, Any] = {"PATH": "content"}  # until they can be read

    def read(self) -> Mapping[Path, object]:
        """Read the settings, and tell how the site stands, as ``stands_as`` compares it.

        Where they are wrong, that is said, and those before still count.
        """
        read = _stamp(self._configuration)  # what is stored meanwhile makes a difference
        self._pelican = None
        with _going_on():
            self._pelican, self._settings = get_instance(self._arguments)
        return {**self._stands(), self._configuration: read}

    @property
    def is_wrong(self) -> bool:
        """Whether the settings could not be read: whatever changes may have mended that."""
        return self._pelican is None

    def build(self) -> None:
        """Build the site once, if its settings allow; whatever is wrong is said."""
        if self._pelican is not None:
            with _going_on():
                self._pelican.run()

    @property
    def folders(self) -> Sequence[Path]:
        """Where anything may change; not all of them need be there."""
        content = Path(self._settings["PATH"])
        named = (self._settings.get("THEME"), *self._settings.get("THEME_TEMPLATES_OVERRIDES", ()))
        static = (content / each for each in self._settings.get("STATIC_PATHS", ()))
        return [content, *static, *(Path(each) for each in named if each)]

    @property
    def files(self) -> Sequence[Path]:
        """What counts by itself."""
        style = self._settings.get("PHOTOS_STYLESHEET")
        more = [self._configuration.parent / style] if style else []
        return [self._configuration, *more]

    @property
    def roots(self) -> frozenset[Path]:
        """What is watched by itself: it may be there for another reason, or not at all."""
        return frozenset(each.absolute() for each in (*self.folders, self._configuration))

    @property
    def counts(self) -> Counts:
        """What tells whether something below the folders is part of the site, not made of it."""
        said = (self._settings.get(name, unset) for name, unset in _MADE.items())
        made = [Path(each).absolute() for each in said if each]
        made = [each for each in made if not any(root.is_relative_to(each) for root in self.roots)]
        filter_ = FileChangeFilter(list(self._settings.get("IGNORE_FILES", ())))

        def counts(change: Change, path: str) -> bool:
            inside = any(Path(path).is_relative_to(each) for each in made)
            return not inside and bool(filter_(change, path))

        return counts

    def stands_as(self, before: Mapping[Path, object]) -> bool:
        """Tell whether it stands as before: no folder has come, gone or been replaced."""
        return {**self._stands(), self._configuration: _stamp(self._configuration)} == before

    def _stands(self) -> Mapping[Path, object]:
        known: dict[Path, object] = {}
        for folder in (*self.folders, *(file.absolute().parent for file in self.files)):
            with suppress(OSError):
                known[folder] = folder.stat().st_ino
        return known


_MADE = {"OUTPUT_PATH": "output", "PHOTOS_CACHE": ".cache/photos", "CACHE_PATH": "cache"}


def _stamp(file: Path) -> object:
    with suppress(OSError):
        status = file.stat()
        return status.st_mtime_ns, status.st_ino, status.st_size
    return None


@contextmanager
def noted(
    folders: Sequence[Path], files: Sequence[Path], counts: Counts = lambda *_: True
) -> Iterator[Changes]:
    """Note in a queue what changes below ``folders``, and of ``files``, from now on.

    Nothing is lost between two looks into the queue, which may be minutes apart.  A file need
    not be there: editors put another one in its place.
    """
    found: Changes = SimpleQueue()
    stop = threading.Event()
    alone = {str(file.absolute()) for file in files}
    beside = {file.absolute().parent for file in files}
    watchers = [
        _Watcher({each.absolute() for each in folders}, counts, stop, found),
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
        folders: set[Path],
        counts: Counts,
        stop: threading.Event,
        found: Changes,
        *,
        recursive: bool = True,
    ) -> None:
        super().__init__(daemon=True)
        self._folders = sorted(str(folder) for folder in folders if folder.is_dir())
        self._counts, self._recursive = counts, recursive
        self._ended, self._found = stop, found
        self.ready = threading.Event()  # when changes are noted

    def run(self) -> None:
        try:
            if self._folders:
                self._note()
        except PermissionError:
            self._note(lenient=True)
        except Exception as error:  # noqa: BLE001 - too many folders for this system, for one
            logger.warning("Changes are found more slowly, as they cannot be told of: %s", error)
            if self.ready.is_set():  # else the first build is still to come
                self._found.put(set(map(Path, self._folders)))  # something may have been missed
            self._note(lenient=True, polling=True)
        finally:
            self.ready.set()

    def _note(self, *, lenient: bool = False, polling: bool | None = None) -> None:
        """Note changes; None leaves it to watchfiles whether this system can tell of them.

        A ``lenient`` one passes over all that cannot be watched.
        """
        changes = watch(
            *self._folders,
            watch_filter=self._counts,
            stop_event=self._ended,
            rust_timeout=50,  # milliseconds: it then says that nothing has changed
            yield_on_timeout=True,
            recursive=self._recursive,
            force_polling=polling,
            ignore_permission_denied=lenient,
        )
        for each in changes:
            self.ready.set()
            # A link that leads nowhere is gone at each look, where folders are looked through.
            changed = {Path(path) for what, path in each if not _leads_nowhere(what, path)}
            if changed:
                self._found.put(changed)


def _leads_nowhere(what: Change, path: str) -> bool:
    return what is Change.deleted and Path(path).is_symlink()


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


@contextmanager
def _going_on() -> Iterator[None]:
    """Say what is wrong, and go on: its owner is at work on it."""
    try:
        yield
    except SystemExit:
        return  # it was said
    except Exception as error:  # noqa: BLE001 - whatever a template or a plugin raises
        logger.critical("%s: %s", type(error).__name__, error)


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
