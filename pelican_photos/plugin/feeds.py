"""The Atom feed of the gallery: pictures first, then the caption; every address absolute."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.markup import address_of, large, profile

# What XML 1.0 cannot hold (section 2.2): a feed with one of these could not be read at all.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An entry as Pelican's ``Writer.write_feed`` asks for it."""

    entry: Entry
    body: Markup
    url: str
    summary: None = None  # the content says it all

    @property
    def title(self) -> Markup:
        """Escaped, since Pelican takes a title for HTML and strips its tags."""
        return escape(_for_xml(self.entry.title))

    @property
    def date(self) -> datetime:
        """When it was published first."""
        return self.entry.page.published

    @property
    def tags(self) -> list[str]:
        """The categories."""
        return [_for_xml(tag.name) for tag in self.entry.tags]

    def get_content(self, siteurl: str) -> str:
        """Give the HTML of the entry, with its pictures before its caption."""
        shown = self.entry.photos or (self.entry,)
        pictures = (_picture(photo, siteurl, self.url) for photo in shown)
        return _for_xml(Markup("\n").join([*pictures, *_credit(self.entry), self.body]))


def feed_item(entry: Entry, body: Markup) -> FeedItem:
    """Prepare an entry for the feed."""
    return FeedItem(entry=entry, body=body, url=entry.url)


def _picture(photo: Entry, siteurl: str, page: str) -> Markup:
    source = large(photo.picture)
    if source is None:
        return Markup('<p><a href="{}/{}">{}</a></p>').format(siteurl, page, photo.alt)
    return Markup(
        '<p><a href="{}/{}"><img src="{}/{}" width="{}" height="{}" alt="{}"></a></p>'
    ).format(
        *(siteurl, page, siteurl, address_of(photo, source)),
        *(source.width, source.height, photo.alt),
    )


def _credit(entry: Entry) -> Iterator[Markup]:
    """Name whose photo it is, where it is not the site's own."""
    if entry.owner:
        link = Markup('<a href="{}">@{}</a>').format(profile(entry.owner), entry.owner)
        yield Markup("<p>Photo by {}</p>").format(link)


def _for_xml(text: str) -> str:
    return _NOT_XML.sub("", text)
