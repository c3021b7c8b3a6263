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
from concurrent.futures import CancelledError
from functools import partial

from distributed import Client, Future, KilledWorker
from distributed.client import ClosedClientError
from distributed.versions import VersionMismatchWarning

from pelican_photos.errors import ClusterError, PublishError
from pelican_photos.publish.cluster_calls import Begun, Patience, in_a_line, within
from pelican_photos.publish.cluster_orders import Order, Recipe, Refused
from pelican_photos.publish.cluster_roster import Roster
from pelican_photos.publish.cluster_worker import encoder, make, reads_orders

logger = logging.getLogger(__name__)

_ATTEMPTS = 3  # of an order that fails
_QUITTING = 5  # seconds
_PATIENCE = Patience()
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
        patience: Patience = _PATIENCE,
    ) -> None:
        self._address = address
        self.recipe = recipe
        self.encoder = made_by or encoder(recipe)
        self._say = say
        self._patience = patience
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._roster = Roster(recipe, self.encoder, say, patience)
        self._dismissed = threading.Event()
        self._refusal = ""  # of the scheduler, for all who ask after the first
        # Said at each handshake, also when the scheduler is joined again; what counts is looked at.
        # Not later: filters are the process's, and whoever reads a picture puts back what was.
        warnings.filterwarnings("ignore", category=VersionMismatchWarning)

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
                    self._roster.begin()
                except ClusterError as error:
                    self._refusal = str(error)
                    raise

    def carry_out(self, order: Order) -> bytes | Refused:
        """Have an order carried out by whichever worker is free; ``connect`` comes first.

        Raises:
            PublishError: no worker could, however often it was tried.
        """
        choosy = False
        # A lost scheduler comes at the cost of one attempt, and is joined again by the client.
        for _ in range(_ATTEMPTS):
            fit = self._some_fit()
            # Whoever joins later takes part, unless there are some that must not.
            chosen = fit if choosy or fit != self._roster.present else frozenset()
            made = self._answer(self._submitted(order, chosen), chosen)
            if isinstance(made, Refused) and getattr(made, "unfit", False) and not chosen:
                choosy = True  # it joined since
            elif made is not None:
                return made
        raise PublishError("whoever it was given to was lost, again and again")

    def _some_fit(self) -> frozenset[str]:
        """Give the workers that are fit, as soon as there are some; they may come back.

        Raises:
            PublishError: there have been none for too long, or everybody was dismissed.
        """
        self._refuse_if_gone()
        while not (fit := self._look()):
            if time.monotonic() - self._roster.seen_fit > self._patience.workers:
                raise PublishError(f"no worker at {self._address} is fit")
            if self._dismissed.wait(self._patience.look):
                raise PublishError("the order was called off")
            self._refuse_if_gone()
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
            raise self._gone() from None

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
            # The handshake has no limit of its own.
            return within(
                2 * self._patience.scheduler,
                partial(
                    Client,
                    self._address,
                    timeout=self._patience.scheduler,
                    set_as_default=False,
                ),
            )
        except (OSError, ValueError, TypeError, RuntimeError) as error:  # the last two: of TLS
            raise ClusterError(
                f"the Dask scheduler at {self._address} cannot be reached: {in_a_line(error)};"
                " start it, correct PHOTOS_DASK_SCHEDULER, or set PHOTOS_EXECUTOR to 'threads'"
            ) from None

    def _ask_the_scheduler(self, client: Client) -> None:
        """See that it can read orders: it takes them to pieces, and needs their classes."""
        try:
            within(self._patience.prompt, partial(client.run_on_scheduler, reads_orders))
        except (ImportError, AttributeError) as error:
            raise ClusterError(
                f"the Dask scheduler at {self._address} cannot read orders: {in_a_line(error)};"
                " install this release of pelican-photostream[dask] there, too"
            ) from None
        except Exception as error:  # noqa: BLE001 - it may not be asked, or is slow
            logger.debug("%s was not asked: %s", self._address, in_a_line(error))

    def _await_workers(self, client: Client) -> None:
        end = time.monotonic() + self._patience.workers
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
        """Wait for what comes of an order; None where it has to be given again.

        Raises:
            PublishError: it failed, or nobody is left to carry it out.
        """
        fetched: Begun[bytes | Refused] | None = None
        while not self._dismissed.is_set():
            if fetched is None and _has_ended(future, self._patience.look):
                # Dask fetches many results at once.  A limit of time on one would call off all.
                fetched = Begun(future.result)
            if fetched is not None and fetched.wait(self._patience.look):
                return self._outcome(future, fetched)
            if self._is_abandoned(future, chosen):
                future.release()
                return None
        raise PublishError("the order was called off")

    def _is_abandoned(self, future: "Future[bytes | Refused]", chosen: frozenset[str]) -> bool:
        """Tell whether nobody carries an order out any more, and others would.

        Raises:
            PublishError: nobody is left to carry it out.
        """
        self._refuse_if_gone()
        fit = self._look()
        if not fit and time.monotonic() - self._roster.seen_fit > self._patience.workers:
            raise PublishError(f"no worker is left for it at {self._address}")
        # A client that loses its scheduler drops what it is given in that very moment.
        client = self._client
        is_dropped = client is not None and future.key not in client.futures
        return is_dropped or bool(fit and chosen and not chosen & fit)

    def _refuse_if_gone(self) -> None:
        """Look whether the client has given up its scheduler: it never comes back to it.

        Raises:
            PublishError: so it is.
        """
        client = self._client
        if client is not None and client.status == "closed":
            raise self._gone()

    def _gone(self) -> PublishError:
        return PublishError(f"the Dask scheduler at {self._address} is gone")

    def _outcome(
        self, future: "Future[bytes | Refused]", fetched: "Begun[bytes | Refused]"
    ) -> bytes | Refused | None:
        """Give what came of an order; None where it was lost with the connection.

        Raises:
            PublishError: it failed.
        """
        try:
            return fetched.result()
        except KilledWorker:
            problem = "several workers died over it, one after the other"
        except Exception as error:  # noqa: BLE001 - a worker's, or whatever Dask finds in the way
            if future.status != "error" and isinstance(error, _GONE):
                return None
            problem = in_a_line(error)
        raise PublishError(problem)  # anew, so that nothing hangs on to it


def _has_ended(future: "Future[bytes | Refused]", seconds: float) -> bool:
    """Wait for so long, and tell whether an order has ended, however that was."""
    try:
        future.exception(timeout=seconds)
    except TimeoutError:
        return False
    except Exception as error:  # noqa: BLE001 - of the connection: its result is no better
        logger.debug("%s is not waited for: %s", future.key, in_a_line(error))
    return True
