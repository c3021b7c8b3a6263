import math
import random

import pytest
from building.corpus import photo
from building.similarity import between, ssim
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

PHOTO = photo((160, 200), random.Random(5))


def test_a_picture_is_wholly_similar_to_itself():
    assert ssim(PHOTO, PHOTO) == pytest.approx(1)


def test_the_more_a_picture_is_blurred_the_less_is_kept():
    kept = [ssim(PHOTO, PHOTO.filter(ImageFilter.GaussianBlur(by))) for by in (0.5, 1, 2, 4)]

    assert kept == sorted(kept, reverse=True)
    assert kept[0] < 1


def test_of_two_flat_pictures_only_the_brightness_counts():
    dark, light = (Image.new("L", (64, 64), level) for level in (50, 100))

    expected = (2 * 50 * 100 + 2.55**2) / (50**2 + 100**2 + 2.55**2)
    assert ssim(dark, light) == pytest.approx(expected)


def test_pictures_of_two_sizes_are_not_compared():
    with pytest.raises(ValueError, match="cannot be compared"):
        ssim(PHOTO, PHOTO.resize((80, 100)))


@given(st.floats(-5, 15))
def test_a_straight_curve_is_read_right_everywhere(at):
    curve = [(x, 2 * x + 1) for x in (0, 1, 4, 10)]

    assert math.isclose(between(curve, at), 2 * at + 1, abs_tol=1e-9)
