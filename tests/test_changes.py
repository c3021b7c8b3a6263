"""What changes is noted from one moment on, and nothing is lost between two looks."""

import time
from pathlib import Path

from pelican_photos.changes import Watch, noted


def test_what_changes_during_a_build_is_not_missed(tmp_path):
    (tmp_path / "content").mkdir()
    watches = [
        Watch([tmp_path / "content"]),
        Watch([tmp_path], lambda _, path: path.endswith("conf.py"), recursive=False),
    ]
    with noted(watches) as changes:
        (tmp_path / "content/a.md").write_text("a")
        first = changes.get(timeout=20)
        time.sleep(0.3)  # a build
        (tmp_path / "content/b.md").write_text("b")
        (tmp_path / "conf.py").write_text("c")
        (tmp_path / "other.txt").write_text("d")
        found = set()
        while len(found - first) < 2:
            found |= changes.get(timeout=20)

    assert {path.name for path in first} == {"a.md"}
    assert {path.name for path in found - first} == {"b.md", "conf.py"}


def test_folders_that_are_not_there_are_passed_over(tmp_path, caplog):
    watches = [Watch([tmp_path / "late", Path("a\0b"), tmp_path])]
    with noted(watches) as changes:
        (tmp_path / "a.md").touch()
        assert changes.get(timeout=20) == {tmp_path / "a.md"}

    assert caplog.text == ""


def test_where_nothing_can_be_noted_any_more_it_is_said(tmp_path, caplog):
    """What counts is asked of whoever watches: one that raises stands for any limit of a system."""

    def refuses(*_):
        raise OSError("no space left on device")

    with noted([Watch([tmp_path], refuses)]) as changes:
        ends = time.monotonic() + 20
        while "are not noticed" not in caplog.text and time.monotonic() < ends:
            (tmp_path / "a.md").write_text(str(time.monotonic()))
            time.sleep(0.05)

    assert "found more slowly" in caplog.text
    assert f"Changes below {tmp_path} are not noticed: no space left" in caplog.text
    assert changes.get(timeout=20) == {tmp_path}  # what was missed meanwhile
