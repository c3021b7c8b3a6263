"""What a motif is made of: colours, gradients, noise, and masks.

Pillow alone.  Everything random comes from the ``Random`` that a canvas carries, so one
seed always gives one picture; Pillow's own ``effect_noise`` cannot be seeded.  A mask is
a grey picture.  Lengths are pixels, except where a docstring speaks of fractions.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from PIL import Image, ImageDraw, ImageFilter

T = TypeVar("T")
Colour = tuple[int, int, int]
Point = tuple[float, float]
Size = tuple[int, int]

_BICUBIC = Image.Resampling.BICUBIC


@dataclass(frozen=True, slots=True)
class Canvas:
    """The size of a picture in pixels, its own source of chance, and its mood."""

    width: int
    height: int
    rng: Random
    mood: int = 0  # which of a motif's palettes; they come round again

    @property
    def size(self) -> Size:
        """Width and height, as Pillow wants them."""
        return self.width, self.height

    def mood_of(self, choices: Sequence[T]) -> T:
        """The one of a motif's palettes that this picture is to have."""
        return choices[self.mood % len(choices)]

    def between(self, low: float, high: float) -> float:
        """Draw a number from a range."""
        return self.rng.uniform(low, high)

    def at(self, x: float, y: float) -> Point:
        """Turn fractions of the picture into pixels."""
        return x * self.width, y * self.height


def colours(text: str) -> tuple[Colour, ...]:
    """Read colours written as hexadecimal triplets between spaces."""
    return tuple(
        (int(word[0:2], 16), int(word[2:4], 16), int(word[4:6], 16)) for word in text.split()
    )


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """Mix ``part`` (0 to 1) of ``other`` into ``one``."""
    return (
        round(one[0] + (other[0] - one[0]) * part),
        round(one[1] + (other[1] - one[1]) * part),
        round(one[2] + (other[2] - one[2]) * part),
    )


def along(palette: Sequence[Colour], part: float) -> Colour:
    """The colour at ``part`` (0 to 1) of an evenly spaced palette."""
    place = min(max(part, 0.0), 1.0) * (len(palette) - 1)
    index = min(int(place), len(palette) - 2)
    return mix(palette[index], palette[index + 1], place - index)


def sky(size: Size, palette: Sequence[Colour], reach: float = 1.0) -> Image.Image:
    """A vertical gradient, the first colour on top; the last is reached at ``reach``."""
    column = Image.new("RGB", (1, 96))
    column.putdata([along(palette, row / 95 / reach) for row in range(96)])
    return column.resize((1, size[1]), _BICUBIC).resize(size, Image.Resampling.NEAREST)


def fall(size: Size, *levels: int) -> Image.Image:
    """A mask whose levels (0 to 255) change evenly from top to foot."""
    return sky(size, [(level, level, level) for level in levels]).convert("L")


def ramp(light: Image.Image, palette: Sequence[Colour]) -> Image.Image:
    """Colour a grey picture: black becomes the first colour, white the last."""
    table = [along(palette, value / 255) for value in range(256)]
    return Image.merge("RGB", [light.point([c[band] for c in table]) for band in range(3)])


def step(light: Image.Image, low: float, high: float, top: float = 1.0) -> Image.Image:
    """A soft threshold: 0 up to ``low``, ``top`` from ``high`` on (all 0 to 1)."""
    table = []
    for value in range(256):
        part = min(max((value / 255 - low) / (high - low), 0.0), 1.0)
        table.append(round(255 * top * part * part * (3 - 2 * part)))
    return light.point(table)


def scaled(light: Image.Image, by: float) -> Image.Image:
    """A mask weakened (or strengthened) by a factor."""
    return light.point([min(round(value * by), 255) for value in range(256)])


def speckle(rng: Random, size: Size) -> Image.Image:
    """White noise."""
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def noise(
    rng: Random, size: Size, cells: tuple[float, float], octaves: int = 4, gain: float = 0.5
) -> Image.Image:
    """Cloudy noise over the full range; ``cells`` are the blobs across and down."""
    total, weight, share = speckle(rng, _grid(cells, size, 0)), 1.0, 1.0
    for octave in range(1, octaves):
        share *= gain
        weight += share
        layer = speckle(rng, _grid(cells, size, octave))
        total = Image.blend(total.resize(layer.size, _BICUBIC), layer, share / weight)
    return spread(total).resize(size, _BICUBIC)


def _grid(cells: tuple[float, float], size: Size, octave: int) -> Size:
    """How many specks an octave has; more than there are pixels would be wasted."""
    return (
        max(2, min(round(cells[0] * 2**octave), size[0])),
        max(2, min(round(cells[1] * 2**octave), size[1])),
    )


def spread(light: Image.Image) -> Image.Image:
    """Stretch a grey picture so that its darkest and lightest percent reach the ends."""
    counts = light.histogram()
    spare = sum(counts) // 100
    low = next(v for v in range(256) if sum(counts[: v + 1]) > spare)
    high = next(v for v in range(255, -1, -1) if sum(counts[v:]) > spare)
    width = max(high - low, 1)
    return light.point([min(max(round((v - low) * 255 / width), 0), 255) for v in range(256)])


