"""The workers of a Dask cluster: who is there, who is fit, and one order at a time for each.

Dask gives the orders of a worker that died to another one.  Nothing but orders and answers goes
through the scheduler: no picture, and no credentials.
"""

import logging
import threading
import time
import uuid
import warnings
from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar, cast

from distributed import Client, Future, KilledWorker
from distributed.client import ClosedClientError

from pelican_photos.errors import ClusterError, PublishError
from pelican_photos.publish.cluster_orders import Order, Recipe, Refused
from pelican_photos.publish.cluster_worker import encoder, make, reads_orders
from pelican_photos.publish.refusals import scrubbed

T = TypeVar("T")
logger = logging.getLogger(__name__)

_ATTEMPTS = 3  # of an order that fails
_LOOK_AGAIN = 2.0  # seconds after which it is asked anew which workers there are
_PATIENCE = (10.0, 60.0)  # seconds: until the scheduler answers, and without a worker that is fit
_QUITTING = 5  # seconds
_PROMPT = 10.0  # seconds for what is answered at once
_ASK_AGAIN = 60.0  # seconds after which a worker that did not answer is asked once more
# What a client raises that has lost its scheduler; once it has given up, it has not even the
# attribute of that name.
_GONE = (OSError, CancelledError, ClosedClientError, AttributeError)


