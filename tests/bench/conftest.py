"""Makes the parts of the benchmarks importable, as they are for the programs beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
