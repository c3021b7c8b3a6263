"""Chosen files and their wording become a post, as any other source's.  Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path

from pelican_photos.adding.chosen import Chosen
from pelican_photos.adding.dates import taken_beside
from pelican_photos.adding.wording import Clock, Wording
from pelican_photos.model import Location, Media, Post
from pelican_photos.sources.files import EDITION, SILENT


def post_of(
    uid: str,
    chosen: Sequence[Chosen],
    wording: Wording,
    clock: Clock,
    posters: Mapping[Path, Path],
) -> Post:
    """Compose the post; ``posters`` gives the still of a film, by the film's path.

    Where the camera was goes no further than this, unless the owner wants it shown: the ledger
    and the page are public.
    """
    return Post(
        uid=uid,
        published=wording.published.astimezone(UTC),
        caption=wording.caption,
        media=tuple(
            _media(one, alt, wording, clock, posters.get(one.path))
            for one, alt in zip(chosen, wording.alts, strict=True)
        ),
        location=wording.location,
        status="draft" if wording.draft else "",
        edition=EDITION,
        silent=SILENT,
    )


def _media(one: Chosen, alt: str, wording: Wording, clock: Clock, poster: Path | None) -> Media:
    film = one.kind == "video"
    still = str(poster) if poster else ""
    return Media(
        kind=one.kind,
        picture=still if film else str(one.path),
        video=str(one.path) if film else "",
        width=one.width,
        height=one.height,
        duration=one.details.duration,
        alt=alt,
        taken=taken_beside(one.details.taken, wording.published, clock.now, clock.zone),
        camera=one.details.camera,
        place=_place(one) if wording.with_coordinates else None,
        file_size=one.size,
    )


def _place(one: Chosen) -> Location | None:
    if one.details.coordinates is None:
        return None
    latitude, longitude = one.details.coordinates
    return Location(latitude=latitude, longitude=longitude)
