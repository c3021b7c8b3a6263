"""Calls that another machine answers, or nobody: waiting for them, and what they fail with."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Generic, NamedTuple, TypeVar

from pelican_photos.errors import PublishError
from pelican_photos.publish.refusals import scrubbed

T = TypeVar("T")


class Patience(NamedTuple):
    """How long is waited, in seconds."""

    scheduler: float = 10.0  # until it answers, or is there again
    workers: float = 60.0  # without one that is fit
    look: float = 2.0  # before it is asked anew which workers there are
    prompt: float = 10.0  # for what is answered at once
    ask_again: float = 60.0  # before a worker that did not answer is asked once more


class Begun(Generic[T]):
    """Something that may never come back, done in a thread of its own and waited for at will."""

    def __init__(self, do: Callable[[], T]) -> None:
        self._ended: Future[T] = Future()
        threading.Thread(target=self._run, args=[do], daemon=True).start()

    def _run(self, do: Callable[[], T]) -> None:
        try:
            result = do()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever asks for the result
            self._ended.set_exception(error)
        else:
            self._ended.set_result(result)

    def wait(self, seconds: float) -> bool:
        """Wait no longer than so, and tell whether it has come back."""
        return bool(wait([self._ended], seconds).done)

    def result(self) -> T:
        """Give what it came back with, or raise that; ``wait`` comes first."""
        return self._ended.result()


def within(seconds: float, do: Callable[[], T]) -> T:
    """Do something that may never come back, and wait for it no longer than so.

    Raises:
        TimeoutError: it has not come back; it is left to itself.
    """
    begun = Begun(do)
    if not begun.wait(seconds):
        raise TimeoutError(f"no answer within {seconds:g} seconds")
    return begun.result()


def in_a_line(what: object) -> str:
    """Show what came from another machine."""
    named = f"{type(what).__name__}: " if not isinstance(what, str | PublishError) else ""
    return scrubbed(f"{named}{what}")
