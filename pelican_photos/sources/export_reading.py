"""One reading of an export, from its first file to its last: each post once, in flat memory.

What stays in memory is a few numbers a post.  What has to be met again (the detailed
``posts.json``, the scattered albums of the oldest exports) is laid aside on disk.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from pelican_photos.errors import SourceError, SourceOutdated
from pelican_photos.model import Edition, Post, Unreadable
from pelican_photos.naming import short_hash
from pelican_photos.sources import export_early as early
from pelican_photos.sources.export_details import is_detailed, is_post
from pelican_photos.sources.export_files import Contents, Document, html_of
from pelican_photos.sources.export_html import posts_in
from pelican_photos.sources.export_joining import Details, read
from pelican_photos.sources.export_names import Role, key_of, medium_key
from pelican_photos.sources.export_posts import (
    Extras,
    Origin,
    media_in,
    post_of,
    uid_of,
    uri_of_first,
    uris_of,
)
from pelican_photos.sources.export_text import repaired_all
from pelican_photos.sources.json_stream import Element
from pelican_photos.sources.loose_json import as_line, as_mapping
from pelican_photos.sources.spill import Spill

_RANK = 1  # of an export, among the sources
# The lists of a file say more of what they hold than its name does.
_ROLE_OF_LIST: Mapping[str, Role] = {
    "ig_archived_post_media": "archived",
    "ig_recently_deleted_media": "deleted",
    "ig_stories": "stories",
    "ig_profile_picture": "profile",
}
_INSIGHTS = "organic_insights_posts"  # a posts.json too, of numbers
# What is deleted or archived now counts, whatever another file of the same export says.
_ROLES_IN_ORDER: tuple[Role, ...] = ("deleted", "archived", "posts", "stories")
_LEFT_OUT: Mapping[Role, str] = {
    "deleted": "recently deleted posts",
    "stories": "story items",
    "profile": "profile pictures",
}
_HIDDEN = frozenset(("archived", "stories"))
_EARLY = -1  # stands for all exports of before 2021, whose parts are read together

Offer = Post | Unreadable


class Reading:
    """One reading; its counts and ``failures`` are whole when it has ended.

    Args:
        contents: the files.
        stories: whether stories are wanted, as hidden posts.
        disk: holds the temporary files, and lets them go.
    """

    def __init__(self, contents: Contents, disk: ExitStack, *, stories: bool) -> None:
        self.skipped: Counter[str] = Counter()
        self.failures: dict[str, SourceError] = {}
        self.count = 0
        self.of_html = 0  # posts that no JSON has
        self._contents = contents
        self._left_out = {k: v for k, v in _LEFT_OUT.items() if not (stories and k == "stories")}
        self._exports = list(contents.exports())
        self._details = Details(disk.enter_context(Spill()))
        self._laid_aside: set[str] = set()
        self._entries = disk.enter_context(Spill())
        self._albums: dict[int, list[int]] = {}  # a time and caption → its entries
        self._damaged = disk.enter_context(Spill())
        self._seen: set[int] = set()  # media
        self._twins: dict[int, int] = {}  # a time, caption and count → its export

    def posts(self) -> Iterator[Offer]:
        """Yield each post once, then what could not be read and nothing else tells of."""
        for number, export in enumerate(self._exports):
            self._lay_details_aside(export, number)
        for number, export in enumerate(self._exports):
            for role in _ROLES_IN_ORDER:
                for document in export:
                    if (document.role, document.form) == (role, "json"):
                        yield from self._once(self._of_document(document, number), number)
            yield from self._once(self._of_details(number), number)
        for export in self._exports:
            yield from self._once(self._of_early(export), _EARLY)
        yield from self._once(self._of_albums(), _EARLY)
        for number, export in enumerate(self._exports):
            for post in self._once(self._of_html(export), number):
                self.of_html += 1
                yield post
        yield from self._unreadable()

    def _once(self, offers: Iterator[Offer], export: int) -> Iterator[Post]:
        """Leave out what another file has told of: the same media, or another export's twin.

        What cannot be read waits for the end: another file may tell of it.
        """
        for offer in offers:
            if isinstance(offer, Unreadable):
                self._damaged.add([offer.uid, offer.reason, offer.raw])
                continue
            keys = {medium_key(uri) for uri in uris_of(offer)}
            moment = int(offer.published.timestamp())
            twin = key_of(f"{moment} {len(offer.media)} {offer.caption}")
            if self._seen.isdisjoint(keys) and self._twins.get(twin, export) == export:
                self._seen |= keys
                if len(self._exports) > 1:
                    self._twins[twin] = export
                self.count += 1
                yield offer

    def _unreadable(self) -> Iterator[Unreadable]:
        told = set()
        for _, (uid, reason, raw) in self._damaged.all():
            uri = uri_of_first(as_mapping(raw).get("element"))
            if uid not in told and not (uri and medium_key(uri) in self._seen):
                told.add(uid)
                self.count += 1
                yield Unreadable(uid=uid, reason=reason, raw=raw)

    def _elements(self, document: Document) -> Iterator[Element]:
        """Yield what a file lists; what is wrong with it is noted, and the next file is read."""
        try:
            yield from self._contents.elements(document)
        except SourceError as error:
            self.failures.setdefault(str(error), error)

    def _lay_details_aside(self, export: tuple[Document, ...], number: int) -> None:
        for document in export:
            if (document.role, document.form) != ("posts", "json"):
                continue
            for position, element in enumerate(self._elements(document)):
                if position == 0 and not is_detailed(element.value):
                    break
                raw = _repaired(element.value)
                if raw is not None and is_detailed(raw):
                    self._details.add(raw, document.member.path, document.as_of, number)
                    self._laid_aside.add(self._contents.shown(document))

    def _of_document(self, document: Document, number: int) -> Iterator[Offer]:
        laid_aside = self._contents.shown(document) in self._laid_aside
        for position, element in enumerate(self._elements(document)):
            if element.key == _INSIGHTS:
                self.skipped["files of insights"] += 1
                return
            role = _ROLE_OF_LIST.get(element.key, document.role)
            if self._is_left_out(role, element.value):
                continue
            if element.key and not is_post(element.value):
                self.skipped["entries that are no posts"] += 1
            elif not (laid_aside and is_detailed(element.value)):
                yield from self._of_element(document, role, position, element.value, number)

    def _is_left_out(self, role: Role, value: object) -> bool:
        if role not in self._left_out:
            return False
        self.skipped[self._left_out[role]] += 1
        if role == "deleted":  # an older export may have it among its posts
            media = media_in(as_mapping(value))
            self._seen |= {medium_key(uri) for uri in map(uri_of_first, media) if uri}
        return True

    def _of_element(
        self, document: Document, role: Role, position: int, value: object, number: int
    ) -> Iterator[Offer]:
        origin = self._origin(document.member.path, document.as_of, role)
        raw = _repaired(value)
        if raw is None:
            told = None if isinstance(value, Mapping | list) else value
            yield _unreadable(origin, position, told, "an entry that is no post")
            return
        if is_detailed(raw):
            yield from self._of_detailed(raw, origin, position)
            return
        if document.order[0] == "posts":
            self._details.note_plain(number)
        keys = [medium_key(uri) for uri in map(uri_of_first, media_in(raw)) if uri]
        detail = self._details.meet(keys)
        if detail and detail.is_draft(published=True):
            self.skipped["drafts"] += 1
            return
        offer = _read(raw, origin, position, detail.extras if detail else Extras())
        if detail and isinstance(offer, Post):
            self._details.learn(detail, offer.caption)
        yield offer

    def _of_detailed(
        self, raw: Mapping[str, Any], origin: Origin, position: int
    ) -> Iterator[Offer]:
        detail = read(raw)
        if detail.is_draft():
            self.skipped["drafts"] += 1
        else:
            yield _read(self._details.element(detail), origin, position, detail.extras)

    def _of_details(self, number: int) -> Iterator[Offer]:
        for position, (detail, file, as_of) in enumerate(self._details.left(number)):
            origin = self._origin(file, as_of, "posts")
            if self._details.never_published(detail, number):
                self.skipped["drafts"] += 1
            elif self._details.is_foreign(detail):
                self.skipped["posts of others"] += 1
            else:
                yield _read(self._details.element(detail), origin, position, detail.extras)

    def _of_early(self, export: tuple[Document, ...]) -> Iterator[Offer]:
        """Lay the entries of posts aside, and yield the stories if they are wanted."""
        for document in export:
            if (document.role, document.form) != ("early", "json"):
                continue
            for position, (key, value) in enumerate(self._elements(document)):
                entry = as_mapping(value)
                if key in early.POSTS and entry:
                    self._lay_entry_aside(entry, document)
                elif key == "stories" and not self._is_left_out("stories", value):
                    origin = self._origin(document.member.path, document.as_of, "stories")
                    yield _read_early([entry], origin, position)
                elif key in early.OTHERS:
                    self.skipped[early.OTHERS[key]] += 1

    def _lay_entry_aside(self, entry: Mapping[str, Any], document: Document) -> None:
        where = self._entries.add([entry, document.member.path, document.as_of])
        self._albums.setdefault(early.group_key(entry), []).append(where)

    def _of_albums(self) -> Iterator[Offer]:
        for places in self._albums.values():
            laid = [self._entries.get(where) for where in places]
            _, file, as_of = laid[0]
            origin = self._origin(file, as_of, "posts")
            yield _read_early([entry for entry, *_ in laid], origin, places[0])

    def _of_html(self, export: tuple[Document, ...]) -> Iterator[Offer]:
        for document in html_of(export):
            origin = self._origin(document.member.path, document.as_of, document.role)
            try:
                for offer in posts_in(self._contents.pieces(document.member), origin):
                    if not self._is_left_out(document.role, offer.raw.get("element")):
                        yield offer
            except SourceError as error:
                self.failures.setdefault(str(error), error)

    def _origin(self, file: str, as_of: str, role: Role) -> Origin:
        status = "hidden" if role in _HIDDEN else ""
        return Origin(file, Edition(_RANK, as_of), self._contents.look, status)


def _repaired(value: object) -> Mapping[str, Any] | None:
    """Repair the text of an element; None when it is no object, or nested beyond reason."""
    try:
        whole = repaired_all(value)
    except SourceOutdated:
        return None
    return whole if isinstance(whole, Mapping) else None


def _read(raw: Mapping[str, Any], origin: Origin, position: int, extras: Extras) -> Offer:
    try:
        return post_of(raw, origin, extras)
    except SourceOutdated as error:
        return _unreadable(origin, position, raw, str(error))


def _read_early(entries: list[Mapping[str, Any]], origin: Origin, position: int) -> Offer:
    try:
        return early.post_of_entries(entries, origin)
    except SourceOutdated as error:
        return _unreadable(origin, position, entries[0], str(error))


def _unreadable(origin: Origin, position: int, raw: object, reason: str) -> Unreadable:
    uri = uri_of_first(raw) or f"instagram-export:{origin.file}#{position}"
    uid = uid_of(uri) if uri_of_first(raw) else f"instagram-export:{short_hash(uri, 16)}"
    shown = as_line(origin.file)
    if not reason.startswith(shown):
        reason = f"{shown}: {reason}"
    kept = raw if isinstance(raw, Mapping | list | str | int | float) else None
    return Unreadable(uid=uid, reason=reason, raw={"file": origin.file, "element": kept})
