"""One post becomes its files and pages: the writing half of an import.

The order of writing is the safety: raw answer, ledger entry with the slug, then for
each medium its original before its page, and the album's page last.  Whatever moment
a run is killed at, the next one goes on to the same bytes.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from pelican_photos import atomic, film_still, images
from pelican_photos.composition import album_of, photo_of
from pelican_photos.errors import (
    ImageError,
    MediaError,
    MediaExpired,
    PageError,
    PostMissing,
)
from pelican_photos.improving import offer_of
from pelican_photos.ledger import Entry, Item, Ledger
from pelican_photos.library import Library, file_beside, page_text
from pelican_photos.matching import additional, aligned
from pelican_photos.model import Media, Post, Unreadable
from pelican_photos.naming import ledger_name, names_of, photo_slug, photo_uid, slug_of
from pelican_photos.originals import digest_of, store_original
from pelican_photos.page import header_value
from pelican_photos.sources import Source
from pelican_photos.upstream import post_from, upstream_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where an import stores: the pages, the ledger, and the raw answers."""

    library: Library
    ledger: Ledger
    raw: Path
    with_places: bool = False  # also write where the camera was, which is private

    @property
    def replaced(self) -> Path:
        """Where pictures go that a larger one has replaced."""
        return self.raw.with_name("replaced")

    def keep_raw(self, post: Post | Unreadable) -> None:
        """Keep everything that upstream said, also what no page shows."""
        if post.raw:
            text = json.dumps(post.raw, ensure_ascii=True, indent=1, default=str)
            atomic.write_bytes(self.raw / ledger_name(post.uid), text.encode())


class Storing:
    """Stores posts of one source in one site."""

    def __init__(self, source: Source, site: Site) -> None:
        self._source = source
        self._site = site
        self._library = site.library
        self._ledger = site.ledger
        self.posterless = 0  # films of which nothing can be shown before they are played
        self.remarks: dict[str, str] = {}  # by Uid, what is not whole though it is stored
        self._taken = set(site.library.slugs() | site.ledger.slugs())

    def sweep(self) -> None:
        """Remove what killed runs left half-written; the caller holds the lock."""
        atomic.sweep(self._library.folder)
        atomic.sweep(self._site.raw)
        atomic.sweep(self._site.replaced)

    def reserve(self, post: Post) -> str:
        """Choose a slug that a later post cannot get, also when this one stays pending."""
        slug = slug_of(post, self._taken)
        self._taken.update(names_of(slug, len(post.media)))
        return slug

    def page_of(self, entry: Entry) -> Path | None:
        """Find the page that stands for a post: the album's, or the photo's when it is alone.

        While an album is not finished, a photo of it stands for it.
        """
        own = self._library.find(entry.uid) or self._library.named(entry.slug)
        if own is not None or (entry.is_album and entry.album == "done"):
            return own
        return self._library.find_any(entry.uid)

    def lacks_files(self, entry: Entry) -> bool:
        """Whether an original or video is not where its page says, as in a clone."""
        pages = (self._library.find(item_uid(entry, index)) for index in range(len(entry.items)))
        return any(not _is_whole(page) for page in pages if page)

    def store(self, post: Post, known: Entry | None) -> Entry:
        """Store what is missing of a post; what cannot be had stays pending, with a reason."""
        entry = known if known and known.slug else self._open_entry(post)
        self._site.keep_raw(post)
        self._ledger.put(entry)
        asked_anew = False
        for index, item in enumerate(entry.items):
            page = self._library.find(item_uid(entry, index))
            if item.state == "done" and (page is None or _is_whole(page)):
                continue
            try:
                stored = self._store_item(post, entry, index)
            except MediaExpired as error:
                stored = replace(item, state="pending", reason=str(error))
                if self._source.live and not asked_anew:
                    asked_anew = True
                    post, stored = self._store_anew(post, entry, index)
            if stored.state == "gone" != item.state:
                self.remarks[entry.uid] = stored.reason
            if stored.state == "done" and not self._source.live:
                stored = _offered(stored, _matching(post, entry, index))
            entry = entry.with_item(index, stored)
            self._ledger.put(entry)
        return self._finish_album(entry)

    def _store_anew(self, post: Post, entry: Entry, index: int) -> tuple[Post, Item]:
        """Ask for fresh addresses, once for a post, and try again."""
        item = entry.items[index]
        try:
            fresh = self._source.refresh(post.uid)
            if isinstance(fresh, Unreadable):
                return post, replace(item, state="pending", reason=fresh.reason)
            self._site.keep_raw(fresh)
            return fresh, self._store_item(fresh, entry, index)
        except (MediaExpired, PostMissing) as error:
            return post, replace(item, state="pending", reason=str(error))

    def _store_item(self, post: Post, entry: Entry, index: int) -> Item:
        item = entry.items[index]
        page_file = self._library.find(item_uid(entry, index))
        if page_file is not None and _is_whole(page_file):
            return _adopted(page_file, item)
        media = _matching(post, entry, index)
        if media is None:
            return _without_medium(item, page_file)
        try:
            if page_file is not None:
                return self._restore(media, page_file, item)
            return self._store_files(media, entry, index + 1 if entry.is_album else 0)
        except MediaExpired:
            raise
        except (MediaError, ImageError, PageError) as error:
            return replace(item, state="pending", reason=str(error))

    def _store_files(self, media: Media, entry: Entry, position: int) -> Item:
        slug, folder = self._home(entry)
        name = photo_slug(slug, position)
        if (folder / f"{name}.md").exists():
            raise PageError(f"{folder / name}.md belongs to something else; rename it")
        stored = store_original(self._source, media, folder, name)
        said = post_from(entry.uid, entry.upstream)
        told = replace(said.media[max(0, position - 1)], place=media.place)
        places = self._site.with_places
        self._library.add(
            photo_of(said, told, position, slug, stored.files, with_place=places), folder
        )
        self.posterless += bool(stored.files.video and not stored.files.original)
        if stored.lacking:
            self.remarks[entry.uid] = stored.lacking
        return replace(
            entry.items[max(0, position - 1)],
            state="done",
            reason="",
            original=stored.files.original,
            sha256=stored.sha256,
            look=stored.look,
            video=stored.files.video,
            video_sha256=stored.video_sha256,
            subtitles=stored.files.subtitles,
        )

    def _restore(self, media: Media, page_file: Path, item: Item) -> Item:
        """Bring back the files of a page that is there; the page is its owner's."""
        name = next(file.stem for file in _files_of(page_file) if file)
        store_original(self._source, media, page_file.parent, name)
        return _adopted(page_file, item)

    def _finish_album(self, entry: Entry) -> Entry:
        if entry.album == "done" or "done" not in {item.state for item in entry.items}:
            return entry
        if self._library.find(entry.uid) is None:
            slug, folder = self._home(entry)
            self._library.add(album_of(post_from(entry.uid, entry.upstream), slug), folder)
        entry = replace(entry, album="done")
        self._ledger.put(entry)
        return entry

    def _open_entry(self, post: Post) -> Entry:
        """Begin an entry; one that was lost takes its slug from the pages that are there."""
        return Entry(
            uid=post.uid,
            slug=self._slug_here(post) or self.reserve(post),
            album="pending" if len(post.media) > 1 else "done",
            items=tuple(Item(media_id=media.id, names=media.names) for media in post.media),
            listed=self._source.whole,
            edition=post.edition,
            upstream=upstream_of(post),
        )

    def _slug_here(self, post: Post) -> str:
        own = self._library.find(post.uid)
        if own is not None:
            return own.stem
        for position in range(1, len(post.media) + 1):
            sibling = self._library.find(photo_uid(post.uid, position))
            if sibling is not None:
                return header_value(self._library.text_of(sibling), "Album")
        return ""

    def _home(self, entry: Entry) -> tuple[str, Path]:
        """Say what a post's new pages are called and where: with those that its owner moved."""
        album = self._library.find(entry.uid) if entry.is_album else None
        if album is not None:
            return album.stem, album.parent
        said = post_from(entry.uid, entry.upstream)
        return entry.slug, self._library.folder_of(album_of(said, entry.slug))


