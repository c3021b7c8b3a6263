"""How much of pictures is in memory at once."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image

# What one place holds.  Four bytes a pixel: 100 MB.
_PLACE = 25_000_000
# Smaller pictures take no place: they are decoded in less time than their renditions are encoded.
_SMALL = 8_000_000
# Rows that are made opaque at once, in pixels.
_STRIP = 4_000_000


class Places:
    """So many pictures of 25 million pixels may be in memory at once; a larger one takes several.

    Whoever waits longest goes first, so that a large picture is not overtaken for ever.
    """

    def __init__(self, count: int) -> None:
        self._count = self._free = count
        self._turn = threading.Lock()
        self._change = threading.Condition()

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        """Wait until there is room; what is larger than everything goes alone."""
        wanted = 0 if pixels <= _SMALL else min(-(-pixels // _PLACE), self._count)
        if wanted:
            with self._turn, self._change:
                self._change.wait_for(lambda: self._free >= wanted)
                self._free -= wanted
        try:
            yield
        finally:
            if wanted:
                with self._change:
                    self._free += wanted
                    self._change.notify_all()


# Half of the CPUs may decode large pictures, while the others encode, which takes longer and a
# tenth of the memory.
PLACES = Places(max(1, (os.cpu_count() or 1) // 2))


def held(image: Image.Image, whole: int) -> int:
    """Say how many pixels' worth of memory it takes to decode ``image``, after its ``draft``.

    A progressive JPEG of ``whole`` pixels is held as its coefficients, three bytes for each,
    however small it comes out.
    """
    pixels = image.width * image.height
    if image.info.get("progressive") and whole > _PLACE:
        return max(pixels, whole * 3 // 4)
    return pixels


def reduced_in_strips(
    image: Image.Image,
    factors: tuple[int, int],
    opaque: Callable[[Image.Image], Image.Image],
    *,
    pixels: int = _STRIP,
) -> Image.Image:
    """Make a picture opaque and reduce it by whole factors, without a second one of its size.

    ``pixels`` says how large a strip is, more or less.
    """
    across, down = factors
    rows = max(1, pixels // image.width // down) * down
    small: Image.Image | None = None
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        strip = opaque(strip).reduce(factors)
        if small is None:
            small = Image.new(strip.mode, (-(-image.width // across), -(-image.height // down)))
        small.paste(strip, (0, top // down))
    assert small is not None  # a picture has a row
    return small
