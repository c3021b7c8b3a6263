"""After dark: a skyline and its lit windows, the Milky Way, northern lights."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
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
    speckle,
    step,
    strokes,
    tilted,
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

_LIGHTS = colours("ffd58a ffc46b ffe9b8 ffb75e fff2d6 cfe4ff")

_BLUE_HOURS = (
    "0c1436 1f2d63 4b4f8c a56f8f f0a477",
    "07182c 123a5a 2c6a86 77a3a4 e8c690",
    "140f2e 33245c 6e3f7c c96a79 f6a96b",
)


def skyline(canvas: Canvas) -> Image.Image:
    """A city across the water in the blue hour, every lit window doubled below."""
    palette = colours(canvas.mood_of(_BLUE_HOURS))
    width, height = canvas.size
    line = round(height * canvas.between(0.62, 0.72))
    size = (width, line)
    picture = sky(size, palette)
    veil = step(noise(canvas.rng, (width // 2, line // 2), (2, 9), 5), 0.45, 1.0).resize(
        size, _BICUBIC
    )
    picture = painted(picture, mix(palette[-1], palette[-2], 0.5), scaled(veil, 0.35))
    for layer in range(3):
        part = layer / 2
        tone = mix(mix(palette[-1], palette[2], 0.6), palette[0], 0.35 + 0.6 * part)
        walls, panes = _blocks(canvas, line, part)
        picture = painted(picture, tone, shape(size, *walls))
        for colour in _LIGHTS[: 4 + 2 * (layer == 2)]:
            some = [pane for pane in panes if canvas.rng.random() < 0.2]
            picture = painted(picture, mix(tone, colour, 0.35 + 0.6 * part), _panes(size, some))
        haze = fall(size, 0, 255)
        picture = lit(
            picture, mix(palette[-1], (255, 160, 90), 0.4), scaled(haze, 0.16 * (1 - part))
        )
    lamps = [
        ((canvas.between(0, 1) * width, line - height * 0.006), height * 0.0026) for _ in range(46)
    ]
    picture = lit(picture, (255, 214, 150), discs(size, lamps))
    picture = lit(
        picture, (255, 170, 90), scaled(discs(size, [(c, r * 3.4) for c, r in lamps], 8), 0.8)
    )
    below_line = height - line
    mirror = (
        ImageOps.flip(picture)
        .crop((0, 0, width, min(line, round(below_line * 1.5))))
        .resize((width, below_line))
    )
    streaks = mirror.resize((width, 24), Image.Resampling.BOX).resize((width, below_line), _BICUBIC)
    mirror = rippled(Image.blend(mirror, streaks, 0.55), canvas.rng, width * 0.008, 46)
    mirror = painted(
        mirror,
        mix(palette[0], (0, 0, 0), 0.2),
        scaled(fall(mirror.size, 60, 150), 0.9),
    )
    waves = plane(noise(canvas.rng, (1000, 1000), (60, 120), 3, 0.6), mirror.size, 0.2)
    mirror = textured(mirror, relief(blurred(waves, 1), 90, 1.2), 0.22)
    whole = Image.new("RGB", canvas.size)
    whole.paste(picture, (0, 0))
    whole.paste(mirror, (0, line))
    whole.paste(mix(palette[0], (0, 0, 0), 0.5), (0, line - 2, width, line + 3))
    return developed(whole, canvas.rng, bloom=0.55, vignette=0.3)


def _blocks(
    canvas: Canvas, line: int, part: float
) -> tuple[list[list[Point]], list[tuple[float, float, float, float]]]:
    """Towers of one row of the city, and their windows, in pixels."""
    width, unit = canvas.width, min(canvas.width, canvas.height * 0.85)
    walls, panes, x = [], [], -width * 0.02
    while x < width:
        wide = unit * canvas.between(0.035, 0.08) * (1 + 0.4 * part)
        bulge = 0.35 + 0.65 * math.exp(-(((x / width) - 0.5) ** 2) * 6)
        tall = line * canvas.between(0.2, 0.68) * bulge * (1 - 0.4 * part)
        top = line - tall
        walls.append([(x, line + 2), (x, top), (x + wide, top), (x + wide, line + 2)])
        roof = canvas.rng.random()
        if roof < 0.09:
            walls.append(
                [(x + wide * 0.2, top), (x + wide * 0.5, top - wide * 0.7), (x + wide * 0.8, top)]
            )
        elif roof < 0.4:
            walls.append(
                [
                    (x + wide * 0.48, top),
                    (x + wide * 0.49, top - wide * 1.1),
                    (x + wide * 0.52, top),
                ]
            )
        elif roof < 0.65:
            walls.append(
                [
                    (x + wide * 0.2, top),
                    (x + wide * 0.2, top - wide * 0.25),
                    (x + wide * 0.8, top - wide * 0.25),
                    (x + wide * 0.8, top),
                ]
            )
        pitch = unit * (0.0062 + 0.003 * part) * canvas.between(0.85, 1.2)
        busy = canvas.between(0.3, 0.75)
        for row in range(int(tall / (pitch * 1.35)) - 1):
            for column in range(int(wide / pitch) - 1):
                if canvas.rng.random() < busy:
                    left, above = x + pitch * (0.7 + column), top + pitch * (0.8 + row * 1.35)
                    panes.append((left, above, left + pitch * 0.55, above + pitch * 0.75))
        x += wide * canvas.between(0.95, 1.5)
    return walls, panes


def _panes(size: tuple[int, int], boxes: list[tuple[float, float, float, float]]) -> Image.Image:
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    pen = ImageDraw.Draw(mask)
    for box in boxes:
        pen.rectangle([round(v * 2) for v in box], fill=255)
    return mask.reduce(2)


def stars(canvas: Canvas, size: tuple[int, int], many: float) -> Image.Image:
    """A mask of stars: thousands of faint ones, a few bright ones."""
    dust = step(speckle(canvas.rng, size), 1 - 0.012 * many, 1.0)
    faint = scaled(dust.filter(ImageFilter.GaussianBlur(0.7)), 2.2)
    bright = [
        ((canvas.between(0, size[0]), canvas.between(0, size[1])), canvas.between(0.7, 1.7))
        for _ in range(round(220 * many))
    ]
    return ImageChops.lighter(faint, discs(size, bright, 0.5))


_NIGHTS = (
    "050914 0c1a36 22406a 6b6f8f d9a07c",
    "070713 1a1638 3b2d66 7a4f86 d38a8a",
    "03101a 08283a 17525f 4f8c82 c9c48f",
)


def milky_way(canvas: Canvas) -> Image.Image:
    """The Milky Way over black firs, a tent alight below."""
    palette = colours(canvas.mood_of(_NIGHTS))
    width, height = canvas.size
    picture = sky(canvas.size, palette, 1.02)
    cells = (width // 3, height // 3)
    tilt = canvas.between(-32, 32)
    spine = halo((cells[0] * 2, cells[1] * 2), cells, (cells[0] * 0.5, cells[1] * 1.3), 1.5)
    spine = tilted(spine, tilt)
    dust = noise(canvas.rng, cells, (4, 5), 6, 0.6)
    river = ImageChops.multiply(spine, step(dust, 0.1, 0.9)).resize(canvas.size, _BICUBIC)
    lanes = ImageChops.multiply(
        spine, step(noise(canvas.rng, cells, (4, 6), 6, 0.6), 0.58, 0.8)
    ).resize(canvas.size, _BICUBIC)
    picture = lit(picture, mix(palette[3], (190, 180, 220), 0.4), scaled(river, 0.8))
    picture = lit(picture, (255, 226, 200), scaled(step(river, 0.35, 1.0), 0.3))
    picture = shaded(picture, mix(palette[0], (60, 50, 60), 0.6), scaled(lanes, 0.5))
    field = stars(canvas, canvas.size, 1.0)
    picture = lit(picture, (235, 240, 255), scaled(field, 0.85))
    picture = lit(
        picture,
        (255, 244, 230),
        ImageChops.multiply(stars(canvas, canvas.size, 3.0), step(river, 0.12, 0.6)),
    )
    hill = ridge(canvas.rng, width, height * 0.9, height * 0.03, 0.4)
    dark = mix(palette[0], (0, 0, 0), 0.35)
    far = [
        (x, y - height * 0.05 - 0.3 * (height * 0.9 - y))
        for x, y in ridge(canvas.rng, width, height * 0.9, height * 0.05)
    ]
    picture = painted(
        picture, mix(palette[1], palette[3], 0.25), shape(canvas.size, below(far, height))
    )
    picture = painted(
        picture,
        dark,
        shape(canvas.size, below(hill, height), *firs(canvas, hill, height * 0.1, width * 0.045)),
    )
    return developed(_tent(canvas, picture, hill), canvas.rng, bloom=0.5, vignette=0.3, fade=0.05)


def _tent(canvas: Canvas, picture: Image.Image, hill: list[Point]) -> Image.Image:
    """A small tent glowing from within, standing on the hill."""
    width, height = canvas.size
    x = width * canvas.between(0.3, 0.7)
    y = hill[int(x / width * (len(hill) - 1))][1] + height * 0.022
    wide, tall = width * 0.075, width * 0.052
    picture = lit(
        picture,
        (255, 150, 60),
        scaled(halo(canvas.size, (x, y - tall * 0.3), (wide * 3.2, wide * 2.4), 2.4), 0.6),
    )
    body = shape(canvas.size, [(x - wide / 2, y), (x - wide * 0.04, y - tall), (x + wide / 2, y)])
    warm = sky(canvas.size, ((255, 190, 96),) * 2)
    picture = painted(picture, warm, body)
    picture = lit(
        picture,
        (255, 236, 180),
        ImageChops.multiply(
            body, halo(canvas.size, (x, y - tall * 0.25), (wide * 0.4, tall * 0.6), 1)
        ),
    )
    seams = [
        ([(x - wide * 0.04, y - tall), (x + wide * 0.1, y)], 2.0),
        ([(x - wide * 0.04, y - tall), (x - wide / 2, y)], 2.5),
    ]
    return painted(picture, (120, 60, 20), scaled(strokes(canvas.size, seams), 0.8))


_AURORAS = ("4dffa0 b45cff", "5cf0c0 6a7aff", "c8f06a ff6ab0")


def northern_lights(canvas: Canvas) -> Image.Image:
    """Green curtains over a snowy ridge, mirrored in ice."""
    width, height = canvas.size
    line = round(height * 0.74)
    picture = sky((width, line), colours("040a18 081a30 0c2a42 123c4c"))
    picture = lit(picture, (230, 240, 255), scaled(stars(canvas, (width, line), 0.8), 0.8))
    for index in range(2):
        curtain = _curtain(canvas, (width, line), 0.42 + 0.2 * index)
        tint, crown = colours(canvas.mood_of(_AURORAS))
        picture = lit(picture, tint, scaled(curtain, 0.95 - 0.25 * index))
        picture = lit(
            picture,
            crown,
            scaled(ImageChops.offset(curtain, 0, -round(height * 0.07)), 0.3),
        )
    peaks = ridge(canvas.rng, width, line * 0.9, line * 0.09, 0.52)
    crag = noise(canvas.rng, (width, line), (width / 26, line / 40), 5, 0.62)
    rock = textured(
        Image.new("RGB", (width, line), (38, 66, 82)), relief(blurred(crag, 1), 70, 2), 0.5
    )
    rock = painted(rock, (140, 184, 190), step(crag, 0.42, 0.8, 0.55))
    picture = painted(picture, rock, shape((width, line), below(peaks, line)))
    ice = rippled(ImageOps.flip(picture).resize((width, height - line)), canvas.rng, 5)
    ice = shaded(blurred(ice, 3), (150, 170, 190), fall(ice.size, 120, 255))
    whole = Image.new("RGB", canvas.size)
    whole.paste(picture, (0, 0))
    whole.paste(ice, (0, line))
    return developed(whole, canvas.rng, bloom=0.5, vignette=0.3)


def _curtain(canvas: Canvas, size: tuple[int, int], y: float) -> Image.Image:
    """One curtain of light: rays rising from a winding lower hem."""
    width, height = size
    strip = Image.new("L", (width // 4, height // 4))
    a, b, c = (canvas.between(0, 6.3) for _ in range(3))
    rays = noise(canvas.rng, (width // 4, 2), (34, 2), 4, 0.7).tobytes()
    profile = Image.new("L", (1, 256))
    profile.putdata(
        [
            round(255 * (v / 200) ** 2 if v < 200 else 255 * (1 - (v - 200) / 56) ** 1.5)
            for v in range(256)
        ]
    )
    for x in range(strip.width):
        part = x / strip.width
        hem = y + 0.07 * math.sin(a + 3 * part) + 0.03 * math.sin(b + 13 * part)
        tall = 0.34 + 0.12 * math.sin(c + 7 * part) + 0.12 * rays[x] / 255
        power = (0.25 + 0.75 * rays[x] / 255) * (0.35 + 0.65 * math.sin(c + 4 * part) ** 2)
        beam = profile.resize((1, max(round(tall * strip.height), 2)))
        strip.paste(
            scaled(beam, power),
            (x, round((hem - tall) * strip.height) + round(0.12 * strip.height)),
        )
    return blurred(strip, 1.4).resize(size, _BICUBIC)
