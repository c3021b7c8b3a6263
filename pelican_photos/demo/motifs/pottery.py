"""Vases and bowls on a shelf, turned as a potter turns them."""

import itertools
import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    Size,
    along,
    blurred,
    colours,
    discs,
    halo,
    mix,
    noise,
    scaled,
    shape,
    step,
    strokes,
)
from pelican_photos.demo.motifs.surfaces import grain, plaster
from pelican_photos.demo.paint import (
    cast_shadow,
    developed,
    lit,
    painted,
    shaded,
    textured,
)


def lathe(
    size: Size, profile: Sequence[tuple[float, float]], tone: Sequence[Colour]
) -> tuple[Image.Image, Image.Image]:
    """A turned body, lit from the left: its picture and its mask.

    ``profile`` gives (height, radius) in pixels from the top of the tile; ``tone`` runs
    from the lit side to the shadow.
    """
    width, height = size
    band = Image.new("RGB", (256, 1))
    band.putdata([along(tone, x / 255) for x in range(256)])
    picture, centre = Image.new("RGB", size), width / 2
    outline = _smooth(profile)
    left = [(centre - radius, y) for y, radius in outline]
    for (y, radius), (foot, onward) in itertools.pairwise([*outline, (height, outline[-1][1])]):
        for row in range(math.floor(y), math.ceil(foot)):
            part = (row - y) / max(foot - y, 1)
            wide = round(2 * (radius + (onward - radius) * part)) + 6  # a rim for the mask to cut
            line = band.resize((wide, 1), Image.Resampling.BILINEAR)
            picture.paste(line, (round(centre - wide / 2), row))
    mask = shape(size, [*left, *((centre + radius, y) for y, radius in reversed(outline))])
    return picture, mask


def _smooth(profile: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through the profile's points."""
    points = [profile[0], *profile, profile[-1]]
    curve = []
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False):
        for index in range(16):
            t = index / 16
            curve.append(
                tuple(
                    0.5
                    * (
                        2 * b[k]
                        + (c[k] - a[k]) * t
                        + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t**2
                        + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t**3
                    )
                    for k in (0, 1)
                )
            )
    return [(float(y), max(float(r), 0.5)) for y, r in [*curve, profile[-1]]]


_POTS = (
    ((0.0, 0.16), (0.1, 0.13), (0.25, 0.2), (0.55, 0.4), (0.8, 0.36), (1.0, 0.2)),
    ((0.0, 0.12), (0.3, 0.1), (0.45, 0.16), (0.7, 0.34), (0.9, 0.3), (1.0, 0.22)),
    ((0.0, 0.3), (0.06, 0.28), (0.5, 0.33), (0.9, 0.26), (1.0, 0.2)),
    ((0.0, 0.09), (0.4, 0.08), (0.55, 0.12), (0.75, 0.26), (0.95, 0.24), (1.0, 0.18)),
    ((0.0, 0.44), (0.2, 0.43), (0.6, 0.36), (0.9, 0.2), (1.0, 0.17)),
)

_CLAYS = colours("e8ddcb b98b66 6f8a86 d4b59a 46515c c7714f 9aa58a efe9df 8c6f5e")

_STUDIOS = ("d8cbb9 b7a48f", "b9c2bd 98a29a", "cfb3a1 b08d7b", "c9c4c9 a7a0a6", "3f4a50 2c3539")


def ceramics(canvas: Canvas) -> Image.Image:
    """Vases and bowls on a shelf, daylight from the left, dry grass in one of them."""
    wall, table = colours(canvas.mood_of(_STUDIOS))
    width, height = canvas.size
    line = height * canvas.between(0.7, 0.76)
    picture = plaster(canvas, canvas.size, wall)
    board = textured(
        Image.new("RGB", canvas.size, mix(table, (92, 70, 54), 0.3)), grain(canvas), 0.16
    )
    edge = shape(canvas.size, [(0, line), (width, line), (width, height), (0, height)], soft=1)
    picture = painted(picture, board, edge)
    front = [(0, height * 0.9), (width, height * 0.9), (width, height), (0, height)]
    picture = shaded(picture, (120, 104, 98), scaled(shape(canvas.size, front, soft=2), 0.6))
    light = halo(canvas.size, canvas.at(0.1, 0.25), (width * 0.95, height * 0.85), 1.3)
    picture = lit(picture, (120, 96, 62), scaled(light, 0.6))
    picture = shaded(
        picture, mix(wall, (90, 80, 90), 0.6), scaled(ImageOps.invert(blurred(light, 20)), 0.35)
    )
    unit = min(width * 0.9, height * 0.8)
    count = canvas.rng.randint(3, 4)
    clays = canvas.rng.sample(_CLAYS, count)
    pots = canvas.rng.sample(_POTS, count)
    for index in canvas.rng.sample(range(count), count):
        tall = unit * (
            canvas.between(0.42, 0.58) if pots[index][0][1] < 0.2 else canvas.between(0.2, 0.28)
        )
        x = width * (0.5 + (index - (count - 1) / 2) * 0.72 / count + canvas.between(-0.02, 0.02))
        place = (x, line + height * canvas.between(0.03, 0.1))
        if pots[index][0][1] < 0.13:
            picture = _grasses(canvas, picture, (x, place[1] - tall * 0.94), unit * 0.34)
        picture = _pot(canvas, picture, place, (tall, pots[index], clays[index]))
    return developed(picture, canvas.rng, bloom=0.12, vignette=0.3, fade=0.05)


