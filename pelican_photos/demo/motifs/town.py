"""Architecture: stairs in hard sun, an arch to the sea."""

import math
from collections.abc import Sequence

from PIL import Image, ImageChops

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    colours,
    halo,
    mix,
    noise,
    plane,
    scaled,
    shape,
    sky,
    strokes,
)
from pelican_photos.demo.motifs.sea import clouds, sail, water
from pelican_photos.demo.motifs.surfaces import plaster
from pelican_photos.demo.paint import (
    cast_shadow,
    developed,
    lit,
    painted,
    shaded,
    textured,
)

_WALLS = (
    "e8a08a f4d3c1 2f78b5 7db4da c25f52",
    "f3efe6 fbf8f1 2a6fb0 86bce0 d9d2c4",
    "e9b04a f5d68f 3a6ea5 9cc3de c8772e",
    "7f9cc0 a9c0dc e7a38b f4cdb2 5a749c",
    "d9868a efb4ae 56a3a6 a8d3cf b35a66",
)


def stairs(canvas: Canvas) -> Image.Image:
    """A flight of steps up a coloured wall, hard sun and a long diagonal shadow."""
    wall, top, high, low, dark = colours(canvas.mood_of(_WALLS))
    size = width, height = canvas.size
    back = height * canvas.between(0.2, 0.34)
    picture = sky(size, (high, low))
    face = [(0.0, back), (width * 0.62, back), (width * 0.62, height), (0.0, height)]
    side = [(width * 0.62, back), (width * 0.74, back + height * 0.05)]
    side += [(width * 0.74, height), (width * 0.62, height)]
    picture = painted(picture, plaster(canvas, size, wall), shape(size, face))
    picture = painted(picture, plaster(canvas, size, mix(wall, dark, 0.75)), shape(size, side))
    picture = _flight(canvas, picture, (wall, top, dark), shape(size, face, side))
    slant = height * canvas.between(0.4, 0.62)
    corner: list[Point] = [(width, slant - height * 0.1), (width, height)]
    corner += [(width * 0.25, height), (width * 0.6, slant + height * 0.2)]
    cast_shadow(picture, corner, mix(dark, (120, 110, 170), 0.5), 3, 0.62)
    sun = halo(size, (0, 0), (width * 1.1, height * 0.9), 1.3)
    return developed(lit(picture, (70, 48, 20), sun), canvas.rng, bloom=0.16, vignette=0.16)


def _flight(
    canvas: Canvas, picture: Image.Image, paints: tuple[Colour, Colour, Colour], wall: Image.Image
) -> Image.Image:
    """The steps, and the saw-tooth shadow that they throw on the wall behind."""
    (stone, top, dark), (width, height) = paints, canvas.size
    count = canvas.rng.randint(7, 10)
    rise, tread = height * 0.62 / count, width * 0.92 / count
    corners = [(width * 0.04 + i * tread, height - (i + 1) * rise) for i in range(count)]
    profile: list[Point] = [(width * 0.04, height)]
    for x, y in corners:
        profile += [(x, y), (x + tread, y)]
    steps = shape(canvas.size, [*profile, (width, profile[-1][1]), (width, height)])
    thrown = [(x - width * 0.2, y + height * 0.16) for x, y in profile]
    shade = shape(canvas.size, [*profile, (width, height), *reversed(thrown)], soft=1.5)
    shade = ImageChops.multiply(ImageChops.subtract(shade, steps), wall)
    picture = shaded(picture, mix(dark, (110, 110, 160), 0.45), scaled(shade, 0.75))
    picture = painted(picture, plaster(canvas, canvas.size, mix(stone, top, 0.35)), steps)
    thick = rise * 0.16
    edges = [[(x, y), (x + tread, y), (x + tread, y + thick), (x, y + thick)] for x, y in corners]
    under = [
        [(x, y + thick), (x + tread, y + thick), (x + tread, y + 2 * thick)] for x, y in corners
    ]
    picture = painted(picture, top, shape(canvas.size, *edges))
    gloom = scaled(shape(canvas.size, *under, soft=1), 0.8)
    return shaded(picture, (150, 130, 160), gloom)


