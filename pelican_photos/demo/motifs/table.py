"""On the table: fruit on linen, a cup of coffee from above."""

import math

from PIL import Image, ImageChops, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    Size,
    blurred,
    colours,
    discs,
    fall,
    halo,
    mix,
    noise,
    placed,
    ramp,
    scaled,
    shape,
    step,
    strokes,
)
from pelican_photos.demo.motifs.pottery import oval
from pelican_photos.demo.motifs.surfaces import foliage, grain, plaster
from pelican_photos.demo.paint import (
    cast_shadow,
    developed,
    lit,
    painted,
    relief,
    shaded,
    textured,
)

_BICUBIC = Image.Resampling.BICUBIC

_FRUITS = {
    "orange": ("8a3a08 e07a14 f6a52c ffd27a", 1.0),
    "lemon": ("8f6a10 e3b41e f7db4e fff2a8", 0.78),
    "plum": ("1e1028 4a2450 7c4474 c79ac0", 0.92),
    "peach": ("8c2f28 d9644a f2a05e ffd9a0", 0.97),
    "lime": ("24400f 5c8a1f 98bf3c dcee9a", 0.85),
}

_CLOTHS = (("efe8dc", "46525a"), ("dfe5e6", "7a4a3a"), ("d9c7ad", "2e3a3c"), ("e9d9d2", "55606e"))

_BASKETS = (("orange", "lemon"), ("plum", "peach"), ("lemon", "lime"), ("peach", "orange", "plum"))


def fruit(canvas: Canvas) -> Image.Image:
    """Fruit on creased linen before a dark wall, a window's light on every piece."""
    cloth, wall = (colours(text)[0] for text in canvas.mood_of(_CLOTHS))
    width, height = canvas.size
    picture = plaster(canvas, canvas.size, mix(wall, (14, 14, 18), 0.35))
    window = halo(canvas.size, canvas.at(0.15, 0.15), (width * 0.9, height * 0.7), 1.4)
    picture = lit(picture, mix(wall, (90, 80, 60), 0.5), scaled(window, 0.6))
    line = height * canvas.between(0.44, 0.5)
    hem = [(i * width / 20, line + height * 0.012 * math.sin(i * 0.9)) for i in range(21)]
    mask = shape(canvas.size, [*hem, (width, height), (0, height)], soft=1)
    picture = painted(picture, _linen(canvas, cloth), mask)
    picture = shaded(picture, (96, 90, 104), scaled(fall(canvas.size, 200, 150, 0, 90), 0.8))
    kinds = canvas.mood_of(_BASKETS)
    for x, y, radius in _places(canvas, line):
        picture = _fruit(canvas, picture, (x, y, radius), canvas.rng.choice(kinds))
    sun = halo(canvas.size, canvas.at(0.0, 0.2), (width, height), 1.2)
    return developed(lit(picture, (46, 34, 14), sun), canvas.rng, bloom=0.14, vignette=0.45)


