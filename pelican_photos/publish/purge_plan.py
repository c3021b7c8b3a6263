"""What belongs to a photo or an album that is taken down, and to nothing besides.

Pure.  A key is told by the folders and files that the pages named, never by how it begins:
``2024-05-12-boats`` and ``2024-05-12-boats-2`` may be two photos that know nothing of each other.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any
from urllib.parse import quote

from pelican_photos.naming import DRAFTS
from pelican_photos.publish.classify import is_document
from pelican_photos.publish.manifest import Manifest
from pelican_photos.publish.objects import Role, Version
from pelican_photos.publish.private import JOURNALS, MANIFEST, digest_of, public_key

_EXTENSION = r"\.[A-Za-z0-9]{1,8}"


@dataclass(frozen=True, kw_only=True)
class Takedown:
    """What is to be nowhere any more, as keys below the site."""

    homes: frozenset[str] = frozenset()  # the folders of the pages: photos/2024/<slug>
    files: frozenset[str] = frozenset()  # originals, videos and subtitles
    codes: frozenset[str] = frozenset()  # shortcodes, of /p/<shortcode>/

    def __or__(self, other: "Takedown") -> "Takedown":
        """Join two."""
        return Takedown(
            homes=self.homes | other.homes,
            files=self.files | other.files,
            codes=self.codes | other.codes,
        )

    def __bool__(self) -> bool:
        """Whether there is anything to take down."""
        return bool(self.homes or self.files)

    def owns(self, key: str) -> bool:
        """Tell whether a key is of it: published, a draft, or for us alone."""
        key = public_key(key).removeprefix(f"{DRAFTS}/")
        return key in self.files or bool(self._keys.fullmatch(key))

    def is_named_in(self, text: bytes) -> bool:
        """Tell whether a document leads to it, as everything does that shows or describes it."""
        return bool(self._mentions.search(text))

    @cached_property
    def _keys(self) -> re.Pattern[str]:
        homes = _any_of(self.homes)
        return re.compile(
            rf"{homes}(?:/.*|{_EXTENSION})|(?:[^/]+/)?(?:p|reel|tv)/{_any_of(self.codes)}/.*",
            re.DOTALL,
        )

    @cached_property
    def _mentions(self) -> re.Pattern[bytes]:
        """Match the end of an address: year and slug, in the ways in which a text may write it."""
        ends = {"/".join(home.split("/")[-2:]) for home in self.homes}
        spelt = {each for end in ends for each in (end, quote(end), json.dumps(end)[1:-1])}
        spelt |= {each.replace("/", r"\/") for each in spelt}
        return re.compile(rf"{_any_of(spelt)}(?![\w-])".encode(), re.IGNORECASE)


def homes_among(keys: Iterable[str], photos: str, slugs: Collection[str]) -> frozenset[str]:
    """Find the folders of slugs of which no page is here any more; the years may be several.

    The folders of a year's months and further pages are no photo's.
    """
    slugs = [slug for slug in slugs if not re.fullmatch(r"page|\d\d", slug)]
    pattern = re.compile(rf"({re.escape(photos)}/\d{{4}}/{_any_of(slugs)})(?:/.*|{_EXTENSION})")
    plain = (public_key(key).removeprefix(f"{DRAFTS}/") for key in keys)
    return frozenset(match[1] for key in plain if (match := pattern.fullmatch(key)))


def doomed_keys(takedown: Takedown, keys: Iterable[str], wanted: Collection[str]) -> frozenset[str]:
    """Choose the keys that go; what the site still wants is another page's as well, and stays."""
    return frozenset(
        key
        for key in keys
        if takedown.owns(key) and key not in wanted and public_key(key) not in wanted
    )


def orphans(manifest: Manifest, keys: Iterable[str], gone: Collection[str]) -> frozenset[str]:
    """Choose what workers made of originals that are nobody's any more once ``gone`` is gone."""
    kept = {known.sha256 for key, known in manifest.objects.items() if key not in gone}
    return frozenset(key for key in keys if (digest := digest_of(key)) and digest not in kept)


def leftovers(manifest: Manifest, keys: Collection[str], wanted: Collection[str]) -> list[str]:
    """Name our documents that the site has no more and the bucket still shows."""
    return sorted(
        key
        for key, known in manifest.objects.items()
        if known.role is Role.SITE and is_document(key) and key in keys and key not in wanted
    )


def history(
    versions: Mapping[str, Sequence[Version]], ours: Mapping[str, Role]
) -> Iterator[Version]:
    """Yield the earlier versions of our documents: any of them may show or describe it.

    ``ours`` are the keys that a manifest or a journal names.  What is online stays.
    """
    for key, each in versions.items():
        if ours.get(key) is Role.SITE and is_document(key):
            yield from (version for version in each if not version.is_latest)


def history_of_notes(versions: Mapping[str, Sequence[Version]]) -> Iterator[Version]:
    """Yield what our own notes still tell: all journals, and each manifest but the latest."""
    for key, each in versions.items():
        is_journal = key.startswith(JOURNALS)
        if is_journal or key == MANIFEST:
            yield from (version for version in each if is_journal or not version.is_latest)


def markers_last(versions: Iterable[Version]) -> list[Version]:
    """Order versions to be destroyed: while a delete marker stays, no older one is served."""
    return sorted(versions, key=lambda version: (not version.etag, version.key))


def written(takedown: Takedown) -> bytes:
    """Write down what is being taken down, as JSON."""
    found = {each.name: sorted(getattr(takedown, each.name)) for each in fields(takedown)}
    return json.dumps(found, indent=1).encode()


def read(content: bytes) -> Takedown:
    """Read what ``written`` wrote.

    Raises:
        ValueError: it is damaged.
    """
    try:
        data: Any = json.loads(content)
        return Takedown(**{name: frozenset(map(str, some)) for name, some in data.items()})
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError("the note of a purge is damaged") from error


def _any_of(words: Iterable[str]) -> str:
    """Match any of some words; nothing at all where there is none."""
    found = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return f"(?:{found})" if found else r"(?!)"
