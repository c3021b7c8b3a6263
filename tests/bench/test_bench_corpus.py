import io
import random

import pytest
from building import corpus
from PIL import Image


def a_jpeg(**options) -> bytes:
    file = io.BytesIO()
    corpus.photo((64, 48), random.Random(1)).save(file, "JPEG", **options)
    return file.getvalue()


JPEG = a_jpeg(exif=Image.Exif(), progressive=True)


@pytest.mark.parametrize("comment", ["", "photo 7", "café " * 40])
def test_a_comment_changes_the_bytes_of_a_photo_and_not_its_pixels(comment):
    commented = corpus.commented(JPEG, comment)

    assert commented != JPEG
    with Image.open(io.BytesIO(commented)) as changed, Image.open(io.BytesIO(JPEG)) as image:
        assert changed.info["comment"] == comment.encode()
        assert changed.tobytes() == image.tobytes()


def test_photos_that_share_their_pixels_are_files_of_their_own(tmp_path):
    files = corpus.stored(tmp_path / "photos", [JPEG, a_jpeg()], 7)

    assert len({file.read_bytes() for file in files}) == 7


def test_photos_of_ones_own_are_taken_again_until_there_are_enough(tmp_path):
    (tmp_path / "own/2024").mkdir(parents=True)
    (tmp_path / "own/2024/one.JPG").write_bytes(JPEG)
    (tmp_path / "own/notes.txt").touch()

    drawn = corpus.from_folder(tmp_path / "own", tmp_path / "photos", 3)

    assert len(drawn.files) == 3
    pixels = Image.open(io.BytesIO(JPEG)).tobytes()
    assert {Image.open(file).tobytes() for file in drawn.files} == {pixels}


def test_tiny_photos_are_few_files_under_many_names(tmp_path):
    drawn = corpus.draw_tiny(tmp_path / "tiny", 50)

    assert len(set(drawn.files)) == 50
    assert len({file.stat().st_ino for file in drawn.files}) == corpus.DISTINCT_TINY


def test_a_photo_has_detail_somewhere_and_none_elsewhere():
    light = corpus.photo((480, 600), random.Random(3)).convert("L")
    tiles = [
        light.crop((left, top, left + 24, top + 24))
        for left in range(0, 480, 24)
        for top in range(0, 600, 24)
    ]
    spans = sorted(high - low for low, high in (tile.getextrema() for tile in tiles))

    assert spans[0] < 30
    assert spans[-1] > 90
