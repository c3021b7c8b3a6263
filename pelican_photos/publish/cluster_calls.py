"""Calls that another machine answers, or nobody: waiting for them, and what they fail with."""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar, cast

from pelican_photos.errors import PublishError
from pelican_photos.publish.refusals import scrubbed

T = TypeVar("T")


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


def in_a_line(what: object) -> str:
    """Show what came from another machine."""
    named = f"{type(what).__name__}: " if not isinstance(what, str | PublishError) else ""
    return scrubbed(f"{named}{what}")
