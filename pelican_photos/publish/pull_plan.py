"""What a pull does about each original: here against there, and which names are safe. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from pelican_photos.content_types import is_picture_or_video
from pelican_photos.errors import Guarded
from pelican_photos.naming import DRAFTS
from pelican_photos.publish.objects import Known, Remote
from pelican_photos.publish.private import untouched_key

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])( *\..*)?")  # Windows'
_DRIVE = re.compile(r"[A-Za-z]:")
# File systems keep a time in units of: NTFS, HFS+ and ext3, FAT (nanoseconds).
_UNITS = (1, 100, 1_000_000_000, 2_000_000_000)

_LATEST = 4_102_444_800_000_000_000  # the year 2100; not every system knows a later time


class Act(StrEnum):
    """What is done about an original, and why."""

    FINE = "as in the bucket"
    FETCH = "not here"
    REPAIR = "damaged here"  # same size and time, other bytes; or nothing left of it
    UNCOVER = "only its public copy is here"
    BESIDE = "changed here"  # the owner's edit stays
    MISSING = "neither here nor in the bucket"
    ONLY_HERE = "not in the bucket"
    OVERWRITTEN = "overwritten in the bucket"  # what is here is what was published
    FOREIGN = "what lies in the bucket is not what was published"  # and cannot be had any more
    UNSURE = "cannot be compared without the manifest"

    @property
    def fetches(self) -> bool:
        """Whether bytes come from the bucket."""
        return self in (Act.FETCH, Act.REPAIR, Act.UNCOVER, Act.BESIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """An original in the bucket: the object to fetch, and what is known of its bytes."""

    key: str
    size: int  # bytes, as listed
    etag: str  # as listed
    published: int  # bytes, when it was published; ``size`` where no manifest tells
    sha256: str = ""  # as published; "" where no manifest tells
    modified: int = 0  # when the original changed last, nanoseconds since 1970; 0 is unknown
    public_sha256: str = ""  # of the copy for the public, where that is another
    public_etag: str = ""  # likewise, as listed
    lost_sha256: str = ""  # of the untouched file, where only the copy for the public is left
    intact: bool = True  # the bucket lists the ETag, or no manifest says which it should be

    @property
    def whole(self) -> bool:
        """Whether it can be what was published."""
        return self.size == self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A file on this machine; a digest is "" where the other side has none to compare."""

    size: int
    modified: int  # nanoseconds since 1970
    sha256: str = ""
    etag: str = ""  # that S3 would give it
    public_sha256: str = ""  # of what the public would see of it


def there_of(key: str, listed: Mapping[str, Remote], known: Mapping[str, Known]) -> There | None:
    """Find an original in the bucket, untouched if it is there; None when it is not.

    A draft has another key than the same photo once it is published, which may be since.
    """
    other = key.removeprefix(f"{DRAFTS}/")
    for name in (key, other if other != key else f"{DRAFTS}/{key}"):
        if name in listed or untouched_key(name) in listed:
            return _found(name, listed, known)
    return None


def _found(key: str, listed: Mapping[str, Remote], known: Mapping[str, Known]) -> There:
    hidden = untouched_key(key)
    name = hidden if hidden in listed else key
    object_, entry = listed[name], known.get(name)
    public, lost = (known.get(key), None) if name == hidden else (None, known.get(hidden))
    if public and entry and public.modified != entry.modified:
        public = None  # made of another file: the untouched one is what the owner's edit replaced
    return There(
        key=name,
        size=object_.size,
        etag=object_.etag,
        published=entry.size if entry else object_.size,
        sha256=entry.sha256 if entry else "",
        modified=entry.modified if entry and 0 < entry.modified < _LATEST else 0,
        public_sha256=public.sha256 if public else "",
        public_etag=listed[key].etag if name == hidden and key in listed else "",
        lost_sha256=lost.sha256 if lost else "",
        intact=entry is None or entry.etag == object_.etag,
    )


def judge(there: There | None, here: Here | None) -> Act:
    """Say what is to be done about one original."""
    if there is None:
        return Act.ONLY_HERE if here else Act.MISSING
    if here is None:
        return Act.FETCH if there.whole else Act.FOREIGN
    if _same(there, here):
        return Act.FINE if there.intact else Act.OVERWRITTEN
    if _is_more(there, here):
        return Act.ONLY_HERE
    if not there.whole:
        return Act.FOREIGN
    return _judge_other(there, here) if there.sha256 else _judge_by_listing(there, here)


def _is_more(there: There, here: Here) -> bool:
    """Tell whether the bucket has no more than the public copy of what is here."""
    untouched = there.lost_sha256 and here.sha256 == there.lost_sha256
    return bool(untouched or (there.sha256 and here.public_sha256 == there.sha256))


def _judge_other(there: There, here: Here) -> Act:
    if there.public_sha256 and here.sha256 == there.public_sha256:
        return Act.UNCOVER
    return Act.REPAIR if _is_damaged(there, here) else Act.BESIDE


def _same(there: There, here: Here) -> bool:
    if there.sha256:
        return here.sha256 == there.sha256
    return bool(here.etag) and here.size == there.size and here.etag == there.etag


def _judge_by_listing(there: There, here: Here) -> Act:
    if here.size != there.size:
        return Act.BESIDE if here.size else Act.REPAIR
    if here.etag and here.etag == there.public_etag:
        return Act.UNCOVER
    return Act.UNSURE  # an ETag need not be a digest


def _is_damaged(there: There, here: Here) -> bool:
    """Tell a file that nobody changed, though its bytes did, from an edit of its owner's.

    Programs that edit a picture and keep its time make it longer or shorter.
    """
    if not here.size:
        return True
    if there.lost_sha256 or here.size != there.size or not there.modified:
        return False
    return any(here.modified == there.modified // unit * unit for unit in _UNITS)


def name_beside(name: str) -> str:
    """Name the bucket's version of a file that was changed here."""
    stem, dot, extension = name.rpartition(".")
    return f"{stem}.remote{dot}{extension}" if stem else f"{name}.remote"


def wrong_with(place: PurePath) -> str:
    """Say why no original may be put there, or ""; the place is relative to the photos' folder."""
    parts = place.parts
    if place.is_absolute() or not parts:
        return "its path leads out of the photos"
    for part in parts:
        if part in ("..", ".") or _DRIVE.match(part) or re.search(r"[\\/]", part):
            return "its path leads out of the photos"
        if _INVISIBLE.search(part):
            return "its name holds a control character, or is not valid Unicode"
        if _RESERVED.fullmatch(part) or part[-1] in ". ":
            return "some systems know no file of its name"
        if part.startswith("."):
            return "its name begins with a dot"
    return "" if is_picture_or_video(parts[-1]) else "its name is that of no picture or video"


def check_collisions(places: Iterable[PurePath]) -> None:
    """Refuse places of which some system makes one, or which would lie below a file.

    Raises:
        Guarded: names two of them.
    """
    seen: dict[tuple[str, ...], PurePath] = {}
    for place in sorted(set(places)):
        twin = seen.setdefault(_folded(place), place)
        if twin != place:
            raise Guarded(f"{twin} and {place} are one file on some systems; rename one of them")
    for folded, place in seen.items():
        for length in range(1, len(folded)):
            if (above := seen.get(folded[:length])) is not None:
                raise Guarded(f"{place} would lie below {above}, a file; rename one of them")


def _folded(place: PurePath) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", part.casefold()) for part in place.parts)
