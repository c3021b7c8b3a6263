"""ExifTool as the outside judge: it writes the places, and says afterwards what is left."""

import json
import re
import shutil
import subprocess

import pytest
from PIL import Image, features

from fakes.exiftool import ExifTool
from fakes.tagged_files import PICTURE, PLACE, chunk, cleaned, jpeg, png, profile, resources
from fakes.tagged_films import film, sample_format, track, user_data

EXIFTOOL = shutil.which("exiftool")
pytestmark = pytest.mark.skipif(
    EXIFTOOL is None, reason="exiftool, the outside judge of metadata, is not on this machine"
)

WRITTEN = {
    "EXIF:GPSLatitude": "39.60123",
    "EXIF:GPSLatitudeRef": "N",
    "EXIF:GPSLongitude": "9.07123",
    "EXIF:GPSLongitudeRef": "W",
    "EXIF:GPSAltitude": "31.4159",
    "EXIF:GPSDateStamp": "2024:05:12",
    "EXIF:Make": "Foo",
    "EXIF:Model": "Bar 1",
    "EXIF:Orientation": "Rotate 90 CW",
    "EXIF:DateTimeOriginal": "2024:05:12 18:03:00",
    "EXIF:OffsetTimeOriginal": "+01:00",
    "XMP-exif:GPSLatitude": "39.60123",
    "XMP-exif:GPSLongitude": "-9.07123",
    "XMP-photoshop:City": "Nazaretown",
    "XMP-photoshop:State": "Nazaretown",
    "XMP-photoshop:Country": "Nazaretown",
    "XMP-photoshop:Credit": "Keep",
    "XMP-iptcCore:Location": "Nazaretown",
    "XMP-iptcCore:CountryCode": "PT",
    "XMP-iptcExt:LocationCreatedCity": "Nazaretown",
    "XMP-iptcExt:LocationShownGPSLatitude": "39.60123",
    "XMP-iptcExt:LocationShownSublocation": "Nazaretown",
    "XMP-drone-dji:GPSLatitude": "39.60123",
    "XMP-drone-dji:AbsoluteAltitude": "31.4159",
    "XMP-dc:Title": "Boats",
    "XMP-xmp:Rating": "4",
    "IPTC:City": "Nazaretown",
    "IPTC:Sub-location": "Nazaretown",
    "IPTC:Province-State": "Nazaretown",
    "IPTC:Country-PrimaryLocationCode": "PRT",
    "IPTC:Country-PrimaryLocationName": "Nazaretown",
    "IPTC:ContentLocationName": "Nazaretown",
    "IPTC:Headline": "Keep",
    "IPTC:Keywords": "sea",
}
IN_FILMS = {
    "Keys:GPSCoordinates": "39.60123, -9.07123, 31.4159",
    "Keys:LocationName": "Nazaretown",
    "Keys:Make": "Foo",
    "Keys:CreationDate": "2024:05:12 18:03:00+01:00",
    "ItemList:GPSCoordinates": "39.60123, -9.07123, 31.4159",
    "ItemList:Title": "Boats",
    "UserData:GPSCoordinates": "39.60123, -9.07123, 31.4159",
    "UserData:Model": "Bar 1",
    "XMP-exif:GPSLatitude": "39.60123",
    "XMP-photoshop:City": "Nazaretown",
    "XMP-dc:Title": "Boats",
}
# What ExifTool says of the file itself, digests of what is cleaned, and boxes that are free space.
NO_TAG = re.compile(r"SourceFile|System:|ExifTool:|.*IPTCDigest$|.*:Unknown_free$")
OF_A_PLACE = re.compile(
    r"GPS|Location|City|State|Country|Latitude|Longitude|Altitude", re.IGNORECASE
)


STARTED: list[ExifTool] = []


@pytest.fixture(autouse=True, scope="module")
def _started():
    STARTED.append(ExifTool(EXIFTOOL))
    yield
    STARTED.pop().close()


def exiftool(*arguments):
    return STARTED[0](*arguments)


def tags(path):
    """All that ExifTool finds, by group and name; the group of a place is "Location"."""
    answer = json.loads(exiftool("-j", "-G1:2", "-a", "-ee3", "-U", "-api", "RequestAll=0", path))[
        0
    ]
    return {name: value for name, value in answer.items() if not NO_TAG.match(name)}


def judged(path):
    """Clean a file, and compare what ExifTool finds before and after."""
    before = tags(path)
    assert any(OF_A_PLACE.search(name) for name in before)
    after = path.with_name(f"clean-{path.name}")
    after.write_bytes(cleaned(path.read_bytes()))
    left = tags(after)
    assert [name for name in left if OF_A_PLACE.search(name)] == []
    assert left == {name: value for name, value in before.items() if not OF_A_PLACE.search(name)}
    assert PLACE not in after.read_bytes()
    assert "Error" not in exiftool("-validate", "-warning", "-error", "-a", after)
    return after


