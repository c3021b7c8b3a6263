"""What a publish would do: what is here, compared with what is in one bucket.

Pure.  Who lists the bucket is ``s3.py``, who reads the files ``local.py``, and
who acts on a plan ``upload.py``.  Keys are relative to ``PHOTOS_BUCKET_PREFIX``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from pelican_photos.publish.keys import check_keys


class Role(StrEnum):
    """Which side a file comes from; a publish of the originals alone leaves the site be."""

    ORIGINAL = "original"
    SITE = "site"


class Stage(IntEnum):
    """When a file goes up: a stage begins when the one before is complete in every bucket.

    So a page is never seen before its pictures, nor a listing before its pages, nor the page of
    the search before the files that it reads.
    """

    ORIGINALS = 1
    ASSETS = 2
    PAGES = 3
    INDEXES = 4
    LISTINGS = 5


class Reason(StrEnum):
    """Why something goes up."""

    MISSING = "not in the bucket"
    SIZE = "size differs"
    CONTENT = "content differs"
    HEADERS = "headers differ"  # the bytes stay: the bucket copies the object onto itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """A file on this machine, as it will be public."""

    size: int  # bytes
    sha256: str  # hexadecimal
    content_type: str
    cache_control: str
    role: Role
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """An object as the listing of the bucket shows it."""

    size: int  # bytes
    etag: str  # without quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An object as we put it; it is still so while the bucket lists the same ``etag``."""

    size: int  # bytes
    sha256: str  # hexadecimal
    etag: str  # what the bucket answered, without quotes; never taken for a digest
    content_type: str
    cache_control: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One object to put, or to repair."""

    key: str
    reason: Reason
    stage: Stage
    size: int  # bytes to send


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do in one bucket."""

    changes: tuple[Change, ...]  # by stage, then by key
    stale: tuple[str, ...]  # ours, and no longer wanted: deleted on request, never by default
    gone: tuple[str, ...]  # ours once, no longer wanted, and deleted already
    missing: tuple[str, ...]  # wanted, but neither here nor in the bucket
    unchanged: int
    ours: int  # objects in the bucket that we put there

    @property
    def uploads(self) -> tuple[Change, ...]:
        """The changes that send bytes."""
        return tuple(change for change in self.changes if change.reason is not Reason.HEADERS)

    @property
    def size(self) -> int:
        """Bytes to send."""
        return sum(change.size for change in self.changes)

    def __str__(self) -> str:
        repairs = len(self.changes) - len(self.uploads)
        parts = [
            f"{len(self.uploads):,} to upload ({in_words(self.size)})",
            f"{repairs:,} to repair" if repairs else "",
            f"{len(self.stale):,} stale",
            f"{len(self.missing):,} missing" if self.missing else "",
            f"{self.unchanged:,} unchanged",
        ]
        return ", ".join(part for part in parts if part)


def plan_sync(
    local: Mapping[str, Local],
    remote: Mapping[str, Remote],
    known: Mapping[str, Known],
    *,
    absent: Iterable[str] = (),
    prefix: str = "",
) -> Plan:
    """Compare one bucket with what belongs there.

    ``absent`` are keys that belong there although this machine has no file for
    them, such as the originals in a fresh clone: they are never stale.

    Raises:
        PublishError: a key cannot be published under ``prefix``.
    """
    check_keys(local, prefix)
    wanted = {*local, *absent}
    changes = sorted(_changes(local, remote, known), key=lambda change: (change.stage, change.key))
    return Plan(
        changes=tuple(changes),
        stale=tuple(sorted(_stale(local, remote, known, wanted))),
        gone=tuple(sorted(known.keys() - remote.keys() - wanted)),
        missing=tuple(sorted(wanted - local.keys() - remote.keys())),
        unchanged=len(local) - len(changes),
        ours=sum(_still_ours(key, remote, known) for key in known),
    )


def needs_consent(plans: Iterable[Plan]) -> bool:
    """Say whether so much would be deleted that a person should be asked first."""
    plans = tuple(plans)
    stale = sum(len(plan.stale) for plan in plans)
    return stale > max(20, 0.05 * sum(plan.ours for plan in plans))


def in_words(size: float) -> str:
    """Write a number of bytes for people."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"


def _changes(
    local: Mapping[str, Local], remote: Mapping[str, Remote], known: Mapping[str, Known]
) -> Iterator[Change]:
    for key, file in local.items():
        reason = _reason(file, remote.get(key), known.get(key))
        if reason:
            size = 0 if reason is Reason.HEADERS else file.size
            yield Change(key=key, reason=reason, stage=file.stage, size=size)


def _reason(file: Local, there: Remote | None, known: Known | None) -> Reason | None:
    if there is None:
        return Reason.MISSING
    if there.size != file.size:
        return Reason.SIZE
    if known is None or known.etag != there.etag or known.sha256 != file.sha256:
        return Reason.CONTENT
    if (known.content_type, known.cache_control) != (file.content_type, file.cache_control):
        return Reason.HEADERS
    return None


def _stale(
    local: Mapping[str, Local],
    remote: Mapping[str, Remote],
    known: Mapping[str, Known],
    wanted: set[str],
) -> Iterator[str]:
    """Yield what we put and want no more.

    A side of which not one file is here is left alone altogether: an empty
    folder is a mishap, or the other half of the publish.
    """
    sides = {file.role for file in local.values()}
    if wanted - local.keys() - remote.keys():
        # An original that is nowhere may be in the bucket under an older key, and only there.
        sides.discard(Role.ORIGINAL)
    for key, entry in known.items():
        if entry.role in sides and key not in wanted and _still_ours(key, remote, known):
            yield key


def _still_ours(key: str, remote: Mapping[str, Remote], known: Mapping[str, Known]) -> bool:
    return key in remote and remote[key].etag == known[key].etag
