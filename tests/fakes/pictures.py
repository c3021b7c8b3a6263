"""Draws the pictures that tests need: upright and turned, in every mode, with hand-made profiles.

The ICC profiles are written here byte by byte, and the colours they should lead
to are computed here too, so that no test asks a library to confirm itself.
"""

import io
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw

from pelican_photos.images import encode

Colour = tuple[int, int, int]
Matrix = tuple[tuple[float, ...], ...]

# Top left, top right, bottom left, bottom right: no two alike, none saturated.
CORNERS: tuple[Colour, ...] = ((200, 60, 50), (60, 170, 80), (50, 80, 180), (220, 200, 120))

# Columns: red, green and blue in XYZ, adapted to D50 as ICC wants them.
SRGB: Matrix = (
    (0.43607, 0.38515, 0.14307),
    (0.22249, 0.71687, 0.06061),
    (0.01392, 0.09708, 0.71410),
)
DISPLAY_P3: Matrix = (
    (0.51512, 0.29198, 0.15710),
    (0.24120, 0.69225, 0.06657),
    (-0.00105, 0.04189, 0.78407),
)
ADOBE_RGB: Matrix = (
    (0.60974, 0.20528, 0.14919),
    (0.31111, 0.62567, 0.06322),
    (0.01947, 0.06087, 0.74457),
)
_D50 = (0.9642, 1.0, 0.8249)

# What each orientation asks a viewer to undo.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def scene(width: int = 240, height: int = 180) -> Image.Image:
    """Draw four quarters in the colours of ``CORNERS``."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for number, colour in enumerate(CORNERS):
        left, top = number % 2 * width // 2, number // 2 * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return image


def png_of_sixteen_bits(image: Image.Image, profile: bytes, *, alpha: bool = False) -> bytes:
    """Give the file of a picture with 16 bits a channel, which Pillow reads but cannot write.

    The layout is that of PNG's third edition, sections 5.3 and 11.2: big-endian samples.
    """
    samples = image.convert("RGBA" if alpha else "RGB").tobytes()
    stride = image.width * (3 + alpha)
    rows = bytearray()
    for start in range(0, len(samples), stride):
        rows.append(0)  # no filter
        rows += b"".join(bytes((value, value)) for value in samples[start : start + stride])
    header = struct.pack(">IIBBBBB", *image.size, 16, 6 if alpha else 2, 0, 0, 0)
    chunks = {
        b"IHDR": header,
        b"iCCP": b"profile\0\0" + zlib.compress(profile),
        b"IDAT": zlib.compress(bytes(rows)),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks.items()
    )


def saved_scene(width: int, form: str = "JPEG", **options) -> bytes:
    """Give the file of a scene: the same picture at any size, in any format."""
    file = io.BytesIO()
    scene(width, width * 3 // 4).save(file, form, **{"quality": 90} | options)
    return file.getvalue()


def corners(image: Image.Image) -> list[Colour]:
    """Read the middle of each quarter, in the order of ``CORNERS``."""
    image = image.convert("RGB")
    width, height = image.size
    return [
        image.getpixel((width * (1 + 2 * column) // 4, height * (1 + 2 * row) // 4))
        for row in (0, 1)
        for column in (0, 1)
    ]


def difference(first: Sequence[Colour], second: Sequence[Colour]) -> float:
    """Give the largest difference of any channel, in levels of 255."""
    return max(
        abs(a - b)
        for one, other in zip(first, second, strict=True)
        for a, b in zip(one, other, strict=True)
    )


def save(path: Path, image: Image.Image, *, orientation: int = 1, **options) -> Path:
    """Store what a viewer shows as ``image``, high in quality; the suffix says the format."""
    if orientation in _STORED:
        image = image.transpose(_STORED[orientation])
    if orientation != 1:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    if path.suffix == ".jpg":
        options = {"quality": 95, "subsampling": 0, **options}
    image.save(path, **options)
    return path


def shown(path, size=(120, 90), quality=95):
    """Read the rendition of ``size`` back."""
    _, [encoded] = encode(path, [size], quality=quality)
    return Image.open(io.BytesIO(encoded.data))


def truncated(path: Path, source: Path, share: float = 0.6) -> Path:
    """Keep only the beginning of a file."""
    whole = source.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return path


def claiming(path: Path, width: int, height: int) -> Path:
    """Write a JPEG of a few bytes that says it is ``width`` by ``height``."""
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG")
    data = bytearray(file.getvalue())
    frame = data.index(b"\xff\xc0")  # SOF0: marker, length, precision, height, width
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    path.write_bytes(data)
    return path


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """Draw something that is different for each seed, and not too easy to compress."""
    tile = Image.effect_noise((width // 8, height // 8), 60 + seed % 40)
    return Image.merge("RGB", [tile.rotate(90 * turn) for turn in range(3)]).resize((width, height))


# Profiles


def srgb_profile() -> bytes:
    """Give the profile that most files carry."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def matrix_profile(primaries: Matrix, gamma: float = 2.2) -> bytes:
    """Write a display profile: three primaries and one curve."""
    tags = {b"wtpt": _xyz(_D50)}
    for column, letter in enumerate(b"rgb"):
        tags[bytes([letter]) + b"XYZ"] = _xyz([row[column] for row in primaries])
        tags[bytes([letter]) + b"TRC"] = _curve(gamma)
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def grey_profile(gamma: float) -> bytes:
    """Write a profile of one channel and one curve."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"wtpt": _xyz(_D50), b"kTRC": _curve(gamma)})


def cmyk_profile(inks: dict[tuple[int, int, int, int], tuple[int, int, int]]) -> bytes:
    """Write a press profile: the Lab colour of each corner of the CMYK cube; others are black."""
    identity = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    ramp = bytes(range(256))
    table = bytearray()
    for node in range(16):  # cyan changes slowest
        ink = tuple(node >> shift & 1 for shift in (3, 2, 1, 0))
        lightness, a, b = inks.get(ink, (0, 0, 0))
        table += bytes((round(lightness * 2.55), a + 128, b + 128))
    lut = (
        b"mft1\0\0\0\0"
        + bytes((4, 3, 2, 0))
        + struct.pack(">9i", *(65536 * value for value in identity))
        + ramp * 4
        + bytes(table)
        + ramp * 3
    )
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": _xyz(_D50), b"A2B0": lut})


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def _curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Put tags behind a header of version 2.4 (ICC.1:2001-04, section 6)."""
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = (
        struct.pack(">I4sI", offset + len(body), b"\0\0\0\0", 0x02400000)
        + kind
        + space
        + connection
        + struct.pack(">6H", 2024, 1, 1, 0, 0, 0)
        + b"acsp"
        + bytes(28)
        + struct.pack(">3i", *(round(value * 65536) for value in _D50))
    ).ljust(128, b"\0")
    return header + table + body


