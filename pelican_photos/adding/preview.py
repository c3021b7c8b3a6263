"""A picture in the terminal, and the lines about it: what will be on the page.

The picture is the rendition itself, upright and in sRGB, two of its pixels in each letter.
"""

import io
from pathlib import Path

from PIL import Image
from rich.color import Color
from rich.style import Style
from rich.text import Text

from pelican_photos import images

_UPPER_HALF = "▀"
_QUALITY = 95  # WebP: of so few pixels each counts


def half_blocks(path: Path, columns: int, rows: int) -> Text:
    """Draw a picture into so many columns and rows at most; it is never enlarged.

    Raises:
        ImageError: the file is no picture.
    """
    width, height, _ = images.measure(path)
    scale = min(columns / width, 2 * rows / height, 1)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    _, [encoded] = images.encode(path, [size], quality=_QUALITY)
    with Image.open(io.BytesIO(encoded.data)) as picture:
        pixels = picture.convert("RGB").tobytes()
    lines = [pixels[at : at + 3 * size[0]] for at in range(0, len(pixels), 3 * size[0])]
    drawn = Text(no_wrap=True)
    for upper in range(0, len(lines), 2):
        lower = lines[upper + 1] if upper + 1 < len(lines) else b""
        for at in range(0, len(lines[upper]), 3):
            drawn.append(_UPPER_HALF, _style(lines[upper][at : at + 3], lower[at : at + 3]))
        drawn.append("\n")
    return drawn


def _style(upper: bytes, lower: bytes) -> Style:
    below = Color.from_rgb(*lower) if lower else None
    return Style(color=Color.from_rgb(*upper), bgcolor=below)
