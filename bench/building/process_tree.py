"""What a program costs, with everything that it starts.

CPU seconds are the kernel's own sum, of all processes that were waited for.  Memory is sampled:
the sum over the tree of what each process holds, in which pages that several share count once
(Pss in ``/proc/<pid>/smaps_rollup``).  Where there is no ``/proc`` it is the peak of the largest
process, and the bytes written are unknown.
"""

import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.04  # seconds between two samples
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a program took."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    memory: float  # MB (2²⁰ bytes) at the peak
    written: float  # MB (10⁶ bytes) handed to the kernel to write; NaN where that is unknown


class Failed(Exception):
    """A program ended with an error; the message holds its last words."""


def measure(command: Sequence[object], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run ``command`` in ``folder`` and say what it took.

    Raises:
        Failed: it did not end well.
    """
    log = folder / "output.log"
    words = [str(word) for word in command]
    with log.open("wb") as file:
        start = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=folder, env=environment, stdout=file, stderr=file, stdin=subprocess.DEVNULL
        )
        try:
            with _sampling(process.pid) as peak:
                written = _written_at_the_end(process.pid)
                _, status, used = os.wait4(process.pid, 0)
        except BaseException:  # nobody waits for it any more
            process.kill()
            raise
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"{' '.join(words)} ended with {process.returncode}: {_last_words(log)}")
    memory = peak[0] or used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Cost(used.ru_utime + used.ru_stime, wall, memory / 1024**2, written)


def _last_words(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return " | ".join(lines[-3:])


def _written_at_the_end(pid: int) -> float:
    """Wait until the process has ended, and read its account before it is gone.

    The account has that of each child which it waited for.
    """
    if not _PROC.is_dir():
        return math.nan
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    try:
        lines = (_PROC / str(pid) / "io").read_text().splitlines()
    except OSError:
        return math.nan
    return next(int(line.split()[1]) / 1e6 for line in lines if line.startswith("wchar:"))


@contextmanager
def _sampling(pid: int) -> Iterator[list[int]]:
    """Look at the memory of a tree again and again; the list holds the peak, in bytes."""
    peak, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(_EVERY):
            peak[0] = max(peak[0], sum(map(_held, tree(pid))))

    sampler = threading.Thread(target=look, daemon=True)
    sampler.start()
    try:
        yield peak
    finally:
        ended.set()
        sampler.join()


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all that descend from it, as far as they are alive."""
    yield pid
    try:
        for task in (_PROC / str(pid) / "task").iterdir():
            for child in (task / "children").read_text().split():
                yield from tree(int(child))
    except OSError:
        return  # it has just ended, or there is no /proc


def _held(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
