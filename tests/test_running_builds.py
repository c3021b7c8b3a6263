"""Who uses the cache, and what those left who were killed."""

import os
import threading
import time

import pytest

from fakes.killing import killed_before
from pelican_photos import running_builds
from pelican_photos.atomic import PARTIAL, write_bytes
from pelican_photos.errors import Busy
from pelican_photos.running_builds import RunningBuild


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def output(tmp_path):
    return tmp_path / "output"


def a_killed_build(cache, output) -> None:
    """Die while a page is being written, and leave a rendition half-written too."""

    def build():
        RunningBuild(cache, output).begin()
        unfinished = cache / "renditions" / "unfinished"
        unfinished.mkdir(parents=True)
        (unfinished / f"{'ab' * 32}.{os.getpid()}.1").write_bytes(b"RIFF")
        write_bytes(output / "photos" / "index.html", b"<p>")

    assert killed_before(2, build)  # the first is of a part that is not there


def leftovers(*folders):
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    return [file for file in files if file.suffix == PARTIAL or "unfinished" in file.parts]


def test_what_a_killed_build_left_is_removed_by_the_next_of_the_same_output(
    cache, output, tmp_path
):
    a_killed_build(cache, output)
    assert len(leftovers(cache, output)) == 2

    RunningBuild(cache, tmp_path / "another").begin()
    assert len(leftovers(cache, output)) == 2
    RunningBuild(cache, output).begin()
    assert leftovers(cache, output) == []


def test_what_a_running_build_has_not_finished_is_left_alone(cache, output):
    running = RunningBuild(cache, output)
    running.begin()
    part = output / f".index.html.{os.getpid()}{PARTIAL}"
    output.mkdir()
    part.touch()

    another = RunningBuild(cache, output)
    another.begin()
    another.end()
    assert part.exists()
    running.end()
    RunningBuild(cache, output).begin()
    assert part.exists()  # the build ended in good order: nobody looks


def test_nothing_is_removed_while_a_build_runs(cache, output, tmp_path):
    file = tmp_path / "file"
    file.touch()
    build = RunningBuild(cache, output)
    build.begin()

    with pytest.raises(Busy, match="a build uses the cache"):
        list(running_builds.remove(cache, [file], running_builds.moment(cache)))
    build.end()
    assert list(running_builds.remove(cache, [file], running_builds.moment(cache))) == [file]
    assert not file.exists()


def test_nothing_is_removed_once_a_build_has_run_since_it_was_found(cache, output, tmp_path):
    (tmp_path / "file").touch()
    before = running_builds.moment(cache)
    time.sleep(0.02)  # the tick of a file system's clock, which a build outlasts
    build = RunningBuild(cache, output)
    build.begin()
    build.end()

    with pytest.raises(Busy, match="meanwhile"):
        list(running_builds.remove(cache, [tmp_path / "file"], before))
    assert (tmp_path / "file").exists()


def test_a_build_that_begins_while_much_is_removed_ends_that(cache, output, tmp_path):
    many = [tmp_path / str(number) for number in range(30_000)]
    build = RunningBuild(cache, output)
    removing = running_builds.remove(cache, many, running_builds.moment(cache))
    next(removing)

    waiting = threading.Thread(target=build.begin)
    waiting.start()
    with pytest.raises(Busy):
        for _ in removing:
            pass
    waiting.join()


def test_a_build_without_a_cache_to_write_to_goes_on(output, tmp_path):
    (tmp_path / "file").touch()
    build = RunningBuild(tmp_path / "file" / "cache", output)

    build.begin()
    build.end()
