"""Which pages have their address to themselves, and who may see them.  Pure."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from pelican_photos.model import Album, Photo
from pelican_photos.naming import address, original_key
from pelican_photos.visibility import OPENNESS, Visibility

# What lists of a year are called: its own, its further pages, its months.
_RESERVED = frozenset({"index.html", "page", *(f"{month:02}" for month in range(1, 13))})


class Placed(NamedTuple):
    """A page that has its address to itself."""

    file: PurePath
    page: Photo | Album
    status: str


def placed(
    pages: Sequence[tuple[PurePath, Photo | Album]],
    path: str,
    visibility: Visibility,
    problems: list[str],
) -> Iterator[Placed]:
    """Leave out a page whose address another one has; some file systems ignore case."""
    taken: dict[str, PurePath] = {}
    orphaned: set[str] = set()
    for file, page in pages:
        status = visibility.status(file, page)
        if status == "skip":
            continue
        if (page.status or "published").lower() not in OPENNESS:
            problems.append(f"{file} is a draft: its Status is {page.status!r}, not published")
        missing = _missing_album(file, page, visibility)
        if missing and missing not in orphaned:
            orphaned.add(missing)
            problems.append(f"the photos of {missing} are in no list: that album's page is missing")
        addresses = [each.casefold() for each in _addresses(path, page)]
        known = next(filter(None, map(taken.get, addresses)), None)
        if len(set(addresses)) < len(addresses):
            known = file  # a page that is called like its own picture
        if known is not None or page.slug.rpartition("/")[2] in _RESERVED:
            other = known or "a list of the gallery"
            problems.append(f"{file} is left out: {other} has its address; rename one of them")
            continue
        taken.update(dict.fromkeys(addresses, file))
        yield Placed(file, page, status)


def with_photos(
    pages: Iterable[Placed], visibility: Visibility, problems: list[str]
) -> list[Placed]:
    """Leave out an album that would be empty: no link may lead to it, nor to a list of it alone."""
    found = list(pages)
    shown = {
        (album[0], each.status)
        for each in found
        if isinstance(each.page, Photo) and (album := visibility.album_of(each.file, each.page))
    }
    whole = []
    for each in found:
        if isinstance(each.page, Photo) or (each.file, each.status) in shown:
            whole.append(each)
        else:
            slug, status = each.page.slug, each.status
            problems.append(f"{each.file} is left out: no {status} page says Album: {slug}")
    return whole


def _missing_album(file: PurePath, page: Photo | Album, visibility: Visibility) -> str:
    if isinstance(page, Album) or visibility.album_of(file, page):
        return ""
    return page.album


def _addresses(path: str, page: Photo | Album) -> Iterator[str]:
    """Yield what a page takes for itself: its own folder, and the files beside it."""
    yield address(path, page).rstrip("/")
    if isinstance(page, Photo):
        for name in filter(None, (page.original, page.video)):
            yield original_key(path, page, name)
