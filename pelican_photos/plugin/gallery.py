"""What the gallery shows: which pages, in what order, at which addresses, beside which others.

Pure: pages and pictures come in, a ``Gallery`` of frozen entries comes out, and nothing here
reads a file.  Every address is computed once; neighbours and tags are looked up, never searched.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath, PurePosixPath
from typing import TypeVar
from urllib.parse import quote

from pelican_photos.model import Album, Location, Page, Photo
from pelican_photos.naming import DRAFTS, address, original_path, tag_slug
from pelican_photos.plugin.placement import Placed, placed
from pelican_photos.visibility import Visibility

K = TypeVar("K")

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(date: datetime) -> str:
    """Write a date for people: "12 May 2024"."""
    return f"{date.day} {month(date)} {date.year}"


def month(date: datetime) -> str:
    """Name the month."""
    return _MONTHS[date.month - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One rendition: pixels, and its name in the folder of its photo's page."""

    width: int
    height: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What can be shown of an original; ``sources`` go from narrow to wide.

    There are none where the original is missing or cannot be decoded: the size is then what
    the page says.
    """

    width: int = 4
    height: int = 3
    colour: str = ""  # the mean, "#rrggbb"
    sources: tuple[Source, ...] = ()

    @property
    def ratio(self) -> float:
        """Width by height."""
        return round(self.width / self.height, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag, and the folder of its listing; "" where no published photo has it."""

    name: str
    slug: str
    folder: str = ""
    url: str = ""  # the same, percent-encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page of the gallery: a photo, or an album with its photos."""

    page: Photo | Album
    file: PurePath  # the page on disk
    folder: str  # of the page in the built site, without a slash at its end
    url: str  # the same, percent-encoded
    status: str  # published, hidden or draft
    picture: Picture = field(default_factory=Picture)  # of a photo
    original: str = ""  # address below the site, or below the CDN; not yet percent-encoded
    video: str = ""  # the same
    photos: "tuple[Entry, ...]" = ()  # of an album, in order
    album: "Entry | None" = None  # that a photo belongs to, but without the photos
    place: Location | None = None  # None also where places are not shown
    tags: tuple[Tag, ...] = ()

    @property
    def title(self) -> str:
        """As the page says it: plain text."""
        return self.page.title

    @property
    def day(self) -> str:
        """When it was published first, for people."""
        return day(self.page.published)

    @property
    def owner(self) -> str:
        """User name of somebody else whose photo it is; "" for the site's own."""
        return self.page.owner or (self.album.page.owner if self.album else "")

    @property
    def is_album(self) -> bool:
        """Whether this is the page of several photos."""
        return isinstance(self.page, Album)

    @property
    def is_named(self) -> bool:
        """Whether the title says more than the day, or than the album's."""
        told = f"{self.album.title} ({self.photo.position})" if self.album else self.page.slug
        return self.title not in (told, f"Photo, {self.day}")

    @property
    def cover(self) -> "Entry":
        """The photo that stands for this entry: itself, or the one that the album names."""
        if not isinstance(self.page, Album):
            return self
        wanted = self.page.cover
        return next((each for each in self.photos if each.photo.position == wanted), self.photos[0])

    @property
    def photo(self) -> Photo:
        """The page of the photo that stands for this entry."""
        page = self.cover.page
        assert isinstance(page, Photo)
        return page

    @property
    def alt(self) -> str:
        """What can be seen, in a person's words; else what, when and where. Never a guess."""
        photo, place = self.photo, self.cover.place or (self.album or self).place
        if photo.alt:
            return photo.alt
        kind = "Video" if photo.video else "Photo"
        kind = f"{kind} {photo.position}" if photo.album and photo.position else kind
        return ", ".join(filter(None, (kind, self.day, place.name if place else "")))


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
    until: datetime | None = None  # what is dated later is a draft; None: nothing is


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Everything that is shown, in order; themes find it as ``gallery``."""

    path: str
    posts: tuple[Entry, ...]  # published; newest first: albums, and photos alone
    entries: tuple[Entry, ...]  # every page there is to write, hidden ones and drafts too
    tagged: Mapping[Tag, tuple[Entry, ...]]  # by name; posts newest first
    years: Mapping[int, tuple[Entry, ...]]  # newest first
    problems: tuple[str, ...] = ()
    _neighbours: Mapping[str, Neighbours] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Percent-encoded, below the site's address."""
        return f"{quote(self.path)}/"

    @property
    def photo_count(self) -> int:
        """How many pictures and videos are published."""
        return sum(len(post.photos) or 1 for post in self.posts)

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
    found = list(placed(newest_first, rules.path, visibility, problems))
    tags = _tags(rules, (each.page for each in found if each.status == "published"))
    entries = [
        _entry(each, rules, tags, pictures.get(each.file) or _pictureless(each.page))
        for each in found
    ]
    whole = _with_photos(entries, visibility, problems)
    posts = tuple(e for e in whole if e.status == "published" and e.album is None)
    return Gallery(
        path=rules.path,
        posts=posts,
        entries=tuple(whole),
        tagged=_tagged(whole),
        years=_grouped((post.page.published.year, post) for post in posts),
        problems=tuple(problems),
        _neighbours=_neighbours(whole, posts),
    )


