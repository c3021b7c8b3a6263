"""Pictures, through Pillow and nowhere else: measure them, check them, make renditions of them.

A rendition is upright, in sRGB, opaque and without any metadata, whatever the
original was.  Which sizes are wanted is not decided here.
"""

import struct
import threading
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import PIL
from PIL import ExifTags, Image, ImageCms, ImageFile

from pelican_photos.errors import ImageError
from pelican_photos.image_colour import in_srgb
from pelican_photos.image_formats import encoded, maker, require
from pelican_photos.image_memory import PLACES, held, reduced_in_strips

__all__ = ["Checked", "Encoded", "Measured", "check", "encode", "maker", "measure", "require"]

# How much larger than its target the box filter, which is quick, may leave a picture to the one
# that scales it.  Without the box filter BICUBIC keeps as much as LANCZOS does at as many bytes of
# WebP, within 0.0003 of SSIM, in two thirds of the time.  Behind it LANCZOS keeps 0.002 more, and
# has so little left to do that both take less time than BICUBIC alone.
_REDUCING_GAP = 1.3

# The largest phone sensors have 200 million pixels, stitched panoramas more or less as many.
# A decoded pixel takes four bytes, so this also bounds what one hostile file can take.
_MOST_PIXELS = 250_000_000

# An explicit list: Pillow also opens formats that start other programs (EPS).
# "JPEG" includes MPO, the JPEG with a second picture behind it that phones write.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
# The brands of ISO/IEC 23008-12 that may hold HEVC pictures.
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

# What Pillow's parsers raise when bytes are not what they should be (found by fuzzing).
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    MemoryError,
    ImageCms.PyCMSError,
    struct.error,
    zlib.error,
)

# Orientation (Exif 2.32, tag 0x0112) to what makes the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Grey levels of 255 between the darkest and the lightest of 72 fields; below it is noise.
_LEAST_CONTRAST = 8

# Pillow's pixel limit and Python's warning filters belong to the whole process.
_PROCESS_WIDE = threading.Lock()


class Measured(NamedTuple):
    """A picture as it is meant to be seen: in pixels, after its EXIF orientation."""

    width: int
    height: int
    format: str  # "JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF" or "HEIF"


class Checked(NamedTuple):
    """A picture that can be decoded to its last pixel.

    ``look`` is its difference hash, 16 hexadecimal digits: pictures that look alike differ in
    a few of its 64 bits.  Each bit says of two neighbours of a 9 x 8 grid which is lighter.
    A picture that is all of one tone looks like nothing: "".
    """

    width: int
    height: int
    format: str
    look: str


class Encoded(NamedTuple):
    """One rendition; ``data`` is a whole file."""

    width: int
    height: int
    data: bytes
    format: str = "webp"  # or "avif"


def measure(path: Path) -> Measured:
    """Read the header alone.

    Raises:
        ImageError: the file is no picture, is too large, or cannot be read.
    """
    with _opened(path) as (image, orientation):
        return _measured(image, orientation)


def check(path: Path) -> Checked:
    """Decode every pixel, so that a file that stops half-way is not taken for a picture.

    Raises:
        ImageError: the file is truncated, corrupt, or no picture.
    """
    with _opened(path) as (image, orientation):
        measured = _measured(image, orientation)
        _load(image, path)
        with _explained(path):
            return Checked(*measured, _look(image, orientation))


def encode(
    path: Path,
    sizes: Sequence[tuple[int, int]],
    *,
    quality: int,
    avif: Sequence[tuple[int, int]] = (),
    beside: Sequence[tuple[int, int]] = (),
) -> tuple[str, list[Encoded]]:
    """Give the mean colour ("#7a6a58"), one WebP for each (width, height), then the AVIFs.

    Both are in the order of their sizes.  The original is decoded once; each size is made from
    the next larger one, for both formats.  Those ``beside`` are scaled and not encoded: a
    rendition that is made alone gets the same bytes when it is told of all others.  ``quality``
    is that of WebP; AVIF looks as good.

    Raises:
        ImageError: the file is truncated, corrupt, or no picture.
    """
    every = sorted({*sizes, *avif, *beside}, reverse=True)
    made = {}
    with _explained(path):
        picture = _upright_in_srgb(path, every[0])
        for size in every:
            picture = _resized(picture, size)
            for form, wanted in (("webp", sizes), ("avif", avif)):
                if size in wanted:
                    made[form, size] = Encoded(*size, encoded(picture, form, quality), form)
        colour = _mean_colour(picture)
    return colour, [made["webp", size] for size in sizes] + [made["avif", size] for size in avif]


# Reading


