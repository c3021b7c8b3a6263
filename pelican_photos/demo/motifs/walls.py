"""Walls: glazed tiles, and a window's light with the shadow of a plant."""

from PIL import Image, ImageChops, ImageDraw, ImageOps

from pelican_photos.demo.canvas import (
    Canvas,
    Colour,
    blurred,
    colours,
    fall,
    halo,
    mix,
    noise,
    scaled,
    shape,
)
from pelican_photos.demo.motifs.surfaces import foliage, plaster
from pelican_photos.demo.paint import (
    developed,
    lit,
    painted,
    relief,
    shaded,
    textured,
)

_GLAZES = (
    "f4f1e8 1e4e9c 6f9bd1 e9b44c",
    "f5efe0 1f7a6d 8cc4a8 d9653b",
    "f7f0e3 b5432f e79c5c 2c5f8a",
    "f2efe9 2b3f7e 88a3d6 a8c256",
)


def tiles(canvas: Canvas) -> Image.Image:
    """A wall of glazed tiles, each from the same hand; leaf shadows fall across it."""
    ground, *inks = colours(canvas.mood_of(_GLAZES))
    width, height = canvas.size
    side = round(width / canvas.rng.choice((5, 6, 7)))
    tile = _tile(canvas, side * 2, ground, inks).resize((side, side), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", canvas.size, ground)
    for top in range(-side // 3, height, side):
        for left in range(-side // 4, width, side):
            tone = canvas.between(0.93, 1.03)
            one = tile.point([min(round(v * tone), 255) for v in range(256)] * 3)
            one = one.rotate(90 * canvas.rng.randrange(4))
            picture.paste(one, (left, top))
    grid = Image.new("L", canvas.size, 255)
    pen = ImageDraw.Draw(grid)
    for top in range(-side // 3, height, side):
        pen.line([(0, top), (width, top)], fill=40, width=3)
    for left in range(-side // 4, width, side):
        pen.line([(left, 0), (left, height)], fill=40, width=3)
    picture = shaded(picture, (128, 118, 108), scaled(ImageOps.invert(blurred(grid, 0.8)), 0.9))
    edge = relief(blurred(grid, 2), 120, 0.5)
    picture = textured(picture, edge, 0.35)
    picture = textured(
        picture, noise(canvas.rng, (width // 2, height // 2), (6, 6), 5).resize(canvas.size), 0.06
    )
    picture = shaded(picture, (116, 112, 140), scaled(foliage(canvas), 0.75))
    warm = halo(canvas.size, canvas.at(0.2, 0.1), (width * 1.2, height * 1.0), 1.2)
    return developed(lit(picture, (66, 46, 16), warm), canvas.rng, bloom=0.12, vignette=0.25)


def _tile(canvas: Canvas, side: int, ground: Colour, inks: list[Colour]) -> Image.Image:
    """One square of an eightfold pattern: a quarter is drawn, then mirrored."""
    quarter = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(quarter)
    a, b, c = canvas.between(0.28, 0.4), canvas.between(0.5, 0.66), canvas.between(0.74, 0.9)

    def ring(radius: float, ink: Colour, thick: float, x: float = 0, y: float = 0) -> None:
        box = [side * (x - radius), side * (y - radius), side * (x + radius), side * (y + radius)]
        pen.ellipse(box, outline=ink, width=round(side * thick))

    ring(c, inks[0], 0.06, 1, 1)
    ring(c - 0.13, inks[1], 0.09, 1, 1)
    pen.polygon(
        [(0, 0), (side * b, side * a * 0.5), (side * a, side * a), (side * a * 0.5, side * b)],
        fill=inks[0],
    )
    pen.polygon([(0, 0), (side * a, side * a * 0.35), (side * a * 0.35, side * a)], fill=inks[2])
    ring(0.16, inks[1], 0.16)
    ring(0.07, inks[2], 0.07)
    for x, y in ((1, 0), (0, 1)):
        pen.ellipse(
            [side * (x - 0.22), side * (y - 0.22), side * (x + 0.22), side * (y + 0.22)],
            fill=inks[1],
        )
        pen.ellipse(
            [side * (x - 0.12), side * (y - 0.12), side * (x + 0.12), side * (y + 0.12)],
            fill=inks[0],
        )
    pen.ellipse([side * 0.82, side * 0.82, side * 1.18, side * 1.18], fill=inks[2])
    folded = ImageChops.darker(quarter, quarter.transpose(Image.Transpose.TRANSPOSE))
    whole = Image.new("RGB", (side * 2, side * 2))
    whole.paste(ImageOps.flip(ImageOps.mirror(folded)), (0, 0))
    whole.paste(ImageOps.flip(folded), (side, 0))
    whole.paste(ImageOps.mirror(folded), (0, side))
    whole.paste(folded, (side, side))
    return whole


_ROOMS = (
    ("d9c3ab", "fff0cf", "b38b6d"),
    ("b9c4bd", "fff3d6", "6f8477"),
    ("d8aea0", "ffe8cc", "a86c60"),
    ("c6c1cf", "ffe9d2", "847c99"),
)


def window_light(canvas: Canvas) -> Image.Image:
    """Late sun through a window onto a plain wall, with the shadow of a plant."""
    wall, warm, deep = (colours(text)[0] for text in canvas.mood_of(_ROOMS))
    width = canvas.width
    picture = plaster(canvas, canvas.size, mix(wall, deep, 0.35))
    picture = shaded(
        picture,
        mix(deep, (90, 90, 110), 0.3),
        scaled(fall(canvas.size, 40, 150), 0.8),
    )
    lean, left, top = (
        canvas.between(0.16, 0.3),
        canvas.between(0.12, 0.24),
        canvas.between(0.08, 0.16),
    )
    columns, rows, cell, tall = 2, 3, 0.27, 0.2
    panes = []
    for column in range(columns):
        for row in range(rows):
            x, y = left + column * (cell + 0.025), top + row * (tall + 0.018)
            corners = ((x, y), (x + cell, y), (x + cell, y + tall), (x, y + tall))
            panes.append([canvas.at(px, py + (px - left) * lean) for px, py in corners])
    light = shape(canvas.size, *panes, soft=width * 0.004)
    light = ImageChops.multiply(light, ImageOps.invert(scaled(foliage(canvas), 0.82)))
    picture = painted(
        picture, plaster(canvas, canvas.size, mix(wall, warm, 0.75)), scaled(light, 0.92)
    )
    picture = lit(picture, mix(warm, (160, 90, 40), 0.5), scaled(blurred(light, width * 0.06), 0.3))
    return developed(picture, canvas.rng, bloom=0.35, vignette=0.3)
