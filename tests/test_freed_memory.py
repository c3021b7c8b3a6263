"""Tests of the allocator; what is measured is in a process of its own, to which it belongs."""

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


def test_where_no_more_threads_can_be_started_memory_is_kept_and_nothing_fails():
    script = """
import threading
from pelican_photos.freed_memory import kept

with kept(3):
    threading.stack_size(2**46)  # more than any address space has
print("made")
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )

    assert said.stdout == "made\n"


@glibc
def test_who_has_decided_how_memory_is_kept_is_not_overruled(monkeypatch):
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "131072")
    plain, _ = work("contextlib.nullcontext()")
    faults, _ = work("kept(3)")

    assert faults > plain / 2
