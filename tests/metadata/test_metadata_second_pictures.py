import io

import pytest
from PIL import Image

from fakes.tagged_files import PICTURE, cleaned, patches_of
from fakes.tagged_films import small_picture
from pelican_photos.errors import MetadataError


def test_a_small_copy_is_gone_with_its_tiles_and_the_picture_stays():
    data = small_picture()
    after = cleaned(data)
    assert b"cutout" in data
    assert b"cutout" not in after
    assert after.endswith(b"gridtile1tile2" + bytes(4 + 2 * len(b"cutout")))
    assert [after.count(kind) for kind in (b"thmb", b"grid", b"hvc1", b"dimg")] == [0, 2, 2, 2]


def test_a_small_copy_that_shares_bytes_with_the_picture_is_refused():
    with pytest.raises(MetadataError, match="shares bytes"):
        patches_of(small_picture(shared=6))


def test_a_reader_finds_the_picture_alone():
    heif = pytest.importorskip("pillow_heif", reason="pillow-heif writes the HEIC")
    heif.register_heif_opener()
    file = io.BytesIO()
    PICTURE.resize((480, 320)).save(file, "HEIF", quality=80, thumbnails=[64, 128])
    with Image.open(file) as before, Image.open(io.BytesIO(cleaned(file.getvalue()))) as after:
        assert before.info["thumbnails"] == [64, 128]
        assert after.info["thumbnails"] == []
        assert after.n_frames == 1
        assert after.tobytes() == before.tobytes()