def _linen(canvas: Canvas, cloth: Colour) -> Image.Image:
    half = (canvas.width // 2, canvas.height // 2)
    folds = noise(canvas.rng, half, (5, 4), 3, 0.45).resize(canvas.size, _BICUBIC)
    weave = noise(canvas.rng, canvas.size, (canvas.width / 2, canvas.height / 3), 1)
    linen = textured(Image.new("RGB", canvas.size, cloth), relief(blurred(folds, 8), 140, 7), 0.5)
    return textured(linen, weave, 0.06)


def _places(canvas: Canvas, line: float) -> list[tuple[float, float, float]]:
    """Where up to eight fruits lie (x, foot, radius), the farthest first."""
    unit = min(canvas.size)
    places: list[tuple[float, float, float]] = []
    for _ in range(60):
        radius = unit * canvas.between(0.085, 0.125)
        x = canvas.width * canvas.rng.triangular(0.12, 0.88, 0.5)
        y = line + canvas.height * canvas.between(0.03, 0.32)
        gaps = [math.hypot(x - a, (y - b) * 1.7) - 0.98 * (radius + c) for a, b, c in places]
        if len(places) < 8 and all(gap > 0 for gap in gaps):
            places.append((x, y, radius))
    return sorted(places, key=lambda place: place[1])


def _fruit(
    canvas: Canvas, picture: Image.Image, place: tuple[float, float, float], kind: str
) -> Image.Image:
    """One fruit resting at the foot of its circle, with its shadow on the cloth."""
    x, foot, radius = place
    text, flat = _FRUITS[kind]
    tone, citrus = colours(text), kind in ("orange", "lemon", "lime")
    middle = round(radius * 1.3)
    size = (middle * 2, middle * 2)
    mask = shape(
        size, placed(_silhouette(flat, 0.16 if flat < 0.9 else 0), (middle, middle), radius)
    )
    mask = mask.rotate(canvas.between(-25, 25) if flat < 0.9 else 0, _BICUBIC)
    light = _spot(size, radius, (-0.32, -0.36, 1.75, 1.65), 0.9)
    deep = mix(tone[0], (10, 6, 10), 0.45)
    body = ramp(light, (deep, tone[0], tone[1], tone[1], tone[2], tone[2]))
    blush = step(noise(canvas.rng, size, (2, 2), 3), 0.4, 0.9)
    body = painted(body, mix(tone[1], (160, 30, 30), 0.35), scaled(blush, 0.12 if citrus else 0.35))
    pores = relief(noise(canvas.rng, size, (middle / 2, middle / 2), 1), 130, 0.35)
    body = textured(body, pores, 0.15 if citrus else 0.06)
    bounce = ImageOps.invert(_spot(size, radius, (0, -0.1, 1.15, 1.12), 0.35))
    body = lit(body, mix(tone[2], (120, 110, 100), 0.5), scaled(bounce, 0.16))
    body = lit(body, tone[3], scaled(_spot(size, radius, (-0.38, -0.42, 0.42, 0.36), 2), 0.62))
    cast = oval(x + radius * 0.55, foot + radius * 0.05, radius * 1.15, radius * 0.34)
    touch = oval(x + radius * 0.1, foot + radius * 0.02, radius * 0.62, radius * 0.16)
    cast_shadow(picture, cast, (92, 78, 88), radius * 0.13, 0.8)
    cast_shadow(picture, touch, (60, 46, 50), radius * 0.06, 0.85)
    picture.paste(body, (round(x - middle), round(foot - middle - radius * flat * 0.9)), mask)
    return picture


def _silhouette(flat: float, nib: float) -> list[Point]:
    """A fruit's outline for radius 1; ``nib`` is how far a lemon's two ends stick out."""
    outline = []
    for index in range(72):
        turn = index / 72 * 2 * math.pi
        reach = 1 + 0.012 * math.sin(3 * turn) + nib * math.cos(turn) ** 22
        outline.append((reach * math.cos(turn), reach * flat * math.sin(turn)))
    return outline


def _spot(
    size: Size, radius: float, spot: tuple[float, float, float, float], power: float
) -> Image.Image:
    """A halo on a round body: x, y, and both radii as shares of the body's radius."""
    x, y, across, down = (value * radius for value in spot)
    return halo(size, (size[0] / 2 + x, size[1] / 2 + y), (across, down), power)


_TABLES = (("8a5f3f", "f3efe8"), ("5b4638", "e7ddcf"), ("b98f66", "3f5a63"), ("6f7470", "f0e6d6"))


def coffee_from_above(canvas: Canvas) -> Image.Image:
    """A cup of coffee on a wooden table, straight from above, leaf shadows around it."""
    wood, china = (colours(text)[0] for text in canvas.mood_of(_TABLES))
    width, height = canvas.size
    picture = textured(Image.new("RGB", canvas.size, wood), grain(canvas), 0.19)
    planks = [([(0, height * v), (width, height * v)], 3.0) for v in (0.21, 0.47, 0.74)]
    picture = shaded(picture, (60, 46, 40), scaled(strokes(canvas.size, planks), 0.9))
    unit = min(width, height)
    centre = x, y = canvas.at(canvas.between(0.42, 0.58), canvas.between(0.44, 0.56))
    black, white = (26, 22, 27), (255, 255, 255)
    saucer, hollow, _rim = (
        oval(x + d * unit, y + d * unit, r * unit, r * unit)
        for d, r in ((0.05, 0.36), (0.035, 0.21), (0, 0))
    )
    cast_shadow(picture, saucer, (64, 52, 60), unit * 0.025, 0.8)
    for radius, tone, part in (
        (0.36, white, 0.0),
        (0.352, black, 0.04),
        (0.25, white, 0.05),
        (0.225, black, 0.06),
    ):
        picture = _plate(picture, centre, unit * radius, mix(china, tone, part))
    cast_shadow(picture, hollow, (110, 100, 110), unit * 0.02, 0.8)
    ear = placed([(0.17, -0.06), (0.29, -0.12), (0.3, -0.07), (0.19, 0)], centre, unit)
    ring = strokes(canvas.size, [(ear, unit * 0.028)])
    picture = painted(picture, mix(china, black, 0.12), ring)
    for radius, tone, part in ((0.2, white, 0.06), (0.19, black, 0.12)):
        picture = _plate(picture, centre, unit * radius, mix(china, tone, part))
    picture = painted(picture, (74, 40, 20), discs(canvas.size, [(centre, unit * 0.178)]))
    coffee = _latte(canvas, centre, unit * 0.178)
    picture = painted(picture, coffee, discs(canvas.size, [(centre, unit * 0.172)], 1.5))
    picture = shaded(picture, (92, 84, 112), scaled(foliage(canvas), 0.72))
    sun = halo(canvas.size, canvas.at(0.1, 0.0), (width, height), 1.2)
    return developed(lit(picture, (62, 44, 16), sun), canvas.rng, bloom=0.14, vignette=0.3)


def _plate(picture: Image.Image, centre: Point, radius: float, colour: Colour) -> Image.Image:
    """A disc of glazed china, brighter towards the light at the upper left."""
    spot = (centre[0] - radius * 0.6, centre[1] - radius * 0.6)
    glow = halo(picture.size, spot, (radius * 2.3, radius * 2.3), 1)
    body = ramp(glow, (mix(colour, (60, 50, 60), 0.5), colour, mix(colour, (255, 255, 255), 0.5)))
    return painted(picture, body, discs(picture.size, [(centre, radius)]))


def _latte(canvas: Canvas, centre: Point, radius: float) -> Image.Image:
    """Milk poured into a leaf: a stem, and rounded layers on either side of it."""
    cream = Image.new("RGB", canvas.size, (150, 92, 50))
    froth = noise(canvas.rng, canvas.size, (26, 26), 4, 0.6)
    cream = textured(cream, froth, 0.12)
    rim = ImageOps.invert(halo(canvas.size, centre, (radius * 1.25, radius * 1.25), 0.5))
    cream = shaded(cream, (140, 96, 70), rim)
    lines = []
    for layer in range(7):
        part = layer / 6
        half = 0.62 * math.sin(math.pi * (0.25 + 0.62 * part))
        steps = [index / 10 for index in range(-10, 11)]
        arc = [(half * at, 0.62 - 1.1 * part - 0.32 * at**2) for at in steps]
        lines.append((placed(arc, centre, radius), radius * 0.125 * (1.1 - 0.45 * part)))
    head = discs(canvas.size, [((centre[0], centre[1] - radius * 0.6), radius * 0.14)])
    milk = ImageChops.lighter(strokes(canvas.size, lines), head)
    line = placed([(0, 0.8), (0, -0.8)], centre, radius)
    stem = strokes(canvas.size, [(line, radius * 0.03)])
    milk = ImageChops.subtract(blurred(milk, 1.5), stem)
    milk = milk.rotate(canvas.between(-40, 40), _BICUBIC, center=centre)
    return painted(cream, (246, 232, 208), milk)