class Crew:
    """One cluster, from the first order on; many threads may give orders.

    Fit is a worker that encodes as this machine does, or ``made_by``; ``say`` hears of each
    that is not.
    """

    def __init__(
        self,
        address: str,
        recipe: Recipe,
        say: Callable[[str], None],
        *,
        made_by: str = "",
        patience: tuple[float, float] = _PATIENCE,
    ) -> None:
        self._address = address
        self.recipe = recipe
        self.encoder = made_by or encoder(recipe)
        self._say = say
        self._connecting, self._patience = patience
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._encoders: dict[str, object] = {}  # of each worker ever seen; or why it has none
        self._asked_at: dict[str, float] = {}  # when each was asked for it last
        self._missed: Counter[str] = Counter()  # how often each could not be reached
        self._present: frozenset[str] = frozenset()
        self._fit: frozenset[str] = frozenset()
        self._looked = 0.0
        self._seen_fit = 0.0  # when one was last there; both as ``time.monotonic`` has it
        self._dismissed = threading.Event()
        self._refusal = ""  # of the scheduler, for all who ask after the first

    def connect(self) -> None:
        """Join the scheduler, and wait until a worker has; further calls find it so.

        Raises:
            ClusterError: either is not to be had.
            PublishError: everybody has been dismissed.
        """
        with self._lock:
            if self._refusal:
                raise ClusterError(self._refusal)
            if self._dismissed.is_set():
                raise PublishError("the cluster was left")
            if self._client is None:
                try:
                    self._client = self._joined()
                    if self._dismissed.is_set():  # meanwhile
                        self._client.close(timeout=_QUITTING)
                        raise PublishError("the cluster was left")
                    self._ask_the_scheduler(self._client)
                    self._await_workers(self._client)
                except ClusterError as error:
                    self._refusal = str(error)
                    raise

    def carry_out(self, order: Order) -> bytes | Refused:
        """Have an order carried out by whichever worker is free; ``connect`` comes first.

        Raises:
            PublishError: no worker could, however often it was tried.
        """
        choosy = False
        for _ in range(_ATTEMPTS):
            fit = self._some_fit()
            # Whoever joins later takes part, unless there are some that must not.
            chosen = fit if choosy or fit != self._present else frozenset()
            made = self._answer(self._submitted(order, chosen), chosen)
            if isinstance(made, Refused) and getattr(made, "unfit", False) and not chosen:
                choosy = True  # it joined since
            elif made is not None:
                return made
        raise PublishError("whoever it was given to left, again and again")

    def _some_fit(self) -> frozenset[str]:
        """Give the workers that are fit, as soon as there are some; they may come back.

        Raises:
            PublishError: there have been none for too long, or everybody was dismissed.
        """
        while not (fit := self._look()):
            if time.monotonic() - self._seen_fit > self._patience:
                raise PublishError(f"no worker at {self._address} is fit")
            if self._dismissed.wait(_LOOK_AGAIN):
                raise PublishError("the order was called off")
        return fit

    def _submitted(self, order: Order, chosen: frozenset[str]) -> "Future[bytes | Refused]":
        client = self._client
        if client is None or self._dismissed.is_set():
            raise PublishError("the cluster is not connected")
        try:
            return client.submit(
                make,
                order,
                key=f"rendition-{uuid.uuid4()}",
                retries=_ATTEMPTS - 1,
                workers=sorted(chosen) or None,
            )
        except _GONE:
            raise PublishError(f"the Dask scheduler at {self._address} is gone") from None

    def dismiss(self) -> None:
        """Call off what is under way, and leave the cluster to others."""
        self._dismissed.set()
        client, self._client = self._client, None
        if client is not None:
            client.close(timeout=_QUITTING)

    @property
    def size(self) -> int:
        """How many workers were fit so far."""
        return sum(each == self.encoder for each in self._encoders.values())

    def _joined(self) -> Client:
        for name in [
            each for each in logging.root.manager.loggerDict if each[:11] == "distributed"
        ]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said here
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of versions; the one that counts is looked at
                # The handshake has no limit of its own.
                return within(
                    2 * self._connecting,
                    partial(Client, self._address, timeout=self._connecting, set_as_default=False),
                )
        except (OSError, ValueError, TypeError, RuntimeError) as error:  # the last two: of TLS
            raise ClusterError(
                f"the Dask scheduler at {self._address} cannot be reached: {_in_a_line(error)};"
                " start it, correct PHOTOS_DASK_SCHEDULER, or set PHOTOS_EXECUTOR to 'threads'"
            ) from None

    def _ask_the_scheduler(self, client: Client) -> None:
        """See that it can read orders: it takes them to pieces, and needs their classes."""
        try:
            within(_PROMPT, partial(client.run_on_scheduler, reads_orders))
        except (ImportError, AttributeError) as error:
            raise ClusterError(
                f"the Dask scheduler at {self._address} cannot read orders: {_in_a_line(error)};"
                " install this release of pelican-photostream[dask] there, too"
            ) from None
        except Exception as error:  # noqa: BLE001 - it may not be asked, or is slow
            logger.debug("%s was not asked: %s", self._address, _in_a_line(error))

    def _await_workers(self, client: Client) -> None:
        end = time.monotonic() + self._patience
        self._look_around(client)
        if not self._present:
            self._say(f"Waiting for a worker to join {self._address}")
        while not self._present:
            if time.monotonic() > end or self._dismissed.wait(0.2):
                raise ClusterError(
                    f"the Dask scheduler at {self._address} has no workers; start one with"
                    f" `dask worker {self._address}`"
                )
            self._look_around(client)

    def _look(self) -> frozenset[str]:
        """Give the workers that are fit; what was seen just now still counts."""
        with self._lock:
            if self._client is not None and time.monotonic() - self._looked > _LOOK_AGAIN:
                self._look_around(self._client)
            return self._fit

    def _look_around(self, client: Client) -> None:
        """See who is there, and ask those that are new how they encode."""
        try:
            there = within(_PROMPT, client.nthreads) if client.status == "running" else ()
            self._present = frozenset(there)
            now = time.monotonic()
            if new := sorted(
                worker
                for worker in self._present - self._encoders.keys()
                if now - self._asked_at.get(worker, -_ASK_AGAIN) >= _ASK_AGAIN
            ):
                self._asked_at |= dict.fromkeys(new, now)
                self._encoders |= self._asked(client, new)
                self._tell_of([worker for worker in new if worker in self._encoders])
        except _GONE:
            self._present = frozenset()
        self._fit = frozenset(
            worker for worker in self._present if self._encoders.get(worker) == self.encoder
        )
        self._looked = time.monotonic()
        if self._fit or self._present - self._encoders.keys():  # that are still to answer
            self._seen_fit = self._looked

    def _asked(self, client: Client, workers: list[str]) -> dict[str, object]:
        """Ask workers how they encode; one that is not reached just now is asked again."""
        found: dict[str, object] = {}

        def ask(worker: str) -> None:
            try:
                found.update(client.run(encoder, self.recipe, workers=[worker], on_error="return"))
            except Exception as error:  # noqa: BLE001 - whatever Dask finds in the way
                found[worker] = error

        asking = [threading.Thread(target=ask, args=[each], daemon=True) for each in workers]
        for each in asking:
            each.start()
        ends = time.monotonic() + _PROMPT
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
            if isinstance(found, str) and found != self.encoder:
                self._say(
                    f"The worker at {worker} gets no work: its encoder is {_in_a_line(found)!r},"
                    f" and here it is {self.encoder!r}; install the same Pillow there"
                )
            elif isinstance(found, OSError):
                self._say(f"The worker at {worker} gets no work: {_in_a_line(found)}")
            elif not isinstance(found, str):
                self._say(
                    f"The worker at {worker} gets no work: {_in_a_line(found)}; install this"
                    " release of pelican-photostream[dask] there"
                )

    def _answer(
        self, future: "Future[bytes | Refused]", chosen: frozenset[str]
    ) -> bytes | Refused | None:
        """Wait for what comes of an order; None where all that were chosen for it have left.

        Raises:
            PublishError: it failed, or nobody is left to carry it out.
        """
        while not self._dismissed.is_set():
            try:
                problem = future.exception(timeout=_LOOK_AGAIN)
                if future.status == "finished":
                    return future.result(timeout=_LOOK_AGAIN)
            except TimeoutError:
                fit = self._look()
                if not fit and time.monotonic() - self._seen_fit > self._patience:
                    raise PublishError(f"no worker is left for it at {self._address}") from None
                if fit and chosen and not chosen & fit:
                    future.release()  # nobody carries it out
                    return None
                continue
            except _GONE:
                problem = None
            if isinstance(problem, KilledWorker):
                raise PublishError("several workers died over it, one after the other")
            if problem is None:
                raise PublishError(f"the Dask scheduler at {self._address} is gone")
            raise PublishError(_in_a_line(problem))
        raise PublishError("the order was called off")


def within(seconds: float, do: Callable[[], T]) -> T:
    """Do something that may never come back, and wait for it no longer than so.

    Raises:
        TimeoutError: it has not come back; it is left to itself.
    """
    done: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def work() -> None:
        try:
            done.put((do(), None))
        except BaseException as error:  # noqa: BLE001 - raised again below
            done.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        result, error = done.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no answer within {seconds:g} seconds") from None
    if error is not None:
        raise error
    return cast("T", result)


def _in_a_line(what: object) -> str:
    """Show what came from another machine."""
    named = f"{type(what).__name__}: " if not isinstance(what, str | PublishError) else ""
    return scrubbed(f"{named}{what}")
