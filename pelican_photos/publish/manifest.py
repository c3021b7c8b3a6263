"""What we put into a bucket, and how: one small object in the bucket itself.

It says which objects are ours, so that a delete cannot reach a stranger's, with which headers
and digest they went up, which site they belong to, and who published it last.  Pure; who reads
and writes it is ``notes.py``.  A copy lies in ``.photos/publish``: while the bucket lists the
ETag that the copy remembers, the manifest is not fetched.
"""

import gzip
import json
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from pelican_photos.errors import PublishError
from pelican_photos.publish.objects import Known, Role
from pelican_photos.publish.plan import Plan

VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One publish: the how-manieth of its bucket, from where, and when."""

    generation: int = 0  # 0 is none
    machine: str = ""  # a number drawn by lot, the same for every publish of one folder
    host: str = ""  # its name, for people
    at: str = ""  # ISO 8601, UTC; fractions too, as two may fall into one second
    undoes: str = ""  # the ``identity`` of the publish that it took back

    @property
    def identity(self) -> str:
        """What this publish is called in every bucket that it changed."""
        return f"{self.machine} {self.at}"

    @property
    def when(self) -> str:
        """The moment for people, to the second."""
        return re.sub(r"\.\d+", "", self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The objects that are ours, and what the next publish has to know."""

    objects: Mapping[str, Known] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()  # paths of which the CDN has yet to be told
    retired: Mapping[str, datetime] = field(default_factory=dict)  # since when nothing names them
    pages: Mapping[str, str] = field(default_factory=dict)  # of the site: file to digest
    author: Publication = Publication()  # the publish that had these pages; no undo has any
    site: str = ""  # its address
    publication: Publication = Publication()

    def says_the_same_as(self, other: "Manifest") -> bool:
        """Compare two, whoever wrote them, and when."""
        return replace(self, publication=other.publication, author=other.author) == other


def written(manifest: Manifest) -> bytes:
    """Write a manifest: JSON behind gzip; the same one always gives the same bytes."""
    retired = {key: since.isoformat() for key, since in sorted(manifest.retired.items())}
    content = {
        "version": VERSION,
        "site": manifest.site,
        "publication": asdict(manifest.publication),
        "pending": sorted(manifest.pending),
        "retired": retired,
        "pages": dict(sorted(manifest.pages.items())),
        "author": asdict(manifest.author),
        "objects": {key: entry.row() for key, entry in sorted(manifest.objects.items())},
    }
    return packed(content)


def read(content: bytes) -> Manifest:
    """Read a manifest back.

    Raises:
        PublishError: a later version of this package wrote it.
        ValueError: it is damaged.
    """
    try:
        data: Any = unpacked(content)
        "".join((*data["objects"], *data["pages"], *data["pending"])).encode()  # no half a letter
        retired = {key: _moment(since) for key, since in data["retired"].items()}
        pages = {str(page): str(digest) for page, digest in data["pages"].items()}
        return Manifest(
            objects={key: known_of(entry) for key, entry in data["objects"].items()},
            pending=frozenset(path for path in data["pending"] if path.startswith("/")),
            retired=retired,
            pages=pages,
            author=publication_of(data["author"]),
            site=str(data["site"]),
            publication=publication_of(data["publication"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("the manifest in the bucket is damaged") from error


def packed(content: Mapping[str, Any]) -> bytes:
    """Write JSON behind gzip, without a time in it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def unpacked(content: bytes) -> Any:
    """Read what ``packed`` wrote.

    Raises:
        PublishError: a later version of this package wrote it.
        ValueError: it is damaged.
    """
    try:
        data: Any = json.loads(gzip.decompress(content))
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise ValueError("it is damaged") from error
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(version, int):
        raise ValueError("it is damaged")  # noqa: TRY004 - of damage the type does not matter
    if version > VERSION:
        raise PublishError(
            "a later version of Pelican Photostream wrote into this bucket;"
            " update this one before you publish"
        )
    return data


def known_of(entry: Any) -> Known:
    """Read the fields of an object, in their order.

    Raises:
        TypeError: one is of another type.
        ValueError: they are more or fewer.
    """
    size, sha256, etag, content_type, cache_control, role, modified = entry
    texts = (sha256, etag, content_type, cache_control)
    if type(size) is not int or type(modified) is not int:
        raise TypeError("a number of another type")
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a text of another type")
    return Known(
        size=size,
        sha256=sha256,
        etag=etag,
        content_type=content_type,
        cache_control=cache_control,
        role=Role(role),
        modified=modified,
    )


def publication_of(data: Any) -> Publication:
    """Read who published.

    Raises:
        TypeError: it is of another shape.
        ValueError: a text of it would do something to a terminal.
    """
    publication = Publication(**data)
    if type(publication.generation) is not int:
        raise TypeError("a number of another type")
    texts = (publication.machine, publication.host, publication.at, publication.undoes)
    if not "".join(texts).isprintable():
        raise ValueError("a text that cannot be shown")
    return publication


def after(
    manifest: Manifest,
    plan: Plan,
    stored: Mapping[str, Known],
    deleted: Collection[str],
    now: datetime,
) -> tuple[Mapping[str, Known], Mapping[str, datetime]]:
    """Say which objects are ours, and which are retired, once a plan or part of it is done."""
    lost = {*plan.gone, *deleted}
    kept = {key: entry for key, entry in manifest.objects.items() if key not in lost}
    since = now.replace(microsecond=0)
    unwanted = {*plan.stale, *plan.resting} - lost
    # A clock that was ahead once would keep them from being deleted until then.
    retired = {key: min(manifest.retired.get(key, since), since) for key in unwanted}
    still = {key: entry for key, entry in stored.items() if key not in deleted}
    return {**kept, **still}, retired


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its offset")
    return moment
