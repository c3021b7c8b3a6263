"""Notes what changes below folders, from one moment on, whatever the machine lets us watch."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from watchfiles import Change, watch

logger = logging.getLogger(__name__)

Counts = Callable[[Change, str], bool]  # whether a change of a path is one
Changes = SimpleQueue[set[Path]]


@dataclass(frozen=True, slots=True)
class Watch:
    """Folders, and what counts there; not all of them need be there."""

    folders: Sequence[Path]
    counts: Counts = lambda *_: True
    recursive: bool = True


@contextmanager
def noted(watches: Iterable[Watch]) -> Iterator[Changes]:
    """Note in a queue what changes, from now on, until the context ends.

    Nothing is lost between two looks into the queue, which may be minutes apart.
    """
    found: Changes = SimpleQueue()
    stop = threading.Event()
    watchers = [_Watcher(each, stop, found) for each in watches]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.ready.wait()
    try:
        yield found
    finally:
        stop.set()


class _Way(NamedTuple):
    """How to watch; None leaves it to watchfiles whether this system can tell of changes."""

    lenient: bool = False  # passes over all that cannot be watched
    polling: bool | None = None


_WAYS = (_Way(), _Way(lenient=True), _Way(lenient=True, polling=True))


class _Watcher(threading.Thread):
    """Brings changes into a queue."""

    def __init__(self, watch: Watch, stop: threading.Event, found: Changes) -> None:
        super().__init__(daemon=True)
        folders = {str(each.absolute()) for each in watch.folders if each.is_dir()}
        self._folders = sorted(folders)
        self._watch = watch
        self._ended, self._found = stop, found
        self.ready = threading.Event()  # when changes are noted

    def run(self) -> None:
        try:
            if self._folders:
                self._note_in_some_way()
        finally:
            self.ready.set()

    def _note_in_some_way(self) -> None:
        problem: Exception | None = None
        for way in _WAYS:
            if way.polling and problem:  # too many folders for this system, for one
                logger.warning(
                    "Changes are found more slowly, as they cannot be told of: %s", problem
                )
            try:
                return self._note(way)
            except PermissionError:
                pass  # a lenient one passes over it
            except Exception as error:  # noqa: BLE001 - whatever the system says of its limits
                problem = error
            if self.ready.is_set():  # else the first build is still to come
                self._found.put(set(map(Path, self._folders)))  # something may have been missed
        logger.error("Changes below %s are not noticed: %s", ", ".join(self._folders), problem)
        return None

    def _note(self, way: _Way) -> None:
        """Note changes until the end."""
        changes = watch(
            *self._folders,
            watch_filter=self._watch.counts,
            stop_event=self._ended,
            rust_timeout=50,  # milliseconds: it then says that nothing has changed
            yield_on_timeout=True,
            recursive=self._watch.recursive,
            force_polling=way.polling,
            ignore_permission_denied=way.lenient,
        )
        for each in changes:
            self.ready.set()
            # A link that leads nowhere is gone at each look, where folders are looked through.
            changed = {Path(path) for what, path in each if not _leads_nowhere(what, path)}
            if changed:
                self._found.put(changed)


def _leads_nowhere(what: Change, path: str) -> bool:
    return what is Change.deleted and Path(path).is_symlink()
