import pytest

from fakes.tagged_files import CITY, PLACE, app1, cleaned, exif, jpeg, patches_of, traces, xmp
from fakes.tagged_films import box, full, picture_items
from pelican_photos.errors import MetadataError

RDF = b"application/rdf+xml"
HEADER = (6).to_bytes(4) + b"Exif\0\0"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("in_idat", "version"), [(False, 0), (False, 1), (True, 1)])
def test_exif_and_xmp_in_pieces_are_cleaned_wherever_they_lie(order, in_idat, version):
    items = [(b"Exif", b"", HEADER + exif(order)), (b"mime", RDF, xmp(CITY))]
    data = picture_items(*items, in_idat=in_idat, version=version)
    assert traces(data, order)
    after = cleaned(data)
    assert traces(after, order) == []
    assert xmp(b" " * len(CITY)) in after


@pytest.mark.parametrize("head", [bytes(4), (2).to_bytes(4) + b"\0\0", bytes(4) + b"Exif\0\0"])
def test_exif_is_found_however_its_offset_is_meant(head):
    assert traces(cleaned(picture_items((b"Exif", b"", head + exif()))), "<") == []


@pytest.mark.parametrize(
    ("kind", "media", "content"),
    [
        (b"jpeg", b"", jpeg(app1(exif()))),
        (b"mime", b"application/json", b'{"GPSLatitude": "' + PLACE + b'"}'),
    ],
)
def test_other_items_with_a_place_are_cleaned(kind, media, content):
    assert traces(cleaned(picture_items((kind, media, content))), "<") == []


def test_the_picture_s_own_items_are_not_looked_at():
    assert patches_of(picture_items((b"hvc1", b"", b"GPSLatitude" + PLACE))) == ()


@pytest.mark.parametrize(
    "broken",
    [
        picture_items((b"Exif", b"", HEADER + b"nothing that anyone knows")),
        picture_items((b"Exif", b"", b"\xff\xff\xff\xff" + exif())),
        picture_items((b"Exif", b"", HEADER + exif()))[:-40],
        picture_items((b"mime", RDF + b"\0deflate", b"packed")),
        picture_items((b"mime", RDF, xmp(CITY)), in_idat=True).replace(b"idat", b"free"),
    ],
)
def test_what_may_hide_a_place_is_refused(broken):
    with pytest.raises(MetadataError):
        patches_of(broken)


def test_a_table_that_multiplies_the_file_is_refused():
    head = box(b"ftyp", b"heic", bytes(4))
    info = full(b"iinf", b"\0\1", full(b"infe", b"\0\1\0\0Exif\0", version=2))
    # Sixty thousand extents, each of them the whole file.
    places = full(b"iloc", b"\0\0\0\1\0\1\0\0", (60_000).to_bytes(2))
    meta = full(b"meta", info, places)
    with pytest.raises(MetadataError, match="damaged"):
        patches_of(head + meta + bytes(100_000))


@pytest.mark.parametrize(
    "signature", [b"\0\0\0\x0cJXL \r\n\x87\n", b"\0\0\0\x0cjP  \r\n\x87\n"], ids=["jxl", "jp2"]
)
def test_the_boxes_of_jpeg_s_younger_kin_are_cleaned(signature):
    data = signature + box(b"Exif", bytes(4), exif()) + box(b"xml ", xmp(CITY))
    assert traces(data, "<")
    assert traces(cleaned(data), "<") == []


def test_exif_in_a_box_of_jpeg_2000_is_cleaned():
    named = box(b"uuid", b"JpgTiffExif->JP2", exif())
    assert traces(cleaned(b"\0\0\0\x0cjP  \r\n\x87\n" + named), "<") == []


def test_compressed_metadata_of_jpeg_xl_are_refused():
    with pytest.raises(MetadataError, match="compressed"):
        patches_of(b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"brob", b"Exif", b"packed"))
