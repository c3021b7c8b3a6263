"""What a source says anew of a post that is here: merged into its pages, and remembered.

Every page first, then the raw answer, the ledger last: a run that dies in between finds the
page saying already what upstream says, and goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pelican_photos.composition import Files, album_of, photo_of
from pelican_photos.improving import Improving
from pelican_photos.ledger import Entry, Item
from pelican_photos.matching import aligned
from pelican_photos.merge import Merge, merge_page
from pelican_photos.model import Album, Media, Photo, Post
from pelican_photos.sources import Source
from pelican_photos.storing import Site, item_uid
from pelican_photos.upstream import joined, post_from, upstream_of

# Instagram renames a file each time it is compressed anew; so many names are enough.
_MOST_NAMES = 24


@dataclass(slots=True)
class Reconciled:
    """The entry as it is now, what changed on which page, and what its owner keeps."""

    entry: Entry
    merged: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by page: its fields
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by page: sentences
    notes: list[str] = field(default_factory=list)  # what else a person should know


class _Page(NamedTuple):
    """A page of a post, with what upstream's words of before and of now make of it."""

    file: Path
    before: Photo | Album
    after: Photo | Album


class Reconciling:
    """Merges the posts of one source into one site."""

    def __init__(self, source: Source, site: Site) -> None:
        self._site = site
        self._library = site.library
        self._ledger = site.ledger
        self._improving = Improving(source, site.library, site.replaced)

    def reconcile(self, post: Post, entry: Entry, *, listed: bool, dry_run: bool) -> Reconciled:
        """Merge what a source says now of a post that is stored.

        Args:
            post: as the source gives it, under whichever Uid.
            entry: what is known of it.
            listed: the post stands on its live profile.
            dry_run: only tell what would be merged; files are not compared then.
        """
        places = aligned(entry.marks, post.media)
        after = joined(
            entry.upstream, upstream_of(post), places, prevails=post.edition >= entry.edition
        )
        done = Reconciled(entry)
        if after != entry.upstream:
            for page in self._pages(entry, replace(entry, upstream=after)):
                self._merge(page, done, dry_run=dry_run)
        if dry_run:
            return done
        done.entry = replace(
            entry,
            aliases=entry.aliases if post.uid in entry.uids else (*entry.aliases, post.uid),
            items=tuple(
                item if place is None else _named(item, post.media[place])
                for item, place in zip(entry.items, places, strict=True)
            ),
            listed=entry.listed or listed,
            gone=entry.gone and not listed,
            edition=max(entry.edition, post.edition),
            upstream=after,
        )
        self._improve(post, places, done)
        if done.entry != entry:
            self._site.keep_raw(post)
        self._ledger.put(done.entry)
        return done

    def _pages(self, before: Entry, after: Entry) -> Iterator[_Page]:
        """Yield each page of a post that is here, as two states of the ledger compose it."""
        was, says = (post_from(entry.uid, entry.upstream) for entry in (before, after))
        album = self._library.find(before.uid) if before.is_album else None
        if album is not None:
            yield _Page(album, album_of(was, before.slug), album_of(says, before.slug))
        for index in range(len(before.items)):
            file = self._library.find(item_uid(before, index))
            if file is not None:
                position = index + 1 if before.is_album else 0
                old, new = (
                    photo_of(said, said.media[index], position, before.slug, Files())
                    for said in (was, says)
                )
                yield _Page(file, old, new)

    def _merge(self, page: _Page, done: Reconciled, *, dry_run: bool) -> None:
        merge: Merge = merge_page(self._library.text_of(page.file), page.before, page.after)
        if merge.fields and not dry_run:
            self._library.edit(page.file, merge.changes, merge.body)
        if merge.fields:
            done.merged[page.file.stem] = merge.fields
        if merge.kept:
            done.kept[page.file.stem] = tuple(map(str, merge.kept))

    def _note(self, entry: Entry, index: int, item: Item) -> None:
        self._ledger.put(entry.with_item(index, item))

    def _improve(self, post: Post, places: tuple[int | None, ...], done: Reconciled) -> None:
        for index, place in enumerate(places):
            item = done.entry.items[index]
            file = self._library.find(item_uid(done.entry, index))
            if place is None or file is None or item.state != "done":
                continue
            note = partial(self._note, done.entry, index)
            found = self._improving.improve(post.media[place], item, file, note)
            done.entry = done.entry.with_item(index, found.item)
            if found.changes:
                done.merged[file.stem] = (*done.merged.get(file.stem, ()), *found.changes)
            if found.kept:
                done.kept[file.stem] = (*done.kept.get(file.stem, ()), *found.kept)
            if found.problem:
                done.notes.append(f"{file.stem}: no better file this time: {found.problem}")


def _named(item: Item, media: Media) -> Item:
    """Remember by which id and names a source knows a medium."""
    names = tuple(dict.fromkeys((*item.names, *media.names)))
    return replace(
        item,
        media_id=item.media_id or media.id,
        names=names if len(names) <= _MOST_NAMES else item.names,
    )
