"""A picture in letters: upright, in sRGB, and as large as it may be."""

import pytest
from PIL import Image
from rich.style import Style

from fakes import pictures
from fakes.pictures import CORNERS, difference, matrix_profile, save, scene, srgb_of
from pelican_photos.adding.preview import half_blocks
from pelican_photos.errors import ImageError


def colours(drawn):
    """Read the pixels back: two from each letter."""
    rows = drawn.plain.splitlines()
    spans = iter(drawn.spans)
    pixels = []
    for row in rows:
        styles = [next(spans).style for _ in row]
        pixels.append([_triplet(style, "color") for style in styles])
        if styles[0].bgcolor:
            pixels.append([_triplet(style, "bgcolor") for style in styles])
    return pixels


def _triplet(style: Style, name):
    return tuple(getattr(style, name).triplet)


def quarters(pixels):
    height, width = len(pixels), len(pixels[0])
    return [pixels[height * y // 4][width * x // 4] for y in (1, 3) for x in (1, 3)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_drawn_as_it_is_meant_to_be_seen(tmp_path, orientation):
    drawn = half_blocks(save(tmp_path / "a.jpg", scene(), orientation=orientation), 40, 15)
    pixels = colours(drawn)

    assert (len(pixels[0]), len(pixels)) == (40, 30)
    assert difference(quarters(pixels), CORNERS) < 12


def test_its_colours_are_those_of_the_rendition(tmp_path):
    profile = matrix_profile(pictures.ADOBE_RGB)
    drawn = half_blocks(save(tmp_path / "a.jpg", scene(), icc_profile=profile), 40, 15)
    wanted = [srgb_of(colour, pictures.ADOBE_RGB) for colour in CORNERS]

    assert difference(quarters(colours(drawn)), wanted) < 12


@pytest.mark.parametrize(
    ("size", "columns", "rows"), [((7, 5), 7, 3), ((4000, 10), 48, 1), ((10, 4000), 1, 16)]
)
def test_it_is_never_enlarged_and_never_vanishes(tmp_path, size, columns, rows):
    drawn = half_blocks(save(tmp_path / "a.png", Image.new("RGB", size, "teal")), 48, 16)
    lines = drawn.plain.splitlines()

    assert (len(lines[0]), len(lines)) == (columns, rows)


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "a.jpg").write_text("words")

    with pytest.raises(ImageError):
        half_blocks(tmp_path / "a.jpg", 48, 16)
