"""Our renditions alone, as the plugin asks for them, without Pelican and pages.

    renditions.py ORIGINALS CACHE {same|shipped}

ORIGINALS is searched through.  Prints the CPU seconds of the work itself, without the start of
Python, and how many renditions there are.
"""

import json
import sys
import time
from pathlib import Path

from pillow_loop import QUALITY, STEPS

from pelican_photos.renditions import Renditions
from pelican_photos.settings import DEFAULT_QUALITY, DEFAULT_RENDITIONS


def main(originals: Path, cache: Path, kind: str) -> None:
    shipped = kind == "shipped"
    steps, quality = (DEFAULT_RENDITIONS, DEFAULT_QUALITY) if shipped else (STEPS, QUALITY)
    files = sorted(originals.rglob("*.jpg"))
    start = time.process_time()
    rendered = Renditions(cache, steps=steps, quality=quality).render(files)
    seconds = time.process_time() - start
    problems = [each.problem for each in rendered.values() if each.problem]
    if problems:
        sys.exit(problems[0])
    made = sum(len(each.renditions) for each in rendered.values())
    print(json.dumps({"seconds": seconds, "made": made}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
