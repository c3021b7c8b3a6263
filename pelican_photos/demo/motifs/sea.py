"""Water: the open sea at dusk, and its shore from above."""

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
    placed,
    plane,
    ramp,
    ridge,
    scaled,
    shape,
    sky,
    spread,
    step,
    strokes,
    tilted,
)
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

_DUSKS = (
    "1d2b53 51507f a8728c e79a7c ffd29a",
    "243b55 4f6d8f 9fa8b4 e5c3a6 fbe3c0",
    "2a1e46 6a3a66 c05a6a f08a5d ffc879",
    "35556f 6f93a8 b7c6c4 f0d9b8 fff0d2",
)


def clouds(
    canvas: Canvas, size: tuple[int, int], palette: Sequence[Colour], stretch: float = 5
) -> Image.Image:
    """A sky with long clouds lit from below; the last colour is at the horizon."""
    small = (size[0] // 2, size[1] // 2)
    base = sky(small, palette)
    veil = noise(canvas.rng, small, (2.2, 2.2 * stretch * small[1] / small[0]), 6, 0.55)
    body = step(veil, 0.45, 0.85)
    body = ImageChops.multiply(body, fall(small, 255, 215, 70))
    warm = sky(small, [mix(c, palette[-1], 0.45) for c in palette])
    base = painted(base, warm, body)
    base = shaded(base, mix(palette[0], (255, 255, 255), 0.5), step(veil, 0.66, 1.0, 0.5))
    return base.resize(size, _BICUBIC)


def water(
    canvas: Canvas, above: Image.Image, size: tuple[int, int], deep: Colour, calm: float
) -> Image.Image:
    """The sea below a sky: its mirror, broken by waves that grow towards us."""
    mirror = ImageOps.flip(above).resize(size, _BICUBIC)
    mirror = rippled(blurred(mirror, 6), canvas.rng, size[0] * 0.012)
    waves = plane(noise(canvas.rng, (1200, 1400), (70, 130), 4, 0.6), size, 0.16)
    depth = fall(size, 10, 110, 190, 235)
    dark = ImageChops.multiply(step(waves, 0.2, 0.85), depth)
    base = painted(mirror, deep, scaled(dark, 1.0 - calm * 0.5))
    slope = relief(blurred(waves, 1.2), 90, 1.6)
    return textured(base, Image.composite(slope, Image.new("L", size, 128), depth), 0.5)


def glitter(
    canvas: Canvas, size: tuple[int, int], x: float, colour: Colour, base: Image.Image
) -> Image.Image:
    """The sun's road on the water, widening towards the viewer."""
    width, height = size
    road = shape(
        size,
        [
            (x - width * 0.02, -9),
            (x + width * 0.02, -9),
            (x + width * 0.16, height),
            (x - width * 0.16, height),
        ],
        soft=width * 0.045,
    )
    sparks = plane(noise(canvas.rng, (1000, 1400), (60, 190), 3, 0.7), size, 0.2)
    base = lit(base, mix(colour, (0, 0, 0), 0.45), scaled(road, 0.5))
    return lit(base, colour, ImageChops.multiply(road, step(sparks, 0.6, 0.82)))


_SAILING_BOAT = (
    ((-0.26, -0.07), (0.3, -0.09), (0.2, 0), (-0.2, 0)),
    ((0, -1), (0.012, -1), (0.015, 0), (-0.005, 0)),
    ((0.03, -0.97), (0.26, -0.14), (0.03, -0.13)),
    ((-0.02, -0.9), (-0.02, -0.12), (-0.2, -0.11)),
)


def sail(canvas: Canvas, at: Point, tall: float) -> list[list[Point]]:
    """A sailing boat's outlines, leaning a little, its water line at ``at``, in pixels."""
    lean = canvas.between(-0.06, 0.06)
    parts = [[(x - lean * y, y) for x, y in part] for part in _SAILING_BOAT]
    return [placed(part, at, tall) for part in parts]


def sea_at_dusk(canvas: Canvas) -> Image.Image:
    """A sailing boat or two on a calm sea, the sun just above the horizon."""
    palette = colours(canvas.mood_of(_DUSKS))
    width, height = canvas.size
    line = round(height * canvas.between(0.5, 0.66))
    sun = width * canvas.between(0.25, 0.75)
    above = clouds(canvas, (width, line), palette)
    glow = halo((width, line), (sun, line * 0.93), (width * 0.6, line * 0.55), 2.4)
    above = lit(above, mix(palette[-1], (255, 150, 70), 0.35), scaled(glow, 0.8))
    disc = (sun, line - height * canvas.between(0.0, 0.05)), height * 0.022
    ring = halo((width, line), disc[0], (height * 0.16, height * 0.16), 3)
    above = lit(above, mix(palette[-1], (255, 140, 60), 0.3), ring)
    above = lit(above, (255, 226, 180), discs((width, line), [disc], 3))
    deep = mix(palette[0], (4, 18, 36), 0.55)
    sea = water(canvas, above, (width, height - line), deep, 0.5)
    sea = glitter(canvas, (width, height - line), sun, (255, 222, 170), sea)
    picture = Image.new("RGB", canvas.size)
    picture.paste(above, (0, 0))
    picture.paste(sea, (0, line))
    far = ridge(canvas.rng, width, line + 1, height * 0.012)
    far = [(px, min(py - (px / width - 0.55) * height * 0.09, line + 1)) for px, py in far]
    coast = shape(canvas.size, below(far, line + 1), soft=1)
    picture = painted(picture, mix(palette[1], palette[2], 0.4), coast)
    haze = blurred(strokes(canvas.size, [([(0, line), (width, line)], 5)]), 3)
    picture = painted(picture, palette[-1], scaled(haze, 0.35))
    for _ in range(canvas.rng.choice((1, 1, 2))):
        tall = height * canvas.between(0.1, 0.24)
        x = sun + width * canvas.rng.choice((-1, 1)) * canvas.between(0.1, 0.26)
        y = line + tall * canvas.between(0.15, 0.5)
        boat = sail(canvas, (x, y), tall)
        twin = [[(px, y + (y - py) * 0.8) for px, py in part] for part in boat]
        shade = rippled(shape(canvas.size, *twin, soft=2), canvas.rng, 5)
        picture = shaded(picture, mix(deep, (90, 90, 110), 0.3), scaled(shade, 0.6))
        picture = painted(picture, mix(deep, (10, 8, 14), 0.5), shape(canvas.size, *boat))
    return developed(picture, canvas.rng)


_SHORES = (
    "0b4f6c 13808f 4fb5b1 a5dccb e9dfc4 e3c79b d3b083",
    "123c5a 2a6f97 61a5c2 b5d8dc f0e6d2 dcc3a1 c2a27c",
    "0a4a4a 1f7a6c 63b58f b7dcb3 ece7c8 cfd0ba a9a48f",
)


def beach_from_above(canvas: Canvas) -> Image.Image:
    """Waves running up a beach, straight from above: deep water, foam, wet and dry sand."""
    palette = colours(canvas.mood_of(_SHORES))
    width, height = canvas.size
    small = (width // 2, height // 2)
    bends = noise(canvas.rng, small, (1.6, 1.6), 5, 0.42)
    tilt = canvas.rng.choice((-32, -18, 20, 35))
    lean = tilted(fall((small[0] * 2, small[1] * 2), 0, 255), tilt)
    field = spread(Image.blend(lean, bends, 0.21))
    picture = ramp(field, palette)
    froth = noise(canvas.rng, small, (46, 46), 3, 0.7)
    for edge, strength in ((0.53, 1.0), (0.42, 0.75), (0.3, 0.5), (0.18, 0.3)):
        reach = canvas.between(0.03, 0.05)
        near = ImageChops.multiply(
            step(field, edge - reach * 1.8, edge), ImageOps.invert(step(field, edge, edge + 0.008))
        )
        lace = ImageChops.lighter(step(froth, 0.45, 0.7), step(near, 0.7, 1.0))
        picture = painted(
            picture, (252, 252, 248), scaled(ImageChops.multiply(near, lace), strength)
        )
    wet = ImageChops.multiply(step(field, 0.53, 0.54), ImageOps.invert(step(field, 0.55, 0.68)))
    picture = shaded(picture, (196, 178, 160), scaled(wet, 0.8))
    deep = ImageOps.invert(step(field, 0.1, 0.5))
    swell = relief(blurred(noise(canvas.rng, small, (16, 40), 3), 1.5), tilt + 60, 1.5)
    picture = textured(picture, Image.composite(swell, Image.new("L", small, 128), deep), 0.42)
    picture = picture.resize(canvas.size, _BICUBIC)
    grains = relief(noise(canvas.rng, canvas.size, (width / 4, height / 4), 2), 130, 0.3)
    sand = step(field, 0.54, 0.6).resize(canvas.size)
    picture = textured(
        picture, Image.composite(grains, Image.new("L", canvas.size, 128), sand), 0.13
    )
    return developed(picture, canvas.rng, bloom=0.08, vignette=0.2, fade=0.02)
