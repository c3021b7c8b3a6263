"""What a file says of places, devices and owners, taken out of its bytes without moving any other.

Nothing here opens a file.  ``public_patches`` gives edits that keep the file's length, so that
pixels, colour profile, orientation, camera model, dates and credits stay byte for byte what they
were.  Taken out are

- **places**, unless they are kept: coordinates, GeoTIFF, names of cities and countries;
- **serial numbers** of cameras, lenses and drones, and identifiers of devices;
- **names of owners** and of their computers; who made a picture is its credit, and stays;
- **thumbnails**, second pictures and previews, which may show what their owner cut away;
- **maker notes**, whole: they hold all of that, in ways that nobody published;

from EXIF, XMP, IPTC and Photoshop's resources, in **JPEG** (with the pictures and films behind the
first), **PNG**, **WebP**, **TIFF**, **DNG** (which keeps its previews), **HEIC**, **AVIF**,
**JPEG XL**, **JPEG 2000**, **GIF** (XMP alone), and **MP4** and **MOV** with their tracks of sensor
data, **WebM** (tags).  Other raw files that hold a maker note are refused: their pixels need it.

Not looked at: captions, keywords and comments that name a place or a person in words, the creator's
own address, and the pictures themselves.

Whoever changes what is taken out adds one to ``public_rules.RULES``.
"""

from pelican_photos.metadata.kinds import Scanner
from pelican_photos.metadata.patch import Data, Patch
from pelican_photos.metadata.rules import Rules

__all__ = ["Data", "Patch", "public_patches"]


def public_patches(data: Data, *, keep_places: bool) -> tuple[Patch, ...]:
    """Find what has to be overwritten, and with what, so that a file may be seen by everyone.

    The patches are sorted, do not overlap, and each changes something; there are none when there is
    nothing to remove, or when the format (told by its first bytes) is none that holds metadata.

    Raises:
        MetadataError: there are metadata that cannot be read whole, so nobody knows what they say.
    """
    return Scanner(len(data), Rules(keep_places)).patches(data)
