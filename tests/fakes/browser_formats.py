"""A small gallery whose pictures come in AVIF too, inside the site of the browser tests."""

from pathlib import Path

from builders import a_photo, an_album
from fakes import pictures
from fakes.site import Site

_SIZE = {"width": 640, "height": 480}
PAGES = {
    "list": "/avif/photos/",
    "photo": "/avif/photos/2024/boats/",
    "album": "/avif/photos/2024/trip/",
    "picture of the album": "/avif/photos/2024/trip-1/",
}


def add_gallery(folder: Path, output: Path, url: str) -> None:
    """Build it below ``/avif`` of a site that is served already."""
    site = Site(folder)
    site.add(
        a_photo("boats", **_SIZE),
        an_album("trip"),
        *(a_photo(f"trip-{n}", album="trip", position=n, **_SIZE) for n in (1, 2)),
    )
    for seed, file in enumerate(sorted(site.content.rglob("*.jpg"))):
        pictures.noise(640, 480, seed).save(file, quality=90)
    site.build(
        OUTPUT_PATH=str(output / "avif"),
        SITEURL=f"{url}/avif",
        PHOTOS_RENDITIONS=["300h", "480h"],
        PHOTOS_FORMATS=["avif", "webp"],
    )
