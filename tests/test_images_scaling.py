"""From what a rendition is scaled, and by which filter: both are in its name."""

import io

import pytest
from PIL import Image

from fakes import pictures
from fakes.pictures import save
from pelican_photos.images import encode


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_rendition_made_alone_beside_the_others_gets_the_same_bytes(tmp_path, orientation):
    path = save(tmp_path / "a.jpg", pictures.noise(800, 600), orientation=orientation)
    sizes = [
        size[:: -1 if orientation == 6 else 1] for size in ((150, 112), (200, 150), (400, 300))
    ]
    colour, together = encode(path, sizes, quality=78, avif=sizes[2:])

    for place, size in enumerate(sizes):
        assert encode(path, [size], quality=78, beside=sizes) == (colour, [together[place]])
    assert encode(path, [], quality=78, avif=sizes[2:], beside=sizes) == (colour, together[3:])
    assert encode(path, [], quality=78, beside=sizes) == (colour, [])
    # It matters: from the original itself the smallest comes out differently.
    assert encode(path, sizes[:1], quality=78) != (colour, together[:1])


@pytest.mark.parametrize(
    ("height", "filtered"),
    [
        (900, (Image.Resampling.BICUBIC, (900, 900))),
        (2599, (Image.Resampling.BICUBIC, (900, 2599))),
        (2600, (Image.Resampling.LANCZOS, (900, 1300))),
        (3900, (Image.Resampling.LANCZOS, (900, 1300))),
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_box_filter_goes_before_where_a_side_becomes_2_6_times_smaller(
    tmp_path, height, filtered, mode
):
    """Whoever changes this gives other bytes to names that are known: count the encoder up."""
    picture = pictures.noise(900, height)
    path = save(tmp_path / "a.png", picture.convert(mode))
    scaling, before = filtered

    _, [encoded] = encode(path, [(800, 1000)], quality=78)

    boxed = picture.reduce((1, height // before[1]))
    assert boxed.size == before
    file = io.BytesIO()
    boxed.resize((800, 1000), scaling).save(file, "WEBP", quality=78, method=2)
    assert encoded.data == file.getvalue()
