"""Which files of an export hold its posts, and where each picture is.

Parts of one export share one tree; several exports may be given together, and then the
newest comes first.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple

from pelican_photos.errors import SourceError
from pelican_photos.media_types import PICTURES, VIDEOS, extension_of
from pelican_photos.sources.archives import Archives, Member
from pelican_photos.sources.export_media import Found
from pelican_photos.sources.export_names import (
    Role,
    file_key,
    file_kind,
    number_in,
    posts_file,
)
from pelican_photos.sources.json_stream import Element, elements

# The keys of a post, where a file holds one alone instead of a list.
_OF_ONE_POST = frozenset(
    ("media", "title", "creation_timestamp", "timestamp", "label_values", "fbid", "uri")
)
# Parts of one export are made within hours; two exports are asked for days apart.
_ONE_EXPORT = timedelta(days=1)
# Pictures of conversations are nobody's posts.
_PRIVATE_FOLDERS = frozenset(("messages", "direct"))


class Document(NamedTuple):
    """A file that may hold posts."""

    member: Member
    role: Role
    form: Literal["json", "html"]
    prefix: str
    order: tuple[str, int]
    as_of: str = ""  # ISO 8601: when the newest JSON of its export was written


class Contents:
    """The files of exports given together.

    Args:
        paths: zips and folders, in any order.

    Raises:
        SourceError: one of them cannot be read.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._archives = Archives(paths)
        # A key leads to one file mostly, and then no list is needed.
        self._media: dict[int, Member | list[Member]] = {}
        found: list[Document] = []
        self._dated: list[Member] = []
        for member in self._archives.members():
            if member.path.lower().endswith((".json", ".html")):
                self._dated.append(member)
                found += _documents(member)
            elif _PRIVATE_FOLDERS.isdisjoint(member.path.split("/")):
                self._add(member)
        self._as_of = {(d.member.root, d.prefix): "" for d in found}
        for root, prefix in self._as_of:
            self._as_of[root, prefix] = self._newest(root, prefix)
        dated = (d._replace(as_of=self._as_of[d.member.root, d.prefix]) for d in found)
        self._documents = sorted(dated, key=lambda d: d.member.path)

    def exports(self) -> Iterator[tuple[Document, ...]]:
        """Yield the files with posts, export by export, the newest first."""
        newest_first = sorted(self._documents, key=lambda d: d.as_of, reverse=True)
        batch = 0
        numbered: list[tuple[int, Document]] = []
        for number, document in enumerate(newest_first):
            if number and not _together(newest_first[number - 1].as_of, document.as_of):
                batch += 1
            numbered.append((batch, document))
        for _, together in groupby(numbered, key=lambda pair: pair[0]):
            documents = [document for _, document in together]
            yield tuple(sorted(documents, key=lambda d: (d.role, d.order)))

    @property
    def has_posts(self) -> bool:
        """Whether there is a file of posts, be it an empty one."""
        return any(document.role in ("early", "posts", "archived") for document in self._documents)

    @property
    def reads_html(self) -> bool:
        """Whether something is there as HTML alone."""
        return any(html_of(export) for export in self.exports())

    def elements(self, document: Document) -> Iterator[Element]:
        """Yield what a JSON file lists, one at a time; a ``SourceError`` says why not."""
        return elements(self.pieces(document.member), self.shown(document), own=_OF_ONE_POST)

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a file; a ``SourceError`` says why not."""
        return self._archives.pieces(member)

    def shown(self, document: Document) -> str:
        """Name a file for a person."""
        return self._archives.shown(document.member)

    def find(self, uri: str) -> Member | None:
        """Find the file of a medium: in the newest export that has it, under whatever name.

        An empty file stands for none.
        """
        known = self._media.get(file_key(uri), [])
        candidates = [m for m in ([known] if isinstance(known, Member) else known) if m.size]
        if len(candidates) > 1:
            candidates.sort(key=self._age, reverse=True)
        for member in candidates:
            if member.path == uri or member.path.endswith(f"/{uri}"):
                return member
        if not number_in(uri):
            return None
        kinds = {file_kind(uri)} if file_kind(uri) else {"image", "video", ""}
        return next((m for m in candidates if file_kind(m.path) in kinds), None)

    def look(self, uri: str) -> Found:
        """Say what is known of a medium's file without reading it, save a nameless one's head."""
        member = self.find(uri)
        if member is None:
            return Found()
        kind = file_kind(member.path)
        if not kind:
            kind = self._sniffed(member)
        return Found(member.size, kind)

    def _sniffed(self, member: Member) -> Literal["image", "video", ""]:
        try:
            head = next(self.pieces(member), b"")
        except SourceError:  # fetching it will say what is wrong with it
            return ""
        extension = extension_of(head[:16])
        return "image" if extension in PICTURES else "video" if extension in VIDEOS else ""

    def _add(self, member: Member) -> None:
        key = file_key(member.path)
        known = self._media.get(key)
        if known is None:
            self._media[key] = member
        elif isinstance(known, list):
            known.append(member)
        else:
            self._media[key] = [known, member]

    def _newest(self, root: int, prefix: str) -> str:
        inside = (m for m in self._dated if m.root == root and m.path.startswith(prefix))
        return max((m.modified for m in inside), default="")

    def _age(self, member: Member) -> str:
        """Date a file by the export around it; parts with pictures alone have no date."""
        around = [
            (len(prefix), as_of)
            for (root, prefix), as_of in self._as_of.items()
            if root == member.root and member.path.startswith(prefix)
        ]
        return max(around, default=(0, ""))[1]


def html_of(export: tuple[Document, ...]) -> list[Document]:
    """List the HTML files of an export; where JSON lies beside them there are none to read."""
    as_json = {(d.member.root, d.prefix) for d in export if d.form == "json"}
    return [
        document
        for document in export
        if document.form == "html"
        and document.role != "early"
        and (document.member.root, document.prefix) not in as_json
    ]


def _documents(member: Member) -> Iterator[Document]:
    known = posts_file(member.path)
    if known is not None:
        yield Document(member, known.role, known.form, known.prefix, known.order)


def _together(newer: str, older: str) -> bool:
    if not newer or not older:
        return newer == older
    return datetime.fromisoformat(newer) - datetime.fromisoformat(older) < _ONE_EXPORT
