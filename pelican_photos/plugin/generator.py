"""The generator: reads the photos' pages, then writes the gallery."""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from markupsafe import Markup
from pelican.generators import Generator
from pelican.plugins import signals
from pelican.writers import Writer

from pelican_photos.clock import build_time
from pelican_photos.comment_files import comments_text, read_comments
from pelican_photos.errors import PageError
from pelican_photos.library import Library, Stored
from pelican_photos.model import Comment
from pelican_photos.plugin.assets import Assets, theme_folder
from pelican_photos.plugin.atlas import atlas_of
from pelican_photos.plugin.calendar import days_of, years_of
from pelican_photos.plugin.captions import Captions
from pelican_photos.plugin.configuration import one_line_errors, read_stylesheet, site_settings
from pelican_photos.plugin.directory import directory_of
from pelican_photos.plugin.discussion import shown
from pelican_photos.plugin.doorways import Doorways
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.feeds import feeds_for, plain
from pelican_photos.plugin.fingerprint import Fingerprints, Later
from pelican_photos.plugin.gallery import Rules, gallery_of
from pelican_photos.plugin.links import resolve_links
from pelican_photos.plugin.listing import listings, sheets
from pelican_photos.plugin.page_cache import PageCache
from pelican_photos.plugin.pictures import Pictures
from pelican_photos.plugin.portrait import Portrait, Portraits
from pelican_photos.plugin.press import Press
from pelican_photos.plugin.printer import Printer
from pelican_photos.plugin.search_index import search_file
from pelican_photos.plugin.short_addresses import short_addresses, shortlinks
from pelican_photos.plugin.tracks import write_track
from pelican_photos.running_builds import RunningBuild
from pelican_photos.visibility import Visibility

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photostream:
    """What templates know of the site beside its photos; they find it as ``photostream``."""

    site: str  # SITEURL, even where pages link relatively; "" when it is not set
    originals: str  # the CDN; "" when originals lie on the site
    folder: str  # where pages of photos are expected, for people
    assets: Assets
    frame: Markup  # the style sheet of our own theme
    more_style: Markup  # what comes behind it on pages that are neither a list nor a photo
    inline: bool  # whether the theme brings the style along
    problems: int  # pages that cannot be shown, where there are no others
    license: str = ""  # its address
    author: str = ""
    portrait: Portrait | None = None
    map_tiles: str = ""  # where a map's tiles are; "" for none
    map_attribution: str = ""
    prerender: bool = False  # whether browsers may render pages ahead of a visit

    @property
    def has_feeds(self) -> bool:
        """Whether there are feeds: nobody can follow an address that is not whole."""
        return self.site.startswith(("https://", "http://"))


