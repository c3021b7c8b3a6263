"""Many small pieces of work at a time, in a bounded number of threads."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from pelican_photos.errors import PhotosError

WORKERS = 10  # requests under way at a time; more only wait for each other in Python

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
