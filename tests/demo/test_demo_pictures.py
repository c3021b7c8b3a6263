import io
from functools import cache
from random import Random

import pytest
from PIL import Image, ImageOps, ImageStat

from pelican_photos.demo.canvas import Canvas, noise
from pelican_photos.demo.pictures import MOTIFS, SIZES, Metadata, draw, jpeg

SMALL = (216, 270)


@cache
def drawn(motif, mood):
    return draw(motif, mood, SMALL)


def spread_of(picture):
    return sum(ImageStat.Stat(picture).stddev) / 3


def test_there_are_many_motifs():
    assert len(MOTIFS) >= 14


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_motif_draws_a_picture_with_light_and_shade(motif):
    picture = drawn(motif, 0)

    assert (picture.mode, picture.size) == ("RGB", SMALL)
    assert spread_of(picture) > 10


@pytest.mark.parametrize("motif", MOTIFS)
def test_the_same_words_give_the_same_pixels(motif):
    assert draw(motif, 1, SMALL).tobytes() == drawn(motif, 1).tobytes()


@pytest.mark.parametrize("motif", MOTIFS)
def test_two_moods_of_a_motif_are_two_pictures(motif):
    assert drawn(motif, 0).tobytes() != drawn(motif, 1).tobytes()


@pytest.mark.parametrize("shape", SIZES)
def test_a_picture_has_the_size_of_its_shape(shape):
    assert draw("agate", 0, SIZES[shape]).size == SIZES[shape]


def test_a_mood_that_a_motif_lacks_comes_round_again():
    canvas = Canvas(8, 8, Random(1), mood=5)

    assert canvas.mood_of("abc") == "c"


def test_noise_uses_the_whole_range():
    low, high = noise(Random(1), (64, 64), (4, 4)).getextrema()

    assert low < 20
    assert high > 235


def test_metadata_is_written_as_a_camera_would():
    metadata = Metadata(
        taken="2024:05:12 18:03:00", camera="Sample Compact II", coordinates=(39.6012, -9.071)
    )

    exif = Image.open(io.BytesIO(jpeg(draw("agate", 0, SMALL), metadata))).getexif()

    assert (exif[0x010F], exif[0x0110]) == ("Sample", "Compact II")
    place = exif.get_ifd(0x8825)
    assert (place[1], place[3]) == ("N", "W")
    degrees, minutes, seconds = (float(part) for part in place[2])
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(39.6012, abs=1e-4)


def test_a_sideways_picture_is_upright_once_it_is_turned():
    upright = draw("lighthouse", 0, SMALL)

    stored = Image.open(io.BytesIO(jpeg(upright, Metadata(sideways=True))))

    assert stored.size == SMALL[::-1]
    turned = ImageOps.exif_transpose(stored)
    difference = (
        ImageStat.Stat(turned.convert("L")).mean[0] - ImageStat.Stat(upright.convert("L")).mean[0]
    )
    assert turned.size == SMALL
    assert abs(difference) < 2


def test_a_profile_is_embedded_with_the_same_bytes_each_time():
    picture = draw("tiles", 0, SMALL)

    first, second = (jpeg(picture, Metadata(profile=True)) for _ in range(2))

    assert first == second
    assert Image.open(io.BytesIO(first)).info["icc_profile"]


def test_a_picture_without_metadata_holds_no_exif():
    assert not Image.open(io.BytesIO(jpeg(draw("agate", 0, SMALL), Metadata()))).getexif()