def _matching(post: Post, entry: Entry, index: int) -> Media | None:
    """Find the medium of an item: by its id or a name upstream, else by its place."""
    place = aligned(entry.marks, post.media)[index]
    return None if place is None else post.media[place]


def _offered(item: Item, media: Media | None) -> Item:
    """Note the file of a source on this machine, so that the next run need not open it."""
    if media is None or offer_of(media) in item.offered:
        return item
    return replace(item, offered=(*item.offered, offer_of(media)))


def grown(entry: Entry, post: Post) -> Entry:
    """Add to an album what another source has of it besides: it left the album in between."""
    more = additional(entry.marks, post.media) if entry.is_album else ()
    if not more:
        return entry
    items = [Item(media_id=post.media[n].id, names=post.media[n].names) for n in more]
    said = upstream_of(post)["media"]
    media = [*entry.upstream["media"], *(said[n] for n in more)]
    return replace(entry, items=(*entry.items, *items), upstream={**entry.upstream, "media": media})


def item_uid(entry: Entry, index: int) -> str:
    """Identify the photo of an item."""
    return photo_uid(entry.uid, index + 1 if entry.is_album else 0)


def _without_medium(item: Item, page_file: Path | None) -> Item:
    """Say what becomes of an item whose medium upstream cannot be told, or is no more."""
    if page_file is not None:  # the page stays, also without its original
        return _adopted(page_file, item)
    if item.media_id:
        return replace(item, state="gone", reason="removed from its album upstream")
    return replace(item, state="pending", reason="its album has changed upstream")


def _files_of(page_file: Path) -> tuple[Path | None, Path | None]:
    """Say where the picture and the video of a page should lie."""
    text = page_text(page_file)
    return file_beside(page_file, text, "Original"), file_beside(page_file, text, "Video")


def _is_whole(page_file: Path) -> bool:
    return all(file.is_file() for file in _files_of(page_file) if file)


def _adopted(page_file: Path, item: Item) -> Item:
    """Take over a page that is there: a killed run wrote it, or the ledger was lost."""
    original, video = _files_of(page_file)
    subtitles = page_file.with_suffix(".srt")
    return replace(
        item,
        state="done",
        reason="",
        original=original.name if original else "",
        sha256=digest_of(original) if original and original.is_file() else "",
        look=_look_of(original) if original and original.is_file() else "",
        video=video.name if video else "",
        video_sha256=digest_of(video) if video and video.is_file() else "",
        subtitles=subtitles.name if subtitles.is_file() else "",
    )


def _look_of(picture: Path) -> str:
    if film_still.is_ours(picture):
        return ""
    try:
        return images.check(picture).look
    except ImageError:  # its owner put something else there
        return ""
