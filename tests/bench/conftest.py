"""Makes the parts of the benchmarks importable, as they are for the programs beside them."""

import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"
sys.path[:0] = [str(BENCH), str(BENCH / "contenders")]
