"""Which names can be keys of a bucket, and what a viewer's address makes of them.

Pure.  A key that passes here can be pulled back on any machine.
"""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from pelican_photos.errors import PublishError

LONGEST = 1024  # bytes of UTF-8, prefix included; S3's own limit
PATHS_AT_ONCE = 15  # above this one "/*" is cheaper: CloudFront counts a wildcard as one path

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # controls; halves of a letter


def key_of(name: str) -> str:
    """Compose a file's name as every system but macOS writes it (NFC)."""
    return unicodedata.normalize("NFC", name)


def check_keys(keys: Iterable[str], prefix: str = "") -> None:
    """Refuse a key that a bucket, a CDN or another machine would take for something else.

    Raises:
        PublishError: names the first such key, and what is wrong with it.
    """
    seen: dict[str, str] = {}
    for key in sorted(keys):
        wrong = _wrong(key, prefix)
        if wrong:
            raise PublishError(f"{key!r} cannot be published: {wrong}; rename the file")
        twin = seen.setdefault(key.casefold(), key)
        if twin != key:
            raise PublishError(
                f"{twin!r} and {key!r} differ only in upper and lower case; rename one of them"
            )


def _wrong(key: str, prefix: str) -> str:
    if _INVISIBLE.search(key):
        return "its name holds a control character, or is not valid Unicode"
    if "\\" in key:
        return "its name holds a backslash"
    if {"", ".", ".."} & set(key.split("/")):
        return "its path is empty somewhere, or goes up"
    if not unicodedata.is_normalized("NFC", key):
        return "its name is not composed (NFC)"
    length = len((prefix + key).encode())
    return f"its name has {length:,} bytes of {LONGEST:,} allowed" if length > LONGEST else ""


def paths_to_invalidate(keys: Iterable[str], base: str = "") -> frozenset[str]:
    """Give the paths under which a CDN may hold these keys.

    ``base`` is the path of the site's address, such as ``/blog``.  A folder's
    page answers under two paths.  Encoded once, as CloudFront asks (RFC 1738
    counts the tilde among the unsafe characters; ``quote`` does not).
    """
    paths = set()
    for key in keys:
        path = quote(f"{base}/{key}", safe="/*!$&'()+,;=:@").replace("~", "%7E")
        paths.add(path)
        if path.endswith("/index.html"):
            paths.add(path.removesuffix("index.html"))
    return frozenset(paths)


def collapsed(paths: frozenset[str]) -> tuple[str, ...]:
    """Put paths in order, or one wildcard in their place when they are many."""
    return ("/*",) if len(paths) > PATHS_AT_ONCE else tuple(sorted(paths))
