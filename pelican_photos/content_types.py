"""Which type each file is served as.

Our own table: what Python knows depends on the machine, and neither WebP nor
web fonts are sure to be among it.  Text says that it is UTF-8.
"""

_TYPES = {
    "aac": "audio/aac",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "css": "text/css",
    "csv": "text/csv",
    "eot": "application/vnd.ms-fontobject",
    "geojson": "application/geo+json",
    "gif": "image/gif",
    "gpx": "application/gpx+xml",
    "gz": "application/gzip",
    "heic": "image/heic",
    "heif": "image/heif",
    "htm": "text/html",
    "html": "text/html",
    "ico": "image/x-icon",
    "ics": "text/calendar",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "jxl": "image/jxl",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "map": "application/json",
    "md": "text/markdown",
    "mjs": "text/javascript",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "ttf": "font/ttf",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xhtml": "application/xhtml+xml",
    "xml": "application/xml",
    "xsl": "application/xslt+xml",
    "zip": "application/zip",
}
# A feed is told by the whole end of its name, as Pelican names them.
_FEEDS = {
    "atom": "application/atom+xml",
    "atom.xml": "application/atom+xml",
    "rss": "application/rss+xml",
    "rss.xml": "application/rss+xml",
    "feed.json": "application/feed+json",
}
_FEED_ENDS = tuple(_FEEDS)


def content_type(key: str) -> str:
    """Give the Content-Type of a key by the end of its name."""
    name = key.lower().rpartition("/")[2]
    kind = _TYPES.get(name.rpartition(".")[2] if "." in name else "", "application/octet-stream")
    if name.endswith(_FEED_ENDS):
        for ending, feed in _FEEDS.items():
            if name == ending or name.endswith(f".{ending}"):
                kind = feed
    is_text = kind.startswith("text/") or kind.endswith(("/xml", "+xml", "json"))
    return f"{kind}; charset=utf-8" if is_text else kind


def is_picture_or_video(key: str) -> bool:
    """Say whether a file may carry a camera's metadata, going by its name."""
    return content_type(key).startswith(("image/", "video/"))
