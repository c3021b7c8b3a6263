"""The renditions of originals, WebP and AVIF: made once, on all cores, and cached by content.

The cache lives outside the output folder and may be deleted.  A rendition's key
is the original's bytes, its size, the quality and the encoder: never a time.
"""

import hashlib
import logging
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pelican_photos.atomic import place, plain_disk_errors, staged, write_part
from pelican_photos.errors import ImageError, ReadOnly
from pelican_photos.rendition_cache import Facts, Filed, Index, Known, Seen, Shelf
from pelican_photos.rendition_sizes import Size, avif_sizes, rendition_sizes

if TYPE_CHECKING:
    from pelican_photos import images

__all__ = ["Rendered", "Rendition", "Renditions", "rendition_sizes"]

logger = logging.getLogger(__name__)

# Pictures between two notes in the index; what a killed build had not noted is found again.
_NOTED_AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file in the cache; ``name`` is what it is called beside its page."""

    width: int
    height: int
    file: Path
    name: str  # "640-1a2b3c4d.webp": the height, and a hash of all that made it


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture as pages show it."""

    width: int  # of the original as it is seen; 0 when that is unknown
    height: int
    colour: str  # the mean, "#7a6a58"
    renditions: tuple[Rendition, ...]  # WebP, small to large
    problem: str = ""  # why there are no renditions: one sentence
    alternatives: tuple[Rendition, ...] = ()  # AVIF, in those of the sizes where it is smaller


class _Wanted(NamedTuple):
    size: Size
    format: str


class Encoder(Protocol):
    """What turns a file into WebP and AVIF: ``images.encode``."""

    def __call__(
        self, path: Path, sizes: Sequence[Size], *, quality: int, avif: Sequence[Size] = ()
    ) -> "tuple[str, list[images.Encoded]]": ...


