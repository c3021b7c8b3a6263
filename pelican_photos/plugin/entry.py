"""One page of the gallery, and what is shown of it: a photo, or an album with its photos.  Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import ClassVar

from pelican_photos.model import Album, Location, Photo

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def month_name(month: int) -> str:
    """Name a month by its number from 1."""
    return _MONTHS[month - 1]


def day(date: datetime) -> str:
    """Write a date for people: "12 May 2024"."""
    return f"{day_of_year(date.month, date.day)} {date.year}"


def day_of_year(month: int, number: int) -> str:
    """Write a day of every year: "12 May"."""
    return f"{number} {month_name(month)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One rendition: pixels, and its name in the folder of its photo's page."""

    width: int
    height: int
    name: str
    avif: str = ""  # the name of the same pixels in AVIF, where that is smaller


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
class Topic:
    """What posts have in common, and the folder of their list: a tag, a place, or a person.

    The folder is "" where no published post has it.
    """

    name: str
    slug: str
    folder: str = ""
    url: str = ""  # the same, percent-encoded
    position: tuple[float, float] | None = None  # of a place: latitude and longitude, WGS 84


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page of the gallery: a photo, or an album with its photos."""

    # What templates may read; where the page lies on this machine is not for them.
    SHOWN: ClassVar = (
        *("page", "folder", "url", "status", "picture", "original", "video", "photos", "album"),
        *("place", "tags", "where", "machines", "people"),
    )

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
    tags: tuple[Topic, ...] = ()
    where: Topic | None = None  # the list of its place
    machines: str = ""  # what Instagram's machine says of a photo, as far as it may be shown
    people: tuple[Topic, ...] = ()  # who is tagged in it; () also where people are not shown

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
