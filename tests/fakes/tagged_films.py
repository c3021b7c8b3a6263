"""Films and HEIC files that say where they were taken; made here, box by box."""

import struct

from fakes.tagged_files import COORDINATES, PLACE

QUICKTIME = b"com.apple.quicktime."
FRAMES = b"FRAMES" * 50
SENSED = b"GPS5" + COORDINATES


def box(kind, *parts):
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4) + kind + body


def full(kind, *parts, version=0):
    return box(kind, bytes([version, 0, 0, 0]), *parts)


def longs(*values):
    return struct.pack(f">{len(values)}I", *values)


def track(handler, formats, offsets, sizes, per_chunk=1):
    """A track whose samples lie in chunks at the offsets, so many in each."""
    table = box(
        b"stbl",
        full(b"stsd", longs(1), formats),
        full(b"stts", longs(1, len(sizes), 1000)),
        full(b"stsc", longs(1, 1, per_chunk, 1)),
        full(b"stsz", longs(0, len(sizes), *sizes)),
        full(b"stco", longs(len(offsets), *offsets)),
    )
    media = box(
        b"mdia",
        full(b"mdhd", longs(0, 0, 1000, 1000), bytes(4)),
        full(b"hdlr", b"mhlr", handler, bytes(12), b"\0"),
        box(b"minf", full(b"nmhd"), box(b"dinf", full(b"dref", longs(1), full(b"url "))), table),
    )
    return box(b"trak", full(b"tkhd", longs(0, 0, 1, 0, 1000), bytes(60)), media)


def sample_format(kind, *parts):
    return box(kind, bytes(6), b"\0\1", *parts)


def film(*parts, samples=b"", brand=b"isom"):
    """A film: sound, the samples of another track, and what else its ``moov`` holds."""
    head = box(b"ftyp", brand, bytes(4), brand)
    content = box(b"mdat", FRAMES, samples)
    first = len(head) + 8
    sound = track(b"soun", sample_format(b"sowt", bytes(20)), [first], [len(FRAMES)])
    built = [part(first + len(FRAMES)) if callable(part) else part for part in parts]
    moov = box(b"moov", full(b"mvhd", longs(0, 0, 1000, 1000), bytes(80)), sound, *built)
    return head + content + moov


def log(handler=b"meta", kind=b"gpmd", *, count=6, per_chunk=2, parts=b""):
    """A track whose samples lie in the film behind the sound, each as long as ``SENSED``."""
    chunks = -(-count // per_chunk)

    def at(start):
        offsets = [start + n * per_chunk * len(SENSED) for n in range(chunks)]
        sizes = [len(SENSED)] * count
        return track(handler, sample_format(kind, parts), offsets, sizes, per_chunk)

    return at


def data_atom(value):
    return box(b"data", longs(1, 0), value)


def keyed(**values):
    """QuickTime's list of keys and values; ``__`` stands for a dot."""
    names = [QUICKTIME + name.replace("__", ".").encode() for name in values]
    keys = full(b"keys", longs(len(names)), *(box(b"mdta", name) for name in names))
    items = [box(longs(n), data_atom(value)) for n, value in enumerate(values.values(), start=1)]
    handler = full(b"hdlr", bytes(4), b"mdta", bytes(13))
    return box(b"meta", handler, keys, box(b"ilst", *items))


def user_data():
    """Coordinates as Apple and Android, and as 3GPP write them, and a camera's name."""
    international = len(COORDINATES).to_bytes(2) + b"\x15\xc7" + COORDINATES
    place = b"\x15\xc7" + PLACE + b"\0\0" + longs(0x90710, 0x279A00, 0) + b"Earth\0\0"
    return box(
        b"udta",
        box(b"\xa9mod", b"\0\5\x15\xc7Bar 1"),
        box(b"\xa9xyz", international),
        full(b"loci", place),
        bytes(4),
    )


def small_picture(small=b"cutout", shared=0):
    """A HEIC of bytes instead of pictures: one made of two tiles, and its small copy of two."""
    contents = [b"grid", b"tile1", b"tile2", b"grid", small, small]
    infos = [
        full(b"infe", struct.pack(">HH", n, 0), kind, b"\0", version=2)
        for n, kind in enumerate([b"grid", b"hvc1", b"hvc1"] * 2, start=1)
    ]
    references = full(
        b"iref",
        box(b"dimg", struct.pack(">4H", 1, 2, 2, 3)),
        box(b"dimg", struct.pack(">4H", 4, 2, 5, 6)),
        box(b"thmb", struct.pack(">3H", 4, 1, 1)),
    )
    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")

    def meta(start):
        table = b""
        for n, data in enumerate(contents, start=1):
            at = start + sum(map(len, contents[: n - 1])) - (shared if n == 5 else 0)
            table += struct.pack(">HHHII", n, 0, 1, at, len(data))
        places = full(b"iloc", b"\x44\0", len(contents).to_bytes(2), table)
        handler = full(b"hdlr", bytes(4), b"pict", bytes(13))
        info = full(b"iinf", len(infos).to_bytes(2), *infos)
        return full(b"meta", handler, info, places, references)

    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", *contents)


def picture_items(*items, in_idat=False, version=1):
    """A HEIC without a picture: items are (kind, media type, bytes), in two pieces each."""
    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    infos = [
        full(
            b"infe",
            struct.pack(">HH", n, 0),
            kind,
            b"\0",
            media + b"\0" if media else b"",
            version=2,
        )
        for n, (kind, media, _) in enumerate(items, start=1)
    ]
    info = full(b"iinf", len(infos).to_bytes(2), *infos)
    content = b"".join(data for _, _, data in items)

    def places(start):
        table, at = b"", start
        for n, (_, _, data) in enumerate(items, start=1):
            half = len(data) // 2
            method = struct.pack(">H", in_idat) if version else b""
            table += struct.pack(">H", n) + method + struct.pack(">HH", 0, 2)
            table += longs(at, half, at + half, len(data) - half)
            at += len(data)
        return full(b"iloc", b"\x44\0", len(items).to_bytes(2), table, version=version)

    handler = full(b"hdlr", bytes(4), b"pict", bytes(13))
    if in_idat:
        return head + full(b"meta", handler, info, places(0), box(b"idat", content))
    meta = len(full(b"meta", handler, info, places(0)))
    return head + full(b"meta", handler, info, places(len(head) + meta + 8)) + box(b"mdat", content)
