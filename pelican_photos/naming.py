"""Every name of a photo, derived in one place: slug, page, address, original, rendition.

Pure: names go out, and nothing ever parses one back.  A photo's identity is its
``Uid``; its slug is chosen once, at the first import, and frozen in its page.
"""

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterator
from datetime import UTC
from functools import cache, lru_cache
from pathlib import PurePosixPath

from unidecode import unidecode

from pelican_photos.caption import words
from pelican_photos.model import Page, Post

DRAFTS = "drafts"  # what a draft's address begins with, as Pelican's own DRAFT_URL
_WORDS_IN_SLUG = 6
_LETTERS_IN_SLUG = 60
# File systems allow 255 bytes in a name; a tag of Instagram's may have 150 characters.
_BYTES_IN_TAG = 100
_MANY = 1 << 15  # different tags and places whose names are remembered


def short_hash(uid: str, length: int = 8) -> str:
    """Give the first hexadecimal digits of a Uid's SHA-256."""
    return hashlib.sha256(uid.encode()).hexdigest()[:length]


def slug_of(post: Post, taken: Container[str]) -> str:
    """Choose the name of a post for ever: its day in UTC and up to six words of its caption.

    A caption without a word that survives transliteration gives a short hash of
    the Uid instead.  ``taken`` holds the names in use; when one of the post's names
    is among them, a hash of the Uid follows, so that two machines choose alike.
    """
    day = f"{post.published.astimezone(UTC):%Y-%m-%d}"
    stem = _transliterated(post.caption) or short_hash(post.uid)
    for slug in _candidates(f"{day}-{stem}", post.uid):
        if not any(name in taken for name in names_of(slug, len(post.media))):
            return slug
    raise AssertionError("a whole SHA-256 collided")


def names_of(slug: str, count: int) -> tuple[str, ...]:
    """Give every slug that a post of ``count`` media uses: its own, and one for each photo."""
    return (slug, *(photo_slug(slug, position) for position in range(1, count + 1) if count > 1))


def photo_slug(slug: str, position: int) -> str:
    """Name a photo of an album by its position from 1; 0 is a photo alone."""
    return f"{slug}-{position}" if position else slug


def photo_uid(uid: str, position: int) -> str:
    """Identify a photo of an album by its position from 1; 0 is a photo alone."""
    return f"{uid}#{position}" if position else uid


def page_path(path: str, page: Page) -> PurePosixPath:
    """Where the page lies below Pelican's ``PATH``: ``photos/2024/<slug>.md``."""
    return PurePosixPath(_folder(path, page), f"{page.slug}.md")


def original_path(path: str, page: Page, file_name: str) -> PurePosixPath:
    """Where an original lies below ``PATH``, below the site, and as a key in the bucket."""
    return PurePosixPath(original_key(path, page, file_name))


def original_key(path: str, page: Page, file_name: str) -> str:
    """Give the same as text, many times as quickly."""
    return f"{_folder(path, page)}/{_composed(file_name)}"


def address(path: str, page: Page) -> str:
    """Where a photo's or album's page is found below ``SITEURL``, with a slash at its end."""
    return f"{_folder(path, page)}/{_composed(page.slug)}/"


def comments_name(slug: str) -> str:
    """Name the file beside a page that holds its comments."""
    return f"{slug}.comments.json"


def ledger_name(uid: str) -> str:
    """Name a post's entry in the ledger.

    Shortcodes differ by case alone, which some file systems do not see: the hash does.
    """
    return f"{re.sub(r'[^A-Za-z0-9_-]', '-', uid)[:60]}-{short_hash(uid)}.json"


def tag_key(tag: str) -> str:
    """Fold a tag, so that two spellings of one tag are one."""
    return unicodedata.normalize("NFC", tag).casefold()


@lru_cache(_MANY)
def tag_slug(tag: str) -> str:
    """Give a tag one safe part of an address; different tags never share one."""
    key = tag_key(tag)
    slug = re.sub(r"\W+", "-", key).strip("-")
    if slug == key and len(slug.encode()) <= _BYTES_IN_TAG:
        return slug
    cut = slug.encode()[:_BYTES_IN_TAG].decode(errors="ignore")
    # A double hyphen never comes out of the substitution above, so this cannot be another tag.
    return f"{cut}--{short_hash(key)}"


def person_slug(username: str) -> str:
    """Give a user name one safe part of an address: itself, as upstream it may hold dots."""
    name = username.lower()
    # Somebody may be called like the file that lists everybody.
    plain = re.fullmatch(r"[a-z0-9_][a-z0-9._]{0,60}[a-z0-9_]", name) and name != "index.html"
    return name if plain else tag_slug(name)


def _composed(name: str) -> str:
    """Compose a name that a Mac took apart: links, files and keys have to agree (NFC)."""
    return unicodedata.normalize("NFC", name)


def _folder(path: str, page: Page) -> str:
    return f"{_normal(path)}/{page.published.year}"


@cache
def _normal(path: str) -> str:
    return str(PurePosixPath(path))


def _transliterated(caption: str) -> str:
    parts: list[str] = []
    for word in words(caption):
        parts += re.findall(r"[a-z0-9]+", unidecode(word).lower().replace("'", ""))
        if len(parts) >= _WORDS_IN_SLUG:
            break
    slug = "-".join(parts[:_WORDS_IN_SLUG])
    return slug if len(slug) <= _LETTERS_IN_SLUG else slug[:_LETTERS_IN_SLUG].rstrip("-")


def _candidates(stem: str, uid: str) -> Iterator[str]:
    yield stem
    for length in range(4, 65, 4):
        yield f"{stem}-{short_hash(uid, length)}"
