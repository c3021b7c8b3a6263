"""The picture of the profile as pages show it: small, and without what its file says of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from pelican_photos.content_types import content_type
from pelican_photos.rendition_making import Encoder
from pelican_photos.renditions import Rendition, Renditions
from pelican_photos.settings import Settings

_STEM = "profile"  # as the import names it
_STEPS = ("192h",)  # it is shown at half that height, and screens are dense


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A rendition of the profile's picture; ``file`` is below the output."""

    SHOWN: ClassVar = ("file", "width", "height")

    file: str
    width: int
    height: int
    rendition: Rendition

    @property
    def address(self) -> str:
        """Percent-encoded, below the site."""
        return quote(self.file)


class Portraits:
    """Finds the picture of the profile, and puts it into the built site."""

    def __init__(self, settings: Settings, encode: Encoder | None = None) -> None:
        """Open the cache; one with an encoder of its own notes nothing."""
        self._settings = settings
        self.cache = Renditions(
            settings.cache_folder,
            steps=_STEPS,
            quality=settings.quality,
            workers=1,
            encode=encode,
            remembers=encode is None,
        )

    def find(self) -> tuple[Portrait | None, str]:
        """Give the portrait, None where there is no picture; and what is wrong with that, or "".

        Raises:
            PhotosError: the cache cannot be written.
        """
        file = next(self.files(), None)
        if file is None:
            return None, ""
        made = self.cache.render([file])[file]
        if not made.renditions:
            return None, made.problem
        rendition = made.renditions[-1]
        return (
            Portrait(
                file=f"{self._settings.path}/assets/{_STEM}-{rendition.name}",
                width=rendition.width,
                height=rendition.height,
                rendition=rendition,
            ),
            "",
        )

    def place(self, portrait: Portrait, output: Path) -> None:
        """Put it where pages link to.

        Raises:
            PhotosError: it cannot be put there.
        """
        self.cache.link(portrait.rendition, output / portrait.file)

    def files(self) -> Iterator[Path]:
        """Yield the pictures of the profile; the first one is shown."""
        for file in sorted(self._settings.photos.glob(f"{_STEM}.*")):
            if file.is_file() and content_type(file.name).startswith("image/"):
                yield file
