"""Colours, from whatever ICC profile a picture has to sRGB; used by ``images`` alone."""

import io
from functools import lru_cache

from PIL import Image, ImageChops, ImageCms


def in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Convert from the embedded ICC profile; without one, colours are sRGB already."""
    if isinstance(profile, bytes) and profile:
        mode, transform = _transform(profile)
        if picture.mode == "L" and mode == "RGB":
            picture = picture.convert("RGB")
        if transform and picture.mode == mode:
            in_place = mode == "RGB"  # then nothing is returned
            return ImageCms.applyTransform(picture, transform, inPlace=in_place) or picture
    return picture if picture.mode == "RGB" else picture.convert("RGB")


@lru_cache(maxsize=16)
def _transform(profile: bytes) -> tuple[str, ImageCms.ImageCmsTransform | None]:
    """Name the mode that a profile is about, with the way from there to sRGB.

    None instead of a transform: the profile is sRGB by another name, as most
    are, or it is broken, and browsers ignore it too.
    """
    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        mode = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}.get(space, "")
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return "", None
    return mode, None if _changes_nothing(transform, mode) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Try colours from all over the cube; a difference of two levels cannot be seen."""
    if mode == "CMYK":
        return False
    levels = range(0, 256, 15)
    cube = bytes(value for r in levels for g in levels for b in levels for value in (r, g, b))
    colours = Image.frombytes("RGB", (len(cube) // 3, 1), cube).convert(mode)
    converted = ImageCms.applyTransform(colours, transform)
    if converted is None:
        return False
    extrema = ImageChops.difference(converted, colours.convert("RGB")).getextrema()
    return all(isinstance(band, tuple) and band[1] <= 2 for band in extrema)
