"""Structural similarity, with Pillow alone: how much of a picture an encoder kept.

After Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to
structural similarity" (2004), on the luma, in windows of 8 by 8 pixels that are 4 pixels apart
in both directions; the mean over all windows, and 1 for equal pictures.
"""

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image, ImageMath, ImageOps

from pelican_photos.images import encode
from pelican_photos.rendition_sizes import rendition_sizes

_WINDOW = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
# Pillow's own encoder at these qualities gives the curve that ours is held against.
_QUALITIES = (64, 72, 80, 88)


def ssim(first: Image.Image, second: Image.Image) -> float:
    """Compare two pictures of one size."""
    if first.size != second.size:
        raise ValueError(f"pictures of {first.size} and {second.size} cannot be compared")
    x, y = (image.convert("L").convert("F") for image in (first, second))
    shifts = [(left, top) for left in (0, _WINDOW // 2) for top in (0, _WINDOW // 2)]
    return sum(_of_windows(_from(x, shift), _from(y, shift)) for shift in shifts) / len(shifts)


def _from(image: Image.Image, shift: tuple[int, int]) -> Image.Image:
    """Cut away what is before ``shift``, and what fills no window."""
    width, height = (
        (side - start) // _WINDOW * _WINDOW for side, start in zip(image.size, shift, strict=True)
    )
    return image.crop((*shift, shift[0] + width, shift[1] + height))


def _of_windows(x: Image.Image, y: Image.Image) -> float:
    def product(a: Image.Image, b: Image.Image) -> Image.Image:
        multiplied: Image.Image = ImageMath.lambda_eval(lambda of: of["a"] * of["b"], a=a, b=b)
        return multiplied.reduce(_WINDOW)

    def formula(of: Mapping[str, Any]) -> Any:
        mean = of["x"] * of["y"]
        means = of["x"] * of["x"] + of["y"] * of["y"]
        covariance = of["xy"] - mean
        variances = of["xx"] + of["yy"] - means
        above = (mean * 2 + _C1) * (covariance * 2 + _C2)
        return above / ((means + _C1) * (variances + _C2))

    windows = {"x": x.reduce(_WINDOW), "y": y.reduce(_WINDOW)}
    windows |= {"xx": product(x, x), "yy": product(y, y), "xy": product(x, y)}
    similar: Image.Image = ImageMath.lambda_eval(formula, **windows)
    mean = similar.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, float)
    return mean


def lost(originals: Sequence[Path], steps: Sequence[str], quality: int) -> float:
    """Say how much less our renditions keep than Pillow's defaults in as many bytes.

    Both are held against the original, scaled with Lanczos and no shortcut; Pillow gets to encode
    exactly that, so that what our shortcuts cost counts against us.  The mean over all renditions.
    """
    differences = [each for original in originals for each in _lost(original, steps, quality)]
    return sum(differences) / len(differences)


def _lost(original: Path, steps: Sequence[str], quality: int) -> Iterator[float]:
    with Image.open(original) as image:
        picture = ImageOps.exif_transpose(image.convert("RGB"))
    _, made = encode(original, rendition_sizes(*picture.size, steps), quality=quality)
    for ours in made:
        truth = picture.resize((ours.width, ours.height), Image.Resampling.LANCZOS)
        curve = [_point(truth, each) for each in _QUALITIES]
        yield between(curve, math.log(len(ours.data))) - ssim(truth, _decoded(ours.data))


def _point(truth: Image.Image, quality: int) -> tuple[float, float]:
    """Encode with Pillow's defaults; gives the logarithm of the bytes, and what was kept."""
    file = io.BytesIO()
    truth.save(file, "WEBP", quality=quality)
    return math.log(len(file.getvalue())), ssim(truth, _decoded(file.getvalue()))


def _decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def between(curve: Sequence[tuple[float, float]], at: float) -> float:
    """Read a rising curve at ``at``, along straight lines; beyond its ends along the last one."""
    ends = list(pairwise(curve))
    (x0, y0), (x1, y1) = next((each for each in ends if at <= each[1][0]), ends[-1])
    return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
