"""What templates ask for: Jinja filters that turn entries into attributes and words.

Everything comes back as plain text, for Jinja to escape; addresses are percent-encoded.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from pelican_photos.caption import normalise, one_line
from pelican_photos.content_types import content_type
from pelican_photos.plugin.atlas import locator, outline
from pelican_photos.plugin.caption_links import at_site
from pelican_photos.plugin.entry import Entry, Picture, Source, day

# A row of the grid is about this high, in CSS pixels: on a phone, and on a desk.
_ROW_ON_A_PHONE = 180
_ROW_ON_A_DESK = 300
# On a dense screen a row needs twice its height; a higher rendition is for the photo's page.
_HIGHEST_IN_A_ROW = 700
_STAGE_IN_VH = 78  # as .stage in gallery.css
_HIGHEST_ELSEWHERE = 1280  # enough for a feed, and for the card that others show of a page


def row_sources(picture: Picture) -> tuple[Source, ...]:
    """Choose the renditions that a row of the grid can use."""
    return tuple(s for s in picture.sources if s.height <= _HIGHEST_IN_A_ROW) or picture.sources[:1]


def large(picture: Picture) -> Source | None:
    """Choose the rendition that stands for the photo elsewhere: in feeds and cards."""
    fitting = [s for s in picture.sources if s.height <= _HIGHEST_ELSEWHERE]
    return next(reversed(fitting or picture.sources[:1]), None)


def address_of(entry: Entry, source: Source, *, avif: bool = False) -> str:
    """Give a rendition's address, percent-encoded, below the site's; that of AVIF if there is."""
    return quote(f"{entry.folder}/{(avif and source.avif) or source.name}")


def srcset(entry: Entry, site: str, *, row: bool = False, avif: bool = False) -> str:
    """List renditions and their widths, for the attribute of that name.

    With ``avif``, each size comes in AVIF where that is smaller, else in WebP, which every
    browser that knows AVIF knows too: it takes a list or leaves it as a whole.  "" when none
    of them is in AVIF.
    """
    sources = row_sources(entry.picture) if row else entry.picture.sources
    if avif and not any(s.avif for s in sources):
        return ""
    return ", ".join(f"{site}/{address_of(entry, s, avif=avif)} {s.width}w" for s in sources)


def row_sizes(picture: Picture, scale: float = 1) -> str:
    """Say how wide a picture will be in a row; ``scale`` enlarges the rows' height."""
    phone, desk = (
        round(picture.ratio * height * scale) for height in (_ROW_ON_A_PHONE, _ROW_ON_A_DESK)
    )
    return f"(max-width: 40rem) min(100vw, {phone}px), min(100vw, {desk}px)"


def stage_sizes(picture: Picture) -> str:
    """Say how wide a picture will be on its own page: all of it fits, and below it the title."""
    return f"min(100vw, {round(picture.ratio * _STAGE_IN_VH, 1)}vh, {picture.width}px)"


def media_type(name: str) -> str:
    """Give the type of a file by its name: "video/mp4"."""
    return content_type(name).partition(";")[0]


def number(value: int) -> str:
    """Write a number with its thousands apart: "1,204"."""
    return f"{value:,}"


def count(value: int, noun: str) -> str:
    """Count things: "1 photo", "2 photos"."""
    return f"{value:,} {noun}" if value == 1 else f"{value:,} {noun}s"


def clock(seconds: float) -> str:
    """Write how long a film takes: "0:12", "1:02:03"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def iso_duration(seconds: float) -> str:
    """Write how long a film takes, for machines: "PT12.4S"."""
    return f"PT{seconds:g}S"


def excerpt(text: str, length: int = 200) -> str:
    """Cut a text at a word, on one line."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return f"{line[:length].rpartition(' ')[0] or line[:length]}…"


def upstream(entry: Entry) -> str:
    """Give the address where the entry was published first; "" where that is not on the web.

    Instagram shows one picture of an album when it is told which.
    """
    address = entry.page.syndication
    if not address and entry.album and entry.album.page.uid.startswith("instagram:"):
        address = entry.album.page.syndication
        address = address and f"{address}?img_index={entry.photo.position}"
    return address if address.startswith(("https://", "http://")) else ""


def profile(name: str) -> str:
    """Give the address of a profile on Instagram."""
    return f"https://www.instagram.com/{quote(name, safe='')}/"


def years(entries: Sequence[Entry]) -> str:
    """Say from when to when some entries are, newest first: "2012–2024"."""  # noqa: RUF002 - the dash is what people see
    if not entries:
        return ""
    last, first = entries[0].page.published.year, entries[-1].page.published.year
    return f"{last}" if first == last else f"{first}–{last}"  # noqa: RUF001 - an en dash it is


def tiny(entry: Entry) -> Source | None:
    """Choose the rendition for a small square beside a name."""
    return next(iter(entry.cover.picture.sources), None)


def host(address: str) -> str:
    """Name whom an address asks; a map's tiles may come from several: ``{s}.`` stands for one."""
    return (urlsplit(address).netloc.rpartition("@")[2]).removeprefix("{s}.")


def coordinates(position: tuple[float, float]) -> str:
    """Write a place for people: "39.6012° N, 9.0710° W"."""
    north, east = position
    return f"{abs(north):.4f}° {'NS'[north < 0]}, {abs(east):.4f}° {'EW'[east < 0]}"


def geo(position: tuple[float, float]) -> str:
    """Give the address of a place, for programs that show maps (RFC 5870)."""
    return f"geo:{position[0]:.6f},{position[1]:.6f}"


# The prefix keeps out of the way of a site's own filters.
FILTERS: Mapping[str, Callable[..., Any]] = {
    f"photos_{function.__name__}": function
    for function in (
        *(row_sources, large, address_of, srcset, row_sizes, stage_sizes),
        at_site,
        *(normalise, one_line),  # for what no page holds: comments come as strangers typed them
        *(number, count, clock, iso_duration, excerpt, day, upstream, profile, years, media_type),
        *(tiny, host, coordinates, geo, locator, outline),
    )
}
