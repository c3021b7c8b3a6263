"""Builds that die, meet or have no room: the next one equals one from nothing, byte for byte."""

import os
import random
import resource
import shutil
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from builders import NOON, a_photo
from fakes.doors import quick_disk
from fakes.killing import killed_after_work
from fakes.site import Site
from pelican_photos.atomic import PARTIAL

PAGES = [a_photo(name, published=NOON - timedelta(days=day)) for day, name in enumerate("abc")]
CHANGED = a_photo("b", published=NOON, width=12, tags=("sea",), alt="Another picture")
ROUNDS = 10
FAILED, NOBODY = 9, 65534


@pytest.fixture
def site(monkeypatch):
    """A site of three photos, without the feed to which Pelican gives the time of day."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1718000000")
    with quick_disk() as folder:
        site = Site(folder / "site", FEED_ALL_ATOM=None, DIRECT_TEMPLATES=["index"])
        site.add(*PAGES)
        yield site


def files(folder: Path) -> dict[str, bytes]:
    found = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def from_nothing(site: Site) -> dict[str, bytes]:
    other = site.folder / "other"
    site.build(OUTPUT_PATH=str(other / "output"), PHOTOS_CACHE="other/cache")
    found = files(other / "output")
    shutil.rmtree(other)
    assert len(found) > 30
    return found


def worked(site: Site) -> float:
    """Build; give the time that it took of the processor."""
    began = time.process_time()
    site.build()
    return time.process_time() - began


@pytest.mark.slow
def test_builds_that_were_killed_at_any_moment_are_completed_by_the_next(site):
    """Each time two are killed, after a change of a page and its picture, or with nothing made."""
    expected = [from_nothing(site)]
    site.add(CHANGED)
    expected.append(from_nothing(site))
    takes, killed = [worked(site), worked(site)], 0  # from nothing, and once more
    for number in range(ROUNDS):
        if number % 3 == 0:
            shutil.rmtree(site.output)
            shutil.rmtree(site.folder / ".cache")
        site.add(CHANGED if number % 2 else PAGES[1])
        moments = [random.uniform(0, takes[number % 3 > 0]) for _ in range(2)]
        killed += sum(killed_after_work(moment, site.build) for moment in moments)

        found = files(site.build().folder)

        wanted = expected[number % 2]
        assert [name for name, text in wanted.items() if found.get(name) != text] == [], moments
        assert found.keys() <= expected[0].keys() | expected[1].keys(), moments
    assert killed > ROUNDS / 2
    kept = (site.folder / ".cache/photos/builds").iterdir()
    assert [file.name for file in kept] == ["door.lock"]


def test_two_builds_at_once_make_the_site_of_one(site):
    expected = from_nothing(site)

    builds = [begun(site), begun(site)]

    assert ended(*builds) == [0, 0]
    assert files(site.output) == expected
    assert files(site.build().folder) == expected


def test_a_build_on_a_full_disk_says_so_and_the_next_is_whole(site):
    expected = from_nothing(site)
    for room in (1, 5_000, 30_000):
        [status] = ended(begun(site, partial(fill, room)))

        assert status == FAILED, room
        assert not [name for name in files(site.folder) if PARTIAL in name], room
    assert files(site.build().folder) == expected


def test_a_cache_that_cannot_be_written_gives_what_it_has(site):
    """Its originals are read again, as their times are new; a page is made, as it is another."""
    expected = files(site.build().folder)
    site.add(*PAGES[:2], replace(PAGES[2], title="Other words"))
    changed = from_nothing(site)
    shutil.rmtree(site.output)
    site.output.mkdir()
    closed(site)

    assert ended(begun(site, become_nobody)) == [0]
    assert files(site.output) == changed != expected
    site.add(CHANGED)
    closed(site)
    assert ended(begun(site, become_nobody)) == [FAILED]


def closed(site: Site) -> None:
    """Let nobody write anything but the output."""
    for folder in (site.folder.parent, site.folder):
        folder.chmod(0o755)
    if os.geteuid() == 0:
        for file in (site.output, *site.output.rglob("*")):
            os.chown(file, NOBODY, NOBODY)
    else:
        for file in (site.folder / ".cache").rglob("*"):
            file.chmod(0o555 if file.is_dir() else 0o444)


def become_nobody() -> None:
    """Give up what root may do, if that is who runs this."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def begun(site: Site, before: Callable[[], object] = bool) -> int:
    """Begin a build in a process of its own; gives its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        before()
        site.build()
        status = 0
    except SystemExit:
        status = FAILED  # with a sentence in the log
    finally:
        if status == 1:
            traceback.print_exc()
        os._exit(status)


def ended(*builds: int) -> list[int]:
    """Wait for builds; gives what they ended with."""
    return [os.waitstatus_to_exitcode(os.waitpid(build, 0)[1]) for build in builds]


def fill(room: int) -> None:
    """Let no file grow beyond so many bytes, as if the disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
