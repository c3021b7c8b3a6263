"""Photos to measure with, drawn here: clouds of every scale, things with edges, strokes, grain.

What matters is that codecs find them as dear as photographs.  Measured beside 1,000 pictures
from Instagram, in the same settings: a JPEG of 237 kB (theirs 230); WebP at quality 80 and
method 2 of 95 kB at 1080 pixels (97) and 17 kB at 400 (20); method 4 saves 3 % of that (4 %) for
2.2 times the time (2.5 times); decoding takes 0.14 of the time of encoding at 1080 pixels (0.10),
and 0.30 where the JPEG is progressive (0.28).  One in nine is wider than 1080 pixels: scaling to
that takes 0.13 of the time of encoding it, as a mean of all (0.10).

Only some have pixels of their own.  The others repeat them with a comment in the file, so that no
two files have the same bytes and nothing can be remembered by content.
"""

import io
import math
import os
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from fakes.pictures import ADOBE_RGB, DISPLAY_P3, matrix_profile

Size = tuple[int, int]

# What Instagram serves, and what cameras of 12 and 24 million pixels store.
INSTAGRAM: tuple[Size, ...] = (*((1080, 1350), (1080, 1080)) * 4, (1440, 1800))
CAMERA: tuple[Size, ...] = ((4032, 3024), (6000, 4000))
DISTINCT = 54  # pictures from Instagram with pixels of their own
DISTINCT_CAMERA = 16  # both sizes, each in all eight orientations
DISTINCT_TINY = 20
TINY: Size = (60, 75)
_PROGRESSIVE = 0.6
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class Corpus:
    """Photos in a folder, in order."""

    name: str
    files: tuple[Path, ...]

    @property
    def about(self) -> str:
        sizes = [file.stat().st_size for file in self.files]
        return f"{len(sizes):,} {self.name} photos, {sum(sizes) / len(sizes) / 1000:.0f} kB each"


Draw = Callable[[Path, int], Corpus]


def draw_instagram(folder: Path, count: int) -> Corpus:
    """Draw ``count`` photos as Instagram serves them, more than half of them progressive."""
    drawn = _drawn(_instagram, min(count, DISTINCT))
    return Corpus("Instagram", stored(folder, drawn, count))


def draw_camera(folder: Path, count: int) -> Corpus:
    """Draw ``count`` photos of 12 and 24 million pixels, turned, in wide gamuts."""
    drawn = _drawn(_camera, min(count, DISTINCT_CAMERA))
    return Corpus("camera", stored(folder, drawn, count))


def draw_tiny(folder: Path, count: int) -> Corpus:
    """Draw photos that cost next to nothing: few files, under many names."""
    drawn = _drawn(_tiny, min(count, DISTINCT_TINY))
    files = stored(folder, drawn, len(drawn))
    more = tuple(folder / f"{number:05}.jpg" for number in range(len(drawn), count))
    for number, file in enumerate(more):
        file.hardlink_to(files[number % len(files)])
    return Corpus("tiny", files + more)


def jpegs(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".jpg", ".jpeg"))


def from_folder(originals: Path, folder: Path, count: int) -> Corpus:
    """Take photos that are there, each again and again if there are too few."""
    found = jpegs(originals)[:count]
    return Corpus("own", stored(folder, [file.read_bytes() for file in found], count))


def _drawn(picture: Callable[[int], bytes], distinct: int) -> list[bytes]:
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(picture, range(distinct)))


def stored(folder: Path, drawn: Sequence[bytes], count: int) -> tuple[Path, ...]:
    """Write ``count`` files, no two alike."""
    folder.mkdir(parents=True)
    files = tuple(folder / f"{number:05}.jpg" for number in range(count))
    for number, file in enumerate(files):
        file.write_bytes(commented(drawn[number % len(drawn)], f"photo {number}"))
    return files


def commented(jpeg: bytes, comment: str) -> bytes:
    """Put a comment behind a JPEG's application segments (ITU-T T.81, annex B.2.4)."""
    at = 2
    while jpeg[at] == 0xFF and 0xE0 <= jpeg[at + 1] <= 0xEF:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    text = comment.encode()
    return jpeg[:at] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + jpeg[at:]


# The three kinds


