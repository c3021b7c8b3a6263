"""The nouns of the site: what a source offers, and what a page holds.

Plain frozen data.  Nothing here reads a file, opens a socket or imports a
third-party package; everything else in the package may import this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

Kind = Literal["image", "video"]


class Edition(NamedTuple):
    """Which of two sources speaks with more authority; the greater one wins.

    ``rank`` is the kind of source: 1 Instagram's export, 2 a folder of Instaloader's, 3 live
    Instagram, 9 the owner's own files.  ``as_of`` is when an export was made, in ISO 8601; ""
    where the source does not say.
    """

    rank: int = 0
    as_of: str = ""


UNSIGNED = Edition()  # whoever speaks next knows better


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place that the owner named; ``latitude`` and ``longitude`` are WGS 84 degrees.

    A ``coarse`` one is rounded to a city or so: no pin on a map stands for it.
    """

    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    coarse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody tagged in a picture; ``x`` and ``y`` run from 0 to 1, from its top left."""

    username: str
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment, with the answers to it, oldest first."""

    id: str
    author: str
    published: datetime  # always timezone-aware
    text: str
    likes: int = 0
    answers: "tuple[Comment, ...]" = ()
    hidden: bool = False  # its owner keeps it off the page, with all answers to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One picture or video of a post, still at its source.

    ``picture`` and ``video`` are addresses that only the source understands: an
    https URL, or a path in a folder.  A video's ``picture`` is its poster; "" without one.
    ``names`` are what upstream calls the file, without its extension: by them a picture is
    found again in another source (the CDN's ``<a>_<b>_<c>_n``, the export's number).
    """

    id: str = ""  # upstream's own; "" when it does not say
    names: tuple[str, ...] = ()
    kind: Kind = "image"
    picture: str
    video: str = ""
    width: int = 0  # pixels, as the source says; 0 when it does not
    height: int = 0
    duration: float = 0.0  # seconds
    alt: str = ""  # written by a person
    alt_auto: str = ""  # written by Instagram's machine
    people: tuple[Person, ...] = ()
    taken: str = ""  # capture time as the camera wrote it: "2024-05-12 18:03:00", mostly naive
    camera: str = ""
    place: Location | None = None  # where the camera was; private, unlike a post's location
    subtitles: str = ""  # address of an .srt file; "" without one
    file_size: int = 0  # bytes of the picture (of the video, without one); 0 when not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a source offers: one caption, one date, one to twenty media.

    ``silent`` names the fields, of the post and of its media, of which the source never says
    anything: an empty value there is no news.
    """

    uid: str  # "instagram:CxYz_12AbCd"
    published: datetime  # always timezone-aware, exact to the second
    caption: str = ""
    media: tuple[Media, ...]
    owner: str = ""
    coauthors: tuple[str, ...] = ()
    location: Location | None = None
    music: str = ""
    syndication: str = ""  # its permalink upstream
    comment_count: int | None = None  # what the source says; None when it does not
    status: str = ""  # Pelican's word: "hidden" for what is archived upstream
    foreign: bool = False  # somebody else's, saved or liked: never published unasked
    edition: Edition = UNSIGNED
    silent: frozenset[str] = frozenset()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a photo's page and an album's page have in common."""

    slug: str
    uid: str
    title: str
    published: datetime  # always timezone-aware
    tags: tuple[str, ...] = ()
    location: Location | None = None
    owner: str = ""  # user name of somebody else whose post it is; "" is the site's own
    coauthors: tuple[str, ...] = ()
    music: str = ""
    syndication: str = ""
    shortlink: str = ""
    status: str = ""  # Pelican's: published, draft, hidden; "" is published
    content: str = ""  # the body, in Markdown
    extra: tuple[tuple[str, str], ...] = ()  # keys we do not know, as the owner wrote them


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo(Page):
    """One picture or video of the site, with everything its page says about it."""

    original: str  # file name beside the page; a video's poster
    width: int = 0  # pixels of the original, as it is meant to be seen
    height: int = 0
    alt: str = ""
    alt_auto: str = ""
    people: tuple[Person, ...] = ()
    video: str = ""  # file name beside the page; "" for a picture
    subtitles: str = ""  # file name of an .srt beside the page
    duration: float = 0.0  # seconds
    album: str = ""  # slug of the album it belongs to; "" when alone
    position: int = 0  # from 1 in an album; 0 when alone
    taken: str = ""  # capture time as the camera wrote it, when it differs
    camera: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Album(Page):
    """A post of several photos: the caption once, and a cover."""

    cover: int = 1  # position of the photo that stands for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A post that its source could not make sense of; ``raw`` is kept all the same."""

    uid: str
    reason: str
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