def write(path, values, *options):
    exiftool(
        "-overwrite_original", "-q", "-m", *options, *(f"-{k}={v}" for k, v in values.items()), path
    )


@pytest.mark.parametrize("order", ["II", "MM"])
@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tif", "avif", "heic"])
def test_no_tag_of_a_place_is_left_and_every_other_is_as_it_was(tmp_path, kind, order):
    path = tmp_path / f"photo.{kind}"
    if kind == "heic":
        pytest.importorskip(
            "pillow_heif", reason="pillow-heif writes the HEIC"
        ).register_heif_opener()
    if kind == "avif" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    PICTURE.save(path)
    write(path, WRITTEN, f"-ExifByteOrder={order}")
    after = judged(path)
    with Image.open(path) as one, Image.open(after) as two:
        assert one.tobytes() == two.tobytes()


def test_coordinates_that_are_the_only_tags_leave_none(tmp_path):
    path = tmp_path / "photo.jpg"
    PICTURE.save(path)
    write(path, {"GPSLatitude": "39.60123", "GPSLatitudeRef": "N"}, "-exif:all=")
    judged(path)


def test_a_packet_in_many_segments_is_cleaned(tmp_path):
    path = tmp_path / "photo.jpg"
    PICTURE.save(path)
    write(path, WRITTEN | {"XMP-dc:Description": "GPS " * 30_000})
    assert path.read_bytes().count(b"/xmp/extension/") > 1
    judged(path)


def test_a_thumbnail_is_cleaned(tmp_path):
    small, path = tmp_path / "small.jpg", tmp_path / "photo.jpg"
    for each in (small, path):
        PICTURE.save(each)
        write(each, WRITTEN)
    exiftool("-overwrite_original", "-q", f"-ThumbnailImage<={small}", path)
    after = judged(path)
    inner = tmp_path / "inner.jpg"
    inner.write_bytes(subprocess.check_output([EXIFTOOL, "-b", "-ThumbnailImage", str(after)]))
    assert not any(OF_A_PLACE.search(name) for name in tags(inner))


def test_iptc_that_is_written_as_text_in_a_png_is_cleaned(tmp_path):
    path = tmp_path / "photo.png"
    text = b"Raw profile type iptc\0" + profile(b"iptc", resources())
    path.write_bytes(png(chunk(b"tEXt", text)))
    judged(path)


@pytest.mark.parametrize(("kind", "brand"), [("mp4", b"isom"), ("mov", b"qt  ")])
def test_no_tag_of_a_place_is_left_in_a_film(tmp_path, kind, brand):
    path = tmp_path / f"film.{kind}"
    path.write_bytes(film(user_data(), brand=brand))
    write(path, IN_FILMS)
    judged(path)


def test_the_log_of_a_camera_s_sensor_is_not_found_any_more(tmp_path):
    def camera(start):
        return track(b"meta", sample_format(b"gpmd"), [start], [len(strm)])

    def klv(key, kind, size, count, data):
        return key + kind + bytes([size]) + count.to_bytes(2) + data + bytes(-len(data) % 4)

    place = b"".join(n.to_bytes(4, signed=True) for n in (396012300, -90712300, 31415, 1000, 1000))
    scale = b"".join(n.to_bytes(4) for n in (10_000_000, 10_000_000, 1000, 1000, 100))
    parts = klv(b"SCAL", b"l", 4, 5, scale) + klv(b"GPS5", b"l", 20, 1, place)
    strm = klv(b"DEVC", b"\0", 1, len(parts) + 8, klv(b"STRM", b"\0", 1, len(parts), parts))
    path = tmp_path / "film.mp4"
    path.write_bytes(film(camera, samples=strm))
    assert any("GPSLatitude" in name for name in tags(path))
    after = path.with_name("clean.mp4")
    after.write_bytes(cleaned(path.read_bytes()))
    assert not any(OF_A_PLACE.search(name) for name in tags(after))


def test_a_picture_behind_the_picture_is_cleaned(tmp_path):
    one, two = tmp_path / "one.jpg", tmp_path / "two.jpg"
    for path in (one, two):
        path.write_bytes(jpeg())
        write(path, WRITTEN)
    together = cleaned(one.read_bytes() + two.read_bytes())
    two.write_bytes(together[one.stat().st_size :])
    assert not any(OF_A_PLACE.search(name) for name in tags(two))
