"""What people see while renditions are made, and when they stop it."""

import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from builders import NOON, a_photo
from fakes import pictures
from fakes.site import Site
from pelican_photos.plugin.progress import Pace, RenderingProgress, say
from pelican_photos.rendition_cache import Index


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Watched:
    """A progress on a sheet of paper, or on a terminal, and a clock that is set by hand."""

    def __init__(self, *, terminal=False):
        self._paper = io.StringIO()
        self.clock = Clock()
        console = Console(
            file=self._paper, force_terminal=terminal, force_interactive=terminal, width=100
        )
        self.progress = RenderingProgress(console, self.clock)

    def at(self, moment, done, total):
        self.clock.now = moment
        self.progress(done, total)

    @property
    def shown(self):
        return self._paper.getvalue()


# How fast


def test_a_pace_is_what_was_done_in_the_time_it_took():
    pace = Pace(100)
    pace.note(5, 102)

    assert pace.rate() == 2.5
    assert pace.described(80) == "2.5 photos/s, 0:30 left"


def test_a_start_from_the_cache_is_forgotten():
    pace = Pace(0)
    for second in range(1, 4):
        pace.note(300 * second, second)
    for second in range(4, 60):
        pace.note(900 + 2 * (second - 3), second)

    assert pace.rate() == pytest.approx(2)


def test_pictures_that_take_longer_than_the_window_have_a_pace_too():
    pace = Pace(0)
    pace.note(1, 60)
    pace.note(2, 120)

    assert pace.described(62) == "0.0 photos/s, 1:00:00 left"


@pytest.mark.parametrize("moment", [7, 8])
def test_before_anything_is_done_nobody_knows(moment):
    pace = Pace(7)
    pace.note(0, moment)

    assert pace.described(10) == ""


@given(steps=st.lists(st.tuples(st.floats(0, 50), st.integers(0, 40)), min_size=1))
def test_a_pace_is_never_faster_than_the_fastest_nor_negative(steps):
    pace, moment, done = Pace(0), 0.0, 0
    for seconds, more in steps:
        moment, done = moment + seconds + 0.5, done + more
        pace.note(done, moment)

    assert -1e-9 <= pace.rate() <= max(more / (seconds + 0.5) for seconds, more in steps) + 1e-9


# What is said


def test_where_there_is_no_terminal_a_line_says_so_now_and_then():
    watched = Watched()
    with watched.progress:
        for done in range(1, 251):
            watched.at(done / 10, done, 250)

    assert watched.shown.splitlines() == [
        "Rendering photos: 100 of 250, 10.0 photos/s, 0:15 left",
        "Rendering photos: 200 of 250, 10.0 photos/s, 0:05 left",
        "Rendering photos: 250 of 250",
    ]


def test_slow_pictures_are_told_of_every_half_minute():
    watched = Watched()
    with watched.progress:
        for done in range(1, 8):
            watched.at(done * 20, done, 7)

    assert [line[:24] for line in watched.shown.splitlines()] == [
        "Rendering photos: 2 of 7",
        "Rendering photos: 4 of 7",
        "Rendering photos: 6 of 7",
        "Rendering photos: 7 of 7",
    ]


def test_a_terminal_shows_a_bar_with_rate_and_time():
    watched = Watched(terminal=True)
    with watched.progress:
        watched.at(4, 10, 1000)

    assert "10/1000" in watched.shown
    assert "2.5 photos/s, 6:36 left" in watched.shown


def test_nothing_is_shown_when_there_is_nothing_to_do():
    watched = Watched(terminal=True)
    with watched.progress:
        pass

    assert watched.shown == ""


# Stopped


def test_a_stop_says_how_many_are_done_and_ends_with_the_status_of_a_stop():
    watched = Watched()

    def work_until_stopped():
        with watched.progress:
            watched.at(1, 17, 1204)
            raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended:
        work_until_stopped()

    assert ended.value.code == 130
    assert watched.shown == (
        "Stopped: 17 of 1,204 photos are done and stay done; build again to go on\n"
    )


def test_other_errors_are_none_of_its_business():
    watched = Watched()

    with pytest.raises(ValueError, match="something else"), watched.progress:
        raise ValueError("something else")

    assert watched.shown == ""


def test_the_handler_of_sigterm_is_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with Watched().progress:
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_build_that_is_stopped_has_done_the_newest_and_says_so_in_one_line(
    tmp_path, number, status
):
    site = Site(tmp_path)
    ages = [*range(30, 60), *range(30)]
    site.add(*(a_photo(f"photo-{age:02}", published=NOON - timedelta(days=age)) for age in ages))
    content = jpeg(pictures.noise(800, 600))
    for original in site.content.rglob("*.jpg"):
        original.write_bytes(content + original.name.encode())
    build = start_build(site)
    shelf = site.folder / ".cache" / "photos" / "renditions"
    until(lambda: len(list(shelf.rglob("*.webp"))) >= 6)

    build.send_signal(number)
    asked = time.monotonic()
    said, errors = build.communicate(timeout=60)

    assert time.monotonic() - asked < 10  # two photos at most, on however slow a machine
    assert build.returncode == status
    assert [line for line in said.splitlines() if "Stopped" in line] == said.splitlines()[-1:]
    assert "Traceback" not in said + errors
    done = int(said.splitlines()[-1].split()[1])
    kept = sorted(Index(shelf.parent / "index-1.sqlite3").load().originals)
    ages = [int(name.removesuffix(".jpg")[-2:]) for name in kept]
    assert 1 <= done <= len(kept) < 60
    assert ages == list(range(len(ages)))


def jpeg(image):
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def start_build(site):
    (site.folder / "pelicanconf.py").write_text(
        "PLUGINS = ['pelican_photos']\nPATH = 'content'\nTIMEZONE = 'UTC'\nPHOTOS_WORKERS = 1\n"
        "PHOTOS_RENDITIONS = ['600h']\n"
        "SITEURL = ''\nFEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None\n"
        "AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None\n"
    )
    return subprocess.Popen(
        [sys.executable, "-m", "pelican", "-s", "pelicanconf.py"],
        cwd=site.folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(true, patience=60):
    ends = time.monotonic() + patience
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_sentence_is_shown_as_it_is(capsys):
    say("Renditions of 1,000 photos were in [bold]'originals'[/] already")

    assert capsys.readouterr().out == (
        "Renditions of 1,000 photos were in [bold]'originals'[/] already\n"
    )


def test_a_terminal_sees_a_bar_below_pelicans_own_line(tmp_path):
    site = Site(tmp_path)
    site.add(*(a_photo(f"day-{number}", width=600, height=900) for number in range(6)))
    (tmp_path / "pelicanconf.py").write_text(
        "SITENAME = 'A site'\nPATH = 'content'\nTIMEZONE = 'UTC'\nPLUGINS = ['pelican_photos']\n"
    )
    pelican = pexpect.spawn(
        sys.executable, ["-m", "pelican", "-s", "pelicanconf.py"], cwd=str(tmp_path), timeout=60
    )
    pelican.expect("Rendering photos")
    pelican.expect("/6")
    pelican.expect("Done: Processed")
    pelican.expect(pexpect.EOF)
    pelican.close()

    assert pelican.exitstatus == 0
