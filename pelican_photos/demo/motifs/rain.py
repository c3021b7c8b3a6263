"""City lights through a window in the rain."""

import math

from PIL import Image, ImageChops, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
    Point,
    blurred,
    colours,
    discs,
    halo,
    scaled,
    sky,
)
from pelican_photos.demo.paint import (
    developed,
    lit,
    painted,
    relief,
    shaded,
    textured,
)

_BICUBIC = Image.Resampling.BICUBIC

_BOKEHS = (
    ("0b1226 1d2547 2b2038", "ffb54d ff7a4a ffd98a 6ac6ff ff5d6c"),
    ("0d1a1c 1a3a3a 10222b", "ffcf7a 8fe0c8 ffe9b0 ff9a5a 62b8c9"),
    ("1c0f24 3a1d46 1a1430", "ff8fb0 ffc36b c58bff ffe0a8 7aa8ff"),
)


def rain_on_window(canvas: Canvas) -> Image.Image:
    """City lights as soft discs behind a window that rain runs down."""
    walls, lamps = (colours(text) for text in canvas.mood_of(_BOKEHS))
    width, height = canvas.size
    small = (width // 2, height // 2)
    picture = sky(small, walls)
    picture = lit(
        picture,
        lamps[0],
        scaled(
            halo(small, (small[0] / 2, small[1] * 0.56), (small[0] * 0.9, small[1] * 0.4), 1.4),
            0.28,
        ),
    )
    for _ in range(74):
        spot = (
            canvas.between(-0.05, 1.05) * small[0],
            canvas.rng.triangular(0.05, 1.0, 0.55) * small[1],
        )
        radius = min(small) * canvas.between(0.03, 0.085)
        colour, power = canvas.rng.choice(lamps), canvas.between(0.2, 0.75)
        box = (round(radius * 2 + 8),) * 2
        middle = (box[0] / 2, box[1] / 2)
        disc = ImageChops.add(
            scaled(discs(box, [(middle, radius)], 1), 0.72),
            scaled(
                ImageChops.subtract(
                    discs(box, [(middle, radius)], 1), discs(box, [(middle, radius * 0.9)], 2)
                ),
                0.4,
            ),
        )
        at = (round(spot[0] - middle[0]), round(spot[1] - middle[1]))
        tile = picture.crop((*at, at[0] + box[0], at[1] + box[1]))
        picture.paste(lit(tile, colour, scaled(disc, power)), at)
    picture = picture.resize(canvas.size, _BICUBIC)
    seen = ImageOps.flip(ImageOps.mirror(picture))
    drops = _drops(canvas)
    lens = discs(canvas.size, drops)
    bulge = discs(canvas.size, [(c, r * 0.7) for c, r in drops], 3)
    inside = textured(
        Image.blend(picture, blurred(seen, 3), 0.6), relief(blurred(bulge, 2), -70, 0.5), 0.5
    )
    picture = shaded(picture, (90, 90, 110), scaled(blurred(ImageChops.offset(lens, 2, 3), 3), 0.4))
    picture = painted(picture, inside, scaled(lens, 0.9))
    sparks = [((x - r * 0.3, y - r * 0.35), max(r * 0.14, 0.6)) for (x, y), r in drops[:640]]
    picture = lit(picture, (255, 255, 255), scaled(discs(canvas.size, sparks, 0.6), 0.8))
    return developed(picture, canvas.rng, bloom=0.5, vignette=0.35)


def _drops(canvas: Canvas) -> list[tuple[Point, float]]:
    """Drops on the glass: many small ones, and some that have begun to run."""
    unit = min(canvas.size)
    drops = []
    for _ in range(640):
        spot = canvas.at(canvas.between(0, 1), canvas.between(0, 1))
        drops.append((spot, unit * canvas.rng.triangular(0.0016, 0.011, 0.0022)))
    tail = [(0.1 * math.sin(index), -0.27 * index, 1 - 0.085 * index) for index in range(7)]
    for _ in range(26):
        x, y = canvas.at(canvas.between(0, 1), canvas.between(0, 1))
        radius = unit * canvas.between(0.013, 0.022)
        drops += [((x + dx * radius, y + dy * radius), radius * size) for dx, dy, size in tail]
    return drops
