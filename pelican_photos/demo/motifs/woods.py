"""Trees and cold: a forest in mist, a lone tree in snow, a lake between hills."""

import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    below,
    blurred,
    colours,
    discs,
    fall,
    halo,
    mix,
    noise,
    plane,
    ridge,
    scaled,
    shape,
    sky,
    step,
    strokes,
)
from pelican_photos.demo.motifs.land import firs
from pelican_photos.demo.paint import (
    developed,
    lit,
    painted,
    relief,
    rippled,
    shaded,
    textured,
)

_BICUBIC = Image.Resampling.BICUBIC

_WOODS = (
    "eef0dc c9d3b4 8fa583 4f6d55 1f3329",
    "f6e6c4 e3bd86 b58750 6b4a2c 2c1d14",
    "e4ecef b9cad0 86a0aa 4a646e 1a2b33",
)


def trunk(canvas: Canvas, x: float, thick: float) -> list[Point]:
    """The outline of a straight trunk, from above the picture to below it."""
    height, left, right = canvas.height, [], []
    lean = canvas.between(-0.03, 0.03) * height
    for index in range(13):
        part = index / 12
        sway = lean * (1 - part) + canvas.between(-0.06, 0.06) * thick
        half = thick * (0.36 + 0.2 * part + 0.35 * max(part - 0.85, 0) * 4)
        left.append((x + sway - half, part * height * 1.02))
        right.append((x + sway + half, part * height * 1.02))
    return [*left, *reversed(right)]


def twigs(
    canvas: Canvas, root: Point, length: float, angle: float, depth: int
) -> list[tuple[list[Point], float]]:
    """A branch in pixels that forks until it is a twig; ``angle`` in radians, 0 is right."""
    x, y = root
    bend = angle + canvas.between(-0.25, 0.25)
    middle = (x + length * 0.5 * math.cos(bend), y - length * 0.5 * math.sin(bend))
    end = (x + length * math.cos(angle), y - length * math.sin(angle))
    lines = [([root, middle, end], length * 0.075 + 0.5)]
    if depth:
        for turn in canvas.rng.sample((-0.75, -0.4, 0.05, 0.42, 0.8), 3):
            onward = angle + turn * canvas.between(0.7, 1.2)
            lines += twigs(canvas, end, length * canvas.between(0.6, 0.8), onward, depth - 1)
    return lines


