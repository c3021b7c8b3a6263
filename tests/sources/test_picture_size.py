from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pelican_photos.sources.picture_size import size_of


def encoded(form, mode="RGB", **options):
    stream = BytesIO()
    Image.new(mode, (123, 45)).save(stream, form, **options)
    return stream.getvalue()


PICTURES = {
    "baseline JPEG": encoded("JPEG"),
    "progressive JPEG": encoded("JPEG", progressive=True),
    "JPEG with a large segment": encoded("JPEG", exif=b"Exif\0\0" + bytes(60_000)),
    "JPEG with fill bytes": encoded("JPEG").replace(b"\xff\xc0", b"\xff\xff\xff\xc0"),
    "PNG": encoded("PNG"),
    "lossy WebP": encoded("WEBP"),
    "lossless WebP": encoded("WEBP", "RGBA", lossless=True),
    "extended WebP": encoded("WEBP", exif=b"Exif\0\0" + bytes(10)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_size_is_that_of_the_picture(name):
    assert size_of(BytesIO(PICTURES[name])) == (123, 45)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF89a" + bytes(40), b"\xff\xd8\xff\xe0\0\0"])
def test_what_is_no_known_picture_has_no_size(data):
    assert size_of(BytesIO(data)) is None


def test_a_file_of_segments_without_end_is_given_up():
    assert size_of(BytesIO(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 100_000)) is None


@given(st.sampled_from(sorted(PICTURES)), st.integers(0, 300), st.binary(max_size=20))
def test_a_cut_or_spoilt_picture_never_raises(name, cut, tail):
    assert size_of(BytesIO(PICTURES[name][:cut] + tail)) is None or cut + len(tail) >= 24
