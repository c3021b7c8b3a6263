"""Painted houses along a quay, rowing boats, and all of it again in the water."""

from PIL import Image, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    Point,
    below,
    blurred,
    colours,
    fall,
    mix,
    noise,
    placed,
    plane,
    ridge,
    scaled,
    shape,
    sky,
    strokes,
)
from pelican_photos.demo.motifs.sea import clouds
from pelican_photos.demo.paint import (
    cast_shadow,
    developed,
    painted,
    relief,
    rippled,
    shaded,
    textured,
)

_HOUSES = colours("d9a441 c8583f e9d7b4 7fa3a8 b4483f e6b98c 5f7f95 f1e4cf d98a7a 8fa66b")

_QUAYS = ("5d97c4 a9cde2 f0ead8", "8a86b0 dba9a0 f8d5ae", "7fa8b8 bcd0d2 efe8da")


def harbour(canvas: Canvas) -> Image.Image:
    """Narrow painted houses on a quay, rowing boats, and all of it again in the water."""
    air = colours(canvas.mood_of(_QUAYS))
    width, height = canvas.size
    line = round(height * canvas.between(0.58, 0.66))
    size = (width, line)
    picture = clouds(canvas, size, air)
    hill = ridge(canvas.rng, width, line * 0.5, line * 0.1, 0.4)
    wood = textured(
        Image.new("RGB", size, mix((70, 96, 84), air[1], 0.45)),
        noise(canvas.rng, size, (60, 40), 3, 0.7),
        0.12,
    )
    picture = painted(picture, wood, shape(size, below(hill, line), soft=1))
    x, last = -width * 0.02, None
    while x < width:
        wide = height * canvas.between(0.085, 0.13)
        colour = canvas.rng.choice([c for c in _HOUSES if c != last])
        picture = _house(canvas, picture, (x, wide, line), mix(colour, air[-1], 0.12))
        x, last = x + wide, colour
    quay = [(0, line - height * 0.022), (width, line - height * 0.022), (width, line), (0, line)]
    picture = painted(picture, mix((120, 112, 104), air[-1], 0.2), shape(size, quay))
    mirror = (
        ImageOps.flip(picture)
        .crop((0, 0, width, min(line, height - line + 60)))
        .resize((width, height - line))
    )
    mirror = rippled(blurred(mirror, 2.5), canvas.rng, width * 0.009, 26)
    deep = mix(air[0], (12, 50, 64), 0.6)
    mirror = painted(mirror, deep, fall(mirror.size, 80, 165))
    waves = plane(noise(canvas.rng, (1000, 1000), (44, 90), 3, 0.6), mirror.size, 0.22)
    mirror = textured(mirror, relief(blurred(waves, 1.5), 90, 1.4), 0.26)
    whole = Image.new("RGB", canvas.size)
    whole.paste(picture, (0, 0))
    whole.paste(mirror, (0, line))
    for index in range(canvas.rng.randint(2, 4)):
        place = (
            width * (0.16 + 0.26 * index + canvas.between(-0.06, 0.06)),
            line + height * canvas.between(0.09, 0.24),
        )
        whole = _rowing_boat(canvas, whole, place, height * canvas.between(0.13, 0.17))
    return developed(whole, canvas.rng, bloom=0.14, vignette=0.22)


def _house(
    canvas: Canvas, picture: Image.Image, box: tuple[float, float, float], colour: Colour
) -> Image.Image:
    """One house front: gable, windows with shutters, a door; ``box`` is left, width, foot."""
    left, wide, foot = box
    size = picture.size
    tall = size[1] * canvas.between(0.42, 0.56)
    top, gable = foot - tall, wide * canvas.between(0.0, 0.55)
    front = [
        (left, foot),
        (left, top),
        (left + wide / 2, top - gable),
        (left + wide, top),
        (left + wide, foot),
    ]
    region = (round(left) - 2, max(round(top - gable) - 14, 0), round(left + wide) + 3, round(foot))
    tile = picture.crop(region)
    away = (-region[0], -region[1])
    stain = noise(canvas.rng, tile.size, (4, 9), 4, 0.6)
    wall = textured(Image.new("RGB", tile.size, colour), stain, 0.09)
    round_the_corner = fall(tile.size[::-1], 0, 255).rotate(90, expand=True)
    wall = shaded(wall, (150, 140, 160), scaled(round_the_corner, 0.3))
    tile = painted(tile, wall, shape(tile.size, placed(front, away, 1)))
    roof = strokes(tile.size, [(placed(front[1:4], away, 1), 9)])
    tile = painted(tile, (150, 82, 60), roof)
    picture.paste(_windows(canvas, tile, (left + away[0], wide, top + away[1], tall)), region[:2])
    return picture


