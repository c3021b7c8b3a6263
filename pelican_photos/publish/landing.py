"""What was fetched gets its name: brought down to the disk some files at a time, then renamed.

An fsync for each file as it comes is the slowest part of a pull.  A file system writes down at
once what several threads ask it to, and meanwhile the next group comes.  A kill in between leaves
parts, never half a file under its name.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pelican_photos import atomic
from pelican_photos.errors import Damaged, Overtaken, PhotosError
from pelican_photos.publish.fetch import Order, fetch, settle
from pelican_photos.publish.plan import in_words
from pelican_photos.publish.pull_plan import Here

if TYPE_CHECKING:
    from pelican_photos.publish.s3 import Bucket

Progress = Callable[[str, int, int, str], None]  # what is done, how many are, of how many, bytes

_GROUP = 64  # files
_AT_THE_DISK = 4  # threads, which share a group


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An object to fetch, and the file that it replaces as it was found; None is none."""

    order: Order
    here: Here | None


Settled = tuple[Task, PhotosError | None]  # at the disk, or what was wrong


class Landing:
    """The files of one pull on their way; ``fetch`` runs in threads, all else in one."""

    def __init__(self, bucket: "Bucket", tasks: Sequence[Task], progress: Progress) -> None:
        self._bucket = bucket
        self._progress = progress
        self._total = len(tasks)
        self._size = sum(task.order.there.size for task in tasks)
        self._lock = threading.Lock()
        self._waiting: list[Task] = []
        self._disk = ThreadPoolExecutor(_AT_THE_DISK)
        self._at_the_disk: deque[Future[list[Settled]]] = deque()
        self.failed: list[str] = []
        self.refusals = 0  # failures that are not of one object alone
        self.landed = 0
        self.received = 0  # bytes
        self.unvouched = 0

    def fetch(self, task: Task) -> bool:
        """Bring one object into its part; see ``fetch.fetch``."""
        return fetch(task.order, self._bucket, self._heard)

    def land(self, task: Task, answer: bool | PhotosError) -> None:  # noqa: FBT001 - an answer
        """Take what came of one fetch; a full group gets its names."""
        if isinstance(answer, PhotosError):
            self._fail(answer)
            return
        self.unvouched += not answer
        self._waiting.append(task)
        if len(self._waiting) == _GROUP:
            self._settle_waiting()
            self._place_settled(but=_AT_THE_DISK)  # no third group is on its way

    def settle(self) -> None:
        """Bring what waits down to the disk, and give it its names; nothing lands after it."""
        with self._disk:
            self._settle_waiting()
            self._place_settled(but=0)

    def _settle_waiting(self) -> None:
        """Hand a group over to the disk, in equal shares."""
        waiting, self._waiting = self._waiting, []
        shares = (waiting[number::_AT_THE_DISK] for number in range(_AT_THE_DISK))
        self._at_the_disk.extend(self._disk.submit(_settled, share) for share in shares)

    def _place_settled(self, *, but: int) -> None:
        """Name what is down at the disk, but for so many shares.

        Each file is taken from its share first: who is interrupted goes on with the next one.
        """
        while len(self._at_the_disk) > but:
            settled = self._at_the_disk[0].result()
            while settled:
                task, wrong = settled.pop(0)
                try:
                    if wrong is not None:
                        raise wrong
                    self._place(task)
                except PhotosError as error:
                    self._fail(error)
            self._at_the_disk.popleft()

    def _place(self, task: Task) -> None:
        path, here = task.order.path, task.here
        with atomic.plain_disk_errors(path):
            try:
                status = path.stat(follow_symlinks=False)
                found = (status.st_size, status.st_mtime_ns)
            except FileNotFoundError:
                found = None
            if found != (here and (here.size, here.modified)):
                task.order.part.unlink(missing_ok=True)
                raise PhotosError(f"{path} has changed here meanwhile; pull again")
        atomic.place(task.order.part, path)
        self.landed += 1
        self._show()

    def _fail(self, error: PhotosError) -> None:
        self.failed.append(str(error))
        self.refusals += not isinstance(error, Damaged | Overtaken)

    def _heard(self, size: int) -> None:
        with self._lock:
            self.received += size
        self._show()

    def _show(self) -> None:
        so_far = f"{in_words(max(self.received, 0))} of {in_words(self._size)}"
        self._progress("fetching", self.landed, self._total, so_far)


def _settled(tasks: Sequence[Task]) -> list[Settled]:
    """Bring files down to the disk, and say of each what was wrong."""
    found: list[Settled] = []
    for task in tasks:
        try:
            settle(task.order.part, task.order.path)
            found.append((task, None))
        except PhotosError as error:
            found.append((task, error))
    return found
