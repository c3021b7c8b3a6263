"""Where a picture or film was taken, found in its bytes and taken out without moving anything else.

Nothing here opens a file.  ``location_patches`` gives edits that keep the file's length, so that
pixels, colour profile, orientation, camera and dates stay byte for byte what they were:

- **EXIF and TIFF**: the directory of coordinates, GeoTIFF, places in Panasonic's and Nikon's maker
  notes, and all of that in thumbnails;
- **XMP**: every property that names a place, also in packets that JPEG splits;
- **IPTC**: city, sub-location, province, country, and the places shown;
- in **JPEG** (with the pictures and films behind the first), **PNG**, **WebP**, **TIFF** and raw
  files like it, **HEIC**, **AVIF**, **JPEG XL**, **JPEG 2000**, **CR3**, **GIF** (XMP alone), and
  **MP4** and **MOV** with their tracks of sensor data, **WebM** (tags).

Not looked at: captions, keywords and comments that name a place in words, the creator's own
address, what a maker note keeps in a way that nobody published, and the pictures themselves.
"""

from pelican_photos.metadata.kinds import Scanner
from pelican_photos.metadata.patch import Data, Patch

__all__ = ["Data", "Patch", "location_patches"]


def location_patches(data: Data) -> tuple[Patch, ...]:
    """Find what has to be overwritten, and with what, so that a file says nothing of a place.

    The patches are sorted, do not overlap, and each changes something; there are none when there is
    nothing to remove, or when the format (told by its first bytes) is none that holds metadata.

    Raises:
        MetadataError: there are metadata that cannot be read whole, so nobody knows what they say.
    """
    return Scanner(len(data)).patches(data)
