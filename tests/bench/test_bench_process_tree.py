import os
import sys
from pathlib import Path

import pytest
from building.process_tree import Failed, measure

SMAPS = Path("/proc/self/smaps_rollup")
PARENT = """
import subprocess, sys
subprocess.run([sys.executable, "-c", sys.argv[1]], check=True)
"""
CHILD = """
import time
held = b"x" * 80_000_000
while time.process_time() < 0.2:
    sum(range(1000))
open("made", "wb").write(bytes(3_000_000))
"""


@pytest.mark.skipif(not SMAPS.exists(), reason="needs Linux's /proc")
def test_what_a_child_takes_is_its_parents_cost(tmp_path):
    cost = measure([sys.executable, "-c", PARENT, CHILD], tmp_path, os.environ)

    assert 0.2 <= cost.cpu < 5
    assert 80 < cost.memory < 160
    assert 3 <= cost.written < 4


def test_a_program_that_fails_is_named_with_its_last_words(tmp_path):
    complaining = "import sys; sys.exit('no such theme')"

    with pytest.raises(Failed, match="ended with 1: no such theme"):
        measure([sys.executable, "-c", complaining], tmp_path, os.environ)
