"""What a cache of renditions holds, and what of that no page of the site needs.

A rendition is needed when a build with one of the site's recipes would look for it; of an
original that is missing here, whatever there is: a clone without originals shows that, and may
hold the only copy.  Originals outside the site's folder are another site's, which shares the
cache: theirs are let alone too.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pelican_photos.errors import ImageError
from pelican_photos.rendition_cache import Index, Known, Shelf
from pelican_photos.rendition_originals import Names, Original, State, look_at
from pelican_photos.renditions import Renditions


class Reason(StrEnum):
    """Why a rendition is not needed."""

    NO_PAGE = "of pictures that no page names"
    RECIPE = "of sizes, a quality or an encoder that are not used any more"
    UNKNOWN = "that the index knows nothing of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waste:
    """What may go."""

    files: Mapping[Path, Reason] = field(default_factory=dict)
    originals: frozenset[str] = frozenset()  # rows of the index
    pictures: frozenset[tuple[str, str]] = frozenset()  # the same: digest and recipe

    def count(self) -> Counter[Reason]:
        """Count the renditions for each reason."""
        return Counter(self.files.values())


@dataclass(slots=True)
class _Needs:
    named: set[str] = field(default_factory=set)  # originals, as the index calls them
    present: set[str] = field(default_factory=set)  # digests
    everything: set[str] = field(default_factory=set)  # digests of which all is kept
    files: set[str] = field(default_factory=set)  # on the shelf, of what is present
    missing: int = 0  # originals that are not here, or no pictures, of which nothing is known


def waste_in(
    folder: Path,
    site: Path,
    originals: Sequence[Path],
    recipes: Sequence[Renditions],
    tell: Callable[[str], None],
) -> Waste:
    """Compare a cache with what the site needs: ``originals`` of its pages, in some recipes.

    An original that is not as the index remembers it is read; ``tell`` hears how far that is.

    Raises:
        PhotosError: the cache cannot be read.
    """
    known = Index.of(folder).load()
    needs = _needs(known, originals, recipes, Names(folder), tell)
    _add_other_sites(needs, known, folder, site)
    return Waste(
        files=dict(_files(Shelf.of(folder), known, needs)),
        originals=frozenset(known.originals.keys() - needs.named),
        pictures=frozenset(_pictures(known, needs, {each.recipe for each in recipes})),
    )


def _needs(
    known: Known,
    originals: Sequence[Path],
    recipes: Sequence[Renditions],
    names: Names,
    tell: Callable[[str], None],
) -> _Needs:
    needs = _Needs()
    for number, path in enumerate(originals, start=1):
        tell(f"Looking at originals: {number:,} of {len(originals):,}")
        original = look_at(path, known, names)
        needs.named.add(original.name)
        if original.state is State.MISSING:
            needs.everything.add(original.was)
            needs.missing += not original.was
        else:
            needs.present.add(original.digest)
            try:
                needs.files.update(_wanted(original, path, known, recipes))
            except ImageError:
                # No picture now, such as a pointer of Git LFS: what it was may come back.
                needs.everything.add(original.was)
                needs.missing += not original.was
    needs.everything.discard("")
    return needs


def _wanted(
    original: Original, path: Path, known: Known, recipes: Sequence[Renditions]
) -> Iterator[str]:
    facts = known.newest_facts(original.digest)
    size = facts[:2] if facts else recipes[0].size_of(path)
    for each in recipes:
        yield from each.files_for(original.digest, *size)


def _add_other_sites(needs: _Needs, known: Known, folder: Path, site: Path) -> None:
    for name, seen in known.originals.items():
        if name not in needs.named and not _is_inside(site, folder, name):
            needs.named.add(name)
            needs.everything.add(seen.digest)


def _files(shelf: Shelf, known: Known, needs: _Needs) -> Iterator[tuple[Path, Reason]]:
    owners: dict[str, set[str]] = {}
    for digest, recipe in known.pictures:
        facts = known.facts(digest, recipe)
        for entry in facts.renditions if facts else ():
            owners.setdefault(entry.file_name, set()).add(digest)
    for file in shelf.files():
        of = owners.get(file.name, set())
        if file.name in needs.files or of & needs.everything:
            continue
        if of:
            yield file, Reason.RECIPE if of & needs.present else Reason.NO_PAGE
        elif not needs.missing:  # else it might be of one of those
            yield file, Reason.UNKNOWN


def _pictures(known: Known, needs: _Needs, recipes: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the facts that go; the newest of a picture stay, as they tell its size and colour."""
    for (digest, recipe), text in known.pictures.items():
        is_newest = known.latest.get(digest) is text
        is_used = digest in needs.present and (recipe in recipes or is_newest)
        if not is_used and digest not in needs.everything:
            yield digest, recipe


def _is_inside(site: Path, folder: Path, name: str) -> bool:
    """Whether an original of the index lies in the folder of a site."""
    below = os.path.relpath(os.path.join(folder, name), site)  # noqa: PTH118 - a path may not be there
    return below != os.pardir and not below.startswith(f"{os.pardir}{os.sep}")
