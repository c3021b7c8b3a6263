"""Which feeds the gallery has, and their files: each as Atom and as JSON Feed."""

import os
import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any, Protocol
from urllib.parse import quote

from markupsafe import Markup

from pelican_photos.plugin.anniversaries import anniversaries
from pelican_photos.plugin.atom import atom_entry, atom_feed
from pelican_photos.plugin.captions import Captions, Rules
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.feed_items import FeedItem, FeedItems, for_xml
from pelican_photos.plugin.feed_words import FeedWords
from pelican_photos.plugin.gallery import Gallery
from pelican_photos.plugin.json_feed import json_feed, json_item
from pelican_photos.plugin.portrait import Portrait
from pelican_photos.plugin.press import Press

ON_THIS_DAY = "on-this-day"
# A site has thousands of tags, and so as many feeds of them; whoever follows one has seen what is
# older.
_OF_A_TAG = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSite:
    """What all feeds of a site have in common."""

    address: str  # without a slash at its end
    domain: str  # where the feeds themselves are served from; mostly the same
    name: str
    language: str
    author: tuple[str, str]  # name and address
    subtitle: str = ""
    icon: str = ""
    most: int | None = 100  # items in a feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An item, as it stands in either format."""

    item: FeedItem
    atom: str
    json: str


class Shown(Protocol):
    """What feeds ask of the generator's ``photostream``."""

    @property
    def site(self) -> str:
        """The site's address, without a slash at its end."""

    @property
    def originals(self) -> str:
        """Where originals are served from; "" for the site."""

    @property
    def author(self) -> str:
        """Whose photos they are."""

    @property
    def portrait(self) -> Portrait | None:
        """The picture of the profile."""


class Texts(Protocol):
    """Where feeds are written: the ``Press`` of a build."""

    def text(self, save_as: str, make: Callable[[], str], *inputs: Any) -> None:
        """Write what ``make`` gives, unless it is known and the same inputs made it."""


class Feeds:
    """Writes the feeds of one build; an item is converted once, however many feeds it is in."""

    def __init__(self, site: FeedSite, items: FeedItems, rules: Rules, texts: Texts) -> None:
        self._site = site
        self._items = items
        self._rules = rules
        self._texts = texts
        self._written: dict[str, Written] = {}

    def write(self, gallery: Gallery, moment: datetime, zone: tzinfo) -> None:
        """Write the feed of everything, those of tags and albums, and that of anniversaries.

        ``moment`` is that of the build, and ``zone`` says which day that is.
        """
        if not gallery.posts:  # there is no date to give it but that of the build
            return
        self._write("Photos", gallery.path, gallery.posts)
        for topic, entries in gallery.tagged.items():
            self._write(f"#{topic.name}", topic.folder, entries[:_OF_A_TAG])
        for album in gallery.albums:
            self._write(album.title, album.folder, album.photos)
        self._write_anniversaries(gallery, moment.astimezone(zone))

    def _write(self, title: str, folder: str, entries: Sequence[Entry]) -> None:
        found = entries[: self._site.most]
        if found:
            self._save(title, folder, lambda: [self._of(each) for each in found], found)

    def _of(self, entry: Entry) -> Written:
        if entry.folder not in self._written:
            self._written[entry.folder] = self._in_both(self._items.item(entry))
        return self._written[entry.folder]

    def _in_both(self, item: FeedItem) -> Written:
        return Written(item=item, atom=atom_entry(item), json=json_item(item, self._site.language))

    def _write_anniversaries(self, gallery: Gallery, now: datetime) -> None:
        """Write what changes only when the day does: every date in it is a midnight."""

        def midnight(day: date) -> datetime:
            return datetime.combine(day, time(), now.tzinfo)

        def written() -> list[Written]:
            items = (self._items.anniversary(each, midnight(each.day)) for each in found)
            return [self._in_both(item) for item in items]

        found = list(anniversaries(gallery.days, now.date()))[: self._site.most]
        entries = [each.entry for each in found]
        updated = midnight(now.date())
        self._save("On this day", f"{gallery.path}/{ON_THIS_DAY}", written, entries, updated)

    def _save(
        self,
        title: str,
        folder: str,
        written: Callable[[], Sequence[Written]],
        entries: Sequence[Entry],
        updated: datetime | None = None,
    ) -> None:
        """Write both files of a feed; without ``updated`` it is as new as its first entry."""
        words = self._words(title, folder, updated or entries[0].page.published)
        lengths = [self._length_of(entry) for entry in entries]
        inputs = (self._site, self._items, self._rules, title, folder, words.updated)

        def atom() -> str:
            made = written()
            return atom_feed(words, [each.item for each in made], [each.atom for each in made])

        def json() -> str:
            return json_feed(words, [each.json for each in written()])

        self._texts.text(f"{folder}/feed.atom", atom, "atom", *inputs, entries, lengths)
        self._texts.text(f"{folder}/feed.json", json, "json", *inputs, entries, lengths)

    def _words(self, title: str, folder: str, updated: datetime) -> FeedWords:
        site, below = self._site, quote(folder)
        return FeedWords(
            title=for_xml(f"{site.name} – {title}"),  # noqa: RUF001 - as in the title of a page
            page=f"{site.address}/{below}/",
            address=f"{site.domain}/{below}/feed",
            language=site.language,
            author=site.author,
            updated=updated,
            subtitle=site.subtitle,
            icon=site.icon,
        )

    def _length_of(self, entry: Entry) -> tuple[int, ...]:
        """Measure the videos of a post: their pages do not say how large they are."""
        videos = (photo for photo in entry.photos or (entry,) if photo.video)
        return tuple(self._items.length(photo, photo.video) for photo in videos)


def feeds_for(
    settings: Mapping[str, Any],
    shown: Shown,
    captions: Captions,
    press: Press,
) -> Feeds:
    """Prepare the feeds of a site by Pelican's settings; its pictures are in the output already."""
    author = (for_xml(shown.author), f"{shown.site}/")
    site = FeedSite(
        address=shown.site,
        domain=str(settings.get("FEED_DOMAIN") or shown.site).rstrip("/"),
        name=for_xml(plain(settings["SITENAME"])),
        language=settings["DEFAULT_LANG"],
        author=author,
        subtitle=for_xml(plain(settings.get("SITESUBTITLE") or "")),
        icon=f"{shown.site}/{shown.portrait.address}" if shown.portrait else "",
        most=settings["FEED_MAX_ITEMS"] or None,  # to Pelican, 0 is no limit
    )
    items = FeedItems(
        site=shown.site,
        originals=shown.originals or shown.site,
        author=author,
        caption=captions.html,
        length=lambda entry, address: _length(entry, f"{press.output}/{address}"),
        reference="?ref=feed" if settings["FEED_APPEND_REF"] else "",
    )
    return Feeds(site, items, captions.rules_of_all, press)


def plain(words: str) -> str:
    """Give a name of the site without the HTML that Pelican allows in it."""
    return Markup(words).striptags()  # noqa: S704 - as its owner wrote


def _length(entry: Entry, file: str) -> int:
    """Measure what the site carries, or what a CDN does in its stead; 0 where neither is here."""
    for each in (file, f"{entry.file.parent}/{posixpath.basename(file)}"):
        try:
            return os.stat(each).st_size  # noqa: PTH116 - of tens of thousands of files
        except OSError:
            continue
    return 0
