"""Pictures of our own making: which motifs there are, and how one becomes a JPEG.

No photograph, no font and no licence of anybody else's is involved: every picture of the
demonstration, and of the README's screenshots, is drawn by the modules in ``motifs``.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageCms

from pelican_photos.demo.canvas import Canvas, Size
from pelican_photos.demo.motifs.flowers import dahlia, succulent
from pelican_photos.demo.motifs.ground import agate, pebbles, treetops
from pelican_photos.demo.motifs.harbour import harbour
from pelican_photos.demo.motifs.horizon import balloons, lighthouse
from pelican_photos.demo.motifs.land import dunes, fields, mountain_ridges
from pelican_photos.demo.motifs.night import milky_way, northern_lights, skyline
from pelican_photos.demo.motifs.pottery import ceramics
from pelican_photos.demo.motifs.rain import rain_on_window
from pelican_photos.demo.motifs.sea import beach_from_above, sea_at_dusk
from pelican_photos.demo.motifs.table import coffee_from_above, fruit
from pelican_photos.demo.motifs.town import arch_to_the_sea, stairs
from pelican_photos.demo.motifs.walls import tiles, window_light
from pelican_photos.demo.motifs.woods import lake_mirror, misty_forest, tree_in_snow

Motif = Callable[[Canvas], Image.Image]

MOTIFS: Mapping[str, Motif] = {
    motif.__name__: motif
    for motif in (
        sea_at_dusk,
        beach_from_above,
        lake_mirror,
        harbour,
        lighthouse,
        balloons,
        mountain_ridges,
        dunes,
        fields,
        misty_forest,
        tree_in_snow,
        skyline,
        milky_way,
        northern_lights,
        rain_on_window,
        stairs,
        arch_to_the_sea,
        tiles,
        window_light,
        ceramics,
        fruit,
        coffee_from_above,
        dahlia,
        succulent,
        agate,
        pebbles,
        treetops,
    )
}

SIZES: Mapping[str, Size] = {
    "portrait": (1080, 1350),
    "square": (1080, 1080),
    "landscape": (1350, 1080),
    "wide": (1440, 810),
    "tall": (1080, 1440),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a camera writes beside the pixels, all of it optional."""

    taken: str = ""  # "2021:06:12 19:40:11"
    camera: str = ""
    coordinates: tuple[float, float] | None = None  # WGS 84 degrees
    sideways: bool = False  # stored turned by 90 degrees, with orientation 6
    profile: bool = False  # with an ICC profile that is not plain sRGB's


def draw(motif: str, mood: int, size: Size) -> Image.Image:
    """Draw a motif in one of its moods; the same arguments give the same pixels."""
    seed = f"{motif} {mood} {size[0]}x{size[1]}"
    return MOTIFS[motif](Canvas(*size, Random(seed), mood))  # noqa: S311 - paint, not secrets


def jpeg(picture: Image.Image, metadata: Metadata) -> bytes:
    """Encode a picture as a camera or an upload would."""
    if metadata.sideways:
        # Orientation 6: whoever shows the file has to turn it clockwise by 90 degrees.
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    extra = {"icc_profile": _profile()} if metadata.profile else {}
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=88, exif=_exif(metadata), **extra)
    return target.getvalue()


def _exif(metadata: Metadata) -> Image.Exif:
    exif = Image.Exif()
    if metadata.sideways:
        exif[0x0112] = 6
    if metadata.camera:
        exif[0x010F], exif[0x0110] = metadata.camera.split(" ", 1)
    if metadata.taken:
        exif[0x0132] = metadata.taken
        details = exif.get_ifd(0x8769)
        details[0x9003] = metadata.taken
        details[0xA431] = "SAMPLE-0042"  # the body's serial number: must not be published
    if metadata.coordinates:
        latitude, longitude = metadata.coordinates
        place = exif.get_ifd(0x8825)
        place[1], place[2] = "N" if latitude >= 0 else "S", _degrees(abs(latitude))
        place[3], place[4] = "E" if longitude >= 0 else "W", _degrees(abs(longitude))
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds, as EXIF keeps them."""
    minutes = (value - int(value)) * 60
    return float(int(value)), float(int(minutes)), round((minutes - int(minutes)) * 60, 2)


def _profile() -> bytes:
    """An ICC profile to be converted away; its creation date is fixed, for stable bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)
    return bytes(profile)