def _age(item: tuple[PurePath, Page]) -> tuple[datetime, str, PurePath]:
    file, page = item
    return page.published, page.slug, file


def _tags(rules: Rules, published: Iterable[Page]) -> Mapping[str, Tag]:
    """Give each slug one tag, as the newest page spells it."""
    tags: dict[str, Tag] = {}
    for name in (name for page in published for name in page.tags):
        slug = tag_slug(name)
        if slug not in tags:
            folder = f"{rules.path}/tags/{slug}"
            tags[slug] = Tag(name=name, slug=slug, folder=folder, url=f"{quote(folder)}/")
    return tags


def _entry(placed: Placed, rules: Rules, tags: Mapping[str, Tag], picture: Picture) -> Entry:
    page = placed.page
    slugs = {tag_slug(name): name for name in page.tags}
    drafts = DRAFTS if placed.status == "draft" else ""
    folder = str(PurePosixPath(drafts, address(rules.path, page)))

    def stored(name: str) -> str:
        return str(PurePosixPath(drafts, original_path(rules.path, page, name))) if name else ""

    return Entry(
        page=page,
        file=placed.file,
        folder=folder,
        url=f"{quote(folder)}/",
        status=placed.status,
        picture=picture,
        original=stored(page.original) if isinstance(page, Photo) else "",
        video=stored(page.video) if isinstance(page, Photo) else "",
        place=_place(page.location) if rules.places else None,
        tags=tuple(tags.get(slug, Tag(name=name, slug=slug)) for slug, name in slugs.items()),
    )


def _place(location: Location | None) -> Location | None:
    """Give a place as it is shown: a coarse one by its name, since a pin would be wrong."""
    if location is None or not location.coarse:
        return location
    return Location(name=location.name, coarse=True) if location.name else None


def _pictureless(page: Photo | Album) -> Picture:
    if isinstance(page, Photo) and page.width > 0 and page.height > 0:
        return Picture(width=page.width, height=page.height)
    return Picture()


def _with_photos(
    entries: Sequence[Entry], visibility: Visibility, problems: list[str]
) -> list[Entry]:
    """Join albums and photos."""
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
        elif shown := photos.get(entry.folder):
            ordered = sorted(shown, key=lambda each: (each.photo.position, each.folder))
            whole.append(replace(entry, photos=tuple(ordered)))
        else:
            problems.append(f"{entry.file} is left out: no page says Album: {entry.page.slug}")
    return whole


def _tagged(entries: Iterable[Entry]) -> Mapping[Tag, tuple[Entry, ...]]:
    """List what bears each tag; a photo that shares its album's tag is in the album already."""
    found = _grouped(
        (tag, entry)
        for entry in entries
        if entry.status == "published"
        for tag in entry.tags
        if entry.album is None or tag not in entry.album.tags
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
