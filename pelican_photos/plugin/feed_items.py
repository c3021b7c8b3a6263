"""What a feed says of a post: its pictures first, then its caption; every address absolute.

An item is made once, however many feeds it is in.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from pelican_photos.plugin.anniversaries import Anniversary
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.markup import address_of, clock, count, large, media_type, profile

# What XML 1.0 cannot hold (section 2.2): a feed with one of these could not be read at all.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A picture or a video, as readers fetch it by itself."""

    url: str
    kind: str  # its media type
    width: int  # pixels
    height: int
    length: int = 0  # bytes; 0 when not known
    duration: float = 0.0  # seconds, of a video
    alt: str = ""
    preview: str = ""  # address of a video's poster

    @property
    def is_video(self) -> bool:
        """Whether it moves."""
        return self.kind.startswith("video/")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """A post in a feed.  No text in it holds a character that XML has no room for."""

    id: str
    url: str
    title: str
    html: str
    published: datetime
    author: tuple[str, str]  # name and address
    tags: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()

    @property
    def image(self) -> str:
        """The address of the picture that stands for it; "" without one."""
        shown = (each.preview if each.is_video else each.url for each in self.media)
        return next(filter(None, shown), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItems:
    """Makes items out of entries."""

    SHOWN: ClassVar = ("site", "originals", "author", "reference")

    site: str  # its address, without a slash at its end
    originals: str  # where videos are served from
    author: tuple[str, str]  # of the site: name and address
    caption: Callable[[Entry], Markup]
    length: Callable[[Entry, str], int]  # bytes of a file of the built site; 0 when not known
    reference: str = ""  # what is put behind the addresses of pages, such as "?ref=feed"
    _known: dict[str, tuple[Markup, tuple[Medium, ...]]] = field(default_factory=dict)

    def item(self, entry: Entry) -> FeedItem:
        """Say what feeds say of an entry."""
        return self._item(entry, Markup())

    def anniversary(self, found: Anniversary, published: datetime) -> FeedItem:
        """Say it once more for one year: under an id of its own, and with that day as its date."""
        ago = f"{count(found.years, 'year')} ago"
        note = Markup("<p>{}, on {}</p>").format(ago, found.entry.day)
        item = self._item(found.entry, note)
        return replace(
            item,
            id=f"{item.id}on-this-day/{found.day.year}",
            title=f"{ago}: {item.title}",
            published=published,
        )

    def _item(self, entry: Entry, note: Markup) -> FeedItem:
        url = f"{self.site}/{entry.url}"
        shown = [self._medium(photo) for photo in entry.photos or (entry,)]
        parts = [*(html for html, _ in shown), note, *_credit(entry), self.caption(entry)]
        owner = entry.owner
        return FeedItem(
            id=_tag_uri(url, entry.page.published),
            url=f"{url}{self.reference}",
            title=for_xml(entry.title) or entry.day,
            html=for_xml(Markup("\n").join(filter(None, parts))),
            published=entry.page.published,
            author=(for_xml(f"@{owner}"), profile(owner)) if owner else self.author,
            tags=tuple(for_xml(tag.name) for tag in entry.tags),
            media=tuple(medium for _, media in shown for medium in media),
        )

    def _medium(self, photo: Entry) -> tuple[Markup, tuple[Medium, ...]]:
        """Say what its album's item and its own say of a picture."""
        if photo.folder not in self._known:
            self._known[photo.folder] = self._shown(photo), tuple(self._media(photo))
        return self._known[photo.folder]

    def _shown(self, photo: Entry) -> Markup:
        page, source = f"{self.site}/{photo.url}{self.reference}", large(photo.picture)
        if source is None:
            return Markup('<p><a href="{}">{}</a></p>').format(page, photo.alt)
        picture = Markup(
            '<p><a href="{}"><img src="{}/{}" width="{}" height="{}" alt="{}"></a></p>'
        ).format(
            *(page, self.site, address_of(photo, source)),
            *(source.width, source.height, photo.alt),
        )
        return picture + self._film(photo)

    def _film(self, photo: Entry) -> Markup:
        if not photo.video:
            return Markup()
        length = f", {clock(photo.photo.duration)}" if photo.photo.duration else ""
        return Markup('\n<p><a href="{}/{}">Watch the video{}</a></p>').format(
            self.originals, quote(photo.video), length
        )

    def _media(self, photo: Entry) -> Iterator[Medium]:
        source, alt = large(photo.picture), for_xml(photo.alt)
        picture = f"{self.site}/{address_of(photo, source)}" if source else ""
        if photo.video:
            yield Medium(
                url=f"{self.originals}/{quote(photo.video)}",
                kind=media_type(photo.video),
                width=photo.picture.width,
                height=photo.picture.height,
                length=self.length(photo, photo.video),
                duration=photo.photo.duration,
                alt=alt,
                preview=picture,
            )
        elif source:
            yield Medium(
                url=picture,
                kind=media_type(source.name),
                width=source.width,
                height=source.height,
                length=self.length(photo, f"{photo.folder}/{source.name}"),
                alt=alt,
            )


def for_xml(text: str) -> str:
    """Part with the characters that no XML can hold, not even escaped."""
    return _NOT_XML.sub("", text)


def _credit(entry: Entry) -> Iterator[Markup]:
    """Name whose photo it is, where it is not the site's own."""
    if entry.owner:
        link = Markup('<a href="{}">@{}</a>').format(profile(entry.owner), entry.owner)
        yield Markup("<p>Photo by {}</p>").format(link)


def _tag_uri(url: str, published: datetime) -> str:
    """Name a page for ever, as Pelican names articles in its feeds (RFC 4151)."""
    parts = urlsplit(url)
    return f"tag:{parts.hostname},{published:%Y-%m-%d}:{parts.path}"