def _instagram(number: int) -> bytes:
    chance = random.Random(number)
    size = INSTAGRAM[number % len(INSTAGRAM)]
    return _jpeg(photo(size, chance), quality=90, progressive=chance.random() < _PROGRESSIVE)


def _camera(number: int) -> bytes:
    chance = random.Random(number)
    width, height = CAMERA[number // 8 % len(CAMERA)]
    # A camera's pixels are softer than what was scaled down for the web, and noisier.
    soft = photo((width * 1280 // height, 1280), chance, contrast=90).resize((width, height))
    grain = Image.effect_noise((width, height), 30)
    picture = Image.blend(soft, Image.merge("RGB", [grain] * 3), 0.14)
    exif = Image.Exif()
    exif[_ORIENTATION] = number % 8 + 1
    profile = matrix_profile((DISPLAY_P3, ADOBE_RGB)[number % 2])
    return _jpeg(picture, quality=92, exif=exif, icc_profile=profile)


def _tiny(number: int) -> bytes:
    return _jpeg(photo(TINY, random.Random(number)), quality=80)


def _jpeg(picture: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", **options)
    return file.getvalue()


# Drawing


def photo(size: Size, chance: random.Random, contrast: int = 30) -> Image.Image:
    """Draw a picture with a photo's share of detail, in muted colours."""
    grey = Image.new("L", size, chance.randrange(70, 180))
    smooth = _shapes(_layers(grey, ((512, 0.5), (128, 0.3), (48, 0.15))), chance)
    smooth = _layers(smooth, ((128, 0.25), (32, 0.12)))
    detailed = _layers(_strokes(smooth, chance, contrast), ((4, 0.05),))
    # Detail is somewhere, as in a wood below a sky.
    where = _noise(size, 160).point(lambda level: max(0, min(255, (level - 118) * 4)))
    light = Image.composite(detailed, smooth, where)
    light = Image.blend(light, Image.effect_noise(size, 20), 0.03)
    tints = [_layers(Image.new("L", (64, 64), 128), ((16, 0.5), (4, 0.4))) for _ in range(3)]
    return Image.merge("RGB", [Image.blend(light, tint.resize(size), 0.35) for tint in tints])


def _layers(band: Image.Image, strengths: Sequence[tuple[int, float]]) -> Image.Image:
    for scale, strength in strengths:
        band = Image.blend(band, _noise(band.size, scale), strength)
    return band


def _noise(size: Size, scale: int) -> Image.Image:
    """Give noise whose grains are ``scale`` pixels wide."""
    grains = Image.effect_noise((size[0] // scale + 2, size[1] // scale + 2), 110)
    return grains.resize(size, Image.Resampling.BILINEAR)


def _strokes(band: Image.Image, chance: random.Random, contrast: int) -> Image.Image:
    """Lay strokes over it that run about the same way as those beside them, as in grass.

    Noise alone is what no codec can predict; texture has directions.
    """
    drawn = band.copy()
    pen, (width, height) = ImageDraw.Draw(drawn), band.size
    under = band.tobytes()
    turns = [[chance.random() * math.pi for _ in range(8)] for _ in range(8)]
    for _ in range(width * height // 88):
        x, y = chance.random() * width, chance.random() * height
        turn = turns[int(y * 8 / height)][int(x * 8 / width)] + chance.gauss(0, 0.35)
        length = abs(chance.gauss(0, 26)) + 4
        end = x + math.cos(turn) * length, y + math.sin(turn) * length
        level = max(0, min(255, under[int(y) * width + int(x)] + round(chance.gauss(0, contrast))))
        pen.line((x, y, *end), fill=level, width=chance.choice((1, 2, 2, 3, 4, 6)))
    return drawn


def _shapes(band: Image.Image, chance: random.Random) -> Image.Image:
    """Lay things with edges over it."""
    pen = ImageDraw.Draw(band)
    for _ in range(40):
        left, top = chance.randrange(band.width), chance.randrange(band.height)
        right = left + band.width * chance.random() / 3
        bottom = top + band.width * chance.random() / 3
        level = chance.randrange(30, 230)
        if chance.random() < 0.5:
            pen.ellipse((left, top, right, bottom), fill=level)
        else:
            pen.polygon([(left, top), (right, (2 * top + bottom) / 3), (left, bottom)], fill=level)
    return band
