"""What kind of file some bytes are, by their first 16 bytes and never by their name.

Signatures: JPEG ISO/IEC 10918-1 B.1.1.3, PNG 5.2, WebP container spec, GIF89a 17,
ISO/IEC 14496-12 4.3 (``ftyp`` and its brands), Matroska EBML.
"""

_IMAGE_BRANDS = {b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"msf1": "heic"}
_IMAGE_BRANDS |= {b"heim": "heic", b"heis": "heic", b"avif": "avif", b"avis": "avif"}

PICTURES = frozenset({"jpg", "png", "webp", "gif", "heic", "avif"})
VIDEOS = frozenset({"mp4", "mov", "webm"})


def extension_of(head: bytes) -> str:
    """Give the extension a file should have, without its dot; "" for a foreign format."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _IMAGE_BRANDS.get(head[8:12], "mov" if head[8:12] == b"qt  " else "mp4")
    return "webm" if head.startswith(b"\x1a\x45\xdf\xa3") else ""
