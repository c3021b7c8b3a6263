"""What a page says of itself to search engines: JSON-LD in the words of schema.org.  Pure."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from markupsafe import Markup

from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.listing import Sheet
from pelican_photos.plugin.markup import address_of, iso_duration, large, profile, row_sources

# What could end the element, or begin a comment in it, is spelled otherwise (HTML, 4.12.1.3).
_IN_HTML = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?P<kind>licenses|publicdomain)/(?P<name>[a-z+-]+)"
    r"(?:/(?P<version>\d\.\d))?"
)


class Publisher(Protocol):
    """What pages say of the site they are on; the generator's ``photostream``."""

    @property
    def site(self) -> str:
        """Its address, without a slash at its end."""

    @property
    def originals(self) -> str:
        """Where originals are served from; "" for the site."""

    @property
    def license(self) -> str:
        """The address of a licence; "" for none."""

    @property
    def author(self) -> str:
        """Whose photos they are."""


def structured(entry: Entry, publisher: Publisher, caption: str = "") -> Markup:
    """Describe the page of a photo, a film or an album; ``caption`` is plain text."""
    told = _Told(publisher)
    data = told.album(entry, caption) if entry.is_album else told.medium(entry, caption)
    return data_block({"@context": "https://schema.org", **data})


def structured_list(sheet: Sheet, publisher: Publisher) -> Markup:
    """Describe a page that lists photos."""
    told, listing = _Told(publisher), sheet.listing
    data = {
        "@context": "https://schema.org",
        "@type": "ImageGallery",
        "url": f"{publisher.site}/{sheet.url}",
        "name": listing.title,
        "author": {"@type": "Person", "name": publisher.author, "url": f"{publisher.site}/"},
        "primaryImageOfPage": told.face(sheet.groups[0].entries[0]) if sheet.groups else None,
    }
    return data_block(_without_nothing(data))


def data_block(data: Mapping[str, Any]) -> Markup:
    """Write JSON so that it can stand in an element ``script``."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_IN_HTML))  # noqa: S704 - it holds none of the signs of HTML


def license_name(address: str) -> str:
    """Name a licence for people: "CC BY-SA 4.0", else by its address."""
    match = _CREATIVE_COMMONS.match(address)
    if match is None:
        return re.sub(r"^https?://|/$", "", address)
    if match["kind"] == "publicdomain":
        return "CC0" if match["name"] == "zero" else "Public domain"
    return f"CC {match['name'].upper()} {match['version'] or ''}".strip()


@dataclass(frozen=True, slots=True)
class _Told:
    """Says things of entries in the words of schema.org."""

    _publisher: Publisher

    def medium(self, entry: Entry, caption: str = "") -> dict[str, Any]:
        """Describe a photo or a film, with all that is known of it."""
        page, url = entry.page, self._page(entry)
        data = {
            **(self._film(entry, caption) if entry.video else self._picture(entry)),
            "url": url,
            "mainEntityOfPage": url,
            "name": entry.title,
            "caption": caption or entry.alt,
            "datePublished": page.published.isoformat(),
            "keywords": [tag.name for tag in entry.tags],
            "contentLocation": _place(entry),
            **self._rights(entry),
        }
        return _without_nothing(data)

    def album(self, entry: Entry, caption: str) -> dict[str, Any]:
        """Describe an album and each of its pictures."""
        data = {
            "@type": "ImageGallery",
            "url": self._page(entry),
            "name": entry.title,
            "description": caption,
            "datePublished": entry.page.published.isoformat(),
            "keywords": [tag.name for tag in entry.tags],
            "contentLocation": _place(entry),
            **self._rights(entry),
            "associatedMedia": [self._of_album(photo) for photo in entry.photos],
        }
        return _without_nothing(data)

    def face(self, entry: Entry) -> dict[str, Any] | None:
        """Describe the picture that stands for an entry, in few words."""
        shown = entry.cover
        if not large(shown.picture):
            return None
        rights = self._rights(entry)
        return _without_nothing({**self._picture(shown), "caption": shown.alt, **rights})

    def _of_album(self, photo: Entry) -> dict[str, Any]:
        """Describe a picture of an album; what all of them share is the album's to say."""
        told = self._film(photo, "") if photo.video else self._picture(photo)
        rights = self._rights(photo)
        return _without_nothing({**told, "url": self._page(photo), "caption": photo.alt, **rights})

    def _picture(self, entry: Entry) -> dict[str, Any]:
        source = large(entry.picture)
        if source is None:
            return {"@type": "ImageObject"}
        return {
            "@type": "ImageObject",
            "contentUrl": f"{self._publisher.site}/{address_of(entry, source)}",
            "thumbnailUrl": self._thumbnail(entry),
            "width": source.width,
            "height": source.height,
        }

    def _film(self, entry: Entry, caption: str) -> dict[str, Any]:
        originals = self._publisher.originals or self._publisher.site
        return {
            "@type": "VideoObject",
            "contentUrl": f"{originals}/{quote(entry.video)}",
            "thumbnailUrl": self._thumbnail(entry),
            "uploadDate": entry.page.published.isoformat(),
            "duration": iso_duration(entry.photo.duration) if entry.photo.duration else "",
            "name": entry.title,
            "description": caption or entry.alt,
            "width": entry.picture.width,
            "height": entry.picture.height,
        }

    def _thumbnail(self, entry: Entry) -> str:
        source = next(iter(row_sources(entry.picture)), None)
        return f"{self._publisher.site}/{address_of(entry, source)}" if source else ""

    def _rights(self, entry: Entry) -> dict[str, Any]:
        """Say whose it is, and what may be done with what is the site's own."""
        if entry.owner:
            creator = {"@type": "Person", "name": entry.owner, "url": profile(entry.owner)}
            return {"creator": creator, "creditText": f"@{entry.owner}"}
        publisher = self._publisher
        creator = {"@type": "Person", "name": publisher.author, "url": f"{publisher.site}/"}
        rights: dict[str, Any] = {"creator": creator, "creditText": publisher.author}
        if publisher.license:
            rights["license"] = publisher.license
            rights["acquireLicensePage"] = self._page(entry)
        return rights

    def _page(self, entry: Entry) -> str:
        return f"{self._publisher.site}/{entry.url}"


def _place(entry: Entry) -> dict[str, Any] | None:
    where = entry.place or (entry.album.place if entry.album else None)
    if where is None:
        return None
    is_known = where.latitude is not None and where.longitude is not None
    geo = {
        "@type": "GeoCoordinates",
        "latitude": where.latitude,
        "longitude": where.longitude,
    }
    return _without_nothing(
        {"@type": "Place", "name": where.name, "geo": geo if is_known else None}
    )


def _without_nothing(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if value}


FILTERS: Mapping[str, Callable[..., Any]] = {
    "photos_structured": structured,
    "photos_structured_list": structured_list,
    "photos_license_name": license_name,
}