def misty_forest(canvas: Canvas) -> Image.Image:
    """Trunks fading into bright mist, a path of light on the ground."""
    palette = colours(canvas.mood_of(_WOODS))
    width, height = canvas.size
    picture = sky(canvas.size, (palette[1], palette[0], palette[0], palette[2]))
    light = canvas.at(canvas.between(0.3, 0.7), 0.4)
    picture = lit(
        picture, (255, 250, 228), halo(canvas.size, light, (width * 0.7, height * 0.6), 1.6)
    )
    for layer in range(5):
        part = layer / 4
        tone = mix(palette[1], palette[4], part**0.9)
        trunks = []
        for _ in range(round(15 - 10 * part)):
            x = canvas.between(-0.02, 1.02) * width
            if abs(x - light[0]) > width * 0.16 * part:
                trunks.append(
                    trunk(canvas, x, width * (0.01 + 0.055 * part * canvas.between(0.7, 1.3)))
                )
        mask = shape(canvas.size, *trunks, soft=2.2 * (1 - part))
        bark = textured(
            Image.new("RGB", canvas.size, tone),
            noise(canvas.rng, canvas.size, (width / 14, 9), 3, 0.7),
            0.05 + 0.16 * part,
        )
        glow = halo(canvas.size, light, (width * 0.5, height * 0.8), 1.4)
        bark = painted(bark, palette[1], scaled(glow, 0.55 * (1 - part) + 0.12))
        picture = painted(picture, bark, mask)
        ground = ridge(canvas.rng, width, height * (0.74 + 0.2 * part), height * 0.015)
        leaves = textured(
            Image.new(
                "RGB", canvas.size, mix(mix(palette[2], palette[3], part), palette[4], 0.6 * part)
            ),
            noise(canvas.rng, canvas.size, (width / 12, height / 9), 3, 0.8),
            0.08 + 0.22 * part,
        )
        picture = painted(picture, leaves, shape(canvas.size, below(ground, height), soft=6))
        if layer < 4:
            fog = step(noise(canvas.rng, (width // 4, height // 4), (3, 5), 3), 0.2, 1).resize(
                canvas.size, _BICUBIC
            )
            low = fall(canvas.size, 70, 150, 210, 120)
            picture = painted(
                picture, palette[0], scaled(ImageChops.multiply(fog, low), 0.62 - 0.1 * layer)
            )
    picture = _rays(canvas, picture, (light[0], -height * 0.2))
    return developed(picture, canvas.rng, bloom=0.3, vignette=0.35)


def _rays(canvas: Canvas, picture: Image.Image, source: Point) -> Image.Image:
    """Beams of light falling from a point above the picture."""
    width, height = canvas.size
    beams = []
    for _ in range(9):
        angle, spread = canvas.between(-0.75, 0.75), canvas.between(0.012, 0.05)
        beams.append(
            [
                source,
                *(
                    (source[0] + math.tan(angle + side) * height * 1.3, height * 1.1)
                    for side in (-spread, spread)
                ),
            ]
        )
    mask = ImageChops.multiply(
        shape(canvas.size, *beams, soft=width * 0.012),
        fall(canvas.size, 170, 120, 10),
    )
    return lit(picture, (255, 246, 214), scaled(mask, 0.5))


_SNOWS = (
    "9db4cf c8d5e2 f1e7e0 f8efe6",
    "7d8fb5 b4b3cf efc9c0 fbe2cc",
    "b9c6cf d6dde2 ebeeef f4f5f4",
)


def tree_in_snow(canvas: Canvas) -> Image.Image:
    """One bare tree on a snow field, its long blue shadow, flakes in the air."""
    palette = colours(canvas.mood_of(_SNOWS))
    size = width, height = canvas.size
    line = height * canvas.between(0.58, 0.68)
    picture = sky(size, palette, line / height)
    sun = (width * canvas.between(0.1, 0.9), line - height * 0.06)
    glow = halo(size, sun, (width * 0.5, height * 0.35), 2)
    picture = lit(picture, (255, 226, 190), scaled(glow, 0.75))
    woods = firs(canvas, [(0, line), (width, line)], height * 0.05, width * 0.008)
    picture = painted(
        picture, mix(palette[0], (70, 90, 120), 0.35), scaled(shape(size, *woods, soft=3), 0.5)
    )
    hill = ridge(canvas.rng, width, line, height * 0.02, 0.3)
    ground = shape(size, below(hill, height), soft=1)
    picture = painted(picture, _snow(canvas, palette), ground)
    x, foot = width * canvas.between(0.32, 0.68), line + height * 0.05
    lines = [([(x, foot), (x, foot - height * 0.1)], height * 0.017)]
    for turn in (-0.75, -0.3, 0.12, 0.55):
        root = (x, foot - height * 0.09)
        lines += twigs(canvas, root, height * 0.085, math.pi / 2 + turn, 5)
    away = 0.9 if sun[0] < x else -0.9
    thrown = [
        ([(px + away * (foot - py), foot + (foot - py) * 0.45) for px, py in points], thick)
        for points, thick in lines
    ]
    shadow = scaled(blurred(strokes(size, thrown), 2), 0.75)
    picture = shaded(picture, mix(palette[0], (120, 150, 215), 0.4), shadow)
    picture = painted(picture, (44, 40, 46), strokes(size, lines))
    spots = [canvas.at(canvas.between(0, 1), canvas.between(0, 1)) for _ in range(260)]
    flakes = discs(size, [(spot, canvas.between(0.6, 2.4)) for spot in spots], 0.8)
    picture = painted(picture, (255, 255, 255), scaled(flakes, 0.85))
    return developed(picture, canvas.rng, bloom=0.12, vignette=0.16, fade=0.06)


def _snow(canvas: Canvas, palette: Sequence[Colour]) -> Image.Image:
    """Drifted snow, warm far away and blue close by."""
    width, height = canvas.size
    white = (255, 252, 248)
    near = mix(palette[0], (150, 175, 215), 0.3)
    snow = sky(canvas.size, (white, white, mix(palette[1], (255, 255, 255), 0.4), near))
    drift = noise(canvas.rng, (800, 800), (7, 26), 4, 0.45)
    drift = plane(drift, (width, round(height * 0.45)), 0.3)
    slope = Image.new("L", canvas.size, 128)
    slope.paste(relief(blurred(drift, 3), 70, 3), (0, height - drift.height))
    return textured(snow, slope, 0.5)


_LAKES = (
    ("2f5d8a 86afc9 f0e3cf", "20372f 3e5c49", "f3f5f6"),
    ("31406b 9a8aa8 f5c3a0", "1c2338 3c4560", "f6d9cf"),
    ("6d93ad b9cdd2 f4eee0", "2c3f2c 6a7a3d", "ffffff"),
)


def lake_mirror(canvas: Canvas) -> Image.Image:
    """Snowy peaks and a wooded shore, doubled by a still lake."""
    air, wood, cap = (colours(text) for text in canvas.mood_of(_LAKES))
    width, height = canvas.size
    line = round(height * canvas.between(0.48, 0.56))
    size = (width, line)
    half = Canvas(width, line, canvas.rng)
    picture = sky(size, air)
    veil = step(noise(canvas.rng, (width // 2, line // 2), (2, 8), 5), 0.5, 0.95).resize(size)
    picture = painted(picture, mix(air[-1], (255, 255, 255), 0.4), scaled(veil, 0.7))
    for layer in range(2):
        peaks = ridge(
            canvas.rng, width, line * (0.5 + 0.2 * layer), line * (0.3 - 0.12 * layer), 0.55
        )
        mask = shape(size, below(peaks, line))
        rock = mix(mix(wood[0], air[1], 0.6 - 0.25 * layer), (90, 100, 120), 0.3)
        crag = noise(canvas.rng, size, (width / 90, line / 130), 6, 0.62)
        body = textured(Image.new("RGB", size, rock), relief(blurred(crag, 1), 40, 1.6), 0.5)
        level = fall(size, 255, 255, 150, 0)
        snow = step(
            ImageChops.multiply(ImageChops.add(crag, relief(crag, 60, 3), 2), level), 0.3, 0.42
        )
        body = painted(body, cap[0], scaled(snow, 0.9 - 0.4 * layer))
        body = painted(body, air[1], scaled(fall(size, 0, 255), 0.5))
        picture = painted(picture, body, mask)
    shore = ridge(canvas.rng, width, line * 0.93, line * 0.035)
    for tone, tall in ((mix(wood[1], air[1], 0.35), 0.1), (mix(wood[0], wood[1], 0.4), 0.13)):
        trees = firs(half, shore, line * tall, width * 0.009)
        picture = painted(picture, tone, shape(size, *trees, below(shore, line)))
        shore = [(x, y + line * 0.03) for x, y in shore]
    still = ImageOps.flip(picture).resize((width, height - line), _BICUBIC)
    still = rippled(blurred(still, 1.5), canvas.rng, width * 0.004)
    still = shaded(still, mix(air[0], (120, 150, 170), 0.5), fall(still.size, 0, 255))
    still = painted(
        still,
        mix(air[0], wood[0], 0.5),
        scaled(fall(still.size, 0, 255), 0.35),
    )
    waves = plane(noise(canvas.rng, (900, 1200), (30, 130), 3, 0.6), still.size, 0.25)
    still = textured(still, relief(blurred(waves, 1.5), 90, 1), 0.16)
    whole = Image.new("RGB", canvas.size)
    whole.paste(picture, (0, 0))
    whole.paste(still, (0, line))
    glint = blurred(strokes(canvas.size, [([(0, line), (width, line)], 3)]), 1.5)
    whole = painted(whole, air[-1], scaled(glint, 0.45))
    return developed(whole, canvas.rng, bloom=0.15, vignette=0.22)
