"""What becomes of freed memory while pictures are made: it is kept for the next one.

glibc gives the memory of a picture back to the kernel, which has to clear the same pages again
for the next picture: that takes 6 to 12 % of the time of all renditions.
"""

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

# Of mallopt(3).  The default of what may lie free at the end of a heap is 128 KiB; the largest
# threshold that glibc takes for blocks of their own is 32 MiB, and it goes there by itself, too.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_DEFAULT_TRIM = 128 * 1024
_LARGEST_MMAP = 32 * 1024 * 1024
_KEPT = 64_000_000  # bytes for each heap, of which a thread has one


@contextmanager
def kept(threads: int) -> Iterator[None]:
    """Keep what so many threads free, and give it back when they are done.

    Without glibc, as on macOS, Windows and Alpine, nothing is changed.
    """
    if platform.libc_ver()[0] != "glibc":
        yield
        return
    mallopt = ctypes.CDLL(None).mallopt
    mallopt(_MMAP_THRESHOLD, _LARGEST_MMAP)
    mallopt(_TRIM_THRESHOLD, _KEPT)
    try:
        yield
    finally:
        mallopt(_TRIM_THRESHOLD, _DEFAULT_TRIM)
        _give_back(threads)


def _give_back(threads: int) -> None:
    """Free something in each heap, which gives back what lies free at its end.

    New threads get the heaps of those that have ended; all at once they get all of them.
    """
    all_there = Barrier(threads)

    def free() -> None:
        all_there.wait()
        taken = bytearray(8 * _DEFAULT_TRIM)
        del taken
        all_there.wait()

    givers = [Thread(target=free) for _ in range(threads)]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join()
