import io

import pillow_loop
import pytest
from PIL import Image

from fakes.pictures import DISPLAY_P3, matrix_profile, save, scene
from pelican_photos.images import encode


@pytest.mark.parametrize(
    ("orientation", "profile"), [(1, b""), (6, b""), (7, matrix_profile(DISPLAY_P3))]
)
def test_the_bare_loop_makes_the_very_files_that_we_make(tmp_path, orientation, profile):
    original = tmp_path / "original.jpg"
    save(original, scene(900, 1200), orientation=orientation, icc_profile=profile)

    with Image.open(original) as image:
        pictures = [(each.size, each) for each in pillow_loop.scaled(image, ("100w", "600w"))]
        bare = {size: webp(picture) for size, picture in pictures}
    _, ours = encode(original, [(100, 133), (600, 800)], quality=80)

    assert bare == {(each.width, each.height): each.data for each in ours}


def webp(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    pillow_loop.save(picture, file, 80, **pillow_loop.method_of(picture))
    return file.getvalue()
