"""Ten thousand posts take no more memory than one thousand, but for a few numbers each."""

import tracemalloc
from collections import deque

import pytest

from fakes.instagram_export import ERAS, TAKEN_AT, FakeExport, image
from pelican_photos.sources.instagram_export import InstagramExport

FEW, MANY = 1_000, 10_000
PER_POST = 700  # bytes, at the most


def an_export(era, count, path):
    export = FakeExport(era)
    for number in range(count):
        export.add(f"A{number:010}", TAKEN_AT + number, f"Post {number}. " * 20, [image(number)])
    return export.zip(path / f"{count}.zip")


def peak_of_reading(path):
    """The most that was in memory at once while all posts were read and let go."""
    tracemalloc.start()
    reader = InstagramExport([path])
    deque(reader.posts(), maxlen=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.slow
@pytest.mark.parametrize("era", ERAS)
def test_memory_grows_by_little_with_each_post(tmp_path, era):
    few, many = (peak_of_reading(an_export(era, count, tmp_path)) for count in (FEW, MANY))

    assert (many - few) / (MANY - FEW) < PER_POST
