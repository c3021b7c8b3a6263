"""Things against the sky: a lighthouse in the weather, balloons over a valley."""

import math

from PIL import Image, ImageChops, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    Size,
    below,
    blurred,
    colours,
    fall,
    halo,
    mix,
    noise,
    placed,
    ridge,
    scaled,
    shape,
    sky,
    step,
    strokes,
)
from pelican_photos.demo.motifs.sea import clouds, water
from pelican_photos.demo.paint import (
    developed,
    lit,
    painted,
    relief,
    shaded,
    textured,
)

_STORMS = (
    ("3b4a5c 6b7c8c a9b3b5 e4d3b5", "1f3a48"),
    ("2f3557 6d6a94 c48f9b f3c39f", "232c4e"),
    ("4f7f9f 8fb3c4 c8d8d6 f3ead2", "1d4f63"),
)

_TOWER = ((-0.085, 0.1), (-0.055, -0.84), (0.055, -0.84), (0.085, 0.1))
_BANDS = (
    ((-0.08, -0.14), (0.08, -0.14), (0.0736, -0.32), (-0.0736, -0.32)),
    ((-0.067, -0.5), (0.067, -0.5), (0.061, -0.68), (-0.061, -0.68)),
)
_LANTERN = (
    ((-0.075, -0.864), (0.075, -0.864), (0.075, -0.836), (-0.075, -0.836)),
    ((-0.042, -0.97), (0.042, -0.97), (0.042, -0.85), (-0.042, -0.85)),
    ((-0.06, -0.97), (0.06, -0.97), (0, -1.06)),
)
_PANE = ((-0.03, -0.96), (0.03, -0.96), (0.03, -0.88), (-0.03, -0.88))


def lighthouse(canvas: Canvas) -> Image.Image:
    """A white lighthouse on black rocks, its lamp lit under a big sky."""
    air, sea = (colours(text) for text in canvas.mood_of(_STORMS))
    width, height = canvas.size
    line = round(height * canvas.between(0.6, 0.7))
    above = clouds(canvas, (width, line), air, 3)
    picture = Image.new("RGB", canvas.size)
    picture.paste(above, (0, 0))
    picture.paste(water(canvas, above, (width, height - line), sea[0], 0.2), (0, line))
    right = canvas.rng.random() < 0.5
    x = width * (canvas.between(0.62, 0.74) if right else canvas.between(0.26, 0.38))
    tall = height * canvas.between(0.34, 0.42)
    picture = _tower(picture, (x, line - height * 0.05), tall, 90 if right else -90)
    rock = [
        (
            px,
            py
            - height
            * (0.055 * math.exp(-(((px - x) / (width * 0.16)) ** 2)) - abs(px - x) / width * 0.2),
        )
        for px, py in ridge(canvas.rng, width, line - height * 0.02, height * 0.02, 0.62)
    ]
    foot = [
        (width, line + height * 0.16),
        (width * 0.5, line + height * 0.1),
        (0, line + height * 0.16),
    ]
    mask = shape(canvas.size, [*rock, *foot])
    crag = relief(noise(canvas.rng, canvas.size, (width / 45, height / 30), 5, 0.6), 140, 1.6)
    stone = textured(Image.new("RGB", canvas.size, mix(sea[0], (40, 34, 32), 0.6)), crag, 0.42)
    picture = painted(picture, stone, mask)
    froth = step(noise(canvas.rng, canvas.size, (40, 70), 4, 0.7), 0.5, 0.75)
    rim = scaled(ImageChops.subtract(blurred(mask, height * 0.012), mask), 3)
    surf = ImageChops.multiply(ImageChops.multiply(rim, froth), fall(canvas.size, 0, 0, 255, 255))
    picture = painted(picture, (240, 244, 244), scaled(surf, 0.9))
    return developed(picture, canvas.rng, bloom=0.3, vignette=0.3)


def _tower(picture: Image.Image, foot: Point, tall: float, turn: float) -> Image.Image:
    """The tower and its light; ``turn`` (degrees) says which side the day still lights."""
    size, lamp = picture.size, (foot[0], foot[1] - tall * 0.93)
    beams = [placed([(0, 0), (way, -0.05), (way, 0.035)], lamp, size[0]) for way in (-1, 1)]
    glow = halo(size, lamp, (size[0] * 0.8, size[0] * 0.8), 1.1)
    beam = ImageChops.multiply(shape(size, *beams, soft=5), glow)
    picture = lit(picture, (255, 236, 190), scaled(beam, 0.5))
    curve = sky((64, 64), ((255, 252, 244), (236, 230, 222), (140, 146, 160))).rotate(turn)
    body = Image.new("RGB", size)
    wall = curve.resize((round(tall * 0.17), size[1]))
    body.paste(wall, (round(foot[0] - tall * 0.085), 0))
    picture = painted(picture, body, shape(size, placed(_TOWER, foot, tall)))
    bands = shape(size, *(placed(band, foot, tall) for band in _BANDS))
    picture = shaded(picture, (206, 70, 60), bands)
    lantern = shape(size, *(placed(part, foot, tall) for part in _LANTERN))
    picture = painted(picture, (52, 50, 54), lantern)
    picture = painted(picture, (255, 238, 190), shape(size, placed(_PANE, foot, tall)))
    near = halo(size, lamp, (tall * 0.45, tall * 0.45), 2.6)
    return lit(picture, (255, 214, 140), scaled(near, 0.9))


_SILKS = (
    "d94f3d f2c14e f6ead2",
    "2f6f8f f2e6c9 e0783f",
    "8a3b5e f0a05a f7e3c0",
    "3f7d58 f4d58a c9503f",
)

