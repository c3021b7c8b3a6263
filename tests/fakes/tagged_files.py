"""Files that say where they were taken, in every way this project knows; made here byte by byte."""

import hashlib
import io
import struct
import zlib

from PIL import Image

from pelican_photos.metadata import public_patches

# Rationals that occur nowhere else, and names that no format spells by chance.
LATITUDE = ((39, 1), (36, 1), (271_828, 9_973))
LONGITUDE = ((9, 1), (4, 1), (314_159, 9_967))
PLACE = b"Nazaretown"
COORDINATES = b"+39.6012-009.0710+031.4159/"
PICTURE = Image.effect_noise((48, 32), 60).convert("RGB")


def patches_of(data, *, keep_places=False):
    return public_patches(data, keep_places=keep_places)


def cleaned(data, *, keep_places=False):
    """Carry the patches out, and check what holds for every file."""
    patches = patches_of(data, keep_places=keep_places)
    result = bytearray(data)
    last = 0
    for patch in patches:
        assert last <= patch.offset
        assert patch.data
        last = patch.end
        result[patch.offset : last] = patch.data
    assert last <= len(data) == len(result)
    assert patches_of(bytes(result), keep_places=keep_places) == ()
    return bytes(result)


def traces(data, order):
    """The coordinates, as EXIF in a byte order would spell them, that are left in a file."""
    spelled = [rationals(values, order)[-8:] for values in (LATITUDE, LONGITUDE)]
    return [trace for trace in (*spelled, PLACE, COORDINATES) if trace in data]


# TIFF and EXIF


def rationals(values, order):
    return b"".join(struct.pack(f"{order}II", *value) for value in values)


class Exif:
    """Lays directories out one after another; a value is a type, a count and bytes."""

    def __init__(self, order="<"):
        self.order = order
        self.data = bytearray((b"II*\0" if order == "<" else b"MM\0*") + bytes(4))
        self.link(4, 8)

    def link(self, at, target):
        self.data[at : at + 4] = struct.pack(f"{self.order}I", target)

    def directory(self, entries, following=0):
        """Write a directory and its values at the end; give the place of each entry's value."""
        start = len(self.data)
        values = bytearray()
        table = struct.pack(f"{self.order}H", len(entries))
        places = {}
        after = start + 2 + 12 * len(entries) + 4
        for n, (tag, (kind, count, value)) in enumerate(sorted(entries.items())):
            places[tag] = start + 2 + 12 * n + 8
            if len(value) > 4:
                stored = struct.pack(f"{self.order}I", after + len(values))
                values += value + bytes(len(value) % 2)
            else:
                stored = value.ljust(4, b"\0")
            table += struct.pack(f"{self.order}HHI", tag, kind, count) + stored
        self.data += table + struct.pack(f"{self.order}I", following) + values
        return places

    def short(self, value):
        return 3, 1, struct.pack(f"{self.order}H", value)

    def long(self, value=0):
        return 4, 1, struct.pack(f"{self.order}I", value)

    def coordinates(self):
        return {
            0: (1, 4, b"\2\3\0\0"),
            1: (2, 2, b"N\0"),
            2: (5, 3, rationals(LATITUDE, self.order)),
            3: (2, 2, b"W\0"),
            4: (5, 3, rationals(LONGITUDE, self.order)),
            28: (7, 18, b"ASCII\0\0\0" + PLACE),
        }


def text(value):
    return 2, len(value) + 1, value + b"\0"


def blob(value):
    return 7, len(value), value


def exif(order="<", *, first=None, camera=None, thumbnail=b""):
    """An EXIF block: camera, orientation, dates, coordinates, and perhaps a thumbnail."""
    block = Exif(order)
    entries = {0x010F: text(b"Foo"), 0x0110: text(b"Bar 1"), 0x0112: block.short(6)}
    entries |= {0x8769: block.long(), 0x8825: block.long()} | (first or {})
    places = block.directory(entries)
    chain = 8 + 2 + 12 * len(entries)
    block.link(places[0x8769], len(block.data))
    block.directory(
        {0x9003: text(b"2024:05:12 18:03:00"), 0x8827: block.short(200)} | (camera or {})
    )
    block.link(places[0x8825], len(block.data))
    block.directory(block.coordinates())
    if thumbnail:
        block.link(chain, len(block.data))
        small = block.directory({0x0201: block.long(), 0x0202: block.long(len(thumbnail))})
        block.link(small[0x0201], len(block.data))
        block.data += thumbnail
    return bytes(block.data)


