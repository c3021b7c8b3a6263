"""Whether pages of the gallery would be printed anew: a build that looks, and makes nothing."""

import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.plugins import signals
from pelican.settings import read_settings

from pelican_photos.errors import ImageError, PhotosError
from pelican_photos.library import Stored
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.generator import PhotosGenerator
from pelican_photos.plugin.page_cache import PageCache, Printed, differing, stamp_of
from pelican_photos.plugin.pictures import Pictures, renditions_for
from pelican_photos.plugin.portrait import Portraits
from pelican_photos.plugin.press import Press
from pelican_photos.plugin.printer import Made
from pelican_photos.plugin.tracks import write_track


def page_reasons(file: Path, configuration: Path) -> Iterator[str]:
    """Say whether the page of a Markdown file would be printed anew, and why it was the last time.

    Raises:
        PhotosError: the site cannot be built with this configuration.
    """
    with chdir(configuration.parent), _quiet():  # from where a site is built
        looking = _looking(configuration)
        looking.build.end()
        entry = next((each for each in looking.gallery.entries if each.file == file), None)
        if entry is None:
            yield "it has no page in this site: it is skipped, or cannot be read"
            return
        output = Path(looking.output_path).absolute()
        cache = looking.page_cache(output)
        cache.load()
        looks = _Looks(cache)
        press = Press(looking, looks)
        looking.print_with(press)
    save_as = f"{entry.folder}/index.html"
    yield from _judged(looks.inputs[save_as], cache.known(save_as), press.unprovable)
    yield from _of_output(cache.known(save_as), f"{output}/{save_as}")


def _judged(inputs: str, known: Printed | None, unprovable: str) -> Iterator[str]:
    if not inputs:
        yield f"it is made at every build, as nobody can tell what it shows: {unprovable}"
    elif known is None:
        yield "nothing is known of it: it would be made"
    elif inputs != known.inputs:
        yield f"it would be made anew, for {differing(known.inputs, inputs) or 'another state'}"
    else:
        yield "it would be left alone: it shows what it showed"
    if known and known.why:
        yield f"it was made last at {known.why}"


def _of_output(known: Printed | None, path: str) -> Iterator[str]:
    if known and stamp_of(path) != known.stamp:
        yield "the file in the output is not the one that was printed: it would be written again"


class _Looks:
    """In place of a printer: notes what pages would be made from."""

    def __init__(self, cache: PageCache) -> None:
        self._cache = cache
        self.inputs: dict[str, str] = {}

    def put(
        self,
        save_as: str,
        inputs: str,
        make: Callable[[], Made],
        context: Callable[[], Mapping[str, Any]] | None = None,
    ) -> str:
        del make, context
        self.inputs[save_as] = inputs
        return ""

    def put_named(self, name: str, inputs: str, make: Callable[[], str]) -> str:
        del make
        known = self._cache.known(name)
        return known.note if known and known.inputs == inputs else ""


class _Looking(PhotosGenerator):
    """Gathers the gallery as a build does, and encodes nothing."""

    def open_pictures(self, stored: Sequence[Stored]) -> Pictures:
        return Pictures(self.options, stored, renditions_for(self.options, _refuse))

    def open_portraits(self) -> Portraits:
        return Portraits(self.options, _refuse)

    def track(self, entry: Entry) -> str:
        with tempfile.TemporaryDirectory() as folder:
            return write_track(entry, Path(folder))[0]


def _refuse(path: Path, *_: object, **__: object) -> Any:
    raise ImageError(f"{path} would be encoded")


def _looking(configuration: Path) -> _Looking:
    """Gather the site as ``Pelican.run`` does, up to where it begins to write."""
    site = Pelican(read_settings(str(configuration)))
    context: dict[str, Any] = {
        **site.settings,
        "generated_content": {},
        "static_links": set(),
        "static_content": {},
        "localsiteurl": site.settings["SITEURL"],
    }
    generators = [
        (_Looking if each is PhotosGenerator else each)(
            context=context,
            settings=site.settings,
            path=site.path,
            theme=site.theme,
            output_path=site.output_path,
        )
        for each in site._get_generator_classes()  # noqa: SLF001 - nobody else knows those of plugins
    ]
    for each in generators:
        if hasattr(each, "generate_context"):
            each.generate_context()
    signals.all_generators_finalized.send(generators)
    for each in generators:
        if hasattr(each, "refresh_metadata_intersite_links"):
            each.refresh_metadata_intersite_links()
    found = next((each for each in generators if isinstance(each, _Looking)), None)
    if found is None:
        raise PhotosError(f'{configuration} does not name "pelican_photos" in PLUGINS')
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Pelican say only what ends a build: the rest is said when the site is built."""
    logging.disable(logging.ERROR)
    try:
        yield
    except SystemExit as error:
        raise PhotosError("the site cannot be built as it is; the log above says why") from error
    finally:
        logging.disable(logging.NOTSET)
