"""Renditions made by a cluster: its workers read the originals from the bucket.

    cluster_orders  what is asked and answered, pure
    cluster_crew    Dask: its scheduler, and one order at a time for each worker
    cluster_roster  who the workers are, and who of them is fit
    cluster_calls   what may never come back
    cluster_worker  what runs there
    here            what is in the bucket already, and what comes back

The digest of an original finds it in the bucket, whatever its name: public, untouched or a draft.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pelican_photos import images
from pelican_photos.errors import ClusterError, PublishError
from pelican_photos.publish.cluster_crew import Crew
from pelican_photos.publish.cluster_orders import (
    Answer,
    Order,
    Recipe,
    Refused,
    Source,
    Storage,
    read,
)
from pelican_photos.publish.connection import connected
from pelican_photos.publish.parallel import WORKERS
from pelican_photos.publish.private import MANIFEST
from pelican_photos.publish.s3 import Bucket
from pelican_photos.publish.survey import notes_of
from pelican_photos.rendition_making import Wanted
from pelican_photos.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_UNDER_WAY = 256  # pictures; a thread waits for each, and workers beyond that many lie idle
_HOPELESS = 30  # failures in a row
# Of what fetches: whatever it does not get is made here.  Attempts, and seconds for the connection
# and for the answer.
_ATTEMPTS, _PATIENCE = 2, (5, 20)
_Had = tuple[str, list[images.Encoded]]  # the colour, and what was lacking


class _Tally:
    """What came of the pictures so far; several threads count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.of: Counter[str] = Counter()  # "found", "made", "unpublished", "refused" or "failed"
        self.problem = ""  # of the first that came to nothing
        self._in_a_row = 0  # that failed

    def add(self, what: str, problem: str = "") -> bool:
        """Count one, and tell whether it has the first problem of all."""
        with self._lock:
            self.of[what] += 1
            if what == "failed":
                self._in_a_row += 1
            elif what in ("found", "made"):
                self._in_a_row = 0
            is_first = not self.problem
            self.problem = self.problem or problem
            return is_first

    @property
    def is_hopeless(self) -> bool:
        """Whether so many have failed in a row that nobody has to be asked any more."""
        return self._in_a_row >= _HOPELESS


class _Unmakeable(PublishError):
    """It is the photo's own fault: other photos may be made."""


class _Lost(PublishError):
    """A rendition is gone, or is not what was put there: one that is made anew would be."""


