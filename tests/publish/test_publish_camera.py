"""A card of camera files, published: what ExifTool reads in the bucket, and what no more."""

import io
import json
import re
import shutil

import pytest
from PIL import Image, ImageCms

from fakes import camera
from fakes.exiftool import ExifTool
from pelican_photos.publish.private import untouched_key

EXIFTOOL = shutil.which("exiftool")
pytestmark = pytest.mark.skipif(
    EXIFTOOL is None, reason="exiftool, the outside judge of metadata, is not on this machine"
)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PLACE = {"GPSLatitude": "39.60123", "GPSLatitudeRef": "N", "GPSLongitude": "9.07123"}
IN_PICTURES = {
    **{f"EXIF:{name}": value for name, value in PLACE.items()},
    "EXIF:SerialNumber": "SN271828",
    "EXIF:LensSerialNumber": "SN271828",
    "EXIF:OwnerName": "Olivia Owner",
    "EXIF:Artist": "Ann Artist",
    "EXIF:Model": "Bar 1",
    "XMP-aux:SerialNumber": "SN271828",
    "XMP-aux:OwnerName": "Olivia Owner",
    "XMP-photoshop:City": "Nazaretown",
    "XMP-dc:Title": "Boats",
}
IN_FILMS = {
    "Keys:GPSCoordinates": "39.60123, -9.07123, 31.4159",
    "UserData:SerialNumber": "SN271828",
    "XMP-aux:OwnerName": "Olivia Owner",
    "Keys:Make": "Foo",
}
SECRET = re.compile(r"GPS|(?<!chromati)City|Serial|Owner|Thumbnail", re.IGNORECASE)
KEPT = {"Model", "Artist", "Title", "Make"}


@pytest.fixture(scope="module")
def exiftool():
    running = ExifTool(EXIFTOOL)
    yield running
    running.close()


@pytest.fixture
def card(site, exiftool):
    """One original of each kind, with secrets in it."""
    folder = site.content / "photos" / "2024"
    files = {}
    for kind in ("jpg", "png", "webp", "tif", "mp4"):
        file = folder / f"2024-05-01-camera.{kind}"
        if kind == "mp4":
            camera.film(file)
        else:
            camera.mosaic(3).save(file, icc_profile=PROFILE)
        tags = IN_FILMS if kind == "mp4" else IN_PICTURES
        written = [f"-{name}={value}" for name, value in tags.items()]
        exiftool("-overwrite_original", "-q", "-m", *written, file)
        files[f"photos/2024/{file.name}"] = file
    return files


def test_nothing_private_is_in_the_bucket_and_every_pixel_is(run, server, card, exiftool, tmp_path):
    before = {key: file.read_bytes() for key, file in card.items()}

    run(originals=list(card.items()))

    there = server.objects("originals", manifest=True)
    for key, file in card.items():
        body = there[key].body
        published = tmp_path / f"published{file.suffix}"
        published.write_bytes(body)
        found = json.loads(exiftool("-j", "-a", "-G1", "-ee3", "-U", published))[0]
        assert [name for name in found if SECRET.search(name)] == [], key
        assert {name.partition(":")[2] for name in found} & KEPT, key
        assert not re.search(rb"SN271828|Olivia|Nazaretown", body), key
        assert there[untouched_key(key)].body == before[key] == file.read_bytes(), key
        if file.suffix != ".mp4":
            with Image.open(io.BytesIO(body)) as public, Image.open(file) as original:
                assert public.tobytes() == original.tobytes(), key
                assert public.info["icc_profile"] == PROFILE, key
