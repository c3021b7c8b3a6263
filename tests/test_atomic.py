"""Files are there whole, or not at all."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pelican_photos import atomic
from pelican_photos.errors import Busy, PhotosError


def test_a_file_is_replaced_in_one_step(tmp_path):
    file = tmp_path / "new" / "x.txt"
    atomic.write_bytes(file, b"one")
    atomic.write_bytes(file, b"two")

    assert file.read_bytes() == b"two"
    assert list(file.parent.iterdir()) == [file]


def test_pieces_that_fail_leave_nothing_and_spoil_nothing(tmp_path):
    file = tmp_path / "x"
    atomic.write_bytes(file, b"whole")

    def pieces():
        yield b"half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        atomic.write_pieces(file, pieces())
    assert file.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_is_one_sentence():
    with (
        pytest.raises(PhotosError, match="x cannot be written: No space left on device"),
        atomic.plain_disk_errors(Path("x")),
    ):
        Path("/dev/full").write_bytes(b"x")


def test_a_link_that_a_killed_run_left_is_not_written_through(tmp_path):
    (tmp_path / "original").write_bytes(b"mine")
    part = tmp_path / "part"
    part.hardlink_to(tmp_path / "original")

    atomic.write_part(part, [b"new"])

    assert (tmp_path / "original").read_bytes() == b"mine"
    assert part.read_bytes() == b"new"


def test_a_second_run_is_told_of_the_first(tmp_path):
    code = (
        "from pathlib import Path; from pelican_photos import atomic\n"
        f"with atomic.lock(Path({str(tmp_path / 'lock')!r}), 'an import'): input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as other:
        while not (tmp_path / "lock").exists():
            assert other.poll() is None
        refused = False
        for _ in range(1000):
            try:
                with atomic.lock(tmp_path / "lock", "an import"):
                    pass
            except Busy as error:
                refused = "an import is already running" in str(error)
                break
        other.kill()
    assert refused
    with atomic.lock(tmp_path / "lock", "an import"):  # the dead let go of it
        pass


def test_a_private_file_is_readable_by_its_owner_alone_whatever_stood_there(tmp_path):
    path = tmp_path / "session"
    path.write_bytes(b"old")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        atomic.write_private(path, b"new")
    finally:
        os.umask(before)

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_other_files_are_as_the_umask_says(tmp_path):
    before = os.umask(0o027)
    try:
        atomic.write_bytes(tmp_path / "page.md", b"new")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "page.md").stat().st_mode) == 0o640
