"""Surfaces that several motifs share: plaster, wood, and a plant's shadow."""

import math

from PIL import Image

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    Size,
    noise,
    shape,
)
from pelican_photos.demo.paint import (
    relief,
    textured,
)

_BICUBIC = Image.Resampling.BICUBIC


def plaster(canvas: Canvas, size: Size, colour: Colour, rough: float = 1.0) -> Image.Image:
    """A rendered wall: trowel marks, fine grit, and a slow change of tone."""
    half = (size[0] // 2, size[1] // 2)
    coarse = relief(noise(canvas.rng, half, (half[0] / 40, half[1] / 40), 4, 0.6), 120, 0.8)
    tone = noise(canvas.rng, half, (2, 2), 3)
    wall = textured(Image.new("RGB", half, colour), tone, 0.07 * rough)
    return textured(wall, coarse, 0.16 * rough).resize(size, _BICUBIC)


def foliage(canvas: Canvas) -> Image.Image:
    """The blurred shadow of a palm or an olive branch reaching in from a corner."""
    width, _height = canvas.size
    leaves: list[list[Point]] = []
    start = canvas.at(canvas.rng.choice((-0.05, 1.05)), canvas.between(-0.1, 0.3))
    inward = 1 if start[0] < 0 else -1
    for _ in range(4):
        length, angle = width * canvas.between(0.6, 0.95), canvas.between(-0.15, 1.05)
        droop = canvas.between(0.2, 0.7)
        for index in range(26):
            part = index / 25
            x = start[0] + inward * length * part * math.cos(angle)
            y = start[1] + length * part * math.sin(angle) + droop * length * part**2 * 0.4
            for turn in (-1, 1):
                tilt = angle + turn * (1.15 - 0.6 * part) + droop * part * 0.5
                reach = length * 0.3 * math.sin(math.pi * (0.12 + 0.85 * part))
                tip = (x + inward * reach * math.cos(tilt), y + reach * math.sin(tilt))
                wide = length * 0.011
                middle = ((x * 0.55 + tip[0] * 0.45), (y * 0.55 + tip[1] * 0.45))
                leaves.append(
                    [
                        (x, y),
                        (middle[0] - wide * math.sin(tilt), middle[1] + wide * math.cos(tilt)),
                        tip,
                        (middle[0] + wide * math.sin(tilt), middle[1] - wide * math.cos(tilt)),
                    ]
                )
    return shape(canvas.size, *leaves, soft=width * 0.006)


def grain(canvas: Canvas) -> Image.Image:
    """The grain of a board that runs from left to right."""
    half = (canvas.width // 2, canvas.height // 2)
    return noise(canvas.rng, half, (3, half[1] / 4), 3, 0.6).resize(canvas.size, _BICUBIC)
