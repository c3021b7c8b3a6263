"""An original as it is now, beside what the index remembers of it."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pelican_photos.errors import ImageError
from pelican_photos.rendition_cache import Known
from pelican_photos.renditions import Renditions, read_original, stamp_of


class State(StrEnum):
    """What has become of an original since it was read last."""

    SAME = "as it was"
    TOUCHED = "the same bytes in another file"
    CHANGED = "other bytes"
    NEW = "not read yet"
    MISSING = "missing, or not to be read"


class Original(NamedTuple):
    """One original."""

    name: str  # in the index
    state: State
    was: str = ""  # the digest that the index has; "" for none
    digest: str = ""  # the present one; "" for one that is missing
    stamp: str = ""


def look_at(path: Path, known: Known, recipe: Renditions) -> Original:
    """Compare an original with the index; it is read only where its stamp is another one."""
    name = recipe.name(path)
    seen = known.originals.get(name)
    was = seen.digest if seen else ""
    stamp = stamp_of(path)
    if seen and stamp == seen.stamp:
        return Original(name, State.SAME, was, was, stamp)
    try:
        stamp, digest = read_original(path)
    except (ImageError, ValueError):  # a NUL in its name
        return Original(name, State.MISSING, was)
    state = State.NEW if not seen else State.TOUCHED if digest == was else State.CHANGED
    return Original(name, state, was, digest, stamp)