class Renditions:
    """The cache: gives renditions, and makes those that it lacks.

    ``workers`` is the number of threads, 0 for one on each CPU.  Of ``formats``
    one is "webp", the other may be "avif".  Originals are remembered by their path
    from ``folder``, so that both may move to another machine together.

    Raises:
        SettingsError: Pillow cannot write one of the formats.
    """

    def __init__(  # noqa: PLR0913 - all but the folder are said by name
        self,
        folder: Path,
        *,
        steps: Sequence[str],
        quality: int,
        workers: int = 0,
        formats: Sequence[str] = ("webp",),
        encode: Encoder | None = None,
    ) -> None:
        from pelican_photos import images  # noqa: PLC0415 - registering a plugin loads no Pillow

        images.require(formats)
        self._index = Index.of(folder)
        self._shelf = Shelf.of(folder)
        self._steps = tuple(steps)
        self._quality = quality
        # WebP first: with it alone the recipe is what it always was, and an old cache stays good.
        formats = sorted(formats, reverse=True)
        self._makers = {form: images.maker(form, quality) for form in formats}
        self._recipe = " ".join((*steps, *self._makers.values()))
        self._workers = workers or _cpus()
        self._root = folder.absolute()
        self._measure = images.measure
        self._encode = encode or images.encode

    def render(
        self, originals: Iterable[Path], progress: Callable[[int, int], None] | None = None
    ) -> dict[Path, Rendered]:
        """Give what pages need of each original, in the order of ``originals``.

        An original that is as the index remembers it is not opened; one that is
        missing gets the renditions it had.  ``progress`` is told (done, total)
        of the others, on the caller's thread.  When this is interrupted, what
        was made stays made.

        Raises:
            PhotosError: the cache cannot be written.
        """
        known = self._index.load()
        rendered = {path: self._remembered(path, known) for path in originals}
        waiting = [path for path, entry in rendered.items() if entry is None]
        with closing(self._work(waiting, known)) as work:
            for done, (path, entry) in enumerate(work, start=1):
                rendered[path] = entry
                if progress:
                    progress(done, len(waiting))
        return {path: entry for path, entry in rendered.items() if entry}

    def link(self, rendition: Rendition, target: Path) -> None:
        """Put a rendition where the site serves it: a hard link, or a copy where links fail.

        Raises:
            PhotosError: it cannot be put there.
        """
        with plain_disk_errors(target):
            if not _is_same(rendition.file, target):
                with staged(target) as part:
                    _link_or_copy(rendition.file, part)
                    place(part, target)

    # What those ask who look after the cache

    @property
    def recipe(self) -> str:
        """What the index calls this way to make renditions."""
        return self._recipe

    def name(self, path: Path) -> str:
        """Say what the index calls an original."""
        return self._name(path)

    def size_of(self, path: Path) -> Size:
        """Measure an original as it is seen.

        Raises:
            ImageError: it cannot be decoded.
        """
        width, height, _ = self._measure(path)
        return width, height

    def files_for(self, digest: str, width: int, height: int) -> Iterator[str]:
        """Name the files on the shelf that a picture of this size would have."""
        for it, key in self._keys(digest, width, height).items():
            yield self._shelf.path(key, it.format).name

    # What the index alone can tell

    def _remembered(self, path: Path, known: Known) -> Rendered | None:
        """Answer without opening the original; None when it has to be looked at."""
        seen = known.originals.get(self._name(path))
        try:
            stamp = _stamp(path.stat())
        except (FileNotFoundError, NotADirectoryError, ValueError):  # a NUL in its name
            return self._without_original(path, seen, known)
        except OSError:
            return None  # opening it will say what is wrong
        facts = known.facts(seen.digest, self._recipe) if seen and seen.stamp == stamp else None
        return self._on_shelf(facts)

    def _without_original(self, path: Path, seen: Seen | None, known: Known) -> Rendered:
        """Fall back on renditions of an older recipe: another machine may have made them."""
        facts = (
            known.facts(seen.digest, self._recipe) or known.newest_facts(seen.digest)
            if seen
            else None
        )
        return self._on_shelf(facts) or _failed(
            f"{path} is missing, and the cache has no renditions of it; bring the original back"
        )

    def _on_shelf(self, facts: Facts | None) -> Rendered | None:
        """Give the renditions if all of them are there, each in its full length."""
        if not facts:
            return None
        entries, made = self._made(facts)
        pairs = zip(made, entries, strict=True)
        whole = all(_length(rendition.file) == entry.length for rendition, entry in pairs)
        return _rendered(facts, entries, made) if whole else None

    def _made(self, facts: Facts) -> tuple[Sequence[Filed], Sequence[Rendition]]:
        """Pick the renditions of the formats that are wanted: WebP first."""
        entries = [entry for entry in facts.renditions if entry.format in self._makers]
        return entries, [
            Rendition(
                entry.width,
                entry.height,
                self._shelf.path(entry.key, entry.format),
                f"{entry.height}-{entry.key[:8]}.{entry.format}",
            )
            for entry in entries
        ]

    # What has to be made

    def _work(
        self, waiting: Sequence[Path], known: Known
    ) -> Generator[tuple[Path, Rendered], None, None]:
        """Make renditions on all cores; yield each picture as it is done, and note it."""
        if not waiting:
            return
        self._shelf.sweep()
        originals: dict[str, Seen] = {}
        pictures: dict[tuple[str, str], Facts] = {}
        workers = ThreadPoolExecutor(min(self._workers, len(waiting)), "renditions")
        try:
            futures = {workers.submit(self._make, path, known): path for path in waiting}
            for future in as_completed(futures):
                path = futures.pop(future)
                try:
                    seen, facts = future.result()
                except ImageError as error:
                    yield path, _failed(str(error))
                    continue
                originals[self._name(path)] = seen
                pictures[seen.digest, self._recipe] = facts
                if len(originals) >= _NOTED_AT_ONCE:
                    self._note(originals, pictures)
                yield path, _rendered(facts, *self._made(facts))
        finally:
            workers.shutdown(cancel_futures=True)
            self._note(originals, pictures)

    def _note(self, originals: dict[str, Seen], pictures: dict[tuple[str, str], Facts]) -> None:
        try:
            self._index.remember(originals, pictures)
        except ReadOnly as error:  # the renditions are there all the same
            logger.warning("What was found out of photos is not remembered: %s", error)
        originals.clear()
        pictures.clear()

    def _make(self, path: Path, known: Known) -> tuple[Seen, Facts]:
        """Read the original, and make those of its renditions that the shelf lacks."""
        seen = read_original(path)
        facts = known.facts(seen.digest, self._recipe)
        if facts and self._on_shelf(facts):
            return seen, facts
        width, height, _ = self._measure(path)
        keys = self._keys(seen.digest, width, height)
        lengths = {it: self._shelf.whole_length(key, it.format) for it, key in keys.items()}
        older = known.newest_facts(seen.digest)
        colour = older.colour if older else ""
        lacking = [it for it, length in lengths.items() if not length]
        smallest = next(iter(keys))
        if not colour and smallest not in lacking:
            lacking = [smallest, *lacking]  # it also gives the colour
        found, encoded = self._encoded(path, lacking) if lacking else (colour, [])
        if stamp_of(path) != seen.stamp:
            raise ImageError(f"{path} changed while it was read; build again")
        for entry in encoded:
            it = _Wanted((entry.width, entry.height), entry.format)
            self._shelf.put(keys[it], entry.data, entry.format)
            lengths[it] = len(entry.data)
        filed = tuple(Filed(*it.size, lengths[it], key, it.format) for it, key in keys.items())
        return seen, Facts(width, height, colour or found, filed)

    def _keys(self, digest: str, width: int, height: int) -> dict[_Wanted, str]:
        """Give the key of each rendition of a picture: WebP first, and small to large."""
        sizes = rendition_sizes(width, height, self._steps)
        return {
            _Wanted(size, form): hashlib.sha256(
                f"{digest} {size[0]}x{size[1]} {maker}".encode()
            ).hexdigest()
            for form, maker in self._makers.items()
            for size in (sizes if form == "webp" else avif_sizes(sizes))
        }

    def _encoded(self, path: Path, wanted: Sequence[_Wanted]) -> "tuple[str, list[images.Encoded]]":
        sizes = {form: [it.size for it in wanted if it.format == form] for form in ("webp", "avif")}
        return self._encode(path, sizes["webp"], quality=self._quality, avif=sizes["avif"])

    def _name(self, path: Path) -> str:
        """Name an original in the index, alike on every machine and system."""
        try:
            name = os.path.relpath(path, self._root)
        except ValueError:  # another drive
            name = str(path.resolve())
        return name.replace(os.sep, "/").encode(errors="backslashreplace").decode()