class Cluster:
    """The cluster and the bucket of some settings; see ``rendition_making.Elsewhere``.

    To make one connects to the bucket, and learns which originals it holds.  The crew is
    asked for when the first picture needs it.

    Raises:
        PublishError: the bucket, or its manifest, cannot be read.
    """

    threads = _UNDER_WAY

    def __init__(
        self, settings: Settings, say: Callable[[str], None], crew: Crew | None = None
    ) -> None:
        self._say = say
        self._storage = Storage(
            bucket=settings.bucket,
            prefix=settings.bucket_prefix,
            owner=settings.bucket_owner,
            s3_endpoint=settings.s3_endpoint,
            s3_region=settings.s3_region,
        )
        recipe = Recipe(quality=settings.quality, formats=settings.formats)
        self._crew = crew or Crew(settings.dask_scheduler, recipe, say)
        self._requests = threading.BoundedSemaphore(WORKERS)
        self._tally = _Tally()
        self._closed = False
        with connected(settings) as client:
            self._sources = self._found_there(settings, _bucket(settings, client))
        self._open = ExitStack()
        client = self._open.enter_context(
            connected(settings, attempts=_ATTEMPTS, patience=_PATIENCE)
        )
        self._bucket = _bucket(settings, client)

    def encode(
        self, digest: str, keys: Mapping[Wanted, str], lacking: Sequence[Wanted]
    ) -> tuple[str, list[images.Encoded]] | None:
        """Give the colour of an original, and the renditions that are lacking here.

        They come from the bucket, where workers put them now or lately.

        Raises:
            ClusterError: the scheduler cannot be reached, or has no workers.
        """
        source = self._sources.get(digest)
        if source is None:
            self._tally.add("unpublished")
            return None
        order = Order(
            storage=self._storage,
            source=source,
            digest=digest,
            wanted={key: (it.size, it.format) for it, key in keys.items()},
            recipe=self._crew.recipe,
            encoder=self._crew.encoder,
        )
        names = {it: keys[it] for it in lacking}
        try:
            how, (colour, fetched) = self._had(order, names)
        except PublishError as error:
            if self._closed:
                raise
            what = "refused" if isinstance(error, _Unmakeable) else "failed"
            if self._tally.add(what, str(error)):
                self._say(f"Renditions that could not be had from elsewhere are made here: {error}")
            return None
        self._tally.add(how)
        return colour, fetched

    def close(self) -> None:
        """Leave the cluster, and say what came of it."""
        self._closed = True
        workers = self._crew.size
        self._crew.dismiss()
        self._open.close()
        tally, bucket = self._tally.of, self._storage.bucket
        if tally["found"]:
            self._say(f"Renditions of {_photos(tally['found'])} were in {bucket!r} already")
        if tally["made"]:
            who = f"{workers:,} worker{'' if workers == 1 else 's'}"
            self._say(f"Renditions of {_photos(tally['made'])} were made by {who}")
        if tally["unpublished"]:
            self._say(
                f"Renditions of {_photos(tally['unpublished'])} were made on this machine, as"
                f" {bucket!r} does not hold these originals; `invoke publish` brings them there"
            )
        if failed := tally["failed"] + tally["refused"]:
            self._say(
                f"Renditions of {_photos(failed)} were made on this machine, as they could"
                f" not be had from elsewhere; of the first it is said: {self._tally.problem}"
            )

    def _found_there(self, settings: Settings, bucket: Bucket) -> Mapping[str, Source]:
        """Find each original by its digest, as it was put into the bucket."""
        notes = notes_of(settings, bucket, bucket.listing(MANIFEST))
        if notes.problem:
            self._say(f"{settings.bucket}: {notes.problem}")
        known = {**notes.manifest.objects, **notes.sent()}
        return {
            each.sha256: Source(key=key, etag=each.etag, size=each.size)
            for key, each in known.items()
            if each.role.is_original
        }

    def _had(self, order: Order, names: Mapping[Wanted, str]) -> tuple[str, _Had]:
        """Find what was made before, by whomever, or have it made; say which of both.

        Where some of what was found is lost, all is made anew, if there is a crew.  A bucket that
        does not let it be read would not be the better for that.
        """
        answer = self._found(order)
        if answer is None:
            return "made", self._all(order, self._made(order), names)
        try:
            return "found", self._all(order, answer, names)
        except _Lost as problem:
            anew = replace(order, anew=True)
            try:
                return "made", self._all(anew, self._made(anew), names)
            except ClusterError:
                raise problem from None

    def _all(self, order: Order, answer: Answer, names: Mapping[Wanted, str]) -> _Had:
        return answer.colour, [
            images.Encoded(*it.size, self._fetched(order, answer, key), it.format)
            for it, key in names.items()
        ]

    def _found(self, order: Order) -> Answer | None:
        with self._asking():
            content = self._bucket.read_if_there(order.answer_key)
        return _answer_to(order, content or b"")

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Let a few ask the bucket at a time, and nobody who has waited until it is too late."""
        with self._requests:
            if self._closed:
                raise PublishError("it was called off")
            if self._tally.is_hopeless:
                raise PublishError("too many failed before it")
            yield

    def _made(self, order: Order) -> Answer:
        """Have it made."""
        self._crew.connect()
        made = self._crew.carry_out(order)
        if isinstance(made, Refused):
            raise _Unmakeable(made.problem)
        answer = _answer_to(order, made)
        if answer is None:
            raise PublishError("what a worker answered cannot be understood")
        return answer

    def _fetched(self, order: Order, answer: Answer, key: str) -> bytes:
        name = order.rendition_key(key)
        with self._asking():
            data = self._bucket.read_if_there(name)
        if data is None:
            raise _Lost(f"{name} is not there any more")
        if hashlib.sha256(data).hexdigest() != answer.sha256[key]:
            raise _Lost(f"{name} is not what was put there; delete it")
        return data


def _bucket(settings: Settings, client: "S3Client") -> Bucket:
    return Bucket(client, settings.bucket, settings.bucket_prefix, settings.bucket_owner)


def _answer_to(order: Order, content: bytes) -> Answer | None:
    try:
        answer = read(content)
    except ValueError:
        return None  # damaged: it is made anew
    return answer if answer.is_for(order) else None


def _photos(number: int) -> str:
    return f"{number:,} photo{'' if number == 1 else 's'}"
