"""How much of pictures is in memory at once."""

import os
import subprocess
import sys
import threading
from contextlib import ExitStack

import pytest
from PIL import Image

from fakes import pictures
from fakes.pictures import save
from pelican_photos.image_memory import Places, held, reduced_in_strips

MILLION = 1_000_000


class Queue:
    """Pictures that want to be in memory, each on a thread of its own."""

    def __init__(self, places):
        self._places = places
        self._leave = {}
        self._came = threading.Semaphore(0)
        self.inside = []

    def comes(self, name, pixels):
        self._leave[name] = threading.Event()
        threading.Thread(target=self._stay, args=(name, pixels), daemon=True).start()

    def _stay(self, name, pixels):
        with self._places.taken(pixels):
            self.inside.append(name)
            self._came.release()
            self._leave[name].wait(10)
            self.inside.remove(name)

    def entered(self, patience=10):
        """Wait for one more to be let in."""
        return self._came.acquire(timeout=patience)

    def leaves(self, name):
        self._leave[name].set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for event in self._leave.values():
            event.set()


def test_small_pictures_wait_for_nobody():
    places = Places(1)

    with ExitStack() as all_at_once:
        for pixels in (100 * MILLION, 8 * MILLION, MILLION, 1):
            all_at_once.enter_context(places.taken(pixels))


def test_there_are_as_many_large_pictures_as_places():
    with Queue(Places(2)) as queue:
        for name in "abc":
            queue.comes(name, 24 * MILLION)
        assert queue.entered()
        assert queue.entered()
        assert not queue.entered(patience=0.1)

        queue.leaves(queue.inside[0])
        assert queue.entered()


@pytest.mark.parametrize("count", [1, 4, 7])
def test_a_panorama_is_alone_where_there_is_no_more_room(count):
    with Queue(Places(count)) as queue:
        queue.comes("one", 100 * MILLION)
        assert queue.entered()
        queue.comes("another", 100 * MILLION)
        assert not queue.entered(patience=0.05)

        queue.leaves("one")
        assert queue.entered()


def test_a_panorama_is_not_overtaken_by_what_comes_later():
    with Queue(Places(4)) as queue:
        queue.comes("first", 24 * MILLION)
        assert queue.entered()
        queue.comes("panorama", 100 * MILLION)
        assert not queue.entered(patience=0.05)
        queue.comes("late", 24 * MILLION)
        assert not queue.entered(patience=0.05)

        queue.leaves("first")
        assert queue.entered()
        assert queue.inside == ["panorama"]


def test_a_place_is_free_again_when_its_picture_cannot_be_decoded():
    places = Places(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"), places.taken(30 * MILLION):
            raise ValueError("broken")


@pytest.mark.parametrize(("progressive", "held_of_it"), [(False, 60 * 45), (True, 75 * MILLION)])
def test_a_progressive_jpeg_is_held_whole_however_small_it_comes_out(
    tmp_path, progressive, held_of_it
):
    path = save(tmp_path / "a.jpg", pictures.scene(480, 360), progressive=progressive)

    with Image.open(path) as image:
        image.draft(None, (60, 45))
        assert held(image, 100 * MILLION) == held_of_it


@pytest.mark.parametrize("size", [(300, 200), (301, 197), (3, 2)])
def test_strips_give_what_the_whole_picture_gives(size):
    picture = pictures.scene(*size)
    picture.putalpha(Image.linear_gradient("L").resize(size))

    def opaque(image):
        return image.convert("RGB")

    found = reduced_in_strips(picture, (3, 2), opaque, pixels=size[0] * 10)

    assert found.tobytes() == opaque(picture).reduce((3, 2)).tobytes()


PEAK = """
import resource, sys
from pathlib import Path
from pelican_photos.images import encode, measure
path = Path(sys.argv[1])
measure(path)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
encode(path, [(800, 200)], quality=78)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(grown * (1 if sys.platform == "darwin" else 1024))
"""


def peak(path):
    """Give how many bytes it takes to make a rendition, in a process of its own."""
    answer = subprocess.run(
        [sys.executable, "-c", PEAK, path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(answer.stdout)


def test_a_jpeg_of_a_hundred_million_pixels_takes_a_fraction_of_them(tmp_path):
    path = tmp_path / "panorama.jpg"
    Image.new("L", (20000, 5000), 90).save(path)

    assert peak(path) < 40 * MILLION


def test_a_png_with_a_palette_is_never_there_in_full_colour(tmp_path):
    """Whole, forty million pixels would be 40 MB as they are stored, and 160 MB in colour."""
    path = tmp_path / "panorama.png"
    Image.new("P", (12800, 3200), 7).save(path, compress_level=1)

    assert peak(path) < 100 * MILLION
