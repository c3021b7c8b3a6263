"""Many posts of an export take no more memory than few, but for a few numbers each."""

from collections import deque

import pytest

from fakes.instagram_export import TAKEN_AT, FakeExport, image
from fakes.weighing import peak_of, scales
from pelican_photos.sources.instagram_export import InstagramExport

PER_POST = 1_000  # bytes; a post's JSON alone has more, and its picture too


@pytest.fixture(scope="module")
def process():
    with scales() as started:
        yield started


def an_export(era, count, path):
    export = FakeExport(era)
    for number in range(count):
        export.add(f"A{number:010}", TAKEN_AT + number, f"Post {number}. " * 99, [image(number)])
    return export.zip(path / f"{count}.zip")


def read(path):
    """Read all posts, and let each go."""
    deque(InstagramExport([path]).posts(), maxlen=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("era", "few", "many"),
    [(4, 1_000, 2_500), (1, 300, 1_200), (5, 300, 900), ("html", 300, 900)],
)
def test_memory_grows_by_little_with_each_post(tmp_path, process, era, few, many):
    one, *both = (an_export(era, count, tmp_path) for count in (1, few, many))

    peaks = [peak_of(process, read, path, first=(one,)) for path in both]

    assert (peaks[1] - peaks[0]) / (many - few) < PER_POST