class PhotosGenerator(Generator):  # type: ignore[misc] # Pelican has no types
    """Gathers the photos, then writes their pages and those that list them."""

    @one_line_errors()
    def generate_context(self) -> None:
        """Read pages and make renditions; themes then find ``gallery`` and ``photos``."""
        self.options = site_settings(self.settings)
        self.moment = build_time()
        self.build = RunningBuild(self.options.cache_folder, Path(self.output_path))
        self.build.begin()
        try:
            self._gather()
        except BaseException:
            self.build.end()
            raise

    def _gather(self) -> None:
        library = Library(self.options.content, self.options.path)
        stored = library.settled()
        rules = self._rules()
        visibility = Visibility(stored, rules.until)
        built = [each for each in stored if visibility.status(*each) != "skip"]
        self.pictures = self.open_pictures(built)
        problems = self.pictures.render()
        self.gallery = gallery_of(stored, self.pictures.shown(), rules)
        unshown = [*library.problems, *self.gallery.problems]
        for problem in (*unshown, *problems):
            logger.error("%s", problem)
        self._report_an_empty_gallery()
        self.context["gallery"] = self.gallery
        self.context["photos"] = self.gallery.posts
        self.context["photostream"] = self._photostream(
            0 if self.gallery.posts else len(unshown), self._portrait()
        )
        resolve_links(self.context, self.gallery, self.options)

    @one_line_errors()
    def generate_output(self, writer: Writer) -> None:
        """Write everything below ``PHOTOS_PATH``."""
        try:
            self._write(Path(self.output_path), writer)
        finally:
            self.build.end()

    def _write(self, output: Path, writer: Writer) -> None:
        for problem in self.pictures.place(self.gallery, output):
            logger.error("%s", problem)
        if self.pictures.missing:
            logger.warning(
                "Links to %d originals lead nowhere, to %s for one: bring them back, or say in "
                "PHOTOS_ORIGINALS_URL where they are",
                len(self.pictures.missing),
                self.pictures.missing[0],
            )
        if portrait := self.context["photostream"].portrait:
            self.portraits.place(portrait, output)
        cache = self.page_cache(output)
        with cache.opened():
            self.print_with(Press(self, Printer(output, writer, cache)))
        for file in self.context["photostream"].assets:
            file.write(output)

    def open_pictures(self, stored: Sequence[Stored]) -> Pictures:
        """Find the pictures of some pages, to be made where they lack."""
        return Pictures(self.options, stored)

    def open_portraits(self) -> Portraits:
        """Find the picture of the profile, to be made where it lacks."""
        return Portraits(self.options)

    def print_with(self, press: Press) -> None:
        """Write every page, or have a look at each."""
        captions = Captions(self.settings["MARKDOWN"], self.gallery.people)
        doorways = Doorways(press, self.context)
        found = short_addresses(self.gallery.posts, self.options.instagram_profile)
        short = doorways.free(found if self.options.short_addresses else ())
        self._write_entries(press, captions, shortlinks(short))
        self._write_listings(press)
        self._write_search(press, captions)
        doorways.write_short_addresses(short)
        doorways.write_not_found(self.gallery.posts)
        self._write_feeds(press, captions)

    def page_cache(self, output: Path) -> PageCache:
        """Find what was printed when the site was built last in this way."""
        below = os.path.relpath(output, self.options.root)
        way = Fingerprints().of(below, self.options.siteurl, self.settings["RELATIVE_URLS"])
        # A listener may change what was written, so that it is needed again as it was.
        changing = signals.content_written.receivers or signals.finalized.receivers
        return PageCache(
            self.options.cache_folder / "pages" / f"{way[:16]}.sqlite3",
            keeps_text=bool(self.settings["DELETE_OUTPUT_DIRECTORY"] or changing),
        )

    def _write_entries(self, press: Press, captions: Captions, short: Mapping[str, str]) -> None:
        """Write the pages of photos and albums."""
        albums = {entry.folder: entry for entry in self.gallery.entries if entry.is_album}
        tracks = {entry.folder: self.track(entry) for entry in self.gallery.entries}
        for entry in self.gallery.entries:
            album = albums.get(entry.album.folder) if entry.album else None
            siblings = album.photos if album else ()
            shown = (*siblings, *entry.photos, entry)
            press.page(
                "album" if entry.is_album else "photo",
                entry.folder,
                entry=entry,
                siblings=siblings,
                beside=self.gallery.neighbours(entry),
                caption=Later(captions.rules(entry), partial(captions.caption, entry)),
                track=tracks[entry.folder],
                tracks={each.folder: track for each in shown if (track := tracks[each.folder])},
                comments=_comments(entry, press) if self.options.show_comments else (),
                author=self.context["photostream"].author,
                short=short.get(entry.folder, ""),
            )

    def track(self, entry: Entry) -> str:
        """Write the captions of a video; gives their address."""
        address, problem = write_track(entry, Path(self.output_path))
        if problem:
            logger.warning("%s", problem)
        return address

    def _write_listings(self, press: Press) -> None:
        path = self.gallery.path
        for listing in listings(self.gallery):
            for sheet in sheets(listing, self.gallery, self.options.per_page):
                press.page(listing.template, sheet.folder, sheet=sheet)
        press.page("tags", f"{path}/tags", directory=directory_of(self.gallery.tagged))
        if self.gallery.places:
            press.page("map", f"{path}/map", atlas=atlas_of(self.gallery.places))
        if self.gallery.people:
            press.page("people", f"{path}/people")
        press.page("links", f"{path}/links")
        if self.gallery.posts:
            press.page("archive", f"{path}/archive", years=years_of(self.gallery))
            press.page("on-this-day", f"{path}/on-this-day", months=days_of(self.gallery))

    def _write_feeds(self, press: Press, captions: Captions) -> None:
        shown = self.context["photostream"]
        if shown.has_feeds:
            feeds = feeds_for(self.settings, shown, captions, press)
            feeds.write(self.gallery, self.moment, ZoneInfo(self.options.timezone))

    def _write_search(self, press: Press, captions: Captions) -> None:
        if not self.gallery.posts:
            return
        path = self.gallery.path
        files = [
            press.named(
                f"{path}/assets/search-{year}.json",
                partial(search_file, posts, self.gallery.url, lambda e: captions.caption(e).text),
                posts,
                self.gallery.url,
                captions.rules_of_all,
            )
            for year, posts in self.gallery.years.items()
        ]
        press.page("search", f"{path}/search", files=[f.removeprefix(f"{path}/") for f in files])

    def _rules(self) -> Rules:
        until = None if self.settings["WITH_FUTURE_DATES"] else self.moment
        return Rules(
            path=self.options.path,
            places=self.options.show_map,
            people=self.options.show_people,
            until=until,
        )

    def _portrait(self) -> Portrait | None:
        self.portraits = self.open_portraits()
        portrait, problem = self.portraits.find()
        if problem:
            logger.warning("%s", problem)
        return portrait

    def _photostream(self, problems: int, portrait: Portrait | None) -> Photostream:
        assets = Assets(
            self.options.path, read_stylesheet(self.options.stylesheet, self.options.root)
        )
        return Photostream(
            site=self.options.siteurl,
            originals=self.options.originals_url.rstrip("/"),
            folder=f"{Path(self.settings['PATH']).name}/{self.options.path}",
            assets=assets,
            frame=Markup(assets.inline_style),  # noqa: S704 - files of the site's owner
            more_style=Markup(assets.inline_more),  # noqa: S704 - the same
            inline=Path(self.theme).resolve() == theme_folder(),
            problems=problems,
            license=self.options.license,
            author=plain(self.settings.get("AUTHOR") or self.settings["SITENAME"]),
            portrait=portrait,
            map_tiles=self.options.map_tiles,
            map_attribution=self.options.map_attribution,
            prerender=self.options.prerender,
        )

    def _report_an_empty_gallery(self) -> None:
        if not self.gallery.posts:
            logger.warning(
                "No photos to show: their pages are expected below %s; "
                "`invoke import-instagram` brings them, or write a page beside a picture",
                self.options.photos,
            )


def _comments(entry: Entry, press: Press) -> Later | tuple[()]:
    """Give the comments below a page, read only where it is made."""
    file = Path(entry.file)
    try:
        text = comments_text(file)
    except PageError as error:
        return Later(None, partial(_lost, press, error))
    return Later(text, partial(_read, file, press)) if text else ()


def _read(file: Path, press: Press) -> tuple[Comment, ...]:
    try:
        return shown(read_comments(file))
    except PageError as error:
        return _lost(press, error)


def _lost(press: Press, error: PageError) -> tuple[()]:
    """Show a page without its comments, until somebody can read them again."""
    press.doubt()
    logger.error("%s", error)
    return ()
