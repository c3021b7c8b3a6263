"""The renditions of originals, WebP and AVIF: made once, on all cores, and cached by content.

The cache lives outside the output folder and may be deleted.  A rendition's key
is the original's bytes, its size and the larger ones that it is made from, the
quality and the encoder: never a time.
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pelican_photos.errors import ImageError, ReadOnly
from pelican_photos.rendition_cache import Facts, Filed, Index, Known, Seen, Shelf
from pelican_photos.rendition_links import link
from pelican_photos.rendition_making import Connect, Encoder, Making, Wanted
from pelican_photos.rendition_originals import (
    Names,
    lasting,
    present_stamp,
    read_original,
    stamp_of,
)
from pelican_photos.rendition_recipes import because
from pelican_photos.rendition_sizes import Size, avif_sizes, rendition_sizes

__all__ = ["Rendered", "Rendition", "Renditions", "rendition_sizes"]

logger = logging.getLogger(__name__)

# Pictures between two notes in the index; what a killed build had not noted is found again.
_NOTED_AT_ONCE = 25


class Rendition(NamedTuple):
    """One file in the cache; ``name`` is what it is called beside its page."""

    width: int
    height: int
    location: str  # a text, as there are thousands, of which few are asked for
    name: str  # "640-1a2b3c4d.webp": the height, and a hash of all that made it
    length: int  # in bytes

    @property
    def file(self) -> Path:
        """Where it lies."""
        return Path(self.location)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture as pages show it."""

    width: int  # of the original as it is seen; 0 when that is unknown
    height: int
    colour: str  # the mean, "#7a6a58"
    renditions: tuple[Rendition, ...]  # WebP, small to large
    problem: str = ""  # why there are no renditions: one sentence
    alternatives: tuple[Rendition, ...] = ()  # AVIF, in those of the sizes where it is smaller