@contextmanager
def _opened(path: Path) -> Iterator[tuple[ImageFile.ImageFile, int]]:
    """Open the header; yield it with the orientation that is still to be applied."""
    with _explained(path), _unhindered():
        image = Image.open(path, formats=(*_heic(path), *_FORMATS))
        orientation = _orientation(image)
    with image:
        pixels = image.width * image.height
        if not 0 < pixels <= _MOST_PIXELS:
            raise ImageError(
                f"{path} has {pixels / 1e6:.0f} million pixels, and at most "
                f"{_MOST_PIXELS / 1e6:.0f} million can be read; scale it down"
            )
        yield image, orientation


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn whatever Pillow raises about ``path`` into one sentence."""
    try:
        yield
    except PIL.UnidentifiedImageError:
        raise ImageError(
            f"{path} is not a picture in a format that is known here: "
            "JPEG, PNG, WebP, GIF, TIFF, BMP, AVIF, HEIC"
        ) from None
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno:
            raise ImageError(f"{path} cannot be read: {error.strerror}") from error
        if isinstance(error, MemoryError):
            raise ImageError(f"{path} does not fit into memory; scale it down") from error
        raise ImageError(f"{path} is truncated or corrupt: {error}; fetch it again") from error


@contextmanager
def _unhindered() -> Iterator[None]:
    """Let Pillow go about a file without warnings, and without its own limit of pixels."""
    with _PROCESS_WIDE, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _heic(path: Path) -> tuple[str, ...]:
    """Name the extra format that ``path`` needs; pillow-heif is loaded only for such a file."""
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] != b"ftyp" or head[8:12] not in _HEIC_BRANDS or b"avif" in head:
        return ()
    try:
        import pillow_heif  # noqa: PLC0415 - optional, and 10 MB
    except ImportError:
        raise ImageError(
            f"{path} is HEIC, which needs one more package: pip install 'pelican-photostream[heic]'"
        ) from None
    pillow_heif.register_heif_opener()
    return ("HEIF",)


def _orientation(image: Image.Image) -> int:
    """Read the EXIF orientation, from 1 to 8."""
    if image.format == "TIFF":
        return 1  # Pillow turns these while it decodes
    try:
        # Not image.getexif(): for a PNG without EXIF that decodes the whole picture.
        orientation = Image.Image.getexif(image).get(ExifTags.Base.Orientation)
    except _BROKEN:
        return 1  # as browsers do with EXIF that cannot be read
    return orientation if orientation in _UPRIGHT else 1


def _measured(image: ImageFile.ImageFile, orientation: int) -> Measured:
    width, height = _turned(image.size, orientation)
    return Measured(width, height, "JPEG" if image.format == "MPO" else str(image.format))


def _turned(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return size[::-1] if orientation >= 5 else size


def _load(image: ImageFile.ImageFile, path: Path) -> None:
    with _explained(path):
        if image.format != "TIFF":
            image.load()
            return
        with _unhindered():  # TIFF alone meets the limit of pixels again, and warns again
            image.load()


def _look(image: Image.Image, orientation: int) -> str:
    if image.mode not in ("L", "RGB"):
        image = image.convert("L" if image.mode[:1] in "IF" else "RGB")
    small = image.resize(_turned((9, 8), orientation), Image.Resampling.BOX, reducing_gap=2.0)
    grey = small.convert("L")
    if orientation in _UPRIGHT:
        grey = grey.transpose(_UPRIGHT[orientation])
    levels = grey.tobytes()
    if max(levels) - min(levels) < _LEAST_CONTRAST:
        return ""
    bits = (levels[i] > levels[i + 1] for i in range(72) if i % 9 < 8)
    return f"{sum(bit << place for place, bit in enumerate(bits)):016x}"


# Making


def _upright_in_srgb(path: Path, size: tuple[int, int]) -> Image.Image:
    """Decode ``path`` to ``size``.  What costs by the pixel is done after the reduction."""
    with _opened(path) as (image, orientation):
        stored, whole = _turned(size, orientation), image.width * image.height
        image.draft(None, stored)  # a JPEG is decoded at 1/2, 1/4 or 1/8 where that is enough
        profile = image.info.get("icc_profile")
        with PLACES.taken(held(image, whole)):
            _load(image, path)
            picture = _reduced(image, stored, path)
            if picture is not image:
                image.close()  # frees the pixels now
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
    return in_srgb(picture, profile)


def _reduced(image: Image.Image, size: tuple[int, int], path: Path) -> Image.Image:
    """Make opaque and resize.  A picture that has to be changed first is never there twice."""
    across, down = boxes = _boxes(image.size, size)
    if boxes == (1, 1) or _is_opaque(image):
        return _resized(_opaque(image, path), size)
    small = reduced_in_strips(image, boxes, lambda strip: _opaque(strip, path))
    # The last column and row may stand for fewer pixels than the others.
    box = (0, 0, image.width / across, image.height / down)
    return small.resize(size, Image.Resampling.LANCZOS, box)


def _is_opaque(image: Image.Image) -> bool:
    return image.mode in ("L", "RGB", "CMYK") and not image.has_transparency_data


def _opaque(image: Image.Image, path: Path) -> Image.Image:
    """Give eight-bit L, RGB or CMYK; what is transparent becomes white, as on paper."""
    if image.mode.startswith("I"):  # 16 bits, where convert("L") alone would clip
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        kind = "L" if image.mode in ("1", "L", "LA", "La") else "RGB"
        layer = image.convert("LA" if kind == "L" else "RGBA")
        paper = Image.new(kind, image.size, "white")
        paper.paste(layer.convert(kind), mask=layer.getchannel("A"))
        return paper
    if _is_opaque(image):
        return image
    if image.mode in ("1", "P", "RGBX", "YCbCr"):
        return image.convert("L" if image.mode == "1" else "RGB")
    raise ImageError(f"{path} has pixels of the kind {image.mode}; save it as RGB")


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    alone = _boxes(image.size, size) == (1, 1)
    scaling = Image.Resampling.BICUBIC if alone else Image.Resampling.LANCZOS
    return image.resize(size, scaling, reducing_gap=_REDUCING_GAP)


def _boxes(whole: tuple[int, int], wanted: tuple[int, int]) -> tuple[int, int]:
    """Say how many pixels the box filter makes one of, across and down, as Pillow reckons it."""
    across, down = (
        int(before / after / _REDUCING_GAP) or 1
        for before, after in zip(whole, wanted, strict=True)
    )
    return across, down


def _mean_colour(picture: Image.Image) -> str:
    return "#" + picture.resize((1, 1), Image.Resampling.BOX).tobytes().hex()
