"""Whose renditions are made first: what visitors meet first.  Pure."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from pelican_photos.model import Album, Photo
from pelican_photos.visibility import Visibility

_Filed = tuple[PurePath, Photo]


def by_precedence(pages: Iterable[tuple[PurePath, Photo | Album]]) -> list[_Filed]:
    """Order the photos: those that lists show, newest first, then all others.

    Lists show published photos that are posts of their own, and the covers of albums.
    """
    filed = list(pages)
    photos = [(file, page) for file, page in filed if isinstance(page, Photo)]
    photos.sort(key=lambda each: (each[1].position, each[0]))
    photos.sort(key=lambda each: each[1].published, reverse=True)
    visibility = Visibility(filed)
    later = set(_inside(photos, visibility))
    later |= {file for file, page in photos if visibility.status(file, page) != "published"}
    return sorted(photos, key=lambda each: each[0] in later)


def _inside(photos: Sequence[_Filed], visibility: Visibility) -> Iterator[PurePath]:
    """Yield the photos of albums without their covers."""
    albums: dict[PurePath, tuple[Album, list[_Filed]]] = {}
    for file, photo in photos:
        if found := visibility.album_of(file, photo):
            albums.setdefault(found[0], (found[1], []))[1].append((file, photo))
        elif photo.album:
            yield file  # its album has no page, so that no list shows it
    for album, members in albums.values():
        first = min(members, key=lambda each: each[1].position)
        cover = next((each for each in members if each[1].position == album.cover), first)
        yield from (file for file, _ in members if file != cover[0])
