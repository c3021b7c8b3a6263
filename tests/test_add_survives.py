"""Adding a photo on a full disk, in the way of another, stopped or killed at any moment."""

import signal
import subprocess
import sys

import pytest
from filelock import FileLock

from fakes import camera
from fakes.adding import AddingSite
from pelican_photos.errors import Busy, PhotosError, SettingsError


@pytest.fixture
def site(tmp_path):
    return AddingSite(tmp_path / "site")


def test_it_waits_for_no_other_import(site, card):
    (site.root / ".photos").mkdir()
    with FileLock(site.root / ".photos" / "import.lock"), pytest.raises(Busy, match="an import"):
        site.add(camera.photo(card / "a.jpg"))


def test_a_folder_that_cannot_be_written_is_one_sentence(site, card):
    site.photos.write_text("in the way")

    with pytest.raises(PhotosError, match="cannot be written"):
        site.add(camera.photo(card / "a.jpg"))


def test_a_run_that_was_killed_behind_its_last_photo_is_completed(site, card):
    file = camera.photo(card / "a.jpg", words="Boats")
    site.add(file, caption="Mine")
    site.interrupt(site.page().uid)

    said = site.add(file, tags="sea")

    assert said == "Added content/photos/2024/2024-05-12-mine.md\n"
    assert site.page().tags == ("sea",)
    with pytest.raises(SettingsError, match="on the site already"):
        site.add(file)


KILLED = """
import os, signal, sys
written, at, signal_name = 0, int(sys.argv[1]), sys.argv[2]
rename = os.replace
def replace(source, target):
    global written
    written += 1
    if written == at:
        os.kill(os.getpid(), signal.Signals[signal_name])
    rename(source, target)
os.replace = replace
sys.argv = ["photostream", "add", *sys.argv[3:]]
from pelican_photos.tasks import main
main()
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    """The words of a command, and a site where it was not disturbed."""
    folder = tmp_path_factory.mktemp("harbour")
    files = [str(camera.photo(folder / f"{n}.jpg", n)) for n in (1, 2)]
    words = [*files, "--caption", "Harbour", "--tags", "sea"]
    whole = AddingSite(folder / "whole")
    assert whole.command(*words).returncode == 0
    return words, whole


@pytest.mark.slow
@pytest.mark.parametrize("at", range(1, 15, 2))
def test_a_run_that_was_killed_anywhere_is_completed_by_the_same_command(tmp_path, harbour, at):
    words, whole = harbour
    killed = AddingSite(tmp_path / "killed")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(at), "SIGKILL", *words], cwd=killed.root, check=False
    )
    assert ended.returncode in (-signal.SIGKILL, 0)

    again = killed.command(*words)

    if ended.returncode:
        assert (again.returncode, again.stderr) == (0, "")
    assert killed.pages() == whole.pages()
    assert killed.originals() == whole.originals()
    assert killed.text() == whole.text()


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails, as it does on a full disk
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = ["photostream", "add", *sys.argv[2:]]
from pelican_photos.tasks import main
main()
"""


def test_a_full_disk_is_one_sentence_and_the_next_run_completes(site, card):
    file = camera.photo(card / "a.jpg", size=(1600, 1200), words="Boats")
    room = str(file.stat().st_size // 2)
    full = subprocess.run(
        [sys.executable, "-c", FULL, room, str(file)],
        cwd=site.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert full.returncode == 1
    assert full.stderr.startswith("photostream: ")
    assert full.stderr.count("\n") == 1
    assert "cannot be written" in full.stderr
    assert site.originals() == {}
    assert not list(site.root.rglob("*photos-part"))
    site.add(file)
    assert list(site.originals().values()) == [file.read_bytes()]


@pytest.mark.slow
@pytest.mark.parametrize("at", [4, 7, 10])
def test_ctrl_c_while_it_stores_is_one_line_and_the_same_command_completes(tmp_path, harbour, at):
    words, whole = harbour
    stopped = AddingSite(tmp_path / "stopped")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(at), "SIGINT", *words],
        cwd=stopped.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (ended.returncode, ended.stderr.count("\n")) == (130, 1)
    assert stopped.command(*words).returncode == 0
    assert stopped.pages() == whole.pages()
    assert stopped.originals() == whole.originals()
