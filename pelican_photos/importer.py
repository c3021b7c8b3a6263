"""Posts in, photos out: decide what a post needs, then store it.

The order of writing is the safety: raw answer, ledger entry with the slug, then for
each medium its original before its page, and the album's page last.  Whatever moment
a run is killed at, the next one goes on to the same bytes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pelican_photos import atomic
from pelican_photos.composition import Files, album_of, is_album, photo_of, positions
from pelican_photos.errors import (
    CommentsError,
    ImageError,
    MediaError,
    MediaExpired,
    PageError,
    PostMissing,
)
from pelican_photos.ledger import Entry, Item, Ledger, upstream_of
from pelican_photos.library import Library
from pelican_photos.model import Media, Photo, Post, Unreadable
from pelican_photos.naming import ledger_name, names_of, photo_uid, slug_of
from pelican_photos.originals import digest_of, store_original
from pelican_photos.page import read_page
from pelican_photos.report import Outcome, Report
from pelican_photos.sources import Source

# So many known posts in a row end a search for the latest; at most three are pinned to the top.
_KNOWN_IN_A_ROW = 12

# After so many posts in a row without an answer, a source is not asked for comments any more.
_SILENT_IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the owner asked of an import."""

    latest: bool = False  # stop where only known posts follow
    limit: int = 0  # new posts at most; 0 is all
    comments: bool = True
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where an import stores: the pages, the ledger, and the raw answers."""

    library: Library
    ledger: Ledger
    raw: Path


# Told once for each post: how many so far, how many expected (None: unknown), and what.
Progress = Callable[[int, int | None, str], None]


def import_posts(
    source: Source, site: Site, wish: Wish, report: Report, progress: Progress
) -> None:
    """Store everything of a source that the site lacks; ``report`` fills as it goes.

    A known post never ends the search by itself: pinned posts come first, and an
    earlier run may have stopped half-way through an album.

    Raises:
        SourceError: the source cannot go on; what is stored stays stored.
    """
    run = _Run(source, site, wish, report)
    if not wish.dry_run:
        atomic.sweep(site.library.folder)
        if source.live:
            run.repair(progress)
    known = 0
    for number, post in enumerate(source.posts(), start=1):
        outcome = run.take(post)
        progress(number, source.expected(), f"{outcome} {run.shown(post.uid)}")
        known = known + 1 if outcome in ("unchanged", "deleted") else 0
        if wish.latest and known >= _KNOWN_IN_A_ROW:
            break
        if wish.limit and report.count("new") >= wish.limit:
            break


class _Run:
    """One import: the source, the site, and what was done so far."""

    def __init__(self, source: Source, site: Site, wish: Wish, report: Report) -> None:
        self._source = source
        self._library = site.library
        self._ledger = site.ledger
        self._raw = site.raw
        self._wish = wish
        self._report = report
        self._taken = set(site.library.slugs() | site.ledger.slugs())
        self._seen: set[str] = set()
        self._silence = 0  # posts in a row whose comments could not be had
        self._slugs: dict[str, str] = {}  # what a dry run would give

    def shown(self, uid: str) -> str:
        """Name a post for a person: its slug, as soon as it has one."""
        entry = self._ledger.get(uid)
        return (entry.slug if entry else "") or self._slugs.get(uid, uid)

    def repair(self, progress: Progress) -> None:
        """Ask again for what earlier runs left pending, with fresh addresses."""
        pending = [entry for entry in self._ledger if entry.pending]
        for number, entry in enumerate(pending, start=1):
            try:
                outcome = self.take(self._source.refresh(entry.uid))
            except PostMissing as error:
                outcome = self._give_up(entry, str(error))
            progress(number, len(pending), f"{outcome} {entry.slug or entry.uid}")

    def take(self, post: Post | Unreadable) -> Outcome:
        """Store what is missing of one post, and say what became of it."""
        if post.uid in self._seen:  # repaired a moment ago, or the source repeats itself
            return self._report.outcomes[post.uid]
        if isinstance(post, Unreadable):
            return self._set_aside(post)
        entry = self._ledger.get(post.uid)
        if self._wish.dry_run:
            return self._foretell(post, entry)
        if entry is None or not entry.slug:
            outcome: Outcome = "new"
            entry = self._store(post, entry)
        elif self._deleted(entry):
            return self._note(post.uid, "deleted")
        elif entry.pending or "gone" in {item.state for item in entry.items}:
            outcome = "completed"
            entry = self._store(post, entry)
        else:
            outcome = "unchanged"
        entry = self._store_comments(post, entry)
        return self._note(post.uid, "pending" if entry.pending else outcome, _reason(entry))

    def _deleted(self, entry: Entry) -> bool:
        """Whether the owner removed the post: something of it was here, and no page is left."""
        stored = entry.album == "done" and len(entry.items) > 1
        stored = stored or "done" in {item.state for item in entry.items}
        if not stored or self._page_of(entry):
            return False
        if entry.pending and not self._wish.dry_run:
            self._give_up(entry, "its pages were deleted here")
        return True

    def _note(self, uid: str, outcome: Outcome, reason: str = "") -> Outcome:
        self._seen.add(uid)
        self._report.add(uid, outcome, reason)
        return outcome

    def _set_aside(self, post: Unreadable) -> Outcome:
        if not self._wish.dry_run:
            self._keep_raw(post)
            known = self._ledger.get(post.uid)
            if known is None:
                self._ledger.put(Entry(uid=post.uid, reason=post.reason))
        return self._note(post.uid, "unreadable", post.reason)

    def _foretell(self, post: Post, entry: Entry | None) -> Outcome:
        if entry is None or not entry.slug:
            self._slugs[post.uid] = self._reserve(post)
            return self._note(post.uid, "new")
        if self._deleted(entry):
            return self._note(post.uid, "deleted")
        return self._note(post.uid, "completed" if entry.pending else "unchanged")

    def _give_up(self, entry: Entry, reason: str) -> Outcome:
        """Note that what is missing cannot come any more; what is here stays."""
        items = tuple(
            replace(item, state="gone", reason=reason) if item.state == "pending" else item
            for item in entry.items
        )
        album = "gone" if entry.album == "pending" else entry.album
        self._ledger.put(replace(entry, items=items, album=album, reason=""))
        return self._note(entry.uid, "gone", reason)

    def _store(self, post: Post, known: Entry | None) -> Entry:
        self._keep_raw(post)
        entry = known if known and known.slug else self._open_entry(post)
        self._ledger.put(entry)
        for index, (position, media) in enumerate(positions(post)):
            if index < len(entry.items) and entry.items[index].state != "done":
                item, post = self._store_medium(post, position, media, entry.slug)
                entry = entry.with_item(index, item)
                self._ledger.put(entry)
        if entry.album != "done" and "done" in {item.state for item in entry.items}:
            if self._library.find(entry.uid) is None:
                self._library.add(album_of(post, entry.slug))
            entry = replace(entry, album="done")
            self._ledger.put(entry)
        return entry

    def _open_entry(self, post: Post) -> Entry:
        return Entry(
            uid=post.uid,
            slug=self._reserve(post),
            album="pending" if is_album(post) else "done",
            items=tuple(Item() for _ in post.media),
            upstream=upstream_of(post),
        )

    def _reserve(self, post: Post) -> str:
        """Choose a slug that a later post cannot get, also when this one stays pending."""
        slug = slug_of(post, self._taken)
        self._taken.update(names_of(slug, len(post.media)))
        return slug

    def _page_of(self, entry: Entry) -> Path | None:
        album = len(entry.items) > 1
        uids = (entry.uid, *(photo_uid(entry.uid, p) for p in range(1, len(entry.items) + 1)))
        found = (self._library.find(uid) for uid in (uids if album else uids[:1]))
        return next(filter(None, found), None)

    def _keep_raw(self, post: Post | Unreadable) -> None:
        if post.raw:
            text = json.dumps(post.raw, ensure_ascii=True, indent=1, default=str)
            atomic.write_bytes(self._raw / ledger_name(post.uid), text.encode())

    def _store_medium(
        self, post: Post, position: int, media: Media, slug: str
    ) -> tuple[Item, Post]:
        """Store one medium with its page; gives the post back, with addresses that work."""
        page_file = self._library.find(photo_uid(post.uid, position))
        if page_file is not None:
            return _adopted(page_file), post
        try:
            try:
                return self._store_files(post, position, media, slug), post
            except MediaExpired:
                if not self._source.live:
                    raise
                post = self._source.refresh(post.uid)
                again = dict(positions(post)).get(position)
                if again is None:
                    return Item(state="gone", reason="removed from its album upstream"), post
                return self._store_files(post, position, again, slug), post
        except (MediaError, ImageError, PostMissing) as error:
            return Item(reason=str(error)), post

    def _store_files(self, post: Post, position: int, media: Media, slug: str) -> Item:
        draft = photo_of(post, position, slug, Files())
        folder = self._library.folder_of(draft)
        stored = store_original(self._source, media, folder, draft.slug)
        self._library.add(photo_of(post, position, slug, stored.files))
        return Item(
            state="done",
            original=stored.files.original,
            sha256=stored.sha256,
            video=stored.files.video,
            video_sha256=stored.video_sha256,
        )

    def _store_comments(self, post: Post, entry: Entry) -> Entry:
        """Add new comments; a live source is asked only when it says that the number changed."""
        page_file = self._page_of(entry)
        asked = not self._source.live or post.comment_count != entry.comment_count
        if not self._wish.comments or page_file is None or not asked:
            return entry
        if self._silence >= _SILENT_IN_A_ROW:
            self._report.uncommented[post.uid] = "not asked for any more in this run"
            return entry
        try:
            comments = () if post.comment_count == 0 else self._source.comments(post)
        except CommentsError as error:
            self._silence += 1
            self._report.uncommented[post.uid] = str(error)
            return entry
        self._silence = 0
        if comments is None:
            return entry
        if self._library.add_comments(page_file, comments):
            self._report.commented += 1
        count = len(comments) if post.comment_count is None else post.comment_count
        entry = replace(entry, comment_count=count)
        self._ledger.put(entry)
        return entry


def _adopted(page_file: Path) -> Item:
    """Take over a page that a killed run wrote, but did not enter in the ledger any more."""
    page = read_page(page_file.read_text("utf-8-sig"), page_file.stem)
    if not isinstance(page, Photo):
        raise PageError(f"{page_file} is an album, but its Uid is a photo's")
    original, video = (
        digest_of(page_file.with_name(name)) if name else "" for name in (page.original, page.video)
    )
    return Item(
        state="done",
        original=page.original,
        sha256=original,
        video=page.video,
        video_sha256=video,
    )


def _reason(entry: Entry) -> str:
    missing = [item.reason for item in entry.items if item.state == "pending"]
    return missing[0] if missing else ""
