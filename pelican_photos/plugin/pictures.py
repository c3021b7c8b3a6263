"""The pictures of the gallery: renditions made, and put where the built site serves them."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

from pelican_photos.atomic import make_private
from pelican_photos.errors import PhotosError
from pelican_photos.executor import executor_of
from pelican_photos.library import Stored
from pelican_photos.model import Photo
from pelican_photos.plugin.entry import Entry, Picture, Source
from pelican_photos.plugin.gallery import Gallery
from pelican_photos.plugin.precedence import by_precedence
from pelican_photos.plugin.progress import RenderingProgress, say
from pelican_photos.rendition_making import Encoder
from pelican_photos.renditions import Rendered, Renditions
from pelican_photos.settings import Settings


def renditions_for(settings: Settings, encode: Encoder | None = None) -> Renditions:
    """Open the cache for the photos of a site; one with an encoder of its own notes nothing."""
    return Renditions(
        settings.cache_folder,
        steps=settings.renditions,
        quality=settings.quality,
        workers=settings.workers,
        formats=settings.formats,
        encode=encode,
        remembers=encode is None,
        elsewhere=None if encode else executor_of(settings, say),
    )


class Pictures:
    """The originals beside some pages, and what was made of them."""

    def __init__(
        self, settings: Settings, stored: Iterable[Stored], cache: Renditions | None = None
    ) -> None:
        self._settings = settings
        pages = list(stored)
        self._originals: dict[PurePath, Path] = {
            file: file.parent / page.original
            for file, page in pages
            if isinstance(page, Photo) and page.original
        }
        photos = (file for file, _ in by_precedence(pages))
        self._ordered = [self._originals[file] for file in photos if file in self._originals]
        self._cache = cache or renditions_for(settings)
        self._rendered: dict[Path, Rendered] = {}
        self.missing: list[str] = []  # originals that the site should carry, and are not here

    def render(self) -> list[str]:
        """Make the renditions that the cache lacks; gives a sentence for each original that fails.

        What visitors meet first is made first, so that a build that is stopped has done that.

        Raises:
            PhotosError: the cache cannot be written.
        """
        with RenderingProgress() as progress:
            made = self._cache.render(self._ordered, progress)
        self._rendered = {path: made[path] for path in self._originals.values()}
        make_private(self._settings.cache_folder)
        return [made.problem for made in self._rendered.values() if made.problem]

    def shown(self) -> Mapping[PurePath, Picture]:
        """Say what can be shown, by the file of the page."""
        found = ((file, self._rendered[path]) for file, path in self._originals.items())
        return {file: _picture(made) for file, made in found if made.renditions}

    def place(self, gallery: Gallery, output: Path) -> list[str]:
        """Put renditions into the built site, and originals when nothing else serves them.

        Gives a sentence for each original that is not fit to be published.

        Raises:
            PhotosError: a file cannot be written.
        """
        problems: list[str] = []
        self.missing.clear()
        for entry in gallery.entries:
            if original := self._originals.get(entry.file):
                made, folder = self._rendered[original], f"{output}/{entry.folder}"
                for rendition in (*made.renditions, *made.alternatives):
                    self._cache.link(rendition, f"{folder}/{rendition.name}")
            if self._settings.carries_originals:
                problems += self._carry(entry, output)
        return problems

    def _carry(self, entry: Entry, output: Path) -> Iterable[str]:
        from pelican_photos.public_copy import copy_public  # noqa: PLC0415 - knows every format

        folder = Path(entry.file).parent
        for address in filter(None, (entry.original, entry.video)):
            original = folder / PurePath(address).name
            if not original.is_file():
                self.missing.append(original.name)  # a clone without originals still builds
                continue
            try:
                copy_public(original, output / address, keep_gps=self._settings.keep_gps)
            except PhotosError as error:
                yield f"not published: {error}"


def _picture(made: Rendered) -> Picture:
    avif = {(each.width, each.height): each.name for each in made.alternatives}
    return Picture(
        width=made.width,
        height=made.height,
        colour=made.colour,
        sources=tuple(
            Source(
                width=each.width,
                height=each.height,
                name=each.name,
                avif=avif.get((each.width, each.height), ""),
            )
            for each in made.renditions
        ),
    )
