"""Four thousand posts take no more memory than one thousand, but for a few numbers each."""

import tracemalloc
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from fakes.instagram_export import TAKEN_AT, FakeExport, image
from pelican_photos.sources.instagram_export import InstagramExport

PER_POST = 1_000  # bytes; a post's JSON alone has more, and its picture too


def an_export(era, count, path):
    export = FakeExport(era)
    for number in range(count):
        export.add(f"A{number:010}", TAKEN_AT + number, f"Post {number}. " * 99, [image(number)])
    return export.zip(path / f"{count}.zip")


def peak_of_reading(path):
    """The most that was in memory at once while all posts were read and let go.

    Read in a process of its own: a table that Python keeps for all, and which other tests have
    filled, may have to grow just now, and is then as large as all the rest.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(read_and_weigh, path).result()


def read_and_weigh(path):
    tracemalloc.start()
    deque(InstagramExport([path]).posts(), maxlen=0)
    return tracemalloc.get_traced_memory()[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("era", "few", "many"),
    [(4, 1_000, 4_000), (1, 300, 1_200), (5, 300, 1_200), ("html", 300, 1_200)],
)
def test_memory_grows_by_little_with_each_post(tmp_path, era, few, many):
    peaks = [peak_of_reading(an_export(era, count, tmp_path)) for count in (few, many)]

    assert (peaks[1] - peaks[0]) / (many - few) < PER_POST
