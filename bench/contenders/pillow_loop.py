"""A bare Pillow loop, which decodes, scales and encodes, and does nothing else.

    pillow_loop.py ORIGINALS OUTPUT {same|shipped|default}

``same`` makes the renditions of the comparison as we make them, ``shipped`` those that our plugin
makes of itself, each picture decoded once and every size made from the next larger one.
``default`` is what one writes first: each size from the whole picture, and Pillow's own method.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from pelican_photos.images import ENCODER
from pelican_photos.rendition_sizes import rendition_sizes
from pelican_photos.settings import DEFAULT_RENDITIONS, Settings

STEPS = ("400w", "1080w")
QUALITY = 80
METHOD = 2
SHIPPED_QUALITY = next(each.default for each in fields(Settings) if each.name == "quality")
GAP = 1.1
_TURNED = (5, 6, 7, 8)
_SRGB = ImageCms.createProfile("sRGB")


def main(originals: Path, output: Path, kind: str) -> None:
    if not ENCODER.endswith(f" method {METHOD}"):
        sys.exit(f"our renditions are made otherwise now ({ENCODER}); write this loop anew")
    output.mkdir()
    steps = DEFAULT_RENDITIONS if kind == "shipped" else STEPS
    quality = SHIPPED_QUALITY if kind == "shipped" else QUALITY
    for original in sorted(originals.glob("*.jpg")):
        with Image.open(original) as image:
            turned = image.getexif().get(0x0112, 1) in _TURNED
            seen = image.size[::-1] if turned else image.size
            sizes = sorted(rendition_sizes(*seen, steps), reverse=True)
            pictures = simple(image, sizes) if kind == "default" else cascade(image, sizes, turned)
            for picture in pictures:
                file = output / f"{original.stem}-{picture.width}x{picture.height}.webp"
                method = {} if kind == "default" else {"method": METHOD}
                picture.save(file, quality=quality, icc_profile=b"", exif=b"", xmp=b"", **method)


def cascade(image, sizes, turned) -> Iterator[Image.Image]:
    stored = sizes[0][::-1] if turned else sizes[0]
    image.draft(None, stored)
    profile = image.info.get("icc_profile")
    picture = image.resize(stored, Image.Resampling.LANCZOS, reducing_gap=GAP)
    if turned or image.getexif().get(0x0112, 1) > 1:
        picture.info["exif"] = image.info["exif"]
        picture = ImageOps.exif_transpose(picture)
    picture = in_srgb(picture, profile)
    for size in sizes:
        if picture.size != size:
            picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=GAP)
        yield picture


def simple(image, sizes) -> Iterator[Image.Image]:
    picture = in_srgb(ImageOps.exif_transpose(image), image.info.get("icc_profile"))
    for size in sizes:
        yield picture.resize(size, Image.Resampling.LANCZOS)


def in_srgb(picture, profile):
    if not profile:
        return picture
    source = ImageCms.getOpenProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(picture, source, _SRGB)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
