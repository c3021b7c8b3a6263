"""A process that ends without a word: before one of its files gets its name or goes, or by time."""

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable

KILLED = 9


def killed_before(change: int, run: Callable[[], object]) -> bool:
    """Run in a process of its own that dies before its n-th rename or removal, from 1.

    Returns whether it died; it did not where it had fewer to make.
    """
    made = 0

    def count(event: str, _args: object) -> None:
        nonlocal made
        made += event in ("os.rename", "os.remove")
        if made == change:
            os._exit(KILLED)

    return _killed(lambda: sys.addaudithook(count), run, KILLED)


def killed_after(seconds: float, run: Callable[[], object]) -> bool:
    """Run in a process of its own that the system ends after some time; tells whether it did."""

    def begin() -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)

    return _killed(begin, run, -signal.SIGALRM)


def killed_after_work(seconds: float, run: Callable[[], object]) -> bool:
    """As ``killed_after``, by the time that it has worked, whatever else this machine does."""

    def begin() -> None:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)

    return _killed(begin, run, -signal.SIGPROF)


def _killed(begin: Callable[[], object], run: Callable[[], object], by: int) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, and it has none to lose
        child = os.fork()
    if child == 0:
        status = 1
        try:
            begin()
            run()
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, by), "the run failed by itself; its traceback is above"
    return status == by
