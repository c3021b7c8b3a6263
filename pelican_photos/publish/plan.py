"""What a publish would do: what is here, compared with what is in one bucket.

Pure.  Who lists the bucket is ``s3.py``, who reads the files ``local.py``, and
who acts on a plan ``stages.py``.  Keys are relative to ``PHOTOS_BUCKET_PREFIX``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pelican_photos.publish.keys import check_keys
from pelican_photos.publish.objects import Change, Known, Local, Reason, Remote, Role
from pelican_photos.publish.private import public_key, untouched_key

COPIED_AT_MOST = 5 << 30  # bytes; S3's limit for a copy in one request
_WORTH_A_COPY = 64 << 10  # bytes; what is smaller is sent as quickly


@dataclass(frozen=True, slots=True)
class Grace:
    """How long what pages no longer name stays: a CDN, a feed reader or an open tab may still.

    It is for names that hold a digest alone, which are kept for ever by whoever has them.
    """

    retired: Mapping[str, datetime]  # since when each is no longer wanted
    now: datetime
    days: int

    def is_over(self, key: str, entry: Known) -> bool:
        """Tell whether a delete that was asked for may have this one."""
        if "immutable" not in entry.cache_control:
            return True
        return self.now - self.retired.get(key, self.now) >= timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do in one bucket."""

    changes: tuple[Change, ...]  # by stage, then by key
    stale: tuple[str, ...]  # ours, and no longer wanted: deleted on request, never by default
    resting: tuple[str, ...]  # likewise, and not deleted either before their grace is over
    gone: tuple[str, ...]  # ours once, no longer wanted, and deleted already
    missing: tuple[str, ...]  # wanted, but neither here nor in the bucket
    unchanged: int
    ours: int  # objects in the bucket that we put there

    @property
    def uploads(self) -> tuple[Change, ...]:
        """The changes that send bytes."""
        return tuple(change for change in self.changes if change.reason not in _IN_THE_BUCKET)

    @property
    def size(self) -> int:
        """Bytes to send."""
        return sum(change.size for change in self.changes)

    def __str__(self) -> str:
        repairs = sum(change.reason is Reason.HEADERS for change in self.changes)
        moves = sum(change.reason is Reason.MOVED for change in self.changes)
        parts = [
            f"{len(self.uploads):,} to upload ({in_words(self.size)})",
            f"{moves:,} to copy within the bucket" if moves else "",
            f"{repairs:,} to repair" if repairs else "",
            f"{len(self.stale) + len(self.resting):,} stale",
            f"{len(self.missing):,} missing" if self.missing else "",
            f"{self.unchanged:,} unchanged",
        ]
        return ", ".join(part for part in parts if part)


def plan_sync(  # noqa: PLR0913 - three sides, and three remarks on them
    local: Mapping[str, Local],
    remote: Mapping[str, Remote],
    known: Mapping[str, Known],
    *,
    absent: Iterable[str] = (),
    grace: Grace | None = None,
    prefix: str = "",
) -> Plan:
    """Compare one bucket with what belongs there.

    ``absent`` are keys that belong there although this machine has no file for
    them, such as the originals in a fresh clone: they are never stale, and nor
    is what the bucket has of them for us alone.

    Raises:
        PublishError: a key cannot be published under ``prefix``.
    """
    check_keys(local, prefix)
    absent = frozenset(absent)
    wanted = {*local, *absent}
    ours = {key: entry for key, entry in known.items() if _is_as_put(remote.get(key), entry)}
    changes = sorted(
        _changes(local, remote, known, ours), key=lambda change: (change.stage, change.key)
    )
    unwanted = sorted(_unwanted(local, remote, ours, absent))
    over = [key for key in unwanted if grace is None or grace.is_over(key, ours[key])]
    return Plan(
        changes=tuple(changes),
        stale=tuple(over),
        resting=tuple(sorted({*unwanted} - {*over})),
        gone=tuple(sorted(known.keys() - remote.keys() - wanted)),
        missing=tuple(sorted(wanted - local.keys() - remote.keys())),
        unchanged=len(local) - len(changes),
        ours=len(ours),
    )


def damaged(local: Mapping[str, Local], known: Mapping[str, Known]) -> tuple[str, ...]:
    """Name originals whose bytes have changed and neither their size nor their time.

    So does what a failing disk changes, and hardly anything that people do.
    """
    return tuple(sorted(key for key, file in local.items() if _is_damaged(key, file, local, known)))


def _is_damaged(
    key: str, file: Local, local: Mapping[str, Local], known: Mapping[str, Known]
) -> bool:
    if file.role is not Role.ORIGINAL or not file.modified:
        return False
    here = local.get(untouched_key(key), file)
    before = known.get(untouched_key(key)) or known.get(key)
    if before is None or before.sha256 == here.sha256:
        return False
    return (before.size, before.modified) == (here.size, here.modified)


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


_IN_THE_BUCKET = (Reason.HEADERS, Reason.MOVED)


def _changes(
    local: Mapping[str, Local],
    remote: Mapping[str, Remote],
    known: Mapping[str, Known],
    ours: Mapping[str, Known],
) -> Iterator[Change]:
    elsewhere = {
        entry.sha256: key
        for key, entry in ours.items()
        if _may_be_copied(entry) and _stays(local.get(key), entry)
    }
    for key, file in local.items():
        reason, source = _reason(file, remote.get(key), known.get(key)), ""
        if reason and reason is not Reason.HEADERS and file.sha256 in elsewhere:
            reason, source = Reason.MOVED, elsewhere[file.sha256]
        if reason:
            size = 0 if reason in _IN_THE_BUCKET else file.size
            yield Change(
                key=key, reason=reason, stage=file.stage, size=size, weight=file.size, source=source
            )


def _may_be_copied(entry: Known) -> bool:
    """Tell whether a copy within the bucket is worth its while, and possible in one request."""
    return _WORTH_A_COPY <= entry.size <= COPIED_AT_MOST


def _stays(file: Local | None, entry: Known) -> bool:
    """Tell whether an object keeps its bytes while others are made of it: two may change places."""
    return file is None or file.sha256 == entry.sha256


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


def _unwanted(
    local: Mapping[str, Local],
    remote: Mapping[str, Remote],
    ours: Mapping[str, Known],
    absent: frozenset[str],
) -> Iterator[str]:
    """Yield what we put and want no more.

    A side of which not one file is here is left alone altogether: an empty
    folder is a mishap, or the other half of the publish.
    """
    sides = {file.role.is_original for file in local.values()}
    if absent - local.keys() - remote.keys():
        # An original that is nowhere may be in the bucket under an older key, and only there.
        sides -= {True}
    for key, entry in ours.items():
        public = public_key(key)
        if entry.role.is_original not in sides or key in local or public in absent:
            continue
        if public != key and _was_made_of(entry, public, local, ours):
            # What is here was cleaned by us once: the bucket alone has the file it was made of.
            continue
        yield key


def _was_made_of(
    untouched: Known, public: str, local: Mapping[str, Local], ours: Mapping[str, Known]
) -> bool:
    """Tell whether the file here is the public copy that was put together with an untouched one."""
    if public not in local or public not in ours:
        return False
    together = ours[public].modified == untouched.modified
    return together and local[public].sha256 == ours[public].sha256


def _is_as_put(there: Remote | None, entry: Known) -> bool:
    return there is not None and there.etag == entry.etag
