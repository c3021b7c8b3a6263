"""Why renditions of an original would be made again: what differs from what is known of it."""

from collections.abc import Iterator
from pathlib import Path

from pelican_photos.errors import ImageError
from pelican_photos.rendition_cache import Facts, Known, Shelf
from pelican_photos.rendition_originals import UNSETTLED, Names, Original, State, look_at
from pelican_photos.rendition_recipes import differences
from pelican_photos.renditions import Renditions

_SHOWN = 12  # digits of a digest


def reasons(folder: Path, path: Path, known: Known, recipe: Renditions) -> Iterator[str]:
    """Say what a build would do about an original, and because of what; a sentence each.

    ``folder`` is the cache, ``known`` what its index says.
    """
    original = look_at(path, known, Names(folder))
    yield from _of_original(original, known)
    if original.state is State.MISSING:
        return
    facts = known.facts(original.digest, recipe.recipe)
    if facts is None and (before := known.recipes.get(original.digest)):
        yield from differences(before, recipe.recipe)
    try:
        yield from _of_files(Shelf.of(folder), original, path, known, recipe, facts)
    except ImageError as error:
        yield str(error)
    made = facts or known.newest_facts(original.digest)
    if made and made.why:
        yield f"renditions were encoded last at {made.why}"


def _of_original(original: Original, known: Known) -> Iterator[str]:
    if original.state is State.SAME:
        yield "the original is as it was when it was read last"
    elif original.state is State.TOUCHED:
        before = known.originals[original.name].stamp
        if before == UNSETTLED:
            yield "the original was read just after it was written, so it is read once more"
            return
        differs = _stamp_differences(before, original.stamp)
        yield f"the original has another {differs}, but the same bytes: it is read once more"
    elif original.state is State.CHANGED:
        was, now = original.was[:_SHOWN], original.digest[:_SHOWN]
        yield f"the original has other bytes: SHA-256 {was}… → {now}…"
    elif original.state is State.MISSING:
        yield (
            "the original is missing: what the cache has of it is shown"
            if original.was
            else "the original is missing, and the cache knows nothing of it"
        )
    else:
        yield from _of_new(original, known)


def _of_new(original: Original, known: Known) -> Iterator[str]:
    names = [name for name, seen in known.originals.items() if seen.digest == original.digest]
    if names:
        yield f"the original is new under this name; its bytes are known from {names[0]}"
    else:
        yield "the original is new"


def _stamp_differences(before: str, now: str) -> str:
    names = ("size", "time", "inode")
    pairs = zip(names, before.split(), now.split(), strict=False)
    return " and ".join(name for name, old, new in pairs if old != new) or "stamp"


def _of_files(  # noqa: PLR0913, PLR0917 - a picture, and where to look for what is made of it
    shelf: Shelf,
    original: Original,
    path: Path,
    known: Known,
    recipe: Renditions,
    facts: Facts | None,
) -> Iterator[str]:
    newest = facts or known.newest_facts(original.digest)
    size = newest[:2] if newest else recipe.size_of(path)
    lengths = known.lengths(original.digest)
    wanted = list(recipe.files_for(original.digest, *size))
    lacking = 0
    for name in wanted:
        key, _, form = name.partition(".")
        length = shelf.whole_length(key, form)
        if length and length == lengths.get(name, length):
            continue
        lacking += 1
        if name in lengths:
            there = shelf.path(key, form)
            yield (
                f"{there.name} is cut short, or longer than it was"
                if there.exists()
                else f"{there.name} is gone from the cache"
            )
    if lacking:
        yield f"{lacking} of {len(wanted)} renditions would be encoded"
    else:
        yield f"all {len(wanted)} renditions are there: nothing would be encoded"
