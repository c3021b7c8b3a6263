"""ExifTool as the outside judge: what it writes is what is read."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone

import pytest
from PIL import Image, features

from fakes import camera
from pelican_photos.embedded import details_of

EXIFTOOL = shutil.which("exiftool")
pytestmark = pytest.mark.skipif(
    EXIFTOOL is None, reason="exiftool, the outside judge of metadata, is not on this machine"
)
IN_PICTURES = {
    "EXIF:DateTimeOriginal": "2024:05:12 18:03:00",
    "EXIF:OffsetTimeOriginal": "+01:00",
    "EXIF:Make": "Foo",
    "EXIF:Model": "Foo 1",
    "EXIF:GPSLatitude": "39.6",
    "EXIF:GPSLatitudeRef": "S",
    "EXIF:GPSLongitude": "9.070833",
    "EXIF:GPSLongitudeRef": "E",
    "XMP-dc:Title": "Boats",
    "XMP-dc:Description": "On the sand, café",
    "XMP-dc:Description-de": "Am Strand",
    "XMP-iptcCore:AltTextAccessibility": "Three boats",
    "XMP-dc:Subject": ["sea", "boats"],
    "XMP-iptcCore:Location": "North beach",
    "XMP-photoshop:City": "Footown",
    "XMP-photoshop:Country": "Barland",
}


def write(path, values):
    words = [
        f"-{name}={word}"
        for name, value in values.items()
        for word in (value if isinstance(value, list) else [value])
    ]
    command = [EXIFTOOL, "-overwrite_original", "-q", "-m", "-n", *words, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return details_of(path.read_bytes())


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "heic", "avif"])
def test_what_exiftool_writes_into_a_picture_is_read(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    if kind == "avif" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    if kind == "heic":
        pytest.importorskip(
            "pillow_heif", reason="pillow-heif writes the HEIC"
        ).register_heif_opener()
    Image.new("RGB", (64, 48), "teal").save(path)
    details = write(path, IN_PICTURES)

    assert details.taken == datetime(2024, 5, 12, 18, 3, tzinfo=timezone(timedelta(hours=1)))
    assert details.camera == "Foo 1"
    assert details.caption == "Boats\nOn the sand, café"
    assert details.alt == "Three boats"
    assert details.keywords == ("sea", "boats")
    assert details.place_name == "North beach, Footown, Barland"
    assert details.coordinates == pytest.approx((-39.6, 9.070833), abs=1e-6)


def test_iptc_alone_is_read(tmp_path):
    path = tmp_path / "a.jpg"
    Image.new("RGB", (64, 48), "teal").save(path)
    details = write(
        path,
        {
            "IPTC:Caption-Abstract": "Boats, café",
            "IPTC:Keywords": ["sea", "boats"],
            "IPTC:Sub-location": "North beach",
            "IPTC:City": "Footown",
            "IPTC:Country-PrimaryLocationName": "Barland",
        },
    )

    assert details.caption == "Boats, café"
    assert details.keywords == ("sea", "boats")
    assert details.place_name == "North beach, Footown, Barland"


def test_xmp_alone_says_when_and_where(tmp_path):
    path = tmp_path / "a.jpg"
    Image.new("RGB", (64, 48), "teal").save(path)
    details = write(
        path,
        {
            "XMP-exif:DateTimeOriginal": "2024:05:12 18:03:00+01:00",
            "XMP-exif:GPSLatitude": "39.6",
            "XMP-exif:GPSLongitude": "-9.070833",
            "XMP-tiff:Make": "Foo",
            "XMP-tiff:Model": "Bar",
        },
    )

    assert details.taken == datetime(2024, 5, 12, 17, 3, tzinfo=UTC)
    assert details.coordinates == pytest.approx((39.6, -9.070833), abs=1e-6)
    assert details.camera == "Foo Bar"


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_what_exiftool_writes_into_a_film_is_read(tmp_path, suffix):
    details = write(
        camera.film(tmp_path / f"a.{suffix}"),
        {
            "Keys:CreationDate": "2024:05:12 18:03:00+01:00",
            "Keys:Make": "Foo",
            "Keys:Model": "Bar",
            "Keys:Description": "Waves",
            "Keys:GPSCoordinates": "39.6 -9.0708 31.4",
            "QuickTime:CreateDate": "2020:01:01 00:00:00",
        },
    )

    assert details.taken == datetime(2024, 5, 12, 17, 3, tzinfo=UTC)
    assert (details.camera, details.caption) == ("Foo Bar", "Waves")
    assert details.coordinates == pytest.approx((39.6, -9.0708), abs=1e-4)
    assert (details.width, details.height) == (64, 48)
