import io
import os
import struct
import subprocess
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from fakes import pictures
from fakes.pictures import CORNERS, corners, difference, save, scene, shown
from pelican_photos.errors import ImageError
from pelican_photos.images import Encoded, check, encode, measure

ORIENTATIONS = range(1, 9)
SIZE = (120, 90)


def chunks(webp):
    """Name the chunks of a WebP file."""
    names, at = [], 12
    while at < len(webp):
        names.append(webp[at : at + 4].decode())
        length = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return names


# Measuring and checking


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_a_picture_is_measured_as_it_is_seen(tmp_path, orientation, suffix):
    path = save(tmp_path / f"a{suffix}", scene(60, 40), orientation=orientation)

    assert measure(path)[:2] == (60, 40)
    assert check(path)[:3] == measure(path)


@pytest.mark.parametrize(
    ("suffix", "name"),
    [
        (".jpg", "JPEG"),
        (".png", "PNG"),
        (".webp", "WEBP"),
        (".gif", "GIF"),
        (".tif", "TIFF"),
        (".bmp", "BMP"),
        (".avif", "AVIF"),
    ],
)
def test_the_format_is_found_in_the_file_and_not_in_its_name(tmp_path, suffix, name):
    path = save(tmp_path / f"a{suffix}", scene()).rename(tmp_path / "a.part")

    assert measure(path) == (240, 180, name)


def test_a_jpeg_with_a_second_picture_behind_it_is_a_jpeg(tmp_path):
    path = tmp_path / "a.jpg"
    scene().save(path, "MPO", save_all=True, append_images=[scene(64, 48)], quality=95)

    assert check(path)[:3] == (240, 180, "JPEG")
    assert difference(corners(shown(path)), CORNERS) <= 6


def test_measuring_reads_only_the_header(tmp_path):
    path = pictures.truncated(tmp_path / "b.jpg", save(tmp_path / "a.jpg", scene()))

    assert measure(path) == (240, 180, "JPEG")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
@pytest.mark.parametrize(
    ("suffix", "options"),
    [(".jpg", {}), (".jpg", {"progressive": True}), (".png", {}), (".webp", {}), (".tif", {})],
)
def test_a_truncated_file_is_refused(tmp_path, suffix, options, share):
    whole = save(tmp_path / f"whole{suffix}", pictures.noise(400, 304), **options)
    path = pictures.truncated(tmp_path / f"cut{suffix}", whole, share)

    with pytest.raises(ImageError, match=f"cut{suffix}"):
        check(path)
    with pytest.raises(ImageError, match=f"cut{suffix}"):
        encode(path, [(100, 76)], quality=78)


@pytest.mark.parametrize("content", [b"", b"<html>Sign in</html>", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_what_is_no_picture_is_refused_by_name(tmp_path, content):
    path = tmp_path / "page.jpg"
    path.write_bytes(content)

    for verb in (measure, check):
        with pytest.raises(ImageError, match=r"page\.jpg is not a picture"):
            verb(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ImageError, match=r"gone\.jpg cannot be read: No such file"):
        measure(tmp_path / "gone.jpg")
    with pytest.raises(ImageError, match="cannot be read: Is a directory"):
        measure(tmp_path)


def test_a_decompression_bomb_is_refused_and_warns_nobody(tmp_path):
    path = pictures.claiming(tmp_path / "bomb.jpg", 60000, 60000)

    with pytest.raises(ImageError, match=r"bomb\.jpg has 3600 million pixels, and at most 250"):
        measure(path)


def test_the_largest_phone_sensor_is_no_bomb(tmp_path):
    assert measure(pictures.claiming(tmp_path / "a.jpg", 16320, 12240))[:2] == (16320, 12240)


def test_a_panorama_of_a_hundred_million_pixels_is_rendered(tmp_path):
    path = tmp_path / "panorama.jpg"
    Image.new("L", (20000, 5000), 90).save(path)

    assert shown(path, (1280, 320)).getpixel((640, 160)) == pytest.approx((90, 90, 90), abs=2)


def test_pillows_own_limit_and_the_warning_filters_are_left_as_they_were(tmp_path):
    path = save(tmp_path / "a.jpg", scene())
    before = Image.MAX_IMAGE_PIXELS, warnings.filters[:]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(measure, [path] * 40))

    assert (Image.MAX_IMAGE_PIXELS, warnings.filters[:]) == before


def test_exif_that_cannot_be_read_turns_nothing(tmp_path):
    path = save(tmp_path / "a.jpg", scene(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\x99" * 40)

    assert measure(path) == (240, 180, "JPEG")


# Turning and sizing


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".avif"])
def test_a_picture_comes_out_upright(tmp_path, orientation, suffix):
    path = save(tmp_path / f"a{suffix}", scene(), orientation=orientation)

    image = shown(path)

    assert image.size == SIZE
    assert difference(corners(image), CORNERS) <= 6


def test_sizes_come_in_the_order_they_were_asked_for(tmp_path):
    path = save(tmp_path / "a.jpg", pictures.noise(800, 600))
    sizes = [(200, 150), (800, 600), (400, 300)]

    _, encoded = encode(path, sizes, quality=78)

    assert [(entry.width, entry.height) for entry in encoded] == sizes
    assert [Image.open(io.BytesIO(entry.data)).size for entry in encoded] == sizes
    assert all(isinstance(entry, Encoded) for entry in encoded)


def mean_difference(first, second):
    histogram = ImageChops.difference(first.convert("RGB"), second).convert("L").histogram()
    return sum(level * count for level, count in enumerate(histogram)) / sum(histogram)


@pytest.mark.parametrize("size", [(1280, 960), (640, 480), (320, 240)])
def test_decoding_small_and_reducing_twice_costs_no_more_than_webp_does(tmp_path, size):
    original = pictures.noise(3200, 2400)
    path = save(tmp_path / "a.jpg", original)
    careful = original.resize(size, Image.Resampling.LANCZOS)
    careful.save(tmp_path / "careful.webp", quality=95, method=2)

    with Image.open(tmp_path / "careful.webp") as best:
        loss = mean_difference(best, careful)

    assert mean_difference(shown(path, size), careful) < 1.1 * loss


def test_the_mean_colour_is_six_digits(tmp_path):
    path = save(tmp_path / "a.png", Image.new("RGB", (300, 200), "#7a6a58"))

    colour, _ = encode(path, [(60, 40)], quality=78)

    assert colour == "#7a6a58"


def test_more_quality_takes_more_bytes(tmp_path):
    path = save(tmp_path / "a.jpg", pictures.noise(400, 304))

    low, high = (encode(path, [(400, 304)], quality=quality)[1][0].data for quality in (40, 90))

    assert len(low) < len(high)


def test_of_an_animation_the_first_picture_is_taken(tmp_path):
    frames = [Image.new("RGB", (80, 60), colour) for colour in ("#c83232", "#3232c8")]
    for suffix in (".gif", ".webp", ".png"):
        path = tmp_path / f"a{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:])
        assert corners(shown(path, (40, 30)))[0] == pytest.approx((200, 50, 50), abs=4)


# Metadata


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_a_rendition_holds_pixels_and_nothing_else(tmp_path, suffix):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 36.0, 4.3), 3: "W", 4: (9.0, 4.0, 15.2)})
    exif[0x010F] = "Maker"
    path = save(
        tmp_path / f"a{suffix}",
        scene(),
        exif=exif,
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
        icc_profile=pictures.matrix_profile(pictures.DISPLAY_P3),
    )

    _, encoded = encode(path, [(240, 180), (120, 90)], quality=78)

    assert [chunks(entry.data) for entry in encoded] == [["VP8 "], ["VP8 "]]


