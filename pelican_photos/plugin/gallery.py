"""What the gallery shows: which pages, in what order, at which addresses, beside which others.

Pure: pages and pictures come in, a ``Gallery`` of frozen entries comes out, and nothing here
reads a file.  Every address is computed once; neighbours and topics are looked up, never searched.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from typing import ClassVar, TypeVar
from urllib.parse import quote

from pelican_photos.describing import seen_in
from pelican_photos.model import Album, Page, Photo
from pelican_photos.naming import DRAFTS, address, original_key
from pelican_photos.plugin.entry import Entry, Picture, Topic
from pelican_photos.plugin.placement import Placed, placed, with_photos
from pelican_photos.plugin.topics import Topics, shown_place, topics_of
from pelican_photos.visibility import Visibility

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What stands before and after a page: newest first, an album's photos as posted."""

    previous: Entry | None = None
    next: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a site wants its gallery."""

    path: str  # of the gallery, below the site
    places: bool = True  # may the places be shown?
    people: bool = True  # may it be shown who is tagged?
    until: datetime | None = None  # what is dated later is a draft; None: nothing is


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Everything that is shown, in order; themes find it as ``gallery``."""

    SHOWN: ClassVar = (
        *("path", "posts", "tagged", "places", "people", "years", "months", "days", "albums"),
        *("videos", "photo_count"),
    )

    path: str
    posts: tuple[Entry, ...]  # published; newest first: albums, and photos alone
    entries: tuple[Entry, ...]  # every page there is to write, hidden ones and drafts too
    tagged: Mapping[Topic, tuple[Entry, ...]]  # by name; posts newest first
    places: Mapping[Topic, tuple[Entry, ...]]  # the same
    people: Mapping[Topic, tuple[Entry, ...]]  # the same, and photos of albums by themselves
    years: Mapping[int, tuple[Entry, ...]]  # newest first
    months: Mapping[tuple[int, int], tuple[Entry, ...]]  # year and month; newest first
    days: Mapping[tuple[int, int], tuple[Entry, ...]]  # month and day, of all years; in order
    albums: tuple[Entry, ...]  # among the posts
    videos: tuple[Entry, ...]  # every published one by itself, those of albums too
    photo_count: int  # pictures and videos that are published
    problems: tuple[str, ...] = ()
    _neighbours: Mapping[str, Neighbours] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Percent-encoded, below the site's address."""
        return f"{quote(self.path)}/"

    def neighbours(self, entry: Entry) -> Neighbours:
        """Say what stands before and after a page; nothing does beside an unlisted one."""
        return self._neighbours.get(entry.folder, Neighbours())


def gallery_of(
    pages: Iterable[tuple[PurePath, Photo | Album]],
    pictures: Mapping[PurePath, Picture],
    rules: Rules,
) -> Gallery:
    """Arrange the pages; ``pictures`` are found by the file of their page."""
    problems: list[str] = []
    newest_first = sorted(pages, key=_age, reverse=True)
    visibility = Visibility(newest_first, rules.until)
    found = with_photos(
        placed(newest_first, rules.path, visibility, problems), visibility, problems
    )
    published = (each.page for each in found if each.status == "published")
    topics = topics_of(rules.path, published, places=rules.places, people=rules.people)
    entries = [
        _entry(each, rules, topics, pictures.get(each.file) or _pictureless(each.page))
        for each in found
    ]
    whole = _with_photos(entries, visibility)
    posts = tuple(e for e in whole if e.status == "published" and e.album is None)
    shown = [photo for post in posts for photo in post.photos or (post,)]
    days = _grouped(((post.page.published.month, post.page.published.day), post) for post in posts)
    return Gallery(
        path=rules.path,
        posts=posts,
        entries=tuple(whole),
        tagged=_listed(whole, lambda entry: entry.tags),
        places=_listed(whole, lambda entry: (entry.where,) if entry.where else ()),
        people=_listed(whole, lambda entry: entry.people),
        years=_grouped((post.page.published.year, post) for post in posts),
        months=_grouped(
            ((post.page.published.year, post.page.published.month), post) for post in posts
        ),
        days=dict(sorted(days.items())),
        albums=tuple(post for post in posts if post.is_album),
        videos=tuple(photo for photo in shown if photo.photo.video),
        photo_count=len(shown),
        problems=tuple(problems),
        _neighbours=_neighbours(whole, posts),
    )


