"""What lies below: agate, pebbles, treetops along a road."""

import math
from itertools import pairwise

from PIL import Image, ImageChops, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    blurred,
    colours,
    halo,
    mix,
    noise,
    placed,
    ramp,
    scaled,
    shape,
    spread,
    step,
    strokes,
)
from pelican_photos.demo.paint import (
    developed,
    lit,
    painted,
    relief,
    textured,
)

_BICUBIC = Image.Resampling.BICUBIC

_AGATES = (
    "0d2c3a 1d6072 6fb3b0 e9e4d0 c98f5a 6a3a2a 1c2a36",
    "2a1a3a 5f3f7a b98fb8 f3dfd6 e39a7a 8a3d4c 2a1a3a",
    "12302a 2f6b52 9dbb86 f0ead2 d9b36c 8a6a3a 1f3a30",
    "1a2230 46586c a9b6bf f6f2ea d7c3a4 98765a 2b2a30",
)


def agate(canvas: Canvas) -> Image.Image:
    """A polished stone: bands that follow each other round a pale heart."""
    palette = colours(canvas.mood_of(_AGATES))
    width, height = canvas.size
    field = noise(canvas.rng, canvas.size, (1.8, 1.8 * height / width), 4, 0.34)
    heart = halo(
        canvas.size,
        canvas.at(canvas.between(0.25, 0.75), canvas.between(0.25, 0.75)),
        (width * 0.9, width * 0.9),
        1,
    )
    field = spread(blurred(Image.blend(field, heart, 0.4), 5))
    turns, phase = canvas.between(2.6, 4.0), canvas.between(0, 6.3)
    bands = [
        round(127.5 + 127.5 * math.sin(phase + v / 255 * turns * 2 * math.pi)) for v in range(256)
    ]
    picture = ramp(field.point([round(v * 0.75 + bands[v] * 0.25) for v in range(256)]), palette)
    lines = [
        round(
            128 + 46 * math.sin(v / 255 * turns * 23 + phase) + 26 * math.sin(v / 255 * turns * 61)
        )
        for v in range(256)
    ]
    picture = textured(picture, blurred(field.point(lines), 0.8), 0.5)
    sugar = relief(noise(canvas.rng, canvas.size, (width / 7, height / 7), 2, 0.7), 120, 0.6)
    inside = step(field, 0.9, 1.0)
    picture = textured(
        picture, Image.composite(sugar, Image.new("L", canvas.size, 128), inside), 0.6
    )
    cracks = step(noise(canvas.rng, canvas.size, (5, 5), 5, 0.6), 0.495, 0.5)
    vein = ImageChops.multiply(cracks, ImageOps.invert(ImageChops.offset(cracks, 2, 2)))
    picture = lit(picture, (255, 240, 210), scaled(vein, 0.25))
    gloss = halo(canvas.size, canvas.at(0.2, 0.1), (width * 0.8, height * 0.5), 2)
    return developed(
        lit(picture, (120, 120, 116), scaled(gloss, 0.5)), canvas.rng, bloom=0.2, vignette=0.3
    )


_BEACHES = (
    "3c4650 6b7780 a7aeb0 d7d3c8 8c6f5c b4917a 2a3038",
    "564a42 8b7a6a c4b49d e8dfcf 6f7f86 a35f4a 33302e",
    "2f4a4a 5f7f78 9fb3a2 dfe3d2 8a6a58 c79a78 243234",
)