def canon_exif(order="<"):
    """An EXIF block with a maker note, whose offsets count from the block's beginning."""
    block = Exif(order)
    places = block.directory(
        {0x010F: text(b"Canon"), 0x0110: text(b"Canon EOS Bar"), 0x8769: block.long()}
    )
    block.link(places[0x8769], len(block.data))
    place = block.directory({0x9003: text(b"2024:05:12 18:03:00"), 0x927C: (7, 8, bytes(8))})
    note = len(block.data)
    block.directory({6: text(b"Canon EOS Bar"), 9: text(b"Olivia Owner"), 12: block.long(271_828)})
    block.link(place[0x927C], note)
    block.link(place[0x927C] - 4, len(block.data) - note)
    return bytes(block.data)


# XMP and IPTC


def xmp(properties=b"", attributes=b"", *, wrapped=True):
    """A packet with a title, and what else it is given."""
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        b' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        b' xmlns:exif="http://ns.adobe.com/exif/1.0/"'
        b' xmlns:xmpNote="http://ns.adobe.com/xmp/note/"'
        b' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"' + attributes + b">"
        b'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Boats</rdf:li></rdf:Alt></dc:title>'
        + properties
        + b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    if not wrapped:
        return packet
    head = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    return head + packet + b" " * 40 + b'<?xpacket end="w"?>'


CITY = b"<photoshop:City>" + PLACE + b"</photoshop:City>"


def datasets(*items):
    """IPTC-IIM of record 2: pairs of a data set's number and its value."""
    return b"".join(
        b"\x1c\2" + bytes([number]) + len(value).to_bytes(2) + value for number, value in items
    )


PLACES_OF_IPTC = datasets((26, PLACE), (90, PLACE), (5, b"Boats"), (101, PLACE), (120, b"Sea"))


def resources(iptc=PLACES_OF_IPTC):
    """Photoshop's image resources with IPTC and its digest."""
    digest = hashlib.md5(iptc).digest()
    return b"".join(
        b"8BIM" + number.to_bytes(2) + b"\0\0" + len(data).to_bytes(4) + data + bytes(len(data) % 2)
        for number, data in ((0x0404, iptc), (0x0425, digest))
    )


# JPEG, PNG, WebP


def encoded(kind, picture=PICTURE, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def segment(marker, data):
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def jpeg(*segments):
    """A JPEG with segments before its own."""
    data = encoded("JPEG")
    return data[:2] + b"".join(segments) + data[2:]


def app1(block):
    return segment(0xE1, b"Exif\0\0" + block)


def packet_segment(packet):
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def long_packets(extended, pieces=3):
    """A packet whose second part is in several segments, and named by its MD5."""
    name = hashlib.md5(extended).hexdigest().upper().encode()
    step = -(-len(extended) // pieces)
    parts = [
        segment(
            0xE1,
            b"http://ns.adobe.com/xmp/extension/\0"
            + name
            + struct.pack(">II", len(extended), at)
            + extended[at : at + step],
        )
        for at in range(0, len(extended), step)
    ]
    attribute = b' xmpNote:HasExtendedXMP="' + name + b'"'
    return [packet_segment(xmp(CITY, attribute)), *reversed(parts)]


def pictures_in_one(*kinds):
    """A JPEG, with others behind it, and the list that says of which kind each is."""
    other = jpeg()

    def first(length):
        block = Exif(">")
        lines = longs(0x20030000, length, 0) + bytes(4)
        for n, kind in enumerate(kinds):
            lines += longs(kind, len(other), length - 10 + n * len(other)) + bytes(4)
        block.directory(
            {
                0xB000: (7, 4, b"0100"),
                0xB001: block.long(len(kinds) + 1),
                0xB002: (7, len(lines), lines),
                0xB003: (7, 33, b"UNIQUE271828".ljust(33)),
            }
        )
        return jpeg(segment(0xE2, b"MPF\0" + bytes(block.data)))

    return first(len(first(10))) + other * len(kinds)


def longs(*values):
    return struct.pack(f">{len(values)}I", *values)


def chunk(kind, data):
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def png(*chunks):
    """A PNG with chunks before its pixels."""
    data = encoded("PNG")
    head = 8 + 12 + 13
    return data[:head] + b"".join(chunks) + data[head:]


def profile(name, data):
    """A profile as ImageMagick wrote it: hexadecimal, 36 bytes to the line."""
    digits = data.hex().encode()
    lines = b"".join(digits[at : at + 72] + b"\n" for at in range(0, len(digits), 72))
    return b"\n" + name + b"\n" + str(len(data)).encode().rjust(8) + b"\n" + lines


def riff_chunk(kind, data):
    return kind + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def webp(*chunks):
    """A WebP with chunks after its pixels."""
    body = encoded("WEBP", exif=b"II*\0\x08\0\0\0\0\0\0\0\0\0")[12:] + b"".join(chunks)
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body
