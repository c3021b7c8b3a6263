"""Files as a camera leaves them: pictures with what they say of themselves, and a film."""

from functools import cache
from pathlib import Path

import pillow_heif
from PIL import ExifTags, Image

from fakes import pictures
from pelican_photos.demo.video import film as drawn_film

TAKEN = "2024:05:12 18:03:00"
COORDINATES = (39.6, -9.070833)
_SIZE = (160, 120)


def photo(
    path: Path,
    seed: int = 1,
    *,
    taken: str = TAKEN,
    offset: str = "",
    words: str = "",
    placed: bool = False,
    orientation: int = 1,
    size: tuple[int, int] = _SIZE,
) -> Path:
    """Draw a picture that no other seed gives; its suffix says the format."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Foo", "Foo 1"
    if words:
        exif[ExifTags.Base.ImageDescription] = words
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        inner[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        inner[ExifTags.Base.OffsetTimeOriginal] = offset
    if placed:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[1], gps[2] = "N", (39.0, 36.0, 0.0)
        gps[3], gps[4] = "W", (9.0, 4.0, 15.0)
    picture = mosaic(seed, size)
    if orientation != 1:
        exif[ExifTags.Base.Orientation] = orientation
        picture = picture.transpose(pictures._STORED[orientation])
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".heic":
        pillow_heif.register_heif_opener()
    options = {"quality": 95} if path.suffix != ".png" else {}
    picture.save(path, exif=exif.tobytes(), **options)
    return path


def mosaic(seed: int, size: tuple[int, int] = _SIZE) -> Image.Image:
    """Draw 9 x 8 fields whose lightness follows from the seed: no two seeds look alike."""
    fields = Image.new("RGB", (9, 8))
    value = seed * 2654435761 % 2**32
    for place in range(72):
        value = (value * 1664525 + 1013904223) % 2**32
        level = 40 + value // 2**24 * 170 // 255
        fields.putpixel((place % 9, place // 9), (level, level * 3 // 4, 255 - level))
    return fields.resize(size, Image.Resampling.NEAREST)


def plain(path: Path, seed: int = 1, size: tuple[int, int] = _SIZE) -> Path:
    """Draw a picture that says nothing of itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mosaic(seed, size).save(path)
    return path


@cache
def _film() -> bytes:
    return drawn_film("harbour", 0, (64, 48))[0]


def film(path: Path) -> Path:
    """Write a short film without a word about its time."""
    path.write_bytes(_film())
    return path
