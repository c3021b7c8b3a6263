from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.rendition_sizes import avif_sizes, rendition_sizes

STEPS = ("320h", "480h", "640h", "1280h", "2048w")


@pytest.mark.parametrize(
    ("original", "sizes"),
    [
        ((1080, 1080), [(320, 320), (480, 480), (640, 640), (1080, 1080)]),
        ((1080, 1350), [(256, 320), (384, 480), (512, 640), (1080, 1350)]),
        ((4032, 3024), [(427, 320), (640, 480), (853, 640), (2048, 1536)]),
        ((3024, 4032), [(240, 320), (360, 480), (480, 640), (960, 1280), (2048, 2731)]),
        ((300, 200), [(300, 200)]),
        ((1, 1), [(1, 1)]),
    ],
)
def test_a_photo_gets_the_steps_that_fit_it(original, sizes):
    assert rendition_sizes(*original, STEPS) == tuple(sizes)


def test_a_panorama_stays_within_what_webp_can_hold():
    assert max(rendition_sizes(60000, 3000, STEPS)) == (16383, 819)


def test_without_steps_there_is_the_original_size():
    assert rendition_sizes(300, 200, ()) == ((300, 200),)


@given(
    width=st.integers(1, 20000),
    height=st.integers(1, 20000),
    steps=st.lists(st.builds("{}{}".format, st.integers(1, 6000), st.sampled_from("hw"))),
)
def test_sizes_grow_keep_their_shape_and_never_exceed_the_original(width, height, steps):
    sizes = rendition_sizes(width, height, steps)

    assert sizes
    assert list(sizes) == sorted(set(sizes))
    for (narrow, _), (wide, _) in pairwise(sizes):
        assert wide / narrow >= 1.25
    for w, h in sizes:
        assert 1 <= w <= min(width, 16383)
        assert 1 <= h <= min(height, 16383)
        # Both sides are one fraction of the original's, to the nearest pixel.
        low = max((w - 0.5) / width, (h - 0.5) / height)
        high = min((w + 0.5) / width, (h + 0.5) / height)
        assert low <= high or 1 in (w, h)


def test_what_has_few_pixels_is_not_worth_an_avif():
    sizes = ((256, 320), (384, 480), (1080, 1350))

    assert avif_sizes(sizes) == sizes[1:]
    assert avif_sizes(sizes[:1]) == ()
