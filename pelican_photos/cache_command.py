"""The cache as a person looks at it: what is in it, what may go, and why something was made."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pelican_photos import pelican_site, running_builds
from pelican_photos.errors import Guarded, SettingsError
from pelican_photos.library import Library, Stored
from pelican_photos.model import Album, Photo
from pelican_photos.plugin.page_cache import pages_in
from pelican_photos.plugin.pictures import renditions_for
from pelican_photos.plugin.portrait import Portraits
from pelican_photos.publish.plan import in_words
from pelican_photos.rendition_cache import Index, Shelf
from pelican_photos.rendition_reasons import reasons
from pelican_photos.rendition_waste import Waste, waste_in
from pelican_photos.settings import Settings
from pelican_photos.terminal import Display

_DAY = 86_400  # seconds
_UNUSED_DAYS = 30  # after which a way to build the site is taken for given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asks for; nothing is a look at the whole."""

    gc: bool = False
    dry_run: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unneeded:
    """All that may go, and how long each file of it is."""

    renditions: Waste
    pages: tuple[Path, ...]  # caches of them
    unfinished: tuple[Path, ...]
    sizes: dict[Path, int]

    @property
    def size(self) -> int:
        return sum(self.sizes.values())

    def __bool__(self) -> bool:
        rows = self.renditions.originals or self.renditions.pictures
        return bool(self.sizes or rows)

    def lines(self) -> Iterator[str]:
        waste = self.renditions
        for reason, count in sorted(waste.count().items()):
            size = sum(self.sizes[file] for file, why in waste.files.items() if why is reason)
            yield f"{_many(count, 'rendition')} {reason}, {in_words(size)}"
        if waste.originals:
            yield f"{_many(len(waste.originals), 'original')} in the index that no page names"
        if waste.pictures:
            yield f"{_many(len(waste.pictures), 'note')} in the index of what such were made into"
        for noun, about, files in (
            ("cache", f"of pages, unused for {_UNUSED_DAYS} days", self.pages),
            ("rendition", "not finished by any build", self.unfinished),
        ):
            if files:
                size = sum(map(self.sizes.__getitem__, files))
                yield f"{_many(len(files), noun)} {about}, {in_words(size)}"


def ways_to_build() -> tuple[Settings, ...]:
    """Read what the site is set to in each of its configuration files, the usual one first.

    Raises:
        SettingsError: one of them cannot be read.
    """
    root = pelican_site.find_root()
    return tuple(pelican_site.read_settings(name, root) for name in _configurations(root))


def run_cache(ways: Sequence[Settings], display: Display, request: Request) -> None:
    """Say what is in the cache; with ``gc`` remove what the site does not need.

    Raises:
        Guarded: nobody said yes.
        Busy: a build uses the cache.
        SettingsError: a page cannot be read, so that nobody knows what it needs.
    """
    cache = ways[0].cache_folder
    ways = [each for each in ways if each.cache_folder == cache]
    if not cache.is_dir():
        display.say(f"{cache} is empty: no build has used it yet")
        return
    moment = running_builds.moment(cache) if request.gc and not request.dry_run else 0
    folders = dict.fromkeys((each.content, each.path) for each in ways)
    libraries = [Library(content, path) for content, path in folders]
    with display.ticker() as tell:
        unneeded = _unneeded(cache, libraries, ways, tell)
    problems = [problem for each in libraries for problem in each.problems]
    for line in (*_contents(cache), *_found(unneeded, problems)):
        display.say(line)
    if not request.gc:
        return
    if problems:
        raise SettingsError(
            f"{problems[0]}; correct it first: its picture may be in the cache alone"
        )
    if request.dry_run:
        for file in sorted(unneeded.sizes):
            display.say(f"  would remove {file.relative_to(cache)}")
        return
    if unneeded:
        _remove(cache, display, unneeded, moment, yes=request.yes)
    running_builds.clear_up(cache, {each.output for each in ways})