def _cpus() -> int:
    """Count the CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _rendered(facts: Facts, entries: Sequence[Filed], made: Sequence[Rendition]) -> Rendered:
    """Offer every WebP, and each AVIF that is smaller than the WebP of its size."""
    lengths = {entry[:2]: entry.length for entry in entries if entry.format == "webp"}
    return Rendered(
        facts.width,
        facts.height,
        facts.colour,
        tuple(made[: len(lengths)]),
        alternatives=tuple(
            rendition
            for rendition, entry in zip(made[len(lengths) :], entries[len(lengths) :], strict=True)
            if entry.length < lengths.get(entry[:2], 0)
        ),
    )


def _failed(problem: str) -> Rendered:
    return Rendered(0, 0, "", (), problem)


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"


def _length(file: Path) -> int:
    """Give a file's length; -1 when there is none (storing it again says why, if it fails)."""
    try:
        return file.stat().st_size
    except OSError:
        return -1


def stamp_of(path: Path) -> str:
    """Tell one state of an original from another; "" where it cannot be found."""
    try:
        return _stamp(path.stat())
    except OSError:
        return ""


def read_original(path: Path) -> Seen:
    """Read an original whole, for its digest.

    Raises:
        ImageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            stamp = _stamp(os.fstat(file.fileno()))
            return Seen(stamp, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror}") from error


def _is_same(file: Path, target: Path) -> bool:
    """Whether ``target`` is this very file, or a copy of it."""
    try:
        there = target.stat()
    except FileNotFoundError:
        return False
    here = file.stat()
    if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino):
        return True
    return here.st_size == there.st_size and file.read_bytes() == target.read_bytes()


def _link_or_copy(file: Path, target: Path) -> None:
    try:
        os.link(file, target)
    except OSError:  # another file system, or one without hard links
        write_part(target, [file.read_bytes()])