def arch(centre: float, half: float, spring: float, foot: float) -> list[Point]:
    """The outline of a round-headed opening in pixels."""
    turns = [index * math.pi / 40 for index in range(41)]
    curve = [(centre + half * math.cos(turn), spring - half * math.sin(turn)) for turn in turns]
    return [(centre + half, foot), *curve, (centre - half, foot)]


def arch_to_the_sea(canvas: Canvas) -> Image.Image:
    """A cool vaulted passage; through its arch the sea, and light lying on the floor."""
    air, wall_text, dark_text, sea = canvas.mood_of(_ARCHES)
    wall, dark = colours(wall_text)[0], colours(dark_text)[0]
    size = width, height = canvas.size
    view = _view(canvas, colours(air), colours(sea)[0])
    centre, half = width * canvas.between(0.46, 0.54), width * canvas.between(0.25, 0.29)
    half = min(half, height * 0.33)
    spring, foot = height * 0.38, height * 0.8
    picture = plaster(canvas, size, mix(wall, dark, 0.55), 1.4)
    floor = [
        (0, height),
        (centre - half * 1.25, foot),
        (centre + half * 1.25, foot),
        (width, height),
    ]
    ground = plane(noise(canvas.rng, (700, 700), (12, 12), 4), size, 0.5)
    stone = textured(Image.new("RGB", size, mix(wall, dark, 0.5)), ground, 0.12)
    picture = painted(picture, stone, shape(size, floor))
    glow = halo(size, (centre, spring), (width * 0.75, height * 0.8), 1.2)
    picture = lit(picture, mix(wall, (60, 40, 30), 0.55), scaled(glow, 0.5))
    patch = [(centre - half, foot), (centre + half, foot)]
    patch += [(centre + half * 0.9, height * 1.02), (centre - half * 2.1, height * 1.02)]
    pool = scaled(shape(size, patch, soft=5), 0.62)
    picture = lit(picture, mix(wall, (255, 220, 170), 0.3), pool)
    reveal = arch(centre + half * 0.16, half * 1.02, spring - half * 0.02, foot + height * 0.012)
    pale = plaster(canvas, size, mix(wall, (255, 246, 230), 0.35))
    picture = painted(picture, pale, shape(size, reveal))
    opening = shape(size, arch(centre, half, spring, foot))
    picture = painted(picture, view, opening)
    left, right, up = centre - half, centre + half, foot - height * 0.105
    rail = [([(left, y), (right, y)], 5.0) for y in (up, foot - height * 0.012)]
    bars = [left + half * index / 8 for index in range(17)]
    rail += [([(x, up), (x, foot)], 3.0) for x in bars]
    iron = ImageChops.multiply(strokes(size, rail), opening)
    picture = painted(picture, mix(dark, (20, 24, 30), 0.7), iron)
    return developed(picture, canvas.rng, bloom=0.4, vignette=0.35)


def _view(canvas: Canvas, air: Sequence[Colour], deep: Colour) -> Image.Image:
    """The sea that the arch looks out on, a white sail on it."""
    width, height = canvas.size
    line = round(height * 0.55)
    view = Image.new("RGB", canvas.size)
    above = clouds(canvas, (width, line), air)
    view.paste(above, (0, 0))
    view.paste(water(canvas, above, (width, height - line), deep, 0.35), (0, line))
    place = (width * canvas.between(0.42, 0.58), line + height * 0.02)
    boat = sail(canvas, place, height * 0.06)
    return painted(view, (250, 248, 240), shape(canvas.size, *boat))


_ARCHES = (
    ("2f7fc0 8fc1e4 e9f1ee", "f2ece1", "8f7d6d", "12507a"),
    ("3c5488 c78f8f f7c89c", "e2b79b", "7a4b48", "2a3a66"),
    ("6ab0c9 bfe0e2 fbf3e0", "efd9b4", "9b7b52", "1f7a86"),
)
