"""An import of many posts takes little memory, and finds in a moment that nothing is new."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from fakes.doors import quick_disk
from fakes.instagram_export import FakeExport, image

FEW, MANY = 300, 1_200
# Measured: 3.2.  A post's Uid, names, slug and the paths of its files stay in memory.
KILOBYTES_A_POST = 5

IMPORT = """
import sys
from pathlib import Path
from typing import NamedTuple
from fakes.doors import CountedExport
from fakes.importing import imported

site, source = map(Path, sys.argv[1:])
site.mkdir(exist_ok=True)
export = CountedExport([source])
report = imported(site, export)
peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(f"{report}|{peak}|{export.fetched}")
"""


class Weighed(NamedTuple):
    """An import in a process of its own."""

    said: str
    peak: int  # KB of memory
    fetched: int  # files


def weighed(site: Path, source: Path) -> Weighed:
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT, str(site), str(source)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    said, peak, fetched = ended.stdout.strip().split("|")
    return Weighed(said, int(peak), int(fetched))


def written(folder: Path, count: int) -> Path:
    """Write an export of so many posts, four a day."""
    export = FakeExport(4, per_file=2_000)
    for number in range(count):
        caption = f"Post {number} of many #number{number}"
        export.add(f"C{number:010}", 1_600_000_000 + 21_600 * number, caption, [image(number)])
    return export.zip(folder / f"export-{count}.zip")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the peak")
def test_four_times_the_posts_take_little_more_memory_and_nothing_the_second_time():
    with quick_disk() as folder:
        few = weighed(folder / "few", written(folder, FEW))
        source = written(folder, MANY)
        many = weighed(folder / "many", source)
        again = weighed(folder / "many", source)

    assert few[::2] == (f"{FEW} posts: {FEW} new", FEW)
    assert many[::2] == ("1,200 posts: 1200 new", MANY)
    assert again[::2] == ("1,200 posts: 1200 unchanged", 0)
    a_post = (max(many.peak, again.peak) - few.peak) / (MANY - FEW)
    print(f"{few.peak:,} KB, {many.peak:,} KB, {again.peak:,} KB again: {a_post:.2f} KB a post")
    assert a_post < KILOBYTES_A_POST
