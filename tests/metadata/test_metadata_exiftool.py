"""ExifTool as the outside judge: it writes the secrets, and says afterwards what is left."""

import json
import re
import shutil
import subprocess

import pytest
from PIL import Image, ImageCms, features

from fakes import camera
from fakes.exiftool import ExifTool
from fakes.tagged_files import (
    PICTURE,
    PLACE,
    app1,
    canon_exif,
    chunk,
    cleaned,
    jpeg,
    pictures_in_one,
    png,
    profile,
    resources,
)
from fakes.tagged_films import film, sample_format, track, user_data

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
EXIFTOOL = shutil.which("exiftool")
pytestmark = pytest.mark.skipif(
    EXIFTOOL is None, reason="exiftool, the outside judge of metadata, is not on this machine"
)

IN_XMP = {
    "XMP-exif:GPSLatitude": "39.60123",
    "XMP-aux:SerialNumber": "SN271828",
    "XMP-aux:OwnerName": "Olivia Owner",
    "XMP-aux:Lens": "Bar 35",
    "XMP-exifEX:SerialNumber": "SN271828",
    "XMP-exifEX:LensSerialNumber": "SN271828",
    "XMP-exifEX:OwnerName": "Olivia Owner",
    "XMP-microsoft:CameraSerialNumber": "SN271828",
    "XMP-dc:Creator": "Ann Artist",
    "XMP-photoshop:City": "Nazaretown",
    "XMP-dc:Title": "Boats",
}
WRITTEN = {
    **IN_XMP,
    "EXIF:GPSLatitude": "39.60123",
    "EXIF:GPSLatitudeRef": "N",
    "EXIF:GPSLongitude": "9.07123",
    "EXIF:GPSLongitudeRef": "W",
    "EXIF:GPSAltitude": "31.4159",
    "EXIF:GPSDateStamp": "2024:05:12",
    "EXIF:SerialNumber": "SN271828",
    "EXIF:LensSerialNumber": "SN271828",
    "EXIF:CameraSerialNumber": "SN271828",
    "EXIF:OwnerName": "Olivia Owner",
    "EXIF:HostComputer": "Olivia's phone",
    "EXIF:ImageUniqueID": "2718281828",
    "EXIF:Artist": "Ann Artist",
    "EXIF:Copyright": "Ann Artist",
    "EXIF:XPAuthor": "Ann Artist",
    "EXIF:Make": "Foo",
    "EXIF:Model": "Bar 1",
    "EXIF:Orientation": "Rotate 90 CW",
    "EXIF:DateTimeOriginal": "2024:05:12 18:03:00",
    "EXIF:OffsetTimeOriginal": "+01:00",
    "XMP-exif:GPSLongitude": "-9.07123",
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
    "XMP-xmp:Rating": "4",
    "IPTC:City": "Nazaretown",
    "IPTC:Sub-location": "Nazaretown",
    "IPTC:Province-State": "Nazaretown",
    "IPTC:Country-PrimaryLocationCode": "PRT",
    "IPTC:Country-PrimaryLocationName": "Nazaretown",
    "IPTC:ContentLocationName": "Nazaretown",
    "IPTC:OwnerID": "Olivia Owner",
    "IPTC:By-line": "Ann Artist",
    "IPTC:Headline": "Keep",
    "IPTC:Keywords": "sea",
}
SMALL_PICTURES = (
    "EXIF:ThumbnailImage",
    "Photoshop:PhotoshopThumbnail",
    "IPTC:ObjectPreviewData",
    "XMP-xmp:ThumbnailImage",
)
IN_FILMS = {
    **IN_XMP,
    "Keys:GPSCoordinates": "39.60123, -9.07123, 31.4159",
    "Keys:LocationName": "Nazaretown",
    "Keys:ContentIdentifier": "2718281828",
    "Keys:Author": "Ann Artist",
    "Keys:Make": "Foo",
    "Keys:CreationDate": "2024:05:12 18:03:00+01:00",
    "ItemList:GPSCoordinates": "39.60123, -9.07123, 31.4159",
    "ItemList:Title": "Boats",
    "UserData:GPSCoordinates": "39.60123, -9.07123, 31.4159",
    "UserData:SerialNumber": "SN271828",
    "UserData:LensSerialNumber": "SN271828",
    "UserData:Author": "Ann Artist",
    "UserData:Model": "Bar 1",
}
# What ExifTool says of the file itself, digests of what is cleaned, and what is free space.
NO_TAG = re.compile(r"SourceFile|System:|ExifTool:|.*IPTCDigest$|.*:Unknown_free$|.*_0x1387$")
OF_A_PLACE = re.compile(
    r"GPS|Location|(?<!chromati)City|State|Country|Latitude|Longitude|Altitude", re.IGNORECASE
)
SECRET = re.compile(
    OF_A_PLACE.pattern + r"|Serial|Owner|HostComputer|UniqueID|ContentIdentifier|Thumbnail"
    r"|Preview(?!Time|Duration)|MPImage|^IFD1:|^Canon:|^GoPro:",
    re.IGNORECASE,
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
    assert any(SECRET.search(name) for name in before)
    after = path.with_name(f"clean-{path.name}")
    after.write_bytes(cleaned(path.read_bytes()))
    left = tags(after)
    assert [name for name in left if SECRET.search(name)] == []
    assert left == {name: value for name, value in before.items() if not SECRET.search(name)}
    assert not re.search(rb"Olivia|SN271828", after.read_bytes())
    assert PLACE not in after.read_bytes()
    assert "Error" not in exiftool("-validate", "-warning", "-error", "-a", after)
    return after


def write(path, values, *options):
    exiftool(
        "-overwrite_original", "-q", "-m", *options, *(f"-{k}={v}" for k, v in values.items()), path
    )


@pytest.mark.parametrize("order", ["II", "MM"])
@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tif", "avif", "heic"])
def test_no_tag_of_a_secret_is_left_and_every_other_is_as_it_was(tmp_path, kind, order):
    path = tmp_path / f"photo.{kind}"
    if kind == "heic":
        pytest.importorskip(
            "pillow_heif", reason="pillow-heif writes the HEIC"
        ).register_heif_opener()
    if kind == "avif" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    PICTURE.save(path, icc_profile=PROFILE)
    small = tmp_path / "small.jpg"
    PICTURE.save(small)
    pictures = [f"-{tag}<={small}" for tag in SMALL_PICTURES]
    write(path, WRITTEN, f"-ExifByteOrder={order}", *pictures)
    after = judged(path)
    with Image.open(path) as one, Image.open(after) as two:
        assert one.tobytes() == two.tobytes()
        assert one.info["icc_profile"] == two.info["icc_profile"] == PROFILE


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


def test_places_that_are_kept_are_the_only_secrets_left(tmp_path):
    path, kept = tmp_path / "photo.jpg", tmp_path / "kept.jpg"
    PICTURE.save(path)
    write(path, WRITTEN)
    kept.write_bytes(cleaned(path.read_bytes(), keep_places=True))
    before = tags(path).items()
    assert tags(kept) == {
        name: value for name, value in before if OF_A_PLACE.search(name) or not SECRET.search(name)
    }


def test_no_tag_of_a_maker_note_is_left(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg(app1(canon_exif())))
    found = tags(path)
    assert found["Canon:Camera:OwnerName"] == "Olivia Owner"
    assert found["Canon:Camera:SerialNumber"] == "0000271828"
    judged(path)


def test_a_picture_that_a_list_calls_a_copy_is_not_found_any_more(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(pictures_in_one(0x010002, 0x020002))
    assert len([name for name in tags(path) if name.startswith("MPImage")]) > 4
    after = tmp_path / "clean.jpg"
    after.write_bytes(cleaned(path.read_bytes()))
    left = tags(after)
    assert left["MPF0:Image:NumberOfImages"] == 2
    assert not any(name.startswith("MPImage3") for name in left)


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


def test_a_film_shows_and_sounds_as_it_did(tmp_path):
    path = camera.film(tmp_path / "film.mp4")
    write(path, IN_FILMS)
    after = judged(path)
    frames, after_frames = (
        subprocess.check_output(
            ["ffmpeg", "-v", "error", "-i", str(each), "-map", "0", "-f", "framemd5", "-"]
        )
        for each in (path, after)
    )
    assert frames == after_frames


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