def _pot(
    canvas: Canvas,
    picture: Image.Image,
    place: Point,
    pot: tuple[float, Sequence[tuple[float, float]], Colour],
) -> Image.Image:
    """One pot standing at ``place``: its height in pixels, its profile, its clay."""
    tall, profile, clay = pot
    (x, foot), size = place, (round(tall * 1.1), round(tall * 1.12))
    outline = [(tall * 0.06 + y * tall, r * tall) for y, r in profile]
    dark, pale = (30, 25, 34), (255, 251, 240)
    tone = [mix(clay, pale, 0.38), mix(clay, pale, 0.2), clay]
    tone += [mix(clay, dark, part) for part in (0.42, 0.66, 0.5)]
    body, mask = lathe(size, outline, tone)
    body = _glazed(canvas, body, clay)
    gleam = (size[0] / 2 - outline[len(outline) // 2][1] * 0.5, tall * 0.62)
    body = lit(body, pale, scaled(halo(size, gleam, (tall * 0.06, tall * 0.16), 1.6), 0.5))
    (top, rim), (bottom, base) = outline[0], outline[-1]
    lip = oval(size[0] / 2, top, rim, rim * 0.22)
    body = painted(body, mix(clay, (22, 16, 16), 0.72), shape(size, lip))
    ring = strokes(size, [([*lip, lip[0]], max(tall * 0.009, 2))])
    body = painted(body, mix(clay, pale, 0.3), ring)
    mask = ImageChops.lighter(mask, shape(size, lip, oval(size[0] / 2, bottom, base, base * 0.18)))
    cast = [
        (x - base * 0.8, foot),
        (x + base, foot - base * 0.2),
        (x + tall * 0.62, foot - tall * 0.1),
    ]
    cast += [(x + tall * 0.7, foot + tall * 0.02), (x + base * 0.8, foot + base * 0.3)]
    touch = oval(x + base * 0.1, foot + base * 0.02, base * 1.12, base * 0.26)
    cast_shadow(picture, cast, (96, 84, 92), tall * 0.03, 0.75)
    cast_shadow(picture, touch, (70, 60, 64), tall * 0.012, 0.8)
    picture.paste(body, (round(x - size[0] / 2), round(foot - bottom)), mask)
    return picture


def _glazed(canvas: Canvas, body: Image.Image, clay: Colour) -> Image.Image:
    """Give clay its specks and the rings of the wheel, and dip every other pot in a glaze."""
    size = wide, tall = body.size
    grit = step(noise(canvas.rng, size, (wide / 3, tall / 3), 1), 0.86, 0.95)
    body = painted(body, mix(clay, (50, 36, 30), 0.7), scaled(grit, 0.5))
    body = textured(body, noise(canvas.rng, size, (3, tall / 10), 2), 0.07)
    if canvas.rng.random() < 0.5:
        return body
    dip = tall * canvas.between(0.36, 0.62)
    wave = [(i * wide / 12, dip + canvas.between(-0.012, 0.012) * tall) for i in range(13)]
    end = canvas.rng.choice((0, tall))
    glaze = shape(size, [(0, end), *wave, (wide, end)], soft=0.8)
    return shaded(body, mix(canvas.rng.choice(_CLAYS), (255, 255, 255), 0.25), scaled(glaze, 0.75))


def oval(x: float, y: float, across: float, down: float) -> list[Point]:
    """The outline of an ellipse, from its centre and radii."""
    turns = [index * math.pi / 30 for index in range(60)]
    return [(x + across * math.cos(turn), y + down * math.sin(turn)) for turn in turns]


def _grasses(canvas: Canvas, picture: Image.Image, root: Point, tall: float) -> Image.Image:
    """Dry stems with soft heads rising from a vase."""
    stems, heads = [], []
    for _ in range(13):
        lean, long = canvas.between(-0.55, 0.55), tall * canvas.between(0.65, 1.15)
        path = [
            (root[0] + lean * long * (i / 10) ** 1.8, root[1] - long * (i / 10)) for i in range(11)
        ]
        stems.append((path, 1.6))
        tip, before = path[-1], path[-3]
        for index in range(16):
            part = index / 15
            px = before[0] + (tip[0] - before[0]) * part * 1.5
            py = before[1] + (tip[1] - before[1]) * part * 1.5
            heads.append(
                (
                    (px + canvas.between(-2, 2), py),
                    tall * 0.016 * math.sin(math.pi * (0.15 + 0.8 * part)),
                )
            )
    picture = painted(picture, (126, 104, 74), strokes(picture.size, stems))
    picture = painted(picture, (206, 178, 132), scaled(discs(picture.size, heads, 1.5), 0.9))
    return lit(
        picture,
        (70, 52, 24),
        scaled(discs(picture.size, [((x - 2, y - 1), r * 0.5) for (x, y), r in heads], 1), 0.8),
    )
