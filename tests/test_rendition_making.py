"""Who makes renditions: here one after the other, however many wait for other machines."""

import time
from pathlib import Path
from threading import Event

from pelican_photos.errors import PhotosError
from pelican_photos.rendition_making import Making


class Elsewhere:
    """Takes four pictures at a time, and leaves all of them to this machine."""

    threads = 4

    def __init__(self, closed: Event) -> None:
        self._closed = closed

    def encode(self, digest, keys, lacking):
        return None

    def close(self):
        self._closed.set()


def test_what_waits_for_this_machine_is_called_off_when_a_build_ends():
    begun, goes_on = [], Event()

    def encode(path, sizes, *, quality, avif=(), beside=()):
        begun.append(path)
        goes_on.wait(20)
        return "#000000", []

    making = Making(encode, 80, 1, lambda: Elsewhere(goes_on))
    with making.pool(4) as pool:
        futures = [
            pool.submit(making.encoded, Path(str(number)), "", {}, []) for number in range(4)
        ]
        ends = time.monotonic() + 60
        while not begun or not all(each.running() for each in futures):
            assert time.monotonic() < ends, "nobody is at work"
            time.sleep(0.01)

    ended = [type(each.exception()) for each in futures]
    assert len(begun) == 1
    assert ended.count(PhotosError) == 3
