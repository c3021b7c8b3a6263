"""Things that grow in a spiral: a dahlia, a succulent."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    blurred,
    colours,
    discs,
    fall,
    halo,
    mix,
    noise,
    ramp,
    scaled,
    shape,
    sky,
)
from pelican_photos.demo.paint import (
    developed,
    lit,
    relief,
    shaded,
    textured,
)

_BICUBIC, _LANCZOS = Image.Resampling.BICUBIC, Image.Resampling.LANCZOS

_GOLDEN = math.pi * (3 - math.sqrt(5))


def petal(
    canvas: Canvas, long: float, wide: float, tone: Sequence[Colour], tip: float
) -> tuple[Image.Image, Image.Image]:
    """A petal pointing right, its root at the left middle: picture and mask.

    ``tone`` runs from root to tip; ``tip`` is 1 for a round end, above for a pointed one.
    """
    size = (max(round(long), 4), max(round(wide), 4))
    edge = []
    for index in range(25):
        t = index / 24
        half = (
            wide
            / 2
            * 0.96
            * math.sin(math.pi * min(t**0.8, 1.0)) ** 0.75
            * (1 - 0.25 * (tip - 1) * t)
        )
        edge.append((t * size[0], half))
    outline = [(x, size[1] / 2 - half) for x, half in edge] + [
        (x, size[1] / 2 + half) for x, half in reversed(edge)
    ]
    mask = shape(size, outline)
    body = sky((size[1], size[0]), tone).rotate(90, expand=True).resize(size)
    veins = noise(canvas.rng, size, (2, size[1] / 4), 2, 0.6)
    body = textured(body, veins, 0.12)
    fold = fall(size, 90, 168, 100)
    return textured(body, fold, 0.45), mask


@dataclass(frozen=True, slots=True)
class Rosette:
    """How petals are laid: outer radius in pixels; a petal's width for its length; its tip."""

    count: int
    radius: float
    slim: float
    tip: float  # 1 is round, above 1 is pointed


def rosette(
    canvas: Canvas,
    picture: Image.Image,
    centre: Point,
    plan: Rosette,
    palette: Sequence[Colour],
) -> Image.Image:
    """Lay petals along the golden angle, the outermost first, each on the shadow of the next."""
    kinds = 9  # petals of one size are drawn once, and turned
    sprites = []
    for kind in range(kinds + 1):
        inner = mix(palette[0], palette[1], kind / kinds)
        outer = mix(palette[1], palette[2], kind / kinds)
        tone = (mix(inner, (20, 8, 16), 0.5), inner, outer, mix(outer, palette[3], 0.5))
        long = plan.radius * (0.16 + 0.5 * max(kind / kinds, 0.05))
        sprites.append(petal(canvas, long, long * plan.slim, tone, plan.tip))
    gloom = mix(palette[0], (10, 4, 10), 0.7)
    for index in range(plan.count, 0, -1):
        part = math.sqrt(index / plan.count)
        long = plan.radius * (0.16 + 0.5 * part)
        turn = index * _GOLDEN + canvas.between(-0.04, 0.04)
        reach = plan.radius * 0.42 * part - long * 0.14 * (1 - part) + long / 2
        middle = (centre[0] + math.cos(turn) * reach, centre[1] + math.sin(turn) * reach)
        _lay(picture, sprites[round(part * kinds)], middle, turn, gloom)
    return picture


