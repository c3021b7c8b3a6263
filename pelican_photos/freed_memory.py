"""What becomes of freed memory while pictures are made: it is kept for the next one.

glibc gives the memory of a picture back to the kernel, which has to clear the same pages again
for the next picture: that takes 6 to 12 % of the time of all renditions.
"""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError, Thread

# Of mallopt(3): how much may lie free at the end of a heap, and how large a block has to be to get
# pages of its own.  These values are where glibc goes by itself when a block of 32 MiB is freed.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 64 * 1024 * 1024
_LARGE = 32 * 1024 * 1024
_DEFAULT_KEPT = 128 * 1024
# With these, somebody has decided how memory is kept.
_DECIDED = ("GLIBC_TUNABLES", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")
_PATIENCE = 5  # seconds for threads to start


@contextmanager
def kept(threads: int) -> Iterator[None]:
    """Keep what so many threads free, and give it back when they have ended.

    Whatever is allocated later in this process is kept as glibc keeps it after large blocks.
    Without glibc, as on macOS, Windows and Alpine, nothing is changed, nor where the environment
    says how memory is kept.
    """
    if platform.libc_ver()[0] != "glibc" or any(map(os.environ.get, _DECIDED)):
        yield
        return
    import ctypes  # noqa: PLC0415 - for those who make pictures alone

    mallopt = ctypes.CDLL(None).mallopt
    mallopt(_MMAP_THRESHOLD, _LARGE)
    mallopt(_TRIM_THRESHOLD, _KEPT)
    try:
        yield
    finally:
        mallopt(_TRIM_THRESHOLD, _DEFAULT_KEPT)
        _give_back(threads)
        mallopt(_TRIM_THRESHOLD, _KEPT)


def _give_back(threads: int) -> None:
    """Free something in each heap, which gives back what lies free at its end.

    New threads get the heaps of those that have ended; all at once they get all of them.  Where
    they cannot be started, memory is kept a little longer: no reason to fail.
    """
    all_there = Barrier(threads, timeout=_PATIENCE)

    def free() -> None:
        try:
            all_there.wait()
            taken = bytearray(8 * _DEFAULT_KEPT)
            del taken
            all_there.wait()
        except BrokenBarrierError:
            return

    givers = [Thread(target=free, daemon=True) for _ in range(threads)]
    try:
        for giver in givers:
            giver.start()
        for giver in givers:
            giver.join()
    except RuntimeError:  # no more threads
        all_there.abort()
