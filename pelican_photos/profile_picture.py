"""The picture of the profile, beside the photos: ``content/photos/profile.jpg``."""

from pathlib import Path

from pelican_photos import atomic
from pelican_photos.errors import ImageError, MediaError
from pelican_photos.model import Media
from pelican_photos.originals import fetch_picture
from pelican_photos.sources import Source

_STEM = "profile"


def store_profile_picture(source: Source, picture: Media, folder: Path) -> str:
    """Store the picture of a profile, unless there is one; give a sentence for the report.

    One that is there is its owner's, and stays.
    """
    if any(folder.glob(f"{_STEM}.*")):
        return ""
    with atomic.staged(folder / f"{_STEM}.picture") as part:
        try:
            fetched = fetch_picture(source, picture.picture, part)
        except (MediaError, ImageError) as error:
            return f"the profile's picture is missing: {error}"
        atomic.place(part, folder / f"{_STEM}.{fetched.extension}")
        return f"the profile's picture is {_STEM}.{fetched.extension}"
