"""An original is known again by its size, time and inode, where these can tell."""

import os
import time

import pytest

from fakes import pictures
from fakes.originals import Site
from pelican_photos.rendition_cache import Seen
from pelican_photos.rendition_originals import UNSETTLED, lasting

SECOND = 1_000_000_000  # nanoseconds
NOON = 1_780_000_000 * SECOND


@pytest.mark.parametrize(
    ("modified", "read_at", "is_remembered"),
    [
        (NOON + 5, NOON + 5 + SECOND // 10, True),
        (NOON + 5, NOON + 5 + SECOND // 100, False),
        (NOON, NOON + SECOND, False),  # a clock of whole seconds, or of every second one
        (NOON, NOON + 3 * SECOND, True),
        (NOON + 2 * SECOND, NOON + SECOND // 2, False),  # rounded up, or by another clock
        (NOON + 90 * SECOND, NOON, True),  # a camera's, which a change of today does not give
    ],
)
def test_a_file_is_known_by_its_time_once_that_has_settled(modified, read_at, is_remembered):
    seen = Seen(f"100 {modified} 7", "digest")

    assert lasting(seen, read_at) == (seen if is_remembered else Seen(UNSETTLED, "digest"))


def test_a_change_within_one_tick_of_a_coarse_clock_is_seen(tmp_path):
    """As on a memory card: the same length, the same time, the same file."""
    site = Site(tmp_path / "site")
    path = site.add("a.jpg", size=(160, 120))
    turned = pictures.save(tmp_path / "b.jpg", pictures.noise(120, 160)).read_bytes()
    size = max(path.stat().st_size, len(turned))
    whole = (int(time.time()) + 2) * SECOND  # it settles in three to four seconds

    def written(content):
        with path.open("r+b") as file:
            file.write(content.ljust(size, b"\0"))  # which no decoder looks at
        os.utime(path, ns=(whole, whole))

    written(path.read_bytes())
    before, _ = site.build()
    written(turned)
    after, _ = site.build()

    assert (before[path].width, before[path].height) == (160, 120)
    assert (after[path].width, after[path].height) == (120, 160)
