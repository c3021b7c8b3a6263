"""An import that is killed at any step, and run again, leaves the bytes of an undisturbed one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.importing import files
from fakes.one_account import ACCOUNT

# An album with a film inside, and a photo whose caption came after every export.
SMALL = [ACCOUNT[1]._replace(media="pv"), ACCOUNT[4]._replace(edited="No longer empty")]


@pytest.mark.parametrize(
    ("earlier", "door"),
    [((), "live"), ((), 4), (("live",), 4), (("live",), "png")],
    ids=str,
)
def test_an_import_that_is_killed_before_any_step_is_completed_by_the_next(doors, earlier, door):
    doors.is_now(SMALL if earlier else SMALL[:1])
    for each in earlier:
        doors.enter(each)
    copies = doors.site.with_name("copies")

    steps = die_at_each_step(doors, door, copies)

    assert steps > 10
    undisturbed = kept(copies / str(steps + 1))
    assert len(undisturbed) >= 7
    for step in range(1, steps + 1):
        assert kept(copies / str(step)) == undisturbed, f"killed before step {step}"


def die_at_each_step(doors, door, copies) -> int:
    """Import into copies of the site, each killed one step later; give how many there were."""
    sources = [] if door == "live" else [str(doors.source(door))]
    ended = subprocess.run(
        [sys.executable, "-m", "fakes.mortal", str(doors.site), str(copies), *sources],
        cwd=Path(__file__).parent,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PHOTOS_INSTAGRAM_SESSION": str(doors.instagram.session_file()),
            "PHOTOS_INSTAGRAM_DELAY": "0",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return int(ended.stdout)


def kept(site):
    """Give the files of a site that an import answers for.

    Of what Instagram answered only the names: its addresses expire, and are others each time.
    """
    notes = files(site / ".photos" / "replaced") | dict.fromkeys(files(site / ".photos" / "raw"))
    return files(site / "content") | notes
