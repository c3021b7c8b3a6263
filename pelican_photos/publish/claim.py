"""Who is publishing: one machine at a time, told by a small object in the bucket.

The manifest says who published last; this says who is at it.  It is taken before the first
change and given back after the last.  A machine takes over what it left behind itself, as a
publish that was killed does; another machine waits a day, or is told to go on.
"""

import json
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pelican_photos import atomic
from pelican_photos.errors import Overtaken, PublishError
from pelican_photos.publish.classify import SECRET
from pelican_photos.publish.manifest import Publication
from pelican_photos.publish.private import CLAIM, MANIFEST, STATE
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket

_ABANDONED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """This folder on this machine: a number drawn by lot, and the machine's name for people."""

    number: str
    host: str

    def publication(self, at: datetime, *, undoes: str = "") -> Publication:
        """Sign a publish, or an undo of the one so called; each bucket counts its own."""
        moment = at.astimezone(UTC).isoformat()
        return Publication(machine=self.number, host=self.host, at=moment, undoes=undoes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who is publishing, and since when (ISO 8601)."""

    machine: str
    host: str
    since: str
    publish: str  # a number drawn by lot: no two claims have the same bytes


def this_machine(settings: Settings, *, remember: bool) -> Machine:
    """Read the number of this machine, which is drawn when there is none yet."""
    notes = settings.state / "publish" / "machine"
    try:
        number = notes.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        number = ""
    if not number:
        number = secrets.token_hex(8)
        if remember:
            atomic.write_bytes(notes, number.encode())
    host = "".join(letter for letter in platform.node() if letter.isprintable())
    return Machine(number=number, host=host or "another machine")


@contextmanager
def claimed(
    bucket: "Bucket", manifest: str, machine: Machine, now: datetime, *, take_over: bool
) -> Iterator[str]:
    """Be the one who publishes into a bucket; gives the claim's ETag.

    ``manifest`` is the ETag of the manifest that the plan was made of.

    Raises:
        Overtaken: somebody else is at it, or has published since the bucket was looked at.
        PublishError: the server refuses.
    """
    claim = Claim(
        machine=machine.number,
        host=machine.host,
        since=now.isoformat(timespec="seconds"),
        publish=secrets.token_hex(8),
    )
    held = bucket.listing(STATE).get(CLAIM)
    if held is not None and not take_over:
        _check_free(_read(bucket.read(CLAIM)), machine, now)
    content = json.dumps(asdict(claim)).encode()
    etag = bucket.put_if_unchanged(
        CLAIM,
        content,
        etag=held.etag if held else "",
        content_type="application/json",
        cache_control=SECRET,
    )
    try:
        check_held(bucket, manifest, etag)
        yield etag
    finally:
        _give_back(bucket, etag)


def check_held(bucket: "Bucket", manifest: str, claim: str) -> None:
    """Make sure that claim and manifest are those with these ETags.

    Raises:
        Overtaken: one is not; nothing of ours should be written any more.
    """
    there = bucket.listing(STATE)
    found = tuple(there[key].etag if key in there else "" for key in (MANIFEST, CLAIM))
    if found != (manifest, claim):
        raise Overtaken(
            f"somebody else has begun to publish into {bucket.name!r} meanwhile; publish again"
        )


def _check_free(claim: Claim | None, machine: Machine, now: datetime) -> None:
    if claim is None or claim.machine == machine.number:
        return
    # A clock may be wrong: what is a day ahead has died as well.
    if abs(now - datetime.fromisoformat(claim.since)) < _ABANDONED:
        raise Overtaken(
            f"{claim.host!r} is publishing since {claim.since}; wait for it,"
            " or add --take-over if it has died"
        )


def _read(content: bytes) -> Claim | None:
    """Read a claim; a damaged one is nobody's."""
    try:
        data: Any = json.loads(content)
        claim = Claim(**{name: str(data[name]) for name in Claim.__slots__})
        return claim if datetime.fromisoformat(claim.since).tzinfo else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _give_back(bucket: "Bucket", etag: str) -> None:
    """Take the claim away, if it is still ours; one that stays is taken over by the next publish.

    It is the last thing of a publish, which may just be failing for a reason that is to be told.
    """
    try:
        there = bucket.listing(CLAIM).get(CLAIM)
        if there is not None and there.etag == etag:
            bucket.remove(CLAIM)
    except PublishError:
        return
