"""The names below ``.pelican-photos/``: what lies in the bucket and is nobody's to read.

Pure.  No file of a site has such a name, as it begins with a dot; no CDN may serve one.
"""

PRIVATE = ".pelican-photos/"
STATE = f"{PRIVATE}state/"  # the two small objects that every publish looks at, and nothing else
MANIFEST = f"{STATE}manifest.json.gz"
CLAIM = f"{STATE}claim.json"
JOURNALS = f"{PRIVATE}journal/"
_UNTOUCHED = f"{PRIVATE}originals/"
RENDITIONS = f"{PRIVATE}renditions/"  # what other machines made, below the original's digest


def untouched_key(key: str) -> str:
    """Name the untouched file of an original."""
    return f"{_UNTOUCHED}{key}"


def public_key(key: str) -> str:
    """Name the original of which this is the untouched file; any other key stays as it is."""
    return key.removeprefix(_UNTOUCHED)


def journal_key(generation: int) -> str:
    """Name the journal of a publish; they list in the order in which they were made."""
    return f"{JOURNALS}{generation:08}.json.gz"


def rendition_key(digest: str, name: str) -> str:
    """Name a file that was made of the original with this SHA-256."""
    return f"{RENDITIONS}{digest}/{name}"


def digest_of(key: str) -> str:
    """Give the SHA-256 of the original that a rendition was made of; "" of any other key."""
    return key.removeprefix(RENDITIONS).partition("/")[0] if key.startswith(RENDITIONS) else ""


def is_ours(key: str) -> bool:
    """Tell whether a key is of our own book-keeping, and so neither wanted nor stale."""
    return key.startswith((STATE, JOURNALS, RENDITIONS))
