"""A process that ends, without a word, just before one of its files gets its name or goes."""

import os
import sys
import traceback
import warnings
from collections.abc import Callable

KILLED = 9


def killed_before(change: int, run: Callable[[], object]) -> bool:
    """Run in a process of its own that dies before its n-th rename or removal, from 1.

    Returns whether it died; it did not where it had fewer to make.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, and it has none to lose
        child = os.fork()
    if child == 0:
        _run(change, run)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, KILLED), "the run failed by itself; its traceback is above"
    return status == KILLED


def _run(change: int, run: Callable[[], object]) -> None:
    made = 0

    def count(event: str, _args: object) -> None:
        nonlocal made
        made += event in ("os.rename", "os.remove")
        if made == change:
            os._exit(KILLED)

    sys.addaudithook(count)
    status = 1
    try:
        run()
        status = 0
    finally:
        if status:
            traceback.print_exc()
        os._exit(status)
