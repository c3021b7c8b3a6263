"""A Dask cluster: its scheduler is joined, and its workers carry out one order at a time each.

Dask gives the orders of a worker that died to another one.  Nothing but orders and answers goes
through the scheduler: no picture, and no credentials.
"""

import logging
import threading
import time
import uuid
import warnings
from collections.abc import Callable
from functools import partial

from distributed import Client, Future, KilledWorker

from pelican_photos.errors import ClusterError, PublishError
from pelican_photos.publish.cluster_calls import in_a_line, within
from pelican_photos.publish.cluster_orders import Order, Recipe, Refused
from pelican_photos.publish.cluster_roster import GONE, LOOK_AGAIN, PROMPT, Roster
from pelican_photos.publish.cluster_worker import encoder, make, reads_orders

logger = logging.getLogger(__name__)

_ATTEMPTS = 3  # of an order that fails
_PATIENCE = (10.0, 60.0)  # seconds: until the scheduler answers, and without a worker that is fit
_QUITTING = 5  # seconds


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
        self._roster = Roster(recipe, self.encoder, say)
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
            chosen = fit if choosy or fit != self._roster.present else frozenset()
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
            if time.monotonic() - self._roster.seen_fit > self._patience:
                raise PublishError(f"no worker at {self._address} is fit")
            if self._dismissed.wait(LOOK_AGAIN):
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
        except GONE:
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
        return self._roster.size

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
                f"the Dask scheduler at {self._address} cannot be reached: {in_a_line(error)};"
                " start it, correct PHOTOS_DASK_SCHEDULER, or set PHOTOS_EXECUTOR to 'threads'"
            ) from None

    def _ask_the_scheduler(self, client: Client) -> None:
        """See that it can read orders: it takes them to pieces, and needs their classes."""
        try:
            within(PROMPT, partial(client.run_on_scheduler, reads_orders))
        except (ImportError, AttributeError) as error:
            raise ClusterError(
                f"the Dask scheduler at {self._address} cannot read orders: {in_a_line(error)};"
                " install this release of pelican-photostream[dask] there, too"
            ) from None
        except Exception as error:  # noqa: BLE001 - it may not be asked, or is slow
            logger.debug("%s was not asked: %s", self._address, in_a_line(error))

    def _await_workers(self, client: Client) -> None:
        end = time.monotonic() + self._patience
        self._roster.look_around(client)
        if not self._roster.present:
            self._say(f"Waiting for a worker to join {self._address}")
        while not self._roster.present:
            if time.monotonic() > end or self._dismissed.wait(0.2):
                raise ClusterError(
                    f"the Dask scheduler at {self._address} has no workers; start one with"
                    f" `dask worker {self._address}`"
                )
            self._roster.look_around(client)

    def _look(self) -> frozenset[str]:
        client = self._client
        return self._roster.looked_at(client) if client is not None else self._roster.fit

    def _answer(
        self, future: "Future[bytes | Refused]", chosen: frozenset[str]
    ) -> bytes | Refused | None:
        """Wait for what comes of an order; None where all that were chosen for it have left.

        Raises:
            PublishError: it failed, or nobody is left to carry it out.
        """
        while not self._dismissed.is_set():
            try:
                problem = future.exception(timeout=LOOK_AGAIN)
                if future.status == "finished":
                    return future.result(timeout=LOOK_AGAIN)
            except TimeoutError:
                fit = self._look()
                if not fit and time.monotonic() - self._roster.seen_fit > self._patience:
                    raise PublishError(f"no worker is left for it at {self._address}") from None
                if fit and chosen and not chosen & fit:
                    future.release()  # nobody carries it out
                    return None
                continue
            except GONE:
                problem = None
            if isinstance(problem, KilledWorker):
                raise PublishError("several workers died over it, one after the other")
            if problem is None:
                raise PublishError(f"the Dask scheduler at {self._address} is gone")
            raise PublishError(in_a_line(problem))
        raise PublishError("the order was called off")
