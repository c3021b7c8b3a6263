"""Land: ridges in haze, dunes, fields under clouds."""

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
    ramp,
    ridge,
    scaled,
    shape,
    sky,
    spread,
    step,
    strokes,
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

_HAZES = (
    ("6f8fb0 b7c6d0 f2dcc0 f9e7cf", "0f2233"),
    ("39506e 8d8ea3 e0a78a fbd3a2", "1b1726"),
    ("a9c0c4 d3ddd6 f3ead6 f8f2e4", "1e3a34"),
    ("5a4f7a a4799a eaa592 fbd7b0", "211a38"),
    ("88a7bf c3d3dc eef0ea fdf6e6", "16324a"),
)


def fir(canvas: Canvas, x: float, foot: float, tall: float) -> list[Point]:
    """The outline of a conifer standing at (x, foot), in pixels."""
    tiers = canvas.rng.randint(7, 10)
    right: list[Point] = []
    left: list[Point] = []
    for tier in range(1, tiers + 1):
        part = tier / tiers
        y, half = foot - tall * (1 - part), tall * 0.17 * part**0.85
        right += [(x + half * canvas.between(0.8, 1.15), y), (x + half * 0.45, y - tall * 0.015)]
        left += [(x - half * canvas.between(0.8, 1.15), y), (x - half * 0.45, y - tall * 0.015)]
    return [(x, foot - tall), *right, *reversed(left)]


def firs(canvas: Canvas, ground: Sequence[Point], tall: float, gap: float) -> list[list[Point]]:
    """A row of conifers along a ridge, thicker and thinner as woods are."""
    trees, x, last = [], -tall * 0.1, ground[-1][0]
    while x < last + tall * 0.1:
        y = ground[min(max(int(x / last * (len(ground) - 1)), 0), len(ground) - 1)][1]
        trees.append(
            fir(canvas, x, y + tall * 0.12, tall * (0.5 + 0.6 * canvas.rng.random() ** 1.5))
        )
        x += gap * canvas.between(0.4, 1.6)
    return trees


def mountain_ridges(canvas: Canvas) -> Image.Image:
    """Ridge behind ridge in morning haze, dark firs on the nearest."""
    air, near = canvas.mood_of(_HAZES)
    palette, dark = colours(air), colours(near)[0]
    width, height = canvas.size
    picture = sky(canvas.size, palette, 0.62)
    sun = canvas.at(canvas.between(0.2, 0.8), canvas.between(0.2, 0.34))
    picture = lit(
        picture,
        mix(palette[-1], (255, 190, 110), 0.4),
        scaled(halo(canvas.size, sun, (width * 0.55, height * 0.4), 2.2), 0.7),
    )
    picture = lit(picture, (255, 244, 224), discs(canvas.size, [(sun, height * 0.02)], 4))
    layers = canvas.rng.randint(5, 7)
    top = canvas.between(0.34, 0.42)
    for layer in range(layers):
        part = (layer + 1) / layers
        y = height * (top + (0.9 - top) * part**1.15)
        line = ridge(
            canvas.rng, width, y, height * (0.085 - 0.03 * part) * canvas.between(0.7, 1.3), 0.5
        )
        tone = mix(palette[-2], dark, part**1.35)
        outlines = [below(line, height)]
        if part > 0.6:
            outlines += firs(
                canvas,
                line,
                height * 0.035 * (1 + 4 * (part - 0.6)),
                width * 0.009 * (1 + 3 * (part - 0.6)),
            )
        mask = shape(canvas.size, *outlines, soft=0 if part > 0.5 else 0.8)
        body = sky(canvas.size, [tone, tone, mix(tone, palette[-2], 0.55 * (1 - part) + 0.1)])
        foot = round(y + height * 0.16)
        fade = Image.new("L", canvas.size, 255)
        fade.paste(
            ImageOps.invert(Image.linear_gradient("L")).resize((width, round(height * 0.2))),
            (0, round(y)),
        )
        fade.paste(0, (0, min(foot + round(height * 0.04), height), width, height))
        misty = painted(
            Image.new("RGB", canvas.size, mix(tone, palette[-2], 0.5 * (1 - part))), body, fade
        )
        picture = painted(picture, misty, mask)
        if part < 1:
            picture = painted(
                picture, palette[-1], _mist(canvas, y + height * 0.07, 0.5 - 0.25 * part)
            )
    return developed(picture, canvas.rng, vignette=0.22)


