"""Tests of the allocator, each in a process of its own, as it belongs to the process."""

import platform
import subprocess
import sys

import pytest

from pelican_photos.freed_memory import kept

glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the allocator is glibc's")

# Three threads that take 37 MB, as Pillow and libwebp do, twenty times over; then the faults of
# pages that this took, and how much more memory is in use when all is freed, in KiB.
WORK = """
import contextlib, resource, threading
from pathlib import Path
from pelican_photos.freed_memory import kept

def in_use():
    return int(next(
        line.split()[1] for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ))

def work():
    for _ in range(20):
        taken = [b"x" * size for size in (16_000_000, 16_000_000, 5_000_000)]
        del taken

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

before, start = in_use(), faults()
with {how}:
    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
print(faults() - start, in_use() - before)
"""


def work(how: str) -> tuple[int, int]:
    words = [sys.executable, "-c", WORK.format(how=how)]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
    faults, more = said.split()
    return int(faults), int(more)


@glibc
def test_memory_is_cleared_once_and_given_back_at_the_end():
    plain, _ = work("contextlib.nullcontext()")
    faults, more = work("kept(3)")

    assert faults < plain / 5
    assert more < 50_000


def test_what_goes_wrong_meanwhile_is_passed_on():
    with pytest.raises(KeyError), kept(2):
        raise KeyError
