"""What a picture or film says of itself: when, with what, where, and in whose words.

Nothing here opens a file, and nothing decides what reaches a page: these are suggestions.  All of
it was written by strangers, so a block that is damaged says nothing, and no other suffers:

- **EXIF** (Exif 2.32): capture time with its offset, camera, description, coordinates;
- **XMP** (ISO 16684-1): the same, title, alternative text, keywords, names of places;
- **IPTC-IIM** (4.2): title, caption, keywords, names of places;
- in **JPEG**, **PNG**, **WebP**, **HEIC** and **AVIF**; and **MP4** and **MOV** with their size,
  length, and what Apple's and Android's cameras say.
"""

from pelican_photos.embedded.blocks import blocks_of
from pelican_photos.embedded.details import NOTHING, Details, settled
from pelican_photos.embedded.exif import exif_details
from pelican_photos.embedded.film import film_details
from pelican_photos.embedded.iptc import iptc_details
from pelican_photos.embedded.xmp import xmp_details
from pelican_photos.errors import MetadataError
from pelican_photos.metadata import Data

__all__ = ["Details", "details_of"]


def details_of(data: Data) -> Details:
    """Read what a file says of itself; whatever it is, this raises nothing.

    XMP goes before IPTC, whose letters are often a guess, and both before EXIF, where cameras
    write; for the capture time and the coordinates it is the other way round.
    """
    found = blocks_of(data)
    exif = exif_details(found.exif)
    return settled(
        xmp_details(found.xmp), iptc_details(found.iptc), exif, film=_film(data), camera=exif
    )


def _film(data: Data) -> Details:
    try:
        return film_details(data)
    except MetadataError:
        return NOTHING