# HEIC


def heic(path):
    pillow_heif = pytest.importorskip("pillow_heif", reason="needs pelican-photostream[heic]")
    pillow_heif.from_pillow(scene()).save(path, quality=95)
    return path


def test_heic_is_read_where_pillow_heif_is_installed(tmp_path):
    path = heic(tmp_path / "a.heic")

    assert check(path)[:3] == (240, 180, "HEIF")
    assert difference(corners(shown(path)), CORNERS) <= 8


def test_without_pillow_heif_a_heic_file_says_what_to_install(tmp_path):
    path = tmp_path / "a.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    script = (
        "import sys; sys.modules['pillow_heif'] = None\n"  # Python's own way of not having it
        "from pathlib import Path; from pelican_photos.images import measure\n"
        "measure(Path(sys.argv[1]))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", script, path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "pip install 'pelican-photostream[heic]'" in answer.stderr.splitlines()[-1]


# Hostile bytes

SMALL = {
    "JPEG": {"quality": 80, "icc_profile": pictures.grey_profile(1.0)},
    "PNG": {"icc_profile": pictures.matrix_profile(pictures.DISPLAY_P3)},
    "WEBP": {},
    "GIF": {},
    "TIFF": {"compression": "tiff_lzw"},
    "BMP": {},
    "AVIF": {},
}


def small(name):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    scene(40, 30).save(file, name, exif=exif, **SMALL[name])
    return file.getvalue()


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_rendered_or_refused_but_never_a_traceback(tmp_path_factory, name, data):
    content = bytearray(small(name))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])

    with suppress(ImageError):
        width, height, _, _ = check(path)
        encode(path, [(max(1, min(width, 40) // 2), max(1, min(height, 40) // 2))], quality=78)


def test_a_palette_that_is_not_there_is_one_sentence(tmp_path):
    """Such a PNG can be opened and decoded, and then has no colours."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + check

    header = struct.pack(">IIBBBBB", 40, 30, 8, 3, 0, 0, 0)  # PNG, section 11.2.1: indexed
    pixels = zlib.compress(bytes(41 * 30))
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    path = tmp_path / "odd.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)

    with pytest.raises(ImageError, match=r"odd\.png is truncated or corrupt"):
        encode(path, [(20, 15)], quality=78)


# Looking alike


def distance(one, other):
    return (int(check(one).look, 16) ^ int(check(other).look, 16)).bit_count()


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_picture_looks_the_same_smaller_turned_and_compressed_anew(tmp_path, orientation):
    large = save(tmp_path / "large.png", scene(480, 360))
    small = save(tmp_path / "small.jpg", scene(160, 120), orientation=orientation)

    assert distance(large, small) <= 3


def test_another_picture_looks_different(tmp_path):
    one = save(tmp_path / "one.png", scene())
    other = save(tmp_path / "other.png", scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT))

    assert distance(one, other) >= 16


def test_a_picture_of_one_tone_looks_like_nothing(tmp_path):
    assert check(save(tmp_path / "a.png", Image.new("RGB", (80, 60), "navy"))).look == ""