def _age(item: tuple[PurePath, Page]) -> tuple[datetime, str, PurePath]:
    file, page = item
    return page.published, page.slug, file


def _entry(placed: Placed, rules: Rules, topics: Topics, picture: Picture) -> Entry:
    page = placed.page
    before = f"{DRAFTS}/" if placed.status == "draft" else ""
    folder = before + address(rules.path, page).rstrip("/")
    place = shown_place(page.location) if rules.places else None

    def stored(name: str) -> str:
        return before + original_key(rules.path, page, name) if name else ""

    return Entry(
        page=page,
        file=placed.file,
        folder=folder,
        url=f"{quote(folder)}/",
        status=placed.status,
        picture=picture,
        original=stored(page.original) if isinstance(page, Photo) else "",
        video=stored(page.video) if isinstance(page, Photo) else "",
        place=place,
        tags=topics.tags_of(page),
        where=topics.place_of(place),
        people=topics.people_of(page) if rules.people else (),
        machines=_machines(page, rules),
    )


def _machines(page: Page, rules: Rules) -> str:
    """Give the words of Instagram's machine, which names who is tagged, and where it was."""
    if not isinstance(page, Photo):
        return ""
    return page.alt_auto if rules.places and rules.people else seen_in(page.alt_auto)


def _pictureless(page: Photo | Album) -> Picture:
    if isinstance(page, Photo) and page.width > 0 and page.height > 0:
        return Picture(width=page.width, height=page.height)
    return Picture()


def _with_photos(entries: Sequence[Entry], visibility: Visibility) -> list[Entry]:
    """Join albums and photos; every album has some."""
    albums = {entry.file: entry for entry in entries if entry.is_album}

    def album_of(entry: Entry) -> Entry | None:
        found = visibility.album_of(entry.file, entry.photo)
        return albums.get(found[0]) if found else None

    found = [
        entry if entry.is_album else replace(entry, album=album_of(entry)) for entry in entries
    ]
    photos: dict[str, list[Entry]] = defaultdict(list)
    for entry in found:
        # A draft among the photos of a published album has a page, but no place in it.
        if entry.album and entry.status == entry.album.status:
            photos[entry.album.folder].append(entry)
    whole = []
    for entry in found:
        if not entry.is_album:
            whole.append(entry)
        else:
            shown = photos[entry.folder]
            ordered = sorted(shown, key=lambda each: (each.photo.position, each.folder))
            whole.append(replace(entry, photos=tuple(ordered)))
    return whole


def _listed(
    entries: Iterable[Entry], topics: Callable[[Entry], Iterable[Topic]]
) -> Mapping[Topic, tuple[Entry, ...]]:
    """List what has each topic; a photo that shares its album's is in the album already."""
    found = _grouped(
        (topic, entry)
        for entry in entries
        if entry.status == "published"
        for topic in topics(entry)
        if entry.album is None or topic not in topics(entry.album)
    )
    return dict(sorted(found.items(), key=lambda item: (item[0].name.casefold(), item[0].slug)))


def _grouped(pairs: Iterable[tuple[K, Entry]]) -> Mapping[K, tuple[Entry, ...]]:
    groups: dict[K, list[Entry]] = {}
    for key, entry in pairs:
        groups.setdefault(key, []).append(entry)
    return {key: tuple(group) for key, group in groups.items()}


def _neighbours(entries: Iterable[Entry], posts: Sequence[Entry]) -> Mapping[str, Neighbours]:
    found = dict(_sides(posts, Neighbours()))
    for album in entries:
        found.update(_sides(album.photos, found.get(album.folder, Neighbours())))
    return found


def _sides(row: Sequence[Entry], ends: Neighbours) -> Iterator[tuple[str, Neighbours]]:
    """Pair each entry of a row with its neighbours; ``ends`` stand beyond the row."""
    around = (ends.previous, *row, ends.next)
    for entry, before, after in zip(row, around, around[2:], strict=False):
        yield entry.folder, Neighbours(previous=before, next=after)
