"""How much memory something takes, weighed in a process of its own.

Beside other tests nothing can be weighed: a table that Python keeps for all of them, such as that
of interned strings, may have to grow just now, and is then as large as all the rest.
"""

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from typing import Any


def scales() -> AbstractContextManager[ProcessPoolExecutor]:
    """Start a process for ``peak_of``, which knows nothing of this one."""
    return ProcessPoolExecutor(1, get_context("spawn"))


def peak_of(
    process: ProcessPoolExecutor, work: Callable[..., object], *given: Any, first: tuple = ()
) -> int:
    """Give the most bytes that ``work`` had at once; what it was ``given`` is not among them.

    What Python loads and keeps when something is done for the first time is not among them
    either: the work is done once before, with ``first`` if that is quicker.  ``work`` is a
    function of a module.
    """
    return process.submit(_weigh, work, given, first or given).result()


def _weigh(work: Callable[..., object], given: tuple, first: tuple) -> int:
    work(*first)
    tracemalloc.start()
    try:
        work(*given)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
