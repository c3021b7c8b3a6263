"""Which photos lack alternative text, what Instagram's machine says of them, what makes a good one.

Pure.  A machine's text is a draft: it becomes the owner's when they take it, and even then the
page keeps it as ``Alt_auto``, so that anybody can tell where the words are from.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from pelican_photos import caption
from pelican_photos.errors import SettingsError
from pelican_photos.model import Album, Photo
from pelican_photos.page import body_of
from pelican_photos.visibility import Visibility

LONGEST = 1_000  # characters, as on Instagram
# "Photo by Ana on May 12, 2024. May be an image of boats.": what can be seen stands at the end.
_HEDGE = re.compile(
    r"(?:^|\.\s+)(?:may be an? [\w -]*?"
    r"(?:image|photo|graphic|close-?up|illustration|cartoon|art|doodle)"
    r"|(?:image|photo|video) may contain)(?:\s+of|:)?\s+(?P<seen>.+)$",
    re.IGNORECASE,
)
_ONLY_WHOSE = re.compile(r"^(?:photo|image|video|reel) (?:shared )?by\b[^.]*\.?$", re.IGNORECASE)
_FILE_NAME = re.compile(
    r"\S+\.(?:jpe?g|png|heic|heif|webp|gif|avif|tiff?|mp4|mov)|(?:IMG|DSC|DSCF|PXL|MVI|VID)[_-]?\d+\S*",
    re.IGNORECASE,
)
_SAID_ANYWAY = re.compile(r"(?:an? |the )?(?:photo|picture|image|photograph)s? of\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undescribed:
    """A photo, or a film's poster, and what helps to put it into words."""

    file: Path  # its page
    photo: Photo
    said: str  # the first line of its caption, which is its album's where it has none
    draft: str  # Instagram's own text, as far as it says what can be seen; "" without


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which photos somebody wants to describe."""

    year: int = 0  # 0 for all
    limit: int = 0  # 0 for all


def undescribed(
    stored: Iterable[tuple[Path, Photo | Album]], wanted: Wanted = Wanted()
) -> list[Undescribed]:
    """List the photos without alternative text, newest first, an album's in its order.

    Other people's private photos are on no page, and need none.
    """
    pages = list(stored)
    visibility = Visibility(pages)
    bare = [
        (file, page)
        for file, page in pages
        if isinstance(page, Photo)
        and not page.alt
        and wanted.year in (0, page.published.year)
        and visibility.status(file, page) != "skip"
    ]
    bare.sort(key=lambda each: (each[1].album or each[1].slug, each[1].position))
    bare.sort(key=lambda each: each[1].published, reverse=True)
    chosen = bare[: wanted.limit] if wanted.limit else bare
    return [
        Undescribed(
            file=file,
            photo=page,
            said=_first_line(page, visibility.album_of(file, page)),
            draft=draft_of(page.alt_auto),
        )
        for file, page in chosen
    ]


def draft_of(alt_auto: str) -> str:
    """Take from Instagram's text what can be seen, without who, when, and "May be"."""
    line = caption.one_line(alt_auto)
    return seen_in(line) or _sentence("" if _ONLY_WHOSE.match(line) else line)


def seen_in(alt_auto: str) -> str:
    """Take from Instagram's text only what is surely neither a person's name nor a place."""
    hedged = _HEDGE.search(caption.one_line(alt_auto))
    return _sentence(hedged["seen"]) if hedged else ""


def is_machines(photo: Photo) -> bool:
    """Whether an alternative text was taken from Instagram's machine as it was."""
    return bool(photo.alt) and photo.alt in (photo.alt_auto, draft_of(photo.alt_auto))


def checked(text: str) -> str:
    """Give an alternative text as a page takes it.

    Raises:
        SettingsError: it is empty, has several lines, or is too long.
    """
    if re.search(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", text.strip()):
        raise SettingsError("an alternative text is one line; this one has several")
    line = caption.one_line(text)
    if not line:
        raise SettingsError(
            "an alternative text cannot be empty: the picture is a link, and would have no name"
        )
    if len(line) > LONGEST:
        raise SettingsError(
            f"an alternative text has {LONGEST:,} characters at most; this one has {len(line):,}"
        )
    return line


def remark_on(text: str, photo: Photo, said: str = "") -> str:
    """Say what could be better about an alternative text; "" where nothing strikes."""
    if _FILE_NAME.fullmatch(text) or text in (photo.original, photo.video, photo.slug):
        return "it reads like the name of a file; say what can be seen"
    if text.casefold() == said.casefold():
        return "it is the caption again, which is read out beside it; say what can be seen"
    if _SAID_ANYWAY.match(text):
        return "a screen reader says by itself that it is a picture; begin with what can be seen"
    return ""


def listed(each: Undescribed, original: str, address: str) -> str:
    """Write one photo as a line for other programs: name, file, address, draft, by tabs."""
    return "\t".join(map(caption.one_line, (each.photo.slug, original, address, each.draft)))


def left(count: int) -> str:
    """Say how many photos have no alternative text."""
    if not count:
        return "every photo has an alternative text"
    return f"{count:,} photo{'s' if count > 1 else ''} without alternative text"


def _sentence(text: str) -> str:
    bare = text.strip().removesuffix(".")
    return bare[:1].upper() + bare[1:]


def _first_line(photo: Photo, album: tuple[PurePath, Album] | None) -> str:
    pages: Sequence[Photo | Album] = (photo, album[1]) if album else (photo,)
    return next(filter(None, map(_said_on, pages)), "")


def _said_on(page: Photo | Album) -> str:
    return next(_lines(page.content), "")


def _lines(content: str) -> Iterator[str]:
    """Yield the lines of a body as they read: a backslash before a sign is Markdown's own."""
    for line in body_of(f"\n{content}").split("\n"):
        text = caption.one_line(re.sub(r"\\([\\`*_{}\[\]()#+\-.!])", r"\1", line))
        if text:
            yield text
