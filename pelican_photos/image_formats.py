"""What renditions are encoded as: WebP for everybody, AVIF for browsers that take it."""

import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping

import PIL
from PIL import Image, features

from pelican_photos.errors import SettingsError

# Method 2 takes 45 % of the time of libwebp's default, 4, for 3 to 4 % more bytes and 0.002 of SSIM
# at as many bytes; of small pictures, 0.004.  A list shows many small ones, and for them 4 costs
# little: a twentieth of what all renditions of a photo do.
_METHOD, _METHOD_OF_SMALL = 2, 4
_SMALL = 190_000  # pixels, such as 400 by 475
# At speed 8 libaom takes three times as long as at 9, for 2 % fewer bytes.
_SPEED = 9

# These go into the key of every rendition, beside the versions of Pillow and of the library:
# whoever changes how pixels are made, here or below us, makes new renditions.  The first number
# counts our own changes to the format's files.
_ENCODERS = {
    "webp": ("3", f"method {_METHOD}, {_METHOD_OF_SMALL} up to {_SMALL} pixels"),
    "avif": ("3", f"speed {_SPEED}"),
}

# In libavif's list of its codecs: "dav1d [dec]:1.5.3, aom [enc]:3.14.1".
_ENCODING = re.compile(r"(?P<name>[\w-]+) \[enc[^]]*\]:(?P<version>[^\s,]+)")

# Qualities of WebP, and those of AVIF that have the same SSIM on average; decision 16 says how they
# were measured.  Between two of them the line is straight.
_AVIF_QUALITIES = (
    *((1, 12), (20, 29), (35, 36), (50, 45), (60, 48), (70, 51)),
    *((78, 55), (85, 65), (92, 77), (97, 86), (100, 91)),
)


def require(formats: Iterable[str]) -> None:
    """Make sure that Pillow can write each format.

    Raises:
        SettingsError: it was built without one of them.
    """
    for form in formats:
        if not features.check(form):
            raise SettingsError(
                f'PHOTOS_FORMATS names "{form}", which this Pillow was built without; '
                "try: pip install -U pillow, or leave it out"
            )


def maker(form: str, quality: int) -> str:
    """Say all that makes a rendition of this format besides its original and its size."""
    change, ways = _ENCODERS[form]
    encoder = f"{change} Pillow {PIL.__version__} lib{form} {features.version(form)} {ways}"
    if form == "webp":
        return f"quality {quality} {encoder}"
    return f"{form} quality {avif_quality(quality)} {encoder} by {_encoder_of_avif()}"


def _encoder_of_avif() -> str:
    """Name what encodes below libavif, which takes the first that can: "aom 3.14.1"."""
    from PIL import _avif  # noqa: PLC0415 - not in every Pillow

    found = _ENCODING.search(_avif.codec_versions())
    return f"{found['name']} {found['version']}" if found else "unknown 0"


def reader() -> str:
    """Say what may read an original otherwise elsewhere: JPEG, colour profiles, and HEIC.

    The keys of renditions do not have it: those that lie in a cache are as good as others.
    """
    jpeg = f"jpg {features.version('jpg')} libjpeg_turbo {features.version('libjpeg_turbo')}"
    return f"{jpeg}; littlecms2 {features.version('littlecms2')}; pillow-heif {_reader_of_heic()}"


def _reader_of_heic() -> str:
    try:
        import pillow_heif  # noqa: PLC0415 - optional, and 10 MB
    except ImportError:
        return "none"
    return f"{pillow_heif.__version__} libheif {pillow_heif.libheif_version()}"


def avif_quality(quality: int) -> int:
    """Give the quality of an AVIF that looks as good as a WebP of ``quality``, 1 to 100."""
    place = bisect_right(_AVIF_QUALITIES, (quality, 100), 1, len(_AVIF_QUALITIES) - 1)
    (low, bottom), (high, top) = _AVIF_QUALITIES[place - 1 : place + 1]
    return round(bottom + (top - bottom) * (quality - low) / (high - low))


def encoded(picture: Image.Image, form: str, quality: int) -> bytes:
    """Encode a picture as "webp" or "avif"; ``quality`` is that of a WebP."""
    return _ENCODE[form](picture, quality)


# The empty values keep older Pillows from copying metadata along.


def _webp(picture: Image.Image, quality: int) -> bytes:
    small = picture.width * picture.height <= _SMALL
    method = _METHOD_OF_SMALL if small else _METHOD
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=quality, method=method, icc_profile=b"", exif=b"", xmp=b"")
    return file.getvalue()


def _avif(picture: Image.Image, quality: int) -> bytes:
    """One thread and one tile: other pictures have the other cores, and tiles cost bytes."""
    file = io.BytesIO()
    picture.save(
        file,
        "AVIF",
        quality=avif_quality(quality),
        speed=_SPEED,
        subsampling="4:2:0",
        max_threads=1,
        autotiling=False,
        icc_profile=b"",
        exif=b"",
        xmp=b"",
    )
    return file.getvalue()


_ENCODE: Mapping[str, Callable[[Image.Image, int], bytes]] = {"webp": _webp, "avif": _avif}
