"""Many small pieces of work at a time, in a bounded number of threads."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import takewhile
from queue import SimpleQueue
from typing import TypeVar

from pelican_photos.errors import PhotosError

WORKERS = 10  # requests under way at a time; more only wait for each other in Python
_READERS = min(4, os.cpu_count() or 1)
_BATCH = 16  # files; to hand a small one to a thread costs as much as to read it
_LARGE = 1 << 20  # bytes
_LARGE_AT_ONCE = 3
_PATIENCE = 10  # failures after which the rest is not tried

Progress = Callable[[str, int, int], None]  # what is done, how many are, of how many

T = TypeVar("T")
R = TypeVar("R")


def in_parallel(
    action: Callable[[T], R], items: Iterable[T], workers: int
) -> Iterator[tuple[T, R | PhotosError]]:
    """Yield each item with its result, or with what was wrong, as they end.

    No more than four items per worker are taken ahead, so ``items`` may be
    endless, or end early.  Any other error ends the whole.
    """

    def attempt(item: T) -> tuple[T, R | PhotosError]:
        try:
            return item, action(item)
        except PhotosError as error:
            return item, error

    ended: SimpleQueue[Future[tuple[T, R | PhotosError]]] = SimpleQueue()
    pool, under_way = ThreadPoolExecutor(workers), 0
    try:
        for item in items:
            if under_way == 4 * workers:
                yield ended.get().result()
                under_way -= 1
            pool.submit(attempt, item).add_done_callback(ended.put)
            under_way += 1
        for _ in range(under_way):
            yield ended.get().result()
    finally:
        pool.shutdown(cancel_futures=True)


def in_batches(action: Callable[[T], R], items: Sequence[T]) -> Iterator[list[tuple[T, R]]]:
    """Read files: yield each item with its result, some at a time, as they end.

    Raises:
        PhotosError: what was wrong with the first that failed.
    """

    def act(batch: Sequence[T]) -> list[tuple[T, R]]:
        return [(item, action(item)) for item in batch]

    batches = (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
    for _, found in in_parallel(act, batches, _READERS):
        if isinstance(found, PhotosError):
            raise found
        yield found


def large_first(
    action: Callable[[T], R],
    items: Sequence[T],
    size: Callable[[T], int],
    failures: Callable[[], int],
) -> Iterator[tuple[T, R | PhotosError]]:
    """Carry objects over the line: the large ones by few, which hold memory or fill it alone.

    ``failures`` says how many there were so far: after some the rest is not tried.
    """
    large = [item for item in items if size(item) > _LARGE]
    small = [item for item in items if size(item) <= _LARGE]
    for each, workers in ((large, _LARGE_AT_ONCE), (small, WORKERS)):
        worth_it = takewhile(lambda _: failures() < _PATIENCE, each)
        yield from in_parallel(action, worth_it, workers)
