"""What may not leave: the words by which files speak of places, of devices, and of owners.

A property is told by its local name, whatever prefix it has: exif, aux, photoshop, Iptc4xmpCore and
the drones' namespaces agree on how they name a place or a serial number, and no other says so.
Credits are no secret: artist, creator, author, by-line and copyright stay.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pelican_photos.metadata.patch import Patch

_PLACE_NAME = re.compile(
    rb".*(?i:gps).*|.*(?i:latitude|longtitude|longitude|altitude|geolocation|geotag).*"
    rb"|Location.*|.*Location|location|LOCATION|Sublocation|City|State|Country|CountryCode|CountryName"
    rb"|ProvinceState|WorldRegion|lat|long?|spatial|coverage"
)
_PRIVATE_NAME = re.compile(
    rb"(?i:.*serial.*|.*owner[ _]?(?:name|id)|camera ?owner|host ?computer|.*maker ?note.*"
    rb"|(?:image|camera|device|drone|phone)_?(?:unique)?_?(?:id|uuid)|uniquecameraid|.*\bimei\b.*"
    rb"|.*thumbnails?|thumbnail:.*|shotlogdata|person(?:emaildigest|liveidcid)"
    rb"|filepath|lasturl|umidref|.*projectpath|thumb::uri)"
)
# Words of either kind, by which a damaged packet gives away that it should be refused.
_PLACE_HINT = re.compile(
    rb"(?i:gps|titude|geotag|location)|:(?:City|State|Country|ProvinceState|WorldRegion|lat|long?)\b"
)
_PRIVATE_HINT = re.compile(rb"(?i:serial|owner_?name|hostcomputer|maker_?note|thumbnail|filepath)")
# Words by which a block that nobody here can read gives away what it holds:
# JSON and CBOR of content credentials, GoPro's four-letter keys, drone subtitles, NMEA sentences.
_PLACE_BLOCK = re.compile(
    rb"GPS(?:[A-Z][a-z]|[_ ]?\(|[ _](?:lat|lon|pos|coord)|[59PULASF])"
    rb"|[Ll](?:at|ong)itude|ISO6709|[Gg]eo[Ll]ocation|\$G[PNL](?:RMC|GGA)"
)
_PRIVATE_BLOCK = re.compile(
    rb"(?i:serial[ _-]?(?:number|num|no)\b|(?:Lens|Body|Camera)SerialNumber|owner[ _]?name)"
    rb"|CASN[cC]|c2pa\.thumbnail"
)
# The names of tags in films: Apple's, Android's, iTunes', Matroska's.
_PLACE_KEY = re.compile(
    rb"location|gps|latitude|longitude|altitude|iso6709|[\xa9@]xyz", re.IGNORECASE
)
_PRIVATE_KEY = re.compile(
    rb"serial|owner|host.?computer|(?:content|camera|device)[._]?(?:identifier|id\b|uuid)"
    rb"|originating\.signature|\bu[ud]id\b|\bimei\b|makernote|thumbnail|^(?:apID|ownr|xid )$",
    re.IGNORECASE,
)
# What Insta360 puts behind the last byte of a picture or film, with a serial number in it, ends so.
LOG_END = b"8db42d694ccc418790edff439fe026bf"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is taken out of a file: always what is private, and places unless they are kept."""

    keep_places: bool

    def hide_name(self, name: bytes) -> bool:
        """Tell whether a property of this name, as XMP and PNG's texts spell it, must go."""
        local = name.rpartition(b":")[2]
        private = _PRIVATE_NAME.fullmatch(local) or _PRIVATE_NAME.fullmatch(name)
        return bool(private or (not self.keep_places and _PLACE_NAME.fullmatch(local)))

    def hint(self, packet: bytes) -> bool:
        """Tell whether a packet that is not well-formed may hold such a property."""
        place = not self.keep_places and _PLACE_HINT.search(packet)
        return bool(place or _PRIVATE_HINT.search(packet))

    def hide_block(self, block: bytes) -> bool:
        """Tell whether a block that we cannot read says, in plain letters, what must go."""
        return names_a_place(block, self) or _PRIVATE_BLOCK.search(block) is not None

    def hide_key(self, name: bytes) -> bool:
        """Tell whether a film's tag of this name must go."""
        place = not self.keep_places and _PLACE_KEY.search(name)
        return bool(place or _PRIVATE_KEY.search(name))


def names_a_place(block: bytes, rules: Rules) -> bool:
    """Tell whether a block says, in plain letters, where it was, and must not."""
    return not rules.keep_places and _PLACE_BLOCK.search(block) is not None


class Scan(Protocol):
    """Finds what has to be changed in a block inside another, whatever its kind turns out to be."""

    @property
    def rules(self) -> Rules:
        """What has to be taken out."""
        ...

    @property
    def outermost(self) -> bool:
        """Whether the block that is being read is the file itself."""
        ...

    def __call__(self, block: bytes) -> Sequence[Patch]:
        """Look into a block.

        Raises:
            MetadataError: it cannot be read whole.
        """
        ...


def block_patches(block: bytes, scan: Scan) -> Sequence[Patch]:
    """Clean a block of a known format; empty one of none that gives away what must go.

    Raises:
        MetadataError: it is of a known format, and cannot be read whole.
    """
    edits = scan(block)
    if not edits and scan.rules.hide_block(block):
        return [Patch(0, bytes(len(block)))]
    return edits