def run_why(ways: Sequence[Settings], display: Display, slug: str) -> None:
    """Say whether a photo or album would be made again, and because of what.

    Raises:
        SettingsError: no page is called so.
        PhotosError: the site cannot be built.
    """
    from pelican_photos.cache_why import page_reasons  # noqa: PLC0415 - loads Pelican

    library = Library(ways[0].content, ways[0].path)
    stored = list(library.stored())
    found = [each for each in stored if each.page.slug == slug]
    if not found:
        raise SettingsError(f"{slug}: no page is called so; name one without its .md")
    shown = [
        (file, page)
        for file, page in (*found, *_photos_of(found, stored))
        if isinstance(page, Photo) and page.original
    ]
    lines: dict[str, None] = {}  # two ways often make the same renditions
    for way in ways:
        recipe, known = renditions_for(way), Index.of(way.cache_folder).load()
        for file, page in shown:
            original = file.with_name(page.original)
            for line in reasons(way.cache_folder, original, known, recipe):
                lines[f"{original.name}: {line}"] = None
    for line in lines:
        display.say(line)
    for name in _configurations(ways[0].root):
        for file, _ in found:
            for line in page_reasons(file, ways[0].root / name):
                display.say(f"its page with {name}: {line}")


def _photos_of(found: Sequence[Stored], stored: Sequence[Stored]) -> Iterator[Stored]:
    """Yield the photos of the albums among some pages."""
    albums = {(file.parent, page.slug) for file, page in found if isinstance(page, Album)}
    for each in stored:
        if isinstance(each.page, Photo) and (each.file.parent, each.page.album) in albums:
            yield each


def _configurations(root: Path) -> list[str]:
    names = (pelican_site.DEVELOPMENT, pelican_site.PRODUCTION)
    return [name for name in names if (root / name).is_file()]


def _contents(cache: Path) -> Iterator[str]:
    """Say what there is."""
    sizes = list(_sizes(Shelf.of(cache).files()).values())
    originals = len(Index.of(cache).load().originals)
    yield (
        f"{_many(originals, 'original')}; {_many(len(sizes), 'rendition')} of them,"
        f" {in_words(sum(sizes))}"
    )
    pages = _sizes(_page_caches(cache))
    count, size = sum(map(pages_in, pages)), in_words(sum(pages.values()))
    built = _many(len(pages), "way")
    yield f"{_many(count, 'page')} and other texts, in {built} to build the site, {size}"


def _unneeded(
    cache: Path,
    libraries: Sequence[Library],
    ways: Sequence[Settings],
    tell: Callable[[str], None],
) -> _Unneeded:
    recipes = [renditions_for(each) for each in ways]
    portraits = [Portraits(each) for each in ways]
    originals = [
        file.with_name(page.original)
        for library in libraries
        for file, page in library.stored()
        if isinstance(page, Photo) and page.original
    ]
    originals += [file for each in portraits for file in each.files()]
    recipes += [each.cache for each in portraits]
    waste = waste_in(cache, ways[0].root, originals, recipes, tell)
    unused = time.time() - _UNUSED_DAYS * _DAY
    pages = tuple(file for file in _page_caches(cache) if file.stat().st_mtime < unused)
    unfinished = tuple(running_builds.unfinished(cache))
    sizes = _sizes((*waste.files, *pages, *unfinished))
    # What has gone since it was listed is nobody's any more.
    files = {file: why for file, why in waste.files.items() if file in sizes}
    return _Unneeded(
        renditions=replace(waste, files=files),
        pages=tuple(file for file in pages if file in sizes),
        unfinished=tuple(file for file in unfinished if file in sizes),
        sizes=sizes,
    )


def _found(unneeded: _Unneeded, problems: Sequence[str]) -> Iterator[str]:
    """Say what may go."""
    for line in list(unneeded.lines()) or ["nothing"]:
        yield f"not needed: {line}"
    if problems:
        yield f"what {_many(len(problems), 'page')} would need is not known: no --gc yet"


def _remove(cache: Path, display: Display, unneeded: _Unneeded, moment: int, *, yes: bool) -> None:
    count, size = len(unneeded.sizes), in_words(unneeded.size)
    if not yes and not display.confirm(f"Remove {_many(count, 'file')}, {size}?"):
        raise Guarded("nothing was removed")
    for done, _ in enumerate(running_builds.remove(cache, unneeded.sizes, moment), start=1):
        display.advance("Removing", done, count)
    with running_builds.alone(cache, moment):
        waste = unneeded.renditions
        Index.of(cache).forget(waste.originals, waste.pictures)
    display.say(f"{_many(count, 'file')} removed, {size}")


def _page_caches(cache: Path) -> list[Path]:
    return sorted((cache / "pages").glob("*.sqlite3"))


def _sizes(files: Iterator[Path] | Sequence[Path]) -> dict[Path, int]:
    """Give the length of each file that is there, in bytes."""
    found = {}
    for file in files:
        try:
            found[file] = file.stat().st_size
        except FileNotFoundError:
            continue  # a build runs
    return found


def _many(count: int, noun: str) -> str:
    """Count things for people."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