def _mist(canvas: Canvas, y: float, strength: float) -> Image.Image:
    """A torn band of fog lying at ``y`` pixels."""
    width, height = canvas.size
    band = fall((width // 2, round(height * 0.09)), 0, 255, 0)
    whole = Image.new("L", (width // 2, height // 2))
    whole.paste(band, (0, round(y / 2 - height * 0.045)))
    torn = step(noise(canvas.rng, whole.size, (3, 14), 4), 0.25, 0.85)
    return scaled(ImageChops.multiply(whole, torn), strength * 1.3).resize(canvas.size, _BICUBIC)


_SANDS = (
    ("3d6f9e 8fb3cc e6dccb", "f3c58b d9945a 8a4a2c 4b2a25"),
    ("22304f 7b6c8a f0b48c", "f0a86c c46a44 6e3034 2b1a2c"),
    ("6ea3c4 b5d0d8 f5e8d2", "f7dfb5 e3bc86 a97f57 6a4f40"),
)


def dune_line(canvas: Canvas, base: float, reach: float) -> list[Point]:
    """One sweeping crest in pixels, made of two slow waves."""
    width, height = canvas.size
    one, two = canvas.between(0, 6.3), canvas.between(0, 6.3)
    speed = canvas.between(2.2, 3.8)
    points = []
    for index in range(181):
        part = index / 180
        lift = math.sin(one + speed * part) + 0.35 * math.sin(two + 2.1 * speed * part)
        points.append((part * width, height * (base - reach * lift)))
    return points


def dunes(canvas: Canvas) -> Image.Image:
    """Sand dunes in low light: sharp crests, long shadows, ripples in front."""
    air, sand = (colours(text) for text in canvas.mood_of(_SANDS))
    width, height = canvas.size
    picture = sky(canvas.size, air, 0.5)
    count = canvas.rng.randint(4, 5)
    for layer in range(count):
        part = layer / (count - 1)
        crest = dune_line(canvas, 0.42 + 0.4 * part, 0.05 + 0.05 * part)
        body = shape(canvas.size, below(crest, height))
        top = min(y for _, y in crest)
        tone = [mix(c, air[-1], 0.5 * (1 - part)) for c in sand[:2]]
        lit_side = sky(
            (width, max(round(height - top), 2)), [tone[0], mix(tone[0], tone[1], 0.6), tone[1]]
        )
        layer_picture = Image.new("RGB", canvas.size, tone[1])
        layer_picture.paste(lit_side, (0, round(top)))
        drift = canvas.between(0.1, 0.2) * width * canvas.rng.choice((-1, 1))
        edge = [
            (
                x + drift * (index / 180) + 30 * math.sin(index / 23),
                y + height * (0.02 + 0.22 * (index / 180 if drift > 0 else 1 - index / 180)),
            )
            for index, (x, y) in enumerate(crest)
        ]
        lee = below([(x, y - 40) for x, y in crest], height)
        soft = shape(
            canvas.size,
            [*((x, y - 60) for x, y in crest), *reversed(edge)],
            soft=width * (0.006 + 0.02 * part),
        )
        shadow = ImageChops.multiply(soft, shape(canvas.size, lee))
        dusk = mix(sand[2], air[-1], 0.45 * (1 - part))
        layer_picture = painted(layer_picture, dusk, scaled(shadow, 0.9))
        layer_picture = lit(
            layer_picture,
            mix(sand[0], (0, 0, 0), 0.5),
            scaled(blurred(strokes(canvas.size, [(crest, 5)]), 3), 0.4),
        )
        if part > 0.3:
            layer_picture = textured(layer_picture, _ripples(canvas), 0.1 + 0.16 * part)
        picture = painted(picture, layer_picture, body)
    return developed(picture, canvas.rng, bloom=0.18)


def _ripples(canvas: Canvas) -> Image.Image:
    """Wind ripples on sand, seen flat: bent stripes, lit from the side."""
    texture = noise(canvas.rng, (900, 1000), (30, 130), 2, 0.5)
    texture = texture.rotate(canvas.between(-25, 25), _BICUBIC).crop((150, 160, 750, 840))
    flat = plane(blurred(texture, 1), (canvas.width, round(canvas.height * 0.65)), 0.35)
    whole = Image.new("L", canvas.size, 128)
    whole.paste(relief(flat, 60, 1.0), (0, canvas.height - flat.height))
    return whole


def cumulus(canvas: Canvas, size: tuple[int, int], palette: Sequence[Colour]) -> Image.Image:
    """Fair-weather clouds: white heads, grey flat bottoms, smaller towards the horizon."""
    small = (size[0] // 2, size[1] // 2)
    field = noise(canvas.rng, (900, 900), (7, 9), 6, 0.52)
    veil = ImageOps.flip(plane(field, small, 0.3))
    mass = step(veil, 0.52, 0.72)
    base = sky(small, palette)
    light = relief(blurred(veil, 5), 120, 5)
    white = textured(Image.new("RGB", small, (238, 238, 236)), light, 0.55)
    belly = step(veil, 0.62, 1.0)
    white = painted(white, mix(palette[1], (170, 176, 190), 0.6), scaled(belly, 0.75))
    white = painted(white, palette[-1], fall(small, 0, 0, 160))
    return painted(base, white, mass).resize(size, _BICUBIC)


_MEADOWS = (
    ("3f7fb8 8fbbdb e3eef0", "a8b545 6f8f2e 35591f", "5d8a3a"),
    ("4a83b0 a3c6da f1eee0", "e5c45c c99a35 7a5a1e", "6d7a34"),
    ("5f93bd b0cfe0 eef1ee", "9a7bb5 74579a 3f3566", "5c7a4a"),
    ("3d74a6 9cc0d6 f0ede4", "d95f4b a93a35 4a2320", "4d7a3c"),
)


def fields(canvas: Canvas) -> Image.Image:
    """Rows of a crop running to the horizon, under clouds."""
    air, crop, green = (colours(text) for text in canvas.mood_of(_MEADOWS))
    width, height = canvas.size
    line = round(height * canvas.between(0.38, 0.56))
    picture = Image.new("RGB", canvas.size, crop[1])
    picture.paste(cumulus(canvas, (width, line), air), (0, 0))
    ground = (width, height - line)
    row = Image.new("L", (1536, 1))
    row.putdata([round(128 + 127 * math.sin(x / 32 * 2 * math.pi)) for x in range(1536)])
    strip = row.resize((1536, 1200))
    flat = plane(ImageChops.offset(strip, canvas.rng.randint(0, 64), 0), ground, 0.14)
    leaves = plane(noise(canvas.rng, (1536, 1200), (500, 420), 2, 0.8), ground, 0.14)
    rowed = spread(ImageChops.add(scaled(flat, 0.6), scaled(leaves, 0.4)))
    soil = ramp(rowed, (crop[2], crop[1], crop[0], mix(crop[0], (255, 255, 240), 0.25)))
    haze = fall(ground, 190, 40, 0, 0)
    soil = painted(soil, mix(crop[0], air[-1], 0.4), haze)
    shadow = plane(noise(canvas.rng, (500, 500), (4, 7), 3), ground, 0.3)
    soil = shaded(soil, (110, 120, 140), step(shadow, 0.5, 0.8, 0.7))
    soil = textured(soil, relief(leaves, 100, 0.7), 0.3)
    picture.paste(soil, (0, line))
    hills = ridge(canvas.rng, width, line - height * 0.012, height * 0.022)
    far = mix(green[0], air[1], 0.55)
    picture = painted(picture, far, shape(canvas.size, below(hills, line + 2), soft=1))
    wood = [canvas.at(canvas.between(0, 1), 0)[0] for _ in range(46)]
    crowns = [
        ((x, line - canvas.between(0, 0.008) * height), height * canvas.between(0.004, 0.013))
        for x in wood
    ]
    picture = painted(picture, mix(green[0], (20, 40, 30), 0.5), discs(canvas.size, crowns))
    return developed(picture, canvas.rng, bloom=0.14, vignette=0.18)