class Renditions:
    """The cache: gives renditions, and makes those that it lacks.

    ``workers`` is the number of threads, 0 for one on each CPU.  Of ``formats``
    one is "webp", the other may be "avif".  ``elsewhere`` leads to other
    machines, which are asked first.  Originals are remembered by their path from
    ``folder``, so that both may move to another machine together; with
    ``remembers`` off, nothing that is found out of them is kept, and what is known of
    those that are here is given also where renditions are lost.

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
        elsewhere: Connect | None = None,
        remembers: bool = True,
    ) -> None:
        from pelican_photos import image_formats  # noqa: PLC0415 - to register needs no Pillow

        image_formats.require(formats)
        self._index = Index.of(folder)
        self._shelf = Shelf.of(folder)
        self._steps = tuple(steps)
        self._quality = quality
        # WebP first: with it alone the recipe is what it was before there was AVIF.
        formats = sorted(formats, reverse=True)
        self._makers = {form: image_formats.maker(form, quality) for form in formats}
        self._recipe = " ".join((*steps, *self._makers.values()))
        self._remembers = remembers
        self._names = Names(folder)
        self._seen: dict[str, tuple[int, int]] = {}  # what is on the shelf, by its place
        self._making = Making(encode, quality, workers or _cpus(), elsewhere)

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

    def link(self, rendition: Rendition, target: str | Path) -> None:
        """Put a rendition where the site serves it: a hard link, or a copy where links fail.

        Raises:
            PhotosError: it cannot be put there.
        """
        there = _identity(target)
        if there is None or there != self._seen.get(rendition.location):
            link(rendition.file, Path(target))

    # What those ask who look after the cache

    @property
    def recipe(self) -> str:
        """What the index calls this way to make renditions."""
        return self._recipe

    def size_of(self, path: Path) -> Size:
        """Measure an original as it is seen.

        Raises:
            ImageError: it cannot be decoded.
        """
        return self._making.measured(path)

    def files_for(self, digest: str, width: int, height: int) -> Iterator[str]:
        """Name the files on the shelf that a picture of this size would have."""
        for it, key in self._keys(digest, width, height).items():
            yield f"{key}.{it.format}"

    # What the index alone can tell

    def _remembered(self, path: Path, known: Known) -> Rendered | None:
        """Answer without opening the original; None when it has to be looked at."""
        seen = known.originals.get(self._names.of(path))
        try:
            stamp = stamp_of(os.stat(path))  # noqa: PTH116 - of thousands
        except (FileNotFoundError, NotADirectoryError, ValueError):  # a NUL in its name
            return self._without_original(path, seen, known)
        except OSError:
            return None  # opening it will say what is wrong
        facts = known.facts(seen.digest, self._recipe) if seen and seen.stamp == stamp else None
        return self._shown(facts)

    def _without_original(self, path: Path, seen: Seen | None, known: Known) -> Rendered:
        """Fall back on renditions of an older recipe: another machine may have made them."""
        if seen:
            wanted = known.facts(seen.digest, self._recipe)
            for facts in chain([wanted], known.facts_in_any_recipe(seen.digest)):
                if found := self._on_shelf(facts):
                    return found
        return _failed(
            f"{path} is missing, and the cache has no renditions of it; bring the original back"
        )

    def _shown(self, facts: Facts | None) -> Rendered | None:
        """Give the renditions of an original that is here; None when some have to be made.

        Who only looks gets those as well: they would be the same ones again.
        """
        if facts and not self._remembers:
            return self._rendered(facts)
        return self._on_shelf(facts)

    def _on_shelf(self, facts: Facts | None) -> Rendered | None:
        """Give the renditions if all of them are there, each in its full length."""
        if not facts:
            return None
        rendered, seen = self._rendered(facts), self._seen
        for _, _, location, _, length in rendered.renditions + rendered.alternatives:
            try:
                status = os.stat(location)  # noqa: PTH116 - of thousands
            except OSError:
                return None  # storing it again says why, if it fails
            if status.st_size != length:
                return None
            seen[location] = status.st_dev, status.st_ino
        return rendered

    def _rendered(self, facts: Facts) -> Rendered:
        """Offer every WebP, and each AVIF that is smaller than the WebP of its size."""
        made: list[Rendition] = []
        smaller: list[Rendition] = []
        lengths: dict[Size, int] = {}
        location, makers = self._shelf.location, self._makers
        for width, height, length, key, form in facts.renditions:  # WebP first
            if form == "webp":
                lengths[width, height] = length
            elif form not in makers or length >= lengths.get((width, height), 0):
                continue
            name = f"{height}-{key[:8]}.{form}"
            each = Rendition(width, height, location(key, form), name, length)
            (made if form == "webp" else smaller).append(each)
        return Rendered(
            facts.width, facts.height, facts.colour, tuple(made), alternatives=tuple(smaller)
        )

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
        try:
            with self._making.pool(len(waiting)) as workers:
                futures = {workers.submit(self._make, path, known): path for path in waiting}
                for future in as_completed(futures):
                    path = futures.pop(future)
                    try:
                        seen, facts = future.result()
                    except ImageError as error:
                        yield path, _failed(str(error))
                        continue
                    originals[self._names.of(path)] = seen
                    pictures[seen.digest, self._recipe] = facts
                    if len(originals) >= _NOTED_AT_ONCE:
                        self._note(originals, pictures)
                    yield path, self._rendered(facts)
        finally:
            self._note(originals, pictures)

    def _note(self, originals: dict[str, Seen], pictures: dict[tuple[str, str], Facts]) -> None:
        try:
            if self._remembers:
                self._index.remember(originals, pictures)
        except ReadOnly as error:  # the renditions are there all the same
            logger.warning("What was found out of photos is not remembered: %s", error)
        originals.clear()
        pictures.clear()

    def _make(self, path: Path, known: Known) -> tuple[Seen, Facts]:
        """Read the original, and make those of its renditions that the shelf lacks."""
        read_at = time.time_ns()
        seen = read_original(path)
        facts = known.facts(seen.digest, self._recipe)
        if facts and self._shown(facts):
            return lasting(seen, read_at), facts
        width, height = self._making.measured(path)
        keys = self._keys(seen.digest, width, height)
        older = known.newest_facts(seen.digest)
        # Whoever changes a file in the output may change the one on the shelf: it is the same.
        filed = known.lengths(seen.digest)
        lengths = {it: self._whole_length(it, key, filed) for it, key in keys.items()}
        lacking = [it for it, length in lengths.items() if not length]
        colour, encoded = (
            (older.colour, [])
            if older and not lacking and _scaled_alike(older, keys)
            else self._making.encoded(path, seen.digest, keys, lacking)
        )
        if present_stamp(path) != seen.stamp:
            raise ImageError(f"{path} changed while it was read; build again")
        for entry in encoded:
            it = Wanted((entry.width, entry.height), entry.format)
            self._shelf.put(keys[it], entry.data, entry.format)
            lengths[it] = len(entry.data)
        made = tuple(Filed(*it.size, lengths[it], key, it.format) for it, key in keys.items())
        why = self._why(path, seen, known) if encoded else older.why if older else ""
        return lasting(seen, read_at), Facts(width, height, colour, made, why)

    def _whole_length(self, it: Wanted, key: str, filed: Mapping[str, int]) -> int:
        """Give the length of a rendition; 0 when it is absent, or not as it was ``filed``."""
        length = self._shelf.whole_length(key, it.format)
        return length if filed.get(f"{key}.{it.format}", length) == length else 0

    def _why(self, path: Path, seen: Seen, known: Known) -> str:
        reason = because(known, self._names.of(path), seen.digest, self._recipe)
        return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {reason}"

    def _keys(self, digest: str, width: int, height: int) -> dict[Wanted, str]:
        """Give the key of each rendition of a picture: WebP first, and small to large.

        The larger sizes are in it, as each size is made from the next larger one.
        """
        sizes = rendition_sizes(width, height, self._steps)
        larger = {
            size: " ".join(f"{across}x{down}" for across, down in sizes[place:])
            for place, size in enumerate(sizes)
        }
        return {
            Wanted(size, form): hashlib.sha256(
                f"{digest} {larger[size]} {maker}".encode()
            ).hexdigest()
            for form, maker in self._makers.items()
            for size in (sizes if form == "webp" else avif_sizes(sizes))
        }


def _scaled_alike(older: Facts, keys: Mapping[Wanted, str]) -> bool:
    """Say whether the smallest rendition, whose mean the colour is, was made as it is now."""
    return [it.key for it in older.renditions[:1]] == list(keys.values())[:1]


def _cpus() -> int:
    """Count the CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _failed(problem: str) -> Rendered:
    return Rendered(0, 0, "", (), problem)


def _identity(file: str | Path) -> tuple[int, int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - of thousands
    except OSError:
        return None
    return status.st_dev, status.st_ino
