"""What is done to a picture: paint, light, shadow, texture, ripples, and film.

Every function gives a new picture, except ``cast_shadow``.
"""

import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageFilter

from pelican_photos.demo.canvas import Colour, Point, ramp, scaled, shape, speckle

# A box of the result, and the four corners (x and y) of what it shows.
Strip = tuple[tuple[int, int, int, int], tuple[float, ...]]

_BICUBIC = Image.Resampling.BICUBIC


def relief(height: Image.Image, angle: float, gain: float = 1.0) -> Image.Image:
    """Light a height map from ``angle`` (degrees, 0 is the right, 90 the top); flat is 128."""
    dx, dy = math.cos(math.radians(angle)), -math.sin(math.radians(angle))
    kernel = [-(dx * x + dy * y) * gain for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return height.filter(ImageFilter.Kernel((3, 3), kernel, scale=1, offset=128))


def painted(base: Image.Image, colour: Colour | Image.Image, mask: Image.Image) -> Image.Image:
    """Lay a colour, or another picture, over ``base`` where the mask is white."""
    over = colour if isinstance(colour, Image.Image) else Image.new("RGB", base.size, colour)
    return Image.composite(over, base, mask)


def lit(base: Image.Image, colour: Colour, mask: Image.Image) -> Image.Image:
    """Add light of a colour where the mask is white."""
    return ImageChops.screen(base, ramp(mask, ((0, 0, 0), colour)))


def shaded(base: Image.Image, colour: Colour, mask: Image.Image) -> Image.Image:
    """Multiply by a colour where the mask is white: a shadow keeps the texture below it."""
    return ImageChops.multiply(base, ramp(mask, ((255, 255, 255), colour)))


def cast_shadow(
    picture: Image.Image, outline: Sequence[Point], colour: Colour, soft: float, strength: float
) -> None:
    """Darken ``picture`` itself inside an outline; only the part it touches is worked on."""
    margin = soft * 3 + 2
    box = (
        math.floor(min(x for x, _ in outline) - margin),
        math.floor(min(y for _, y in outline) - margin),
        math.ceil(max(x for x, _ in outline) + margin),
        math.ceil(max(y for _, y in outline) + margin),
    )
    tile = picture.crop(box)
    mask = shape(tile.size, [(x - box[0], y - box[1]) for x, y in outline], soft=soft)
    picture.paste(shaded(tile, colour, scaled(mask, strength)), box[:2])


def textured(base: Image.Image, light: Image.Image, strength: float) -> Image.Image:
    """Lighten and darken by a grey picture, whose 128 changes nothing."""
    shift = light.point([min(max(round(128 + (v - 128) * strength), 0), 255) for v in range(256)])
    return ImageChops.add(base, Image.merge("RGB", (shift, shift, shift)), offset=-128)


def rippled(picture: Image.Image, rng: Random, reach: float, waves: float = 30) -> Image.Image:
    """Shift rows sideways as a water surface does, more and more towards the foot (pixels)."""
    width, height = picture.size
    mesh: list[Strip] = []
    phase, top = rng.uniform(0, 6), 0
    while top < height:
        part = top / height
        foot = min(top + 2 + round(3 * part), height)
        angle = phase + waves * math.sqrt(part + 0.02) * 6
        shift = reach * (0.2 + part) * (math.sin(angle) + 0.5 * math.sin(angle * 2.7 + 1))
        quad = (shift, top, shift, foot, width + shift, foot, width + shift, top)
        mesh.append(((0, top, width, foot), quad))
        top = foot
    # Beyond the edges a mesh reads black, so the picture is widened by its own ends first.
    return _without_seams(picture, mesh, math.ceil(reach * 2))


def _without_seams(picture: Image.Image, mesh: Sequence[Strip], margin: int) -> Image.Image:
    width, height = picture.size
    wide = Image.new(picture.mode, (width + 2 * margin, height))
    wide.paste(picture.crop((0, 0, 1, height)).resize((margin, height)), (0, 0))
    wide.paste(
        picture.crop((width - 1, 0, width, height)).resize((margin, height)), (width + margin, 0)
    )
    wide.paste(picture, (margin, 0))
    moved = [
        (box, tuple(v + margin if i % 2 == 0 else v for i, v in enumerate(quad)))
        for box, quad in mesh
    ]
    return wide.transform((width, height), Image.Transform.MESH, moved, Image.Resampling.BILINEAR)


def developed(
    picture: Image.Image,
    rng: Random,
    *,
    bloom: float = 0.25,
    vignette: float = 0.25,
    fade: float = 0.04,
) -> Image.Image:
    """Turn a clean drawing into something a lens and a film have seen.

    ``bloom``, ``vignette`` and ``fade`` are shares of full strength.
    """
    width, height = picture.size
    if bloom:
        small = picture.reduce(8).point([round(v * v / 255) for v in range(256)] * 3)
        soft = small.filter(ImageFilter.GaussianBlur(max(width, height) / 8 / 30))
        soft = soft.point([round(v * bloom) for v in range(256)] * 3)
        picture = ImageChops.screen(picture, soft.resize(picture.size, Image.Resampling.BILINEAR))
    if vignette:
        edge = Image.radial_gradient("L").crop((38, 38, 218, 218))  # 255 in the corners
        edge = edge.point([round(255 - 255 * vignette * (v / 255) ** 2.2) for v in range(256)])
        edge = edge.resize(picture.size, Image.Resampling.BILINEAR)
        picture = ImageChops.multiply(picture, Image.merge("RGB", (edge, edge, edge)))
    picture = picture.point(_film(fade) * 3)
    fine = speckle(rng, (round(width / 1.4), round(height / 1.4))).resize(picture.size, _BICUBIC)
    return textured(picture, fine, 3.5 / 74)  # 3.5 grey levels; white noise deviates by 74


def _film(fade: float) -> list[int]:
    """A gentle S curve whose blacks are lifted by ``fade``."""
    table = []
    for value in range(256):
        part = value / 255
        curve = part + 0.12 * math.sin(2 * math.pi * (part - 0.5)) / math.pi
        table.append(round(255 * (fade + (1 - fade) * min(max(curve, 0), 1))))
    return table
