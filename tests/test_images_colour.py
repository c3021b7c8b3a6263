import pytest
from PIL import Image

from fakes import pictures
from fakes.pictures import CORNERS, corners, difference, save, scene, shown
from pelican_photos.errors import ImageError
from pelican_photos.images import encode


@pytest.mark.parametrize("primaries", [pictures.DISPLAY_P3, pictures.ADOBE_RGB])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_wide_gamut_becomes_srgb(tmp_path, primaries, orientation):
    profile = pictures.matrix_profile(primaries)
    path = save(tmp_path / "a.jpg", scene(), orientation=orientation, icc_profile=profile)
    expected = [pictures.srgb_of(colour, primaries) for colour in CORNERS]

    assert difference(expected, CORNERS) > 15  # else this shows nothing
    assert difference(corners(shown(path)), expected) <= 7


@pytest.mark.parametrize(
    "profile",
    [pictures.srgb_profile(), b"no profile at all", b"\0" * 200, pictures.grey_profile(1.0)],
    ids=["sRGB", "text", "zeros", "of another kind"],
)
def test_a_profile_that_changes_nothing_or_makes_no_sense_is_ignored(tmp_path, profile):
    path = save(tmp_path / "a.jpg", scene(), icc_profile=profile)

    assert difference(corners(shown(path)), CORNERS) <= 6


def test_grey_follows_its_own_profile(tmp_path):
    path = save(
        tmp_path / "a.png",
        Image.new("L", (64, 48), 100),
        icc_profile=pictures.grey_profile(1.0),
    )
    expected = pictures.srgb_of((100, 100, 100), pictures.SRGB, gamma=1.0)

    assert difference(corners(shown(path, (64, 48))), [expected] * 4) <= 3


def test_grey_with_a_profile_for_colours_is_converted_by_it(tmp_path):
    profile = pictures.matrix_profile(pictures.SRGB, gamma=1.0)
    path = save(tmp_path / "a.jpg", Image.new("L", (64, 48), 100), icc_profile=profile)
    expected = pictures.srgb_of((100, 100, 100), pictures.SRGB, gamma=1.0)

    assert difference(corners(shown(path, (64, 48))), [expected] * 4) <= 3


def test_cmyk_without_a_profile_is_neither_inverted_nor_black(tmp_path):
    path = save(tmp_path / "a.jpg", scene().convert("CMYK"))

    assert difference(corners(shown(path)), CORNERS) <= 6


def test_cmyk_follows_its_profile(tmp_path):
    cyan, paper = (60, -30, -35), (100, 0, 0)
    profile = pictures.cmyk_profile({(0, 0, 0, 0): paper, (1, 0, 0, 0): cyan})
    image = Image.new("CMYK", (64, 48), (255, 0, 0, 0))
    image.paste((0, 0, 0, 0), (0, 0, 32, 48))
    path = save(tmp_path / "a.jpg", image, icc_profile=profile)

    left, right = pictures.srgb_of_lab(*paper), pictures.srgb_of_lab(*cyan)

    assert difference(corners(shown(path, (64, 48))), [left, right] * 2) <= 6


def grey_of(colour):
    return (Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0)),) * 3


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_grey_stays_grey(tmp_path, suffix):
    path = save(tmp_path / f"a{suffix}", scene().convert("L"))

    assert difference(corners(shown(path)), [grey_of(colour) for colour in CORNERS]) <= 4


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path, suffix):
    image = Image.new("I;16", (64, 48), 257 * 90)
    image.paste(257 * 210, (32, 0, 64, 48))
    path = save(tmp_path / f"a{suffix}", image)

    assert difference(corners(shown(path, (64, 48))), [(90,) * 3, (210,) * 3] * 2) <= 3


@pytest.mark.parametrize("alpha", [False, True], ids=["opaque", "with alpha"])
@pytest.mark.parametrize("primaries", [pictures.SRGB, pictures.DISPLAY_P3], ids=["sRGB", "P3"])
def test_sixteen_bits_a_channel_keep_their_colours(tmp_path, alpha, primaries):
    path = tmp_path / "a.png"
    profile = pictures.matrix_profile(primaries)
    path.write_bytes(pictures.png_of_sixteen_bits(scene(), profile, alpha=alpha))
    expected = [pictures.srgb_of(colour, primaries) for colour in CORNERS]

    assert difference(corners(shown(path)), expected) <= 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_wide_gamut_with_alpha_is_turned_laid_on_paper_and_converted(tmp_path, orientation):
    image = scene().convert("RGBA")
    image.paste((0, 0, 0, 0), (120, 90, 240, 180))  # the fourth quarter is clear
    path = save(
        tmp_path / "a.png",
        image,
        orientation=orientation,
        icc_profile=pictures.matrix_profile(pictures.DISPLAY_P3),
    )
    expected = [pictures.srgb_of(colour, pictures.DISPLAY_P3) for colour in CORNERS[:3]]

    assert difference(corners(shown(path)), [*expected, (255, 255, 255)]) <= 6


def test_one_bit_is_black_and_white(tmp_path):
    image = Image.new("1", (64, 48))
    image.paste(1, (32, 0, 64, 48))
    path = save(tmp_path / "a.png", image)

    assert difference(corners(shown(path, (64, 48))), [(0,) * 3, (255,) * 3] * 2) <= 3


def test_a_palette_is_looked_up(tmp_path):
    path = save(tmp_path / "a.png", scene().quantize(16))

    assert difference(corners(shown(path)), CORNERS) <= 8


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB", "L"])
def test_what_is_transparent_becomes_white(tmp_path, mode):
    opaque, clear = (70, 70, 70), (255, 255, 255)
    image = Image.new("RGBA", (64, 48), (*opaque, 255))
    image.paste((10, 10, 10, 0), (32, 0, 64, 48))
    options = {}
    if mode == "P":
        image = Image.new("P", (64, 48), 0)
        image.putpalette([*opaque, 10, 10, 10])
        image.paste(1, (32, 0, 64, 48))
        options = {"transparency": 1}
    elif mode in ("RGB", "L"):
        image = image.convert(mode)
        options = {"transparency": (10, 10, 10) if mode == "RGB" else 10}
    path = save(tmp_path / "a.png", image.convert(mode), **options)

    assert difference(corners(shown(path, (64, 48))), [opaque, clear] * 2) <= 4


def test_floating_point_is_refused_with_a_way_out(tmp_path):
    path = save(tmp_path / "a.tif", Image.new("F", (64, 48), 0.5))

    with pytest.raises(ImageError, match=r"a\.tif has pixels of the kind F; save it as RGB"):
        encode(path, [(32, 24)], quality=78)
