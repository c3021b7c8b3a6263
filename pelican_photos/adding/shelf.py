"""The site as a new photo meets it: its name there, and its storing by the way of every import."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pelican_photos import atomic
from pelican_photos.adding.duplicates import Duplicates
from pelican_photos.composition import album_of
from pelican_photos.errors import PhotosError
from pelican_photos.importer import Wish, import_posts
from pelican_photos.ledger import Entry, Ledger
from pelican_photos.library import Library
from pelican_photos.model import Post
from pelican_photos.naming import DRAFTS, address, slug_of
from pelican_photos.page import header_of, read_page
from pelican_photos.report import Report
from pelican_photos.settings import Settings
from pelican_photos.sources.files import Files
from pelican_photos.storing import Site


class Shelved(NamedTuple):
    """Where a post is, or will be."""

    page: Path
    address: str  # below SITEURL


class Shelf:
    """Stores posts of the owner's files, one after another.

    A note of which posts a run began with stays until ``finish``: whoever repeats a command that
    was killed means to complete it, also when it was killed behind its last photo.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._journal = settings.state / "adding.json"
        self._begun: list[str] = []
        self._library, self._ledger = self._read()
        self._taken = set(self._library.slugs() | self._ledger.slugs())
        self.duplicates = Duplicates(
            self._library, self._ledger, self._interrupted(), settings.root
        )
        self.pending: dict[str, str] = {}  # why a post is not complete, by Uid

    def foretell(self, post: Post, unfinished: Entry | None) -> Shelved:
        """Say where a post will be."""
        slug = (unfinished.slug if unfinished else "") or slug_of(post, self._taken)
        return self._shelved(post, slug)

    def store(self, post: Post, digests: Mapping[str, str], tags: tuple[str, ...]) -> Shelved:
        """Store a post with its files, or complete it.

        Raises:
            PhotosError: the disk is full; another import is running; nothing of it could be stored.
        """
        atomic.make_private(self._settings.state)
        with atomic.lock(self._settings.state / "import.lock", "an import"):
            self._begin(post.uid)
            library, ledger = self._read()
            if ledger.get(post.uid) is None and library.find_any(post.uid) is None:
                # With an entry of its own, nobody takes it for a post that it only resembles.
                ledger.put(Entry(uid=post.uid))
            raw = self._settings.state / "raw"
            site = Site(library=library, ledger=ledger, raw=raw, with_places=True)
            report = Report()
            source = Files(post, digests=digests)
            import_posts(source, site, Wish(comments=False), report, _told_later)
            entry = ledger.get(post.uid)
            page = library.find(post.uid) or library.find_any(post.uid)
            reason = report.reasons.get(post.uid, "")
            if entry is None or page is None:
                raise PhotosError(f"it could not be stored: {reason or 'run the command again'}")
            if entry.pending:
                self.pending[post.uid] = reason
            else:
                _write_tags(library, page, tags)
            self._taken |= ledger.slugs()
            return Shelved(page, self._shelved(post, page.stem).address)

    def finish(self) -> None:
        """Forget what was begun, for it is complete."""
        if self._begun and not self.pending:
            with atomic.plain_disk_errors(self._journal):
                self._journal.unlink(missing_ok=True)

    def _read(self) -> tuple[Library, Ledger]:
        library = Library(self._settings.content, self._settings.path)
        return library, Ledger(library.folder / ".import")

    def _shelved(self, post: Post, slug: str) -> Shelved:
        page = album_of(post, slug)
        below = address(self._settings.path, page)
        if post.status == "draft":
            below = f"{DRAFTS}/{below}"
        return Shelved(self._library.folder_of(page) / f"{slug}.md", below)

    def _begin(self, uid: str) -> None:
        self._begun.append(uid)
        uids = sorted(self._interrupted() | {*self._begun})
        atomic.write_bytes(self._journal, json.dumps(uids).encode())

    def _interrupted(self) -> frozenset[str]:
        """Read which posts the last run began with; a note that is damaged is none."""
        try:
            uids = json.loads(self._journal.read_bytes())
        except (OSError, ValueError):
            return frozenset()
        return frozenset(map(str, uids)) if isinstance(uids, list) else frozenset()


def _told_later(_done: int, _total: int | None, _what: str) -> None:
    """Say nothing of progress: one post at a time is stored."""


def _write_tags(library: Library, file: Path, tags: tuple[str, ...]) -> None:
    page = read_page(library.text_of(file), file.stem)
    if page.tags != tags:
        library.edit(file, {"Tags": header_of(replace(page, tags=tags)).get("Tags")})