def _windows(
    canvas: Canvas, tile: Image.Image, front: tuple[float, float, float, float]
) -> Image.Image:
    """The windows of one front (left, width, top, height), with shutters where two fit."""
    left, wide, top, tall = front
    floors, columns = max(int(tall / (wide * 0.52)), 2), canvas.rng.choice((2, 2, 3))
    half, up = wide * 0.26 / columns, tall / floors * 0.25
    frames, glass, shutters = [], [], []
    for floor in range(floors):
        for column in range(columns):
            x = left + wide * (column + 0.5) / columns
            y = top + tall * (floor + 0.42) / floors
            frames.append(box_of(x, y, half * 1.2, up * 1.12))
            glass.append(box_of(x, y, half, up))
            sides = (x - 1.75 * half, x + 1.75 * half)
            shutters += [box_of(side, y, half * 0.42, up * 1.05) for side in sides]
    if columns == 2:
        trim = canvas.rng.choice(colours("f6efe2 36584c 2f4a63 7a3b2e"))
        tile = painted(tile, trim, shape(tile.size, *shutters))
    tile = painted(tile, (246, 240, 228), shape(tile.size, *frames))
    panes = sky(tile.size, ((120, 150, 170), (48, 62, 76)))
    return painted(tile, panes, shape(tile.size, *glass))


def box_of(x: float, y: float, half: float, up: float) -> list[Point]:
    """The outline of a box, from its centre, half its width, and half its height."""
    return [(x - half, y - up), (x + half, y - up), (x + half, y + up), (x - half, y + up)]


_HULL = ((-0.5, -0.2), (0.5, -0.25), (0.36, 0), (-0.38, 0))
_BILGE = ((-0.44, -0.08), (0.42, -0.1), (0.36, 0), (-0.38, 0))
_INSIDE = ((-0.46, -0.192), (0.46, -0.236), (0.3, -0.14), (-0.34, -0.124))
_STRAKE = ((-0.5, -0.2), (0.5, -0.25), (0.47, -0.196), (-0.47, -0.148))
_BENCHES = (((-0.1, -0.21), (-0.06, -0.132)), ((0.16, -0.22), (0.18, -0.14)))


def _rowing_boat(canvas: Canvas, picture: Image.Image, place: Point, long: float) -> Image.Image:
    """A small painted boat seen from the quay, with its reflection."""
    size, left, top = (
        (round(long * 1.3), round(long * 0.7)),
        round(place[0] - long * 0.65),
        round(place[1] - long * 0.35),
    )
    at = (long * 0.65, long * 0.35)
    tile = picture.crop((left, top, left + size[0], top + size[1]))
    colour = canvas.rng.choice(colours("f2ede2 2f6f9f c8503c e0b040 2f7a68"))
    twin = [(x, -y) for x, y in _HULL]
    wet = rippled(shape(size, placed(twin, at, long), soft=2), canvas.rng, 4)
    tile = painted(tile, mix(colour, (20, 44, 56), 0.65), scaled(wet, 0.75))
    tile = painted(tile, mix(colour, (20, 24, 30), 0.12), shape(size, placed(_HULL, at, long)))
    cast_shadow(tile, placed(_BILGE, at, long), (120, 120, 140), 3, 0.7)
    tile = painted(tile, (96, 66, 48), shape(size, placed(_INSIDE, at, long)))
    strake = scaled(shape(size, placed(_STRAKE, at, long)), 0.9)
    tile = painted(tile, mix(colour, (255, 255, 255), 0.65), strake)
    benches = [(placed(bench, at, long), long * 0.04) for bench in _BENCHES]
    picture.paste(painted(tile, (176, 132, 92), strokes(size, benches)), (left, top))
    return picture