# How wide a balloon is (for radius 1) at some heights, from its crown down.
_SEAM = ((0.32, -0.96), (0.62, -0.8), (0.88, -0.5), (1.02, 0.1), (0.56, 1.25))
_MORNINGS = (
    "7ea3c8 c8c9d2 f7d5b5 fbe6c8",
    "6f6fa0 c498ac f6bd9c fde0b8",
    "9cc3cf d8e2d6 f8ebcb fdf3dc",
)


def balloons(canvas: Canvas) -> Image.Image:
    """Hot-air balloons at sunrise over hills that the mist has not left yet."""
    air = colours(canvas.mood_of(_MORNINGS))
    width, height = canvas.size
    picture = clouds(canvas, canvas.size, [*air, air[-1]], 4)
    sun = canvas.at(canvas.between(0.15, 0.85), 0.56)
    dawn = halo(canvas.size, sun, (width * 0.6, height * 0.42), 2)
    picture = lit(picture, (255, 214, 150), scaled(dawn, 0.75))
    for x, y, radius in _aloft(canvas):
        picture = _balloon(canvas, picture, (x, y), radius, mix(air[1], air[-1], 0.5))
    for layer in range(4):
        part = (layer + 1) / 4
        hills = ridge(canvas.rng, width, height * (0.68 + 0.22 * part), height * 0.04, 0.45)
        tone = mix(air[1], (44, 58, 74), part * 0.85)
        picture = painted(picture, tone, shape(canvas.size, below(hills, height), soft=1))
        torn = step(noise(canvas.rng, canvas.size, (2, 9), 4), 0.3, 0.9)
        low = placed(below(hills, height), (0, height * 0.03), 1)
        fog = ImageChops.multiply(torn, shape(canvas.size, low, soft=24))
        picture = painted(picture, air[-1], scaled(fog, 0.8 - 0.55 * part))
    return developed(picture, canvas.rng, bloom=0.25, vignette=0.2)


def _aloft(canvas: Canvas) -> list[tuple[float, float, float]]:
    """Where balloons hang (x, y, radius): far ones first, one of them near."""
    sizes = sorted(canvas.between(0.03, 0.07) for _ in range(canvas.rng.randint(5, 8)))
    places: list[tuple[float, float, float]] = []
    for share in [*sizes, canvas.between(0.12, 0.15)]:
        radius = share * canvas.height
        for _ in range(30):
            x, y = canvas.at(canvas.between(0.1, 0.9), canvas.between(0.12, 0.58))
            if all(math.dist((x, y), (a, b)) > (radius + c) * 1.25 for a, b, c in places):
                places.append((x, y, radius))
                break
    return places


def _balloon(
    canvas: Canvas, picture: Image.Image, place: Point, radius: float, haze: Colour
) -> Image.Image:
    """One balloon and its basket; far ones fade to ``haze``."""
    side = round(radius * 3.4)
    size, centre = (side, side), (side / 2, side * 0.4)
    far = min(max(0.62 - radius / picture.height * 4.6, 0.0), 0.5)
    silk = Image.blend(_silk(canvas, size, centre, radius), Image.new("RGB", size, haze), far)
    ropes = [
        (placed([(0.2 * way, 1.17), (0.11 * way, 1.52)], centre, radius), max(radius * 0.012, 0.6))
        for way in (-1, -0.4, 0.4, 1)
    ]
    basket = placed(((-0.12, 1.5), (0.12, 1.5), (0.12, 1.68), (-0.12, 1.68)), centre, radius)
    left, top = round(place[0] - centre[0]), round(place[1] - centre[1])
    tile = picture.crop((left, top, left + side, top + side))
    tile = painted(tile, (70, 56, 50), strokes(size, ropes))
    tile = painted(tile, mix((106, 74, 50), haze, far), shape(size, basket))
    tile = painted(tile, silk, shape(size, placed(_envelope(), centre, radius)))
    picture.paste(tile, (left, top))
    return picture


def _envelope() -> list[Point]:
    """A balloon's outline for radius 1: a ball that narrows towards its mouth."""
    outline = []
    for index in range(61):
        turn = index / 60 * 2 * math.pi
        low = max(math.sin(turn), 0)
        outline.append((math.cos(turn) * (1 - 0.3 * low**3), math.sin(turn) * (1 + 0.22 * low)))
    return outline


def _silk(canvas: Canvas, size: Size, centre: Point, radius: float) -> Image.Image:
    """Gores in two colours and a belt in a third, lit from the upper left."""
    one, two, three = (canvas.rng.choice(colours(canvas.rng.choice(_SILKS))) for _ in range(3))
    gores = []
    for index in range(-6, 7):
        left, right = math.sin(index * math.pi / 13), math.sin((index + 0.5) * math.pi / 13)
        down = [(left * wide, y) for wide, y in _SEAM]
        up = [(right * wide, y) for wide, y in reversed(_SEAM)]
        gores.append(placed([(0, -1), *down, *up], centre, radius))
    body = painted(Image.new("RGB", size, one), two, shape(size, *gores))
    belt = ((-1.7, 0.05), (0, 0.2), (1.7, 0.05), (1.7, 0.34), (0, 0.5), (-1.7, 0.34))
    body = painted(body, three, scaled(shape(size, placed(belt, centre, radius)), 0.85))
    spot = (centre[0] - radius * 0.35, centre[1] - radius * 0.35)
    glow = scaled(halo(size, spot, (radius * 1.75, radius * 1.85), 1), 1.5)
    body = shaded(body, (92, 74, 110), ImageOps.invert(glow))
    return lit(body, (255, 226, 180), scaled(halo(size, spot, (radius, radius), 2), 0.35))
