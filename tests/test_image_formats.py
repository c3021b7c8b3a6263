"""What renditions are encoded as."""

import io
import os
import re
import subprocess
import sys
from itertools import pairwise

import PIL
import pytest
from PIL import Image, features

from fakes import pictures
from fakes.pictures import CORNERS, corners, difference, save, scene
from pelican_photos.image_formats import avif_quality, encoded, maker, reader
from pelican_photos.images import encode

SIZES = [(400, 300), (200, 150)]


def as_image(encoded):
    return Image.open(io.BytesIO(encoded.data))


def test_avif_comes_behind_webp_from_one_cascade(tmp_path):
    path = save(tmp_path / "a.jpg", pictures.noise(800, 600))

    _, made = encode(path, SIZES[::-1], quality=78, avif=SIZES[:1])

    assert [(each.format, each.width) for each in made] == [
        ("webp", 200),
        ("webp", 400),
        ("avif", 400),
    ]
    assert [as_image(each).format for each in made] == ["WEBP", "WEBP", "AVIF"]
    assert [as_image(each).size for each in made] == [(200, 150), (400, 300), (400, 300)]


def test_webp_is_the_same_with_and_without_avif(tmp_path):
    path = save(tmp_path / "a.jpg", pictures.noise(800, 600))

    colour, alone = encode(path, SIZES, quality=78)
    both_colour, both = encode(path, SIZES, quality=78, avif=SIZES)

    assert (both_colour, both[:2]) == (colour, alone)


def test_avif_alone_may_be_what_is_lacking(tmp_path):
    path = save(tmp_path / "a.jpg", pictures.noise(800, 600))

    _, [made] = encode(path, [], quality=78, avif=SIZES[1:])

    assert (made.format, as_image(made).size) == ("avif", (200, 150))


def test_an_avif_is_upright_in_srgb_and_holds_pixels_and_nothing_else(tmp_path):
    path = save(
        tmp_path / "a.jpg",
        scene(),
        orientation=6,
        icc_profile=pictures.srgb_profile(),
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
    )

    _, [made] = encode(path, [], quality=90, avif=[(120, 90)])

    assert difference(corners(as_image(made)), CORNERS) <= 6
    assert not {"icc_profile", "exif", "xmp"} & as_image(made).info.keys()
    assert not any(word in made.data for word in (b"Exif", b"xmpmeta", b"prof"))


def test_a_finer_webp_has_a_finer_avif_beside_it():
    qualities = [avif_quality(quality) for quality in range(1, 101)]

    assert all(one <= other for one, other in pairwise(qualities))
    assert (qualities[0], avif_quality(78), qualities[-1]) == (12, 55, 91)


def levels(image):
    return image.convert("L").tobytes()


def similarity(image, reference):
    """Give the SSIM of two pictures (Wang and others, 2004), over blocks of 8 x 8 pixels."""
    width, height = image.size
    one, other = levels(image), levels(reference)
    found = []
    for top in range(0, height - 7, 8):
        for left in range(0, width - 7, 8):
            places = [y * width + x for y in range(top, top + 8) for x in range(left, left + 8)]
            found.append(block_similarity([one[i] for i in places], [other[i] for i in places]))
    return sum(found) / len(found)


def block_similarity(a, b):
    mean_a, mean_b = sum(a) / 64, sum(b) / 64
    spread = sum(x * x for x in a) / 64 - mean_a**2 + sum(y * y for y in b) / 64 - mean_b**2
    shared = sum(x * y for x, y in zip(a, b, strict=True)) / 64 - mean_a * mean_b
    return ((2 * mean_a * mean_b + 6.5025) * (2 * shared + 58.5225)) / (
        (mean_a**2 + mean_b**2 + 6.5025) * (spread + 58.5225)
    )


@pytest.mark.parametrize("quality", [60, 78, 92])
def test_an_avif_looks_as_good_as_the_webp_beside_it(tmp_path, quality):
    original = pictures.noise(320, 240)
    path = save(tmp_path / "a.png", original)

    _, [webp, avif] = encode(path, [(320, 240)], quality=quality, avif=[(320, 240)])

    best = similarity(as_image(webp), original)
    assert similarity(as_image(avif), original) == pytest.approx(best, abs=0.02)


def test_what_makes_a_webp_is_called_as_it_is():
    """Other words here make every rendition of every site anew."""
    assert maker("webp", 78) == (
        f"quality 78 3 Pillow {PIL.__version__} libwebp {features.version('webp')} "
        "method 2, 4 up to 190000 pixels"
    )


@pytest.mark.parametrize(
    ("size", "method"), [((500, 380), 4), ((500, 381), 2), ((380, 500), 4), ((1900, 100), 4)]
)
def test_a_webp_of_up_to_190_000_pixels_gets_method_4(size, method):
    picture, file = pictures.noise(*size), io.BytesIO()
    picture.save(file, "WEBP", quality=78, method=method)

    assert encoded(picture, "webp", 78) == file.getvalue()


def test_what_makes_an_avif_names_its_own_quality():
    words = f"avif quality 55 3 Pillow {PIL.__version__} libavif {features.version('avif')} speed 9"

    assert re.fullmatch(rf"{re.escape(words)} by [\w-]+ v?\d[^ ]*", maker("avif", 78))


def test_a_pillow_without_avif_says_so_before_anything_is_made():
    script = (
        "import sys; sys.modules['PIL._avif'] = None\n"  # Python's own way of not having it
        "from pelican_photos.images import require\n"
        "require(['webp']); print('webp'); require(['avif', 'webp'])"
    )

    answer = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.stdout == "webp\n"
    assert answer.stderr.splitlines()[-1].endswith(
        'PHOTOS_FORMATS names "avif", which this Pillow was built without; '
        "try: pip install -U pillow, or leave it out"
    )


def test_what_reads_originals_is_named_with_its_versions():
    pillow_heif = pytest.importorskip("pillow_heif", reason="needs pelican-photostream[heic]")
    jpeg, profiles, heic = reader().split("; ")

    assert f"libjpeg_turbo {features.version('libjpeg_turbo')}" in jpeg
    assert profiles == f"littlecms2 {features.version('littlecms2')}"
    assert heic.endswith(f"{pillow_heif.__version__} libheif {pillow_heif.libheif_version()}")


def test_where_nothing_reads_heic_that_is_said_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)

    assert reader().endswith("; pillow-heif none")