# The colours they lead to


def srgb_of(colour: Colour, primaries: Matrix, gamma: float = 2.2) -> Colour:
    """Compute what a colour of a matrix profile is in sRGB."""
    linear = [(value / 255) ** gamma for value in colour]
    return _srgb_of_xyz([sum(a * b for a, b in zip(row, linear, strict=True)) for row in primaries])


def srgb_of_lab(lightness: float, a: float, b: float) -> Colour:
    """Compute what a Lab colour (D50) is in sRGB."""
    middle = (lightness + 16) / 116
    cubes = (middle + a / 500, middle, middle - b / 200)
    return _srgb_of_xyz(
        [
            white * (root**3 if root > 6 / 29 else (root - 4 / 29) * 3 * (6 / 29) ** 2)
            for white, root in zip(_D50, cubes, strict=True)
        ]
    )


def _srgb_of_xyz(xyz: Sequence[float]) -> Colour:
    """Solve for linear sRGB by Cramer's rule, then bend it (IEC 61966-2-1)."""
    whole = _determinant(SRGB)
    values = []
    for column in range(3):
        replaced = tuple(
            tuple(xyz[row] if at == column else SRGB[row][at] for at in range(3))
            for row in range(3)
        )
        linear = min(1.0, max(0.0, _determinant(replaced) / whole))
        bent = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
        values.append(round(255 * bent))
    return (values[0], values[1], values[2])


def _determinant(m: Matrix) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )
