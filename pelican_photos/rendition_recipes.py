"""Recipes, as the index writes them: sizes, then what ``image_formats.maker`` says of each format.

Pure: what differs between two of them, and because of what renditions had to be made.
"""

import re
from collections.abc import Iterator

from pelican_photos.rendition_cache import Known

_MAKER = re.compile(
    r"(?:(?P<form>avif) )?quality (?P<quality>\d+) (?P<ours>\d+) Pillow (?P<pillow>\S+)"
    r" (?P<library>\w+) (?P<version>\S+) (?P<effort>.+?)"
    r"(?: by (?P<codec>\S+) (?P<codec_version>\S+))?(?=(?: avif)? quality |$)"
)


def differences(before: str, now: str) -> Iterator[str]:
    """Compare two recipes: "quality of WebP: 78 → 80"."""
    old, new = _parts(before), _parts(now)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name, 'none')} → {new.get(name, 'none')}"


def _parts(recipe: str) -> dict[str, str]:
    makers = list(_MAKER.finditer(recipe))
    sizes = recipe[: makers[0].start()] if makers else recipe
    found = {"sizes": sizes.strip()}
    for maker in makers:
        form = "AVIF" if maker["form"] else "WebP"
        found[f"quality of {form}"] = maker["quality"]
        found[f"our way to make {form}"] = maker["ours"]
        found["Pillow"] = maker["pillow"]
        found[maker["library"]] = maker["version"]
        found[f"effort for {form}"] = maker["effort"]
        if maker["codec"]:
            found[maker["codec"]] = maker["codec_version"]
    return found


def because(known: Known, name: str, digest: str, recipe: str) -> str:
    """Say why renditions of an original, ``name`` in the index, were lacking."""
    if (digest, recipe) in known.pictures:
        return "they were gone from the cache, or cut short"
    if before := known.recipes.get(digest):
        return "; ".join(differences(before, recipe))
    if name in known.originals and known.originals[name].digest != digest:
        return "the original had other bytes"
    return "the original was new"
