"""A bare Pillow loop, which decodes, scales and encodes, and does nothing else.

    pillow_loop.py ORIGINALS OUTPUT {same|shipped|default}

``same`` makes the renditions of the comparison as we make them, ``shipped`` those that our plugin
makes of itself, each picture decoded once and every size made from the next larger one.
``default`` is what one writes first: each size from the whole picture, and Pillow's own method.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from pelican_photos.rendition_sizes import rendition_sizes
from pelican_photos.settings import DEFAULT_QUALITY, DEFAULT_RENDITIONS

STEPS = ("400w", "1080w")
QUALITY = 80
METHOD, METHOD_OF_SMALL, SMALL = 2, 4, 190_000
GAP = 1.3
_TURNED = (5, 6, 7, 8)
_SRGB = ImageCms.createProfile("sRGB")


def main(originals: Path, output: Path, kind: str) -> None:
    output.mkdir()
    shipped = kind == "shipped"
    steps, quality = (DEFAULT_RENDITIONS, DEFAULT_QUALITY) if shipped else (STEPS, QUALITY)
    default = kind == "default"
    for original in sorted(originals.glob("*.jpg")):
        with Image.open(original) as image:
            for picture in scaled(image, steps, one_by_one=default):
                file = output / f"{original.stem}-{picture.width}x{picture.height}.webp"
                save(picture, file, quality, **({} if default else method_of(picture)))


def scaled(image, steps, *, one_by_one: bool = False) -> Iterator[Image.Image]:
    """Yield a picture in its sizes, large to small, upright and in sRGB."""
    orientation = image.getexif().get(0x0112, 1)
    seen = image.size[::-1] if orientation in _TURNED else image.size
    sizes = sorted(rendition_sizes(*seen, steps), reverse=True)
    if one_by_one:
        picture = in_srgb(ImageOps.exif_transpose(image), image.info.get("icc_profile"))
        yield from (picture.resize(size, Image.Resampling.LANCZOS) for size in sizes)
        return
    stored = sizes[0][::-1] if orientation in _TURNED else sizes[0]
    image.draft(None, stored)
    picture = resized(image, stored)
    if orientation > 1:
        picture.info["exif"] = image.info["exif"]
        picture = ImageOps.exif_transpose(picture)
    picture = in_srgb(picture, image.info.get("icc_profile"))
    for size in sizes:
        picture = resized(picture, size)
        yield picture


def resized(image, size):
    if image.size == size:
        return image
    shortened = any(int(a / b / GAP) > 1 for a, b in zip(image.size, size, strict=True))
    scaling = Image.Resampling.LANCZOS if shortened else Image.Resampling.BICUBIC
    return image.resize(size, scaling, reducing_gap=GAP)


def method_of(picture) -> dict[str, int]:
    small = picture.width * picture.height <= SMALL
    return {"method": METHOD_OF_SMALL if small else METHOD}


def save(picture, file, quality: int, **options: object) -> None:
    picture.save(file, "WEBP", quality=quality, icc_profile=b"", exif=b"", xmp=b"", **options)


def in_srgb(picture, profile):
    if not profile:
        return picture
    source = ImageCms.getOpenProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(picture, source, _SRGB)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
