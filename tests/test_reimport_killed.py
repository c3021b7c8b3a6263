"""An import that is killed at any step, and run again, leaves the bytes of an undisturbed one."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.importing import files
from fakes.one_account import ACCOUNT
from pelican_photos.page import header_value

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


def test_another_door_completes_what_a_killed_import_was_replacing(doors, another):
    """The ledger has noted the larger picture, and it is placed; its page says nothing of it."""
    for site in (doors, another):
        site.is_now(ACCOUNT[:1])
        site.enter("live")
    another.enter("png")
    (page,), (finished,) = doors.pages(), another.pages()
    (entry,) = doors.open().ledger
    (item,) = next(iter(another.open().ledger)).items
    larger = finished.with_suffix(".png")
    page.with_suffix(".png").write_bytes(larger.read_bytes())
    noted = replace(entry.items[0], larger=larger.name, larger_sha256=item.sha256)
    doors.open().ledger.put(entry.with_item(0, noted))

    report = doors.enter("folder")

    assert report.count("merged") == 1
    assert not page.with_suffix(".jpg").exists()
    assert header_value(page.read_text(), "Original") == larger.name
    assert header_value(page.read_text(), "Size") == header_value(finished.read_text(), "Size")
    (completed,) = next(iter(doors.open().ledger)).items
    assert (completed.original, completed.sha256, completed.larger) == (
        larger.name,
        item.sha256,
        "",
    )
    assert str(doors.enter("png")) == "1 post: 1 merged"  # the camera
    assert str(doors.enter("png")) == "1 post: 1 unchanged"
    assert page.read_text() == finished.read_text()
