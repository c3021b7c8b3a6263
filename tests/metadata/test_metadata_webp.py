import io

import pytest
from PIL import Image

from fakes.tagged_files import CITY, PLACE, cleaned, exif, patches_of, riff_chunk, traces, webp, xmp
from pelican_photos.errors import MetadataError


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("start", [b"", b"Exif\0\0"])
def test_exif_and_xmp_are_cleaned_and_the_pixels_stay(order, start):
    data = webp(riff_chunk(b"EXIF", start + exif(order)), riff_chunk(b"XMP ", xmp(CITY) + b"\0"))
    after = cleaned(data)
    assert traces(after, order) == []
    assert after.endswith(xmp(b" " * len(CITY)) + b"\0" * (1 + len(xmp(CITY) + b"\0") % 2))
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


def test_a_chunk_that_nobody_can_read_is_emptied_when_it_names_a_place():
    credentials = riff_chunk(b"C2PA", b"exif:GPSLatitude " + PLACE)
    after = cleaned(webp(credentials, riff_chunk(b"note", b"Hi")))
    assert PLACE not in after
    assert after.endswith(riff_chunk(b"note", b"Hi"))


def test_a_picture_without_places_needs_no_patch():
    assert patches_of(webp(riff_chunk(b"note", b"the GPS was off"))) == ()


def test_a_chunk_that_is_cut_short_is_refused():
    with pytest.raises(MetadataError, match="cut short"):
        patches_of(webp(riff_chunk(b"EXIF", exif()))[:-9])


@pytest.mark.parametrize("kind", [b"AVI ", b"FUJI"])
def test_a_kind_that_nobody_here_can_read_is_refused(kind):
    start = b"RIFF\0\0\0\0AVI LIST" if kind == b"AVI " else b"FUJIFILMCCD-RAW 0201"
    with pytest.raises(MetadataError, match="cannot read"):
        patches_of(start + bytes(50))