def packed(
    canvas: Canvas, low: float, high: float, tries: int, apart: float = 0.93
) -> list[tuple[float, float, float]]:
    """Circles that do not overlap, the large ones first; (x, y, radius) in pixels."""
    spots: list[tuple[float, float, float]] = []
    grid: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    cell = high * 2
    for index in range(tries):
        radius = high - (high - low) * (index / tries) ** 0.6
        x, y = (
            canvas.between(-0.02, 1.02) * canvas.width,
            canvas.between(-0.02, 1.02) * canvas.height,
        )
        home = (int(x // cell), int(y // cell))
        near = [
            spot
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for spot in grid.get((home[0] + dx, home[1] + dy), ())
        ]
        if all(math.hypot(x - ox, y - oy) > (radius + other) * apart for ox, oy, other in near):
            spots.append((x, y, radius))
            grid.setdefault(home, []).append((x, y, radius))
    return spots


def pebbles(canvas: Canvas) -> Image.Image:
    """Wet pebbles on a beach, each round in its own way."""
    palette = colours(canvas.mood_of(_BEACHES))
    width, height = canvas.size
    picture = Image.new("RGB", canvas.size, mix(palette[-1], (10, 10, 12), 0.5))
    grit = relief(noise(canvas.rng, canvas.size, (width / 5, height / 5), 2), 130, 0.6)
    picture = textured(picture, grit, 0.5)
    for x, y, radius in packed(canvas, width * 0.012, width * 0.075, 2600):
        if radius < 4:
            continue
        one, other = canvas.rng.choice(palette[:6]), canvas.rng.choice(palette[:6])
        body, mask = _pebble(canvas, radius, mix(one, other, canvas.between(0, 0.35)))
        at = (round(x - mask.width / 2), round(y - mask.height / 2))
        picture.paste((6, 7, 10), (at[0] + 3, at[1] + 5), scaled(blurred(mask, 3), 0.7))
        picture.paste(body, at, mask)
    return developed(picture, canvas.rng, bloom=0.1, vignette=0.35)


def _pebble(canvas: Canvas, radius: float, stone: Colour) -> tuple[Image.Image, Image.Image]:
    """One stone, its veins running its own way: picture and mask."""
    side = round(radius * 2.7)
    size, middle = (side, side), side / 2
    one, two, flat = canvas.between(0, 6.3), canvas.between(0, 6.3), canvas.between(0.72, 0.96)
    outline = []
    for index in range(40):
        turn = index / 40 * 2 * math.pi
        reach = 1.04 + 0.07 * math.sin(2 * turn + one) + 0.04 * math.sin(3 * turn + two)
        outline.append((reach * math.cos(turn), reach * flat * math.sin(turn)))
    mask = shape(size, placed(outline, (middle, middle), radius))
    mask = mask.rotate(canvas.between(0, 180), _BICUBIC)
    spot = (middle - radius * 0.3, middle - radius * 0.38)
    light = halo(size, spot, (radius * 1.7, radius * 1.6), 0.85)
    dark = (9, 9, 14)
    tone = (mix(stone, dark, 0.8), mix(stone, dark, 0.45), stone, mix(stone, (255, 255, 255), 0.16))
    veins = noise(canvas.rng, size, (canvas.between(2, 4), canvas.between(3, 9)), 4, 0.6)
    body = textured(ramp(light, tone), veins.rotate(canvas.between(0, 180)), 0.16)
    spot = (middle - radius * 0.36, middle - radius * 0.46)
    gleam = halo(size, spot, (radius * 0.4, radius * 0.26), 1.8)
    return lit(body, (236, 242, 250), scaled(gleam, 0.4)), mask


_CROWNS = (
    ("6b2a12 b0501f d9862f eeb64e 7a7a34 4a5a2a", "1c1a14"),
    ("1f3f2c 2f5a38 4a7a44 6f9650 8aa85c 3a6650", "0e1a14"),
    ("274a52 3f6a5c 6a8a5a a8a052 d0b45a 40584a", "101a1c"),
)


def treetops(canvas: Canvas) -> Image.Image:
    """A forest from above, a pale road winding through it."""
    leaves, floor = (colours(text) for text in canvas.mood_of(_CROWNS))
    width, height = canvas.size
    road = _road(canvas)
    picture = Image.new("RGB", canvas.size, floor[0])
    verge = blurred(strokes(canvas.size, [(road, width * 0.06)]), 3)
    picture = painted(picture, mix(leaves[3], (150, 140, 110), 0.5), verge)
    asphalt = blurred(strokes(canvas.size, [(road, width * 0.032)]), 1)
    picture = painted(picture, (186, 180, 170), asphalt)
    dashes = [([a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)], 2.0) for a, b in pairwise(road)]
    picture = painted(picture, (244, 240, 230), strokes(canvas.size, dashes))
    groves = noise(canvas.rng, (64, 64), (4, 4), 2).tobytes()
    trees = [[_crown(canvas, leaf, round(width * 0.034)) for _ in range(5)] for leaf in leaves]
    crowns = packed(canvas, width * 0.012, width * 0.034, 4200, 0.7)
    for x, y, radius in sorted(crowns, key=lambda crown: crown[1]):
        beside = [abs(x - px) for px, py in road if abs(y - py) < height * 0.03]
        if min(beside, default=width) < width * 0.022 + radius * 0.75:
            continue
        cell = min(max(int(y / height * 63), 0), 63) * 64 + min(max(int(x / width * 63), 0), 63)
        kind = int((groves[cell] / 256 + canvas.between(-0.18, 0.18)) * len(leaves))
        tree = canvas.rng.choice(trees[min(max(kind, 0), len(leaves) - 1)])
        size = (round(radius * 2.6), round(radius * 2.6))
        body, mask = (part.resize(size, _BICUBIC) for part in tree)
        left, top = round(x - size[0] / 2), round(y - size[1] / 2)
        shade = (left + round(radius * 0.3), top + round(radius * 0.36))
        picture.paste((8, 12, 16), shade, scaled(mask, 0.55))
        picture.paste(body, (left, top), mask)
    sun = halo(canvas.size, canvas.at(0.1, 0.0), (width, height), 1.2)
    return developed(lit(picture, (60, 48, 24), sun), canvas.rng, bloom=0.12, vignette=0.28)


def _road(canvas: Canvas) -> list[Point]:
    """A line winding from the top of the picture to its foot."""
    start, bend = canvas.between(0, 6.3), canvas.between(1.6, 3.2)
    middle = canvas.between(0.35, 0.65)
    line = []
    for index in range(41):
        part = index / 40
        sway = 0.16 * math.sin(start + bend * part)
        sway += 0.05 * math.sin(2.7 * start + 2 * bend * part)
        line.append(canvas.at(middle + sway, part * 1.1 - 0.05))
    return line


def _crown(canvas: Canvas, leaf: Colour, radius: int) -> tuple[Image.Image, Image.Image]:
    """One tree from above, lit from the upper left: picture and mask."""
    side = round(radius * 2.6)
    size, middle, a = (side, side), side / 2, canvas.between(0, 6.3)
    outline = []
    for index in range(28):
        t = index / 28 * 2 * math.pi
        r = radius * (1.06 + 0.09 * math.sin(5 * t + a) + canvas.between(-0.07, 0.07))
        outline.append((middle + r * math.cos(t), middle + r * math.sin(t)))
    light = halo(
        size, (middle - radius * 0.35, middle - radius * 0.4), (radius * 1.8, radius * 1.8), 0.9
    )
    tone = mix(leaf, (255, 240, 190), canvas.between(0, 0.16))
    body = ramp(
        light,
        (
            mix(tone, (6, 10, 12), 0.8),
            mix(tone, (10, 16, 18), 0.45),
            tone,
            mix(tone, (255, 244, 200), 0.3),
        ),
    )
    bump = relief(noise(canvas.rng, size, (11, 11), 3, 0.7), 130, 1.1)
    return textured(body, bump, 0.3), shape(size, outline)
