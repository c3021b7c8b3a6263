"""Moving pictures: a motif whose water moves while the camera comes slowly closer."""

import math

from PIL import Image

from pelican_photos.demo.canvas import Size
from pelican_photos.demo.mp4 import encode
from pelican_photos.demo.paint import Strip
from pelican_photos.demo.pictures import draw

RATE = 16  # frames a second
SECONDS = 2.5
SIZE = (540, 720)
_SHORE = 0.66  # share of the height from which on the picture is water


def film(motif: str, mood: int, size: Size) -> tuple[bytes, Image.Image]:
    """Draw a video and its poster, which is the first frame; both sides of ``size`` even."""
    still = draw(motif, mood, (size[0] * 9 // 8, size[1] * 9 // 8))
    count = round(RATE * SECONDS)
    frames = [_frame(still, size, index / count) for index in range(count)]
    return encode(frames, RATE), frames[0]


def _frame(still: Image.Image, size: Size, part: float) -> Image.Image:
    """The picture at a moment (0 to 1): cropped closer, its water moved by a wave."""
    inset = 0.055 * (0.5 - 0.5 * math.cos(math.pi * part))
    width, height = still.size
    box = (width * inset, height * inset, width * (1 - inset), height * (1 - inset))
    closer = still.resize(size, Image.Resampling.BILINEAR, box=box)
    return closer.transform(
        size, Image.Transform.MESH, _waves(size, part), Image.Resampling.BILINEAR
    )


def _waves(size: Size, part: float) -> list[Strip]:
    """Strips of the picture, those below the shore shifted sideways by a running wave."""
    width, height = size
    shore = round(height * _SHORE)
    mesh: list[Strip] = [((0, 0, width, shore), (0, 0, 0, shore, width, shore, width, 0))]
    for top in range(shore, height, 3):
        foot = min(top + 3, height)
        depth = (top - shore) / (height - shore)
        wave = math.sin(40 * math.sqrt(depth + 0.01) - 2 * math.pi * part * 3)
        shift = (0.6 + 3.4 * depth) * wave
        # The two edges are stretched rather than shifted, so that nothing black comes in.
        mesh.append(((0, top, 4, foot), (0, top, 0, foot, 4 + shift, foot, 4 + shift, top)))
        inner = (4 + shift, top, 4 + shift, foot, width - 4 + shift, foot, width - 4 + shift, top)
        mesh.append(((4, top, width - 4, foot), inner))
        right = (width - 4 + shift, top, width - 4 + shift, foot, width, foot, width, top)
        mesh.append(((width - 4, top, width, foot), right))
    return mesh