def plane(light: Image.Image, size: Size, near: float) -> Image.Image:
    """Lay a texture flat on the ground: its top edge lies at the horizon.

    ``near`` is the share of the texture's width that the picture's lower edge shows.
    """
    width, height = size
    depth = (1 / near - 1) / height
    across, down = light.size
    h = depth
    # At the foot the texture's middle share fills the width; the horizon shows all of it.
    a = across / width
    b = (across * (1 + h * height) - across) / 2 / height
    e = down * (1 + h * height) / height
    return light.transform(
        size, Image.Transform.PERSPECTIVE, (a, b, 0, 0, e, 0, 0, h), Image.Resampling.BILINEAR
    )


def blurred(picture: Image.Image, pixels: float) -> Image.Image:
    """A Gaussian blur; a wide one is done on a smaller copy, where it costs little."""
    if pixels <= 0:
        return picture
    factor = max(1, int(pixels / 1.5))
    if factor == 1:
        return picture.filter(ImageFilter.GaussianBlur(pixels))
    small = picture.reduce(factor).filter(ImageFilter.GaussianBlur(pixels / factor))
    return small.resize(picture.size, _BICUBIC)


def shape(size: Size, *outlines: Sequence[Point], soft: float = 0) -> Image.Image:
    """A mask of polygons in pixels, with smooth edges; ``soft`` blurs them, in pixels."""
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    pen = ImageDraw.Draw(mask)
    for outline in outlines:
        pen.polygon([(x * 2, y * 2) for x, y in outline], fill=255)
    return blurred(mask.reduce(2), soft)


def strokes(size: Size, lines: Sequence[tuple[Sequence[Point], float]]) -> Image.Image:
    """A mask of lines in pixels, each with its own width, with smooth edges."""
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    pen = ImageDraw.Draw(mask)
    for points, width in lines:
        path = [(x * 2, y * 2) for x, y in points]
        pen.line(path, fill=255, width=max(round(width * 2), 1), joint="curve")
    return mask.reduce(2)


def discs(size: Size, circles: Sequence[tuple[Point, float]], soft: float = 0) -> Image.Image:
    """A mask of circles in pixels: centre and radius."""
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    pen = ImageDraw.Draw(mask)
    for (x, y), radius in circles:
        pen.ellipse([2 * (x - radius), 2 * (y - radius), 2 * (x + radius), 2 * (y + radius)], 255)
    return blurred(mask.reduce(2), soft)


def halo(size: Size, centre: Point, radius: tuple[float, float], power: float = 2) -> Image.Image:
    """A mask that is white at ``centre`` and fades to black at the radii (all in pixels)."""
    if radius[0] * radius[1] > 90_000:  # a wide one is as smooth when it is drawn small
        part = ((size[0] + 3) // 4, (size[1] + 3) // 4)
        near = halo(part, (centre[0] / 4, centre[1] / 4), (radius[0] / 4, radius[1] / 4), power)
        return near.resize(size, Image.Resampling.BILINEAR)
    fade = Image.radial_gradient("L")  # 0 in the middle, 255 from the middle of an edge on
    fade = fade.point([round(255 * (1 - v / 255) ** power) for v in range(256)])
    box = (max(round(radius[0] * 2), 2), max(round(radius[1] * 2), 2))
    mask = Image.new("L", size)
    mask.paste(
        fade.resize(box, Image.Resampling.BILINEAR),
        (round(centre[0] - radius[0]), round(centre[1] - radius[1])),
    )
    return mask


def tilted(light: Image.Image, angle: float) -> Image.Image:
    """Turn a mask by an angle (degrees), and keep the half in its middle: no corner is empty."""
    width, height = light.size[0] // 2, light.size[1] // 2
    left, top = width // 2, height // 2
    turned = light.rotate(angle, _BICUBIC)
    return turned.crop((left, top, left + width, top + height))


def placed(outline: Sequence[Point], at: Point, scale: float) -> list[Point]:
    """An outline drawn around (0, 0) in units of ``scale`` pixels, moved to ``at``."""
    return [(at[0] + x * scale, at[1] + y * scale) for x, y in outline]


def below(outline: Sequence[Point], bottom: float) -> list[Point]:
    """Close an outline along the bottom edge."""
    return [*outline, (outline[-1][0], bottom), (outline[0][0], bottom)]


def ridge(rng: Random, width: int, base: float, height: float, rough: float = 0.5) -> list[Point]:
    """A mountain's outline in pixels by midpoint displacement, from edge to edge."""
    line = [rng.uniform(-1, 1) for _ in range(5)]
    reach = 0.55
    while len(line) < width // 3:
        wider = [line[0]]
        for one, other in itertools.pairwise(line):
            wider += [(one + other) / 2 + rng.uniform(-reach, reach), other]
        line, reach = wider, reach * rough
    stride = width / (len(line) - 1)
    return [(index * stride, base - height * value) for index, value in enumerate(line)]
