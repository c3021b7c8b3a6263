"""The workers of a Dask cluster: who is there, and who of them makes the pixels of this machine."""

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from distributed import Client

from pelican_photos.publish.cluster_calls import Patience, in_a_line, within
from pelican_photos.publish.cluster_orders import Recipe
from pelican_photos.publish.cluster_worker import encoder

logger = logging.getLogger(__name__)


class Roster:
    """Who was ever there.  Fit is a worker whose encoder is ``wanted``; ``say`` hears of others."""

    def __init__(
        self, recipe: Recipe, wanted: str, say: Callable[[str], None], patience: Patience
    ) -> None:
        self._recipe = recipe
        self._wanted = wanted
        self._say = say
        self._patience = patience
        self._lock = threading.Lock()
        self._encoders: dict[str, object] = {}  # of each worker ever seen; or why it has none
        self._asked_at: dict[str, float] = {}  # when each was asked for it last
        self._missed: Counter[str] = Counter()  # how often each could not be reached
        self.present: frozenset[str] = frozenset()
        self.fit: frozenset[str] = frozenset()
        # When it was looked at last, when one was fit, and when one might have been.  All by
        # ``time.monotonic``.
        self._looked = self._was_fit = self.seen_fit = 0.0

    def begin(self) -> None:
        """Count from now on how long nobody is fit; whoever joins next may be."""
        self._was_fit = self.seen_fit = time.monotonic()

    @property
    def size(self) -> int:
        """How many workers were fit so far."""
        return sum(each == self._wanted for each in self._encoders.values())

    def looked_at(self, client: Client) -> frozenset[str]:
        """Give the workers that are fit; what was seen just now still counts."""
        with self._lock:
            if time.monotonic() - self._looked > self._patience.look:
                self.look_around(client)
            return self.fit

    def look_around(self, client: Client) -> None:
        """See who is there, and ask those that are new how they encode."""
        try:
            joined = client.status == "running"
            self.present = frozenset(
                within(self._patience.prompt, partial(_at_work, client)) if joined else ()
            )
            now = time.monotonic()
            if new := sorted(
                worker
                for worker in self.present - self._encoders.keys()
                if now - self._asked_at.get(worker, -math.inf) >= self._patience.ask_again
            ):
                self._asked_at |= dict.fromkeys(new, now)
                self._encoders |= self._asked(client, new)
                self._tell_of([worker for worker in new if worker in self._encoders])
        except Exception as error:  # noqa: BLE001 - whatever Dask makes of a connection that breaks
            logger.debug("Nobody is seen: %s", in_a_line(error))
            self.present = frozenset()
        self.fit = frozenset(
            worker for worker in self.present if self._encoders.get(worker) == self._wanted
        )
        self._looked = time.monotonic()
        if self.fit:
            self._was_fit = self.seen_fit = self._looked
        elif self.present - self._encoders.keys() and self._looked < self._until:
            self.seen_fit = self._looked  # those may be, that are still to answer

    @property
    def _until(self) -> float:
        """When no more is hoped of those that do not answer: a worker may die of the question."""
        return self._was_fit + 2 * self._patience.ask_again

    def _asked(self, client: Client, workers: list[str]) -> dict[str, object]:
        """Ask workers how they encode; one that is not reached just now is asked again."""
        found: dict[str, object] = {}

        def ask(worker: str) -> None:
            try:
                found.update(client.run(encoder, self._recipe, workers=[worker], on_error="return"))
            except Exception as error:  # noqa: BLE001 - whatever Dask finds in the way
                found[worker] = error

        asking = [threading.Thread(target=ask, args=[each], daemon=True) for each in workers]
        for each in asking:
            each.start()
        ends = time.monotonic() + self._patience.prompt
        for each in asking:
            each.join(max(0.0, ends - time.monotonic()))
        known: dict[str, object] = {}
        for worker in workers:
            it = found.get(worker, TimeoutError("it does not answer"))
            self._missed[worker] += isinstance(it, OSError)
            if not isinstance(it, OSError) or self._missed[worker] > 1:
                known[worker] = it
        return known

    def _tell_of(self, workers: list[str]) -> None:
        for worker in workers:
            found = self._encoders.get(worker)
            if isinstance(found, str) and found != self._wanted:
                self._say(
                    f"The worker at {worker} gets no work: it has"
                    f" {in_a_line(_beyond(self._wanted, found))!r}, where this machine has"
                    f" {_beyond(found, self._wanted)!r}; install the same Pillow and pillow-heif"
                    " there"
                )
            elif isinstance(found, OSError):
                self._say(f"The worker at {worker} gets no work: {in_a_line(found)}")
            elif not isinstance(found, str):
                self._say(
                    f"The worker at {worker} gets no work: {in_a_line(found)}; install this"
                    " release of pelican-photostream[dask] there, and the same Pillow"
                )


def _at_work(client: Client) -> Iterable[str]:
    """Name the workers that take orders: one that is short of memory takes none for a while."""
    scheduler: Any = client.scheduler  # None where it is gone
    workers: Iterable[str] = client.sync(scheduler.ncores_running)
    return workers


def _beyond(known: str, encoder: str) -> str:
    """Give the parts of an encoder that another one has not."""
    return "; ".join(each for each in encoder.split("; ") if each not in known.split("; "))