def _lay(
    picture: Image.Image,
    sprite: tuple[Image.Image, Image.Image],
    middle: Point,
    turn: float,
    gloom: Colour,
) -> None:
    """Turn one petal (radians) and put it on ``picture`` with its shadow."""
    body, mask = (part.rotate(-math.degrees(turn), _BICUBIC, expand=True) for part in sprite)
    facing = 0.86 + 0.2 * math.cos(turn + 2.3)  # the light falls from the upper left
    body = body.point([min(round(v * facing), 255) for v in range(256)] * 3)
    left, top = round(middle[0] - mask.width / 2), round(middle[1] - mask.height / 2)
    pad = max(round(sprite[0].width * 0.06), 3)
    shade = Image.new("L", (mask.width + 4 * pad, mask.height + 4 * pad))
    shade.paste(mask, (2 * pad, 2 * pad))
    shade = scaled(blurred(shade, pad), 0.55)
    picture.paste(gloom, (left - 2 * pad + pad // 2, top - pad), shade)
    picture.paste(body, (left, top), mask)


def bokeh(canvas: Canvas, palette: Sequence[Colour]) -> Image.Image:
    """A background far out of focus: soft patches and a few pale discs."""
    small = (canvas.width // 4, canvas.height // 4)
    base = ramp(noise(canvas.rng, small, (3, 4), 3), palette)
    spots = [
        (
            (canvas.between(0, 1) * small[0], canvas.between(0, 1) * small[1]),
            small[0] * canvas.between(0.02, 0.07),
        )
        for _ in range(16)
    ]
    base = lit(base, mix(palette[-1], (255, 255, 255), 0.3), scaled(discs(small, spots, 1.5), 0.2))
    return blurred(base, 2).resize(canvas.size, _BICUBIC)


_DAHLIAS = (
    ("5a0f2a b03a5c ee9a9f fbe0d6", "10201a 22402f 3d5f45 6f8a5f"),
    ("7a2408 dd6a2a f7b267 fff0cf", "14231c 2a4636 4b6a4a 8a9a62"),
    ("4a2a6e 8a5cb0 cfa9dc f6e9f5", "142028 24404a 3f6468 7c9a90"),
    ("b8a070 ecdcb4 fbf4e2 ffffff", "1a2620 31483a 55705a 93a582"),
)


def smaller(canvas: Canvas) -> Canvas:
    """The same canvas at two thirds: many large turned petals cost too much at full size."""
    return Canvas(round(canvas.width / 1.5), round(canvas.height / 1.5), canvas.rng, canvas.mood)


def dahlia(whole: Canvas) -> Image.Image:
    """A dahlia filling the frame, its petals in the spiral they grow in."""
    canvas = smaller(whole)
    bloom, leaf = (colours(text) for text in canvas.mood_of(_DAHLIAS))
    width, height = canvas.size
    picture = bokeh(canvas, leaf)
    centre = canvas.at(canvas.between(0.42, 0.58), canvas.between(0.44, 0.56))
    radius = min(width, height) * canvas.between(0.5, 0.6)
    picture = rosette(
        canvas,
        picture,
        centre,
        Rosette(canvas.rng.randint(120, 170), radius, canvas.between(0.34, 0.46), 1.2),
        bloom,
    )
    picture = shaded(
        picture,
        mix(bloom[0], (60, 20, 40), 0.4),
        scaled(halo(canvas.size, centre, (radius * 0.4, radius * 0.4), 1.2), 0.55),
    )
    picture = lit(
        picture, (70, 58, 40), halo(canvas.size, canvas.at(0.1, 0.05), (width, height), 1.1)
    )
    return developed(picture.resize(whole.size, _LANCZOS), canvas.rng, bloom=0.2, vignette=0.4)


_SUCCULENTS = (
    ("2f5a4c 6f9a86 b4cdb6 e7a6a0", "2a241f 4a4038 6b5d50 8a7a68"),
    ("3f5f6a 7fa0a6 c2d6d2 d58fae", "20262a 39444a 59666a 7c8a8a"),
    ("4c6a2c 8fae56 cfdc94 d9603f", "2b2018 4d3a2a 705741 94795a"),
)


def succulent(whole: Canvas) -> Image.Image:
    """A succulent from above: thick pointed leaves with coloured tips."""
    canvas = smaller(whole)
    leaf, soil = (colours(text) for text in canvas.mood_of(_SUCCULENTS))
    width, height = canvas.size
    picture = textured(
        bokeh(canvas, soil),
        relief(noise(canvas.rng, canvas.size, (width / 18, height / 18), 3, 0.7), 130, 0.8),
        0.4,
    )
    unit = min(width, height)
    around = [(0.0, 0.04, 0.3), (1.0, 0.9, 0.34), (0.02, 0.98, 0.26), (0.98, 0.1, 0.24)]
    for x, y, share in around:
        picture = rosette(
            canvas, picture, canvas.at(x, y), Rosette(34, unit * share, 0.6, 1.5), leaf
        )
    centre = canvas.at(canvas.between(0.45, 0.55), canvas.between(0.46, 0.54))
    picture = rosette(canvas, picture, centre, Rosette(62, unit * 0.5, 0.58, 1.5), leaf)
    picture = lit(
        picture, (48, 50, 34), halo(canvas.size, canvas.at(0.15, 0.05), (width, height), 1.2)
    )
    return developed(picture.resize(whole.size, _LANCZOS), canvas.rng, bloom=0.12, vignette=0.4)
