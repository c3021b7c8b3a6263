"""A watch, by a clock of its own."""

import io
import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from builders import NOON, a_photo
from pelican_photos import atomic
from pelican_photos.errors import (
    Busy,
    CheckpointNeeded,
    LoginNeeded,
    PhotosError,
    PublishError,
    RateLimited,
    SettingsError,
    SourceError,
)
from pelican_photos.library import Library
from pelican_photos.report import Report
from pelican_photos.settings import settings_of
from pelican_photos.terminal import Display
from pelican_photos.watch_command import Watch, watch, watch_once
from pelican_photos.watch_state import read_state

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Scene:
    """A site, a clock, and answers that looks and publishes give; the last one ends the watch."""

    def __init__(self, root: Path, *, terminal: bool = False) -> None:
        self.settings = settings_of({}, root, {})
        self.clock = NOON
        self.looks: list = []  # pages that a look brings, what it raises, or what it does
        self.follows: list = []  # what each publish raises; None: it is done
        self.looked: list = []  # when
        self.followed: list = []
        self.jumps: list[timedelta] = []  # what a sleep does to the clock instead of its work
        self.naps: set[float] = set()  # seconds
        self.text = io.StringIO()
        console = Console(file=self.text, width=200, force_terminal=terminal, color_system=None)
        self.display = Display(console)

    def add(self, *pages) -> None:
        library = Library(self.settings.content, "photos")
        for page in pages:
            library.add(page)

    def look(self, _: Display) -> Report:
        if not self.looks:
            raise KeyboardInterrupt
        self.looked.append(self.clock)
        brought = self.looks.pop(0)
        if isinstance(brought, Exception):
            raise brought
        if callable(brought):
            return brought()
        self.add(*brought)
        report = Report()
        for page in brought or (a_photo("known"),):
            report.add(page.uid, "new" if brought else "unchanged")
        return report

    def follow(self, _: Display) -> int:
        self.followed.append(self.clock)
        ending = self.follows.pop(0) if self.follows else 0
        if isinstance(ending, Exception):
            raise ending
        return ending

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 60
        self.naps.add(seconds)
        self.clock += self.jumps.pop() if self.jumps else timedelta(seconds=seconds)

    def job(self, *, follows: bool = True) -> Watch:
        return Watch(
            settings=self.settings,
            look=self.look,
            follow=self.follow if follows else None,
            now=lambda: self.clock,
            sleep=self.sleep,
        )

    def watch(self, *looks, follows: bool = True) -> list[timedelta]:
        """Watch until the looks are used up; gives the time from each to the next."""
        self.looks = list(looks)
        with pytest.raises(KeyboardInterrupt):
            watch(self.job(follows=follows), self.display)
        ends = [*self.looked, self.clock]
        return [after - before for before, after in pairwise(ends)]

    def once(self, *looks) -> int:
        self.looks = list(looks)
        return watch_once(self.job(), self.display)

    @property
    def said(self) -> list[str]:
        return self.text.getvalue().splitlines()


@pytest.fixture
def scene(tmp_path) -> Scene:
    return Scene(tmp_path)


def photos(count: int, start: int = 0):
    return tuple(a_photo(f"p{n}", uid=f"x:{n}") for n in range(start, start + count))


def test_the_pace_is_chosen_anew_at_each_look(scene):
    waits = scene.watch((), photos(2), photos(2, 2), photos(3, 4), ())

    assert waits == [DAY, 6 * HOUR, HOUR, 15 * MINUTE, 15 * MINUTE]
    assert len(scene.said) == 5
    assert scene.said[0].startswith("1 post: 1 unchanged; next look at ")
    assert scene.said[0].endswith("(once a day)")
    assert "2 posts: 2 new; the site follows; next look at" in scene.said[1]


def test_errors_in_a_row_demote_and_a_success_is_judged_afresh(scene):
    scene.add(*photos(9))
    trouble = SourceError("Instagram has trouble of its own (503): go on later")

    waits = scene.watch((), trouble, trouble, trouble, trouble, ())

    assert waits == [15 * MINUTE, HOUR, 6 * HOUR, DAY, DAY, 15 * MINUTE]
    assert scene.said[1].startswith(f"{trouble}; next look at")


@pytest.mark.parametrize("kind", [LoginNeeded, CheckpointNeeded, SettingsError])
def test_what_only_the_owner_can_mend_is_said_once_a_day(scene, kind):
    scene.add(*photos(9))

    waits = scene.watch(kind("make a new session"), kind("make a new session"), ())

    assert waits == [DAY, DAY, 15 * MINUTE]
    assert [line.partition(";")[0] for line in scene.said[:2]] == ["make a new session"] * 2


def test_a_pause_that_was_asked_for_is_kept_and_said_without_options_of_an_import(scene):
    scene.add(*photos(9))
    asked = RateLimited("run again after 15:00, or with --wait", NOON + 3 * HOUR)
    asked.__cause__ = RateLimited("run again after 15:00")

    waits = scene.watch(asked, ())

    assert waits == [3 * HOUR, 15 * MINUTE]
    assert scene.said[0].startswith("run again after 15:00; next look")


def test_another_import_is_no_error_and_waited_for_a_minute(scene):
    scene.add(*photos(9))

    waits = scene.watch(Busy("an import is already running here"), Busy("still"), ())

    assert waits == [MINUTE, MINUTE, 15 * MINUTE]
    assert scene.followed == []
    assert read_state(scene.settings.state / "watch.json").errors == 0


def test_what_came_before_an_error_is_published_too(scene):
    def brings_some_and_fails():
        scene.add(*photos(1))
        raise SourceError("Instagram stopped")

    scene.watch(brings_some_and_fails)

    assert scene.followed == [NOON]
    assert scene.said[0].startswith("the site follows; Instagram stopped; next look")


def test_a_publish_that_failed_is_tried_again_though_nothing_is_new(scene):
    scene.follows = [PublishError("the bucket refused"), PublishError("again"), 0]

    scene.watch(photos(1), (), (), ())

    assert scene.followed == [NOON, NOON + DAY, NOON + 2 * DAY]
    assert "the bucket refused" in scene.said[0]
    assert "the site follows" in scene.said[2]
    assert "follows" not in scene.said[3]


def test_a_look_that_was_killed_may_have_brought_something(scene):
    scene.watch()  # ends in the middle of its first look

    scene.watch(())

    assert scene.followed == [NOON]


def test_what_no_publish_showed_waits_for_one(scene):
    scene.watch(photos(1), follows=False)
    scene.looked.clear()

    scene.watch(())

    assert len(scene.followed) == 1


def test_a_publish_that_lacks_something_says_so_and_is_not_repeated(scene):
    scene.follows = [1]

    scene.watch(photos(1), ())

    assert len(scene.followed) == 1
    assert "the site follows, but not all of it" in scene.said[0]


def test_once_looks_when_it_is_due_and_else_says_when_it_will_be(scene):
    assert scene.once(()) == 0
    scene.clock += 23 * HOUR
    assert scene.once(()) == 0
    assert scene.looked == [NOON]
    scene.clock += HOUR
    assert scene.once(()) == 0

    assert scene.looked == [NOON, NOON + DAY]
    assert scene.said[1].startswith("It is not time yet: next look at ")


@pytest.mark.parametrize(
    ("error", "status"), [(SettingsError("x"), 2), (LoginNeeded("x"), 1), (SourceError("x"), 1)]
)
def test_once_ends_with_the_status_of_its_error_and_remembers_it(scene, error, status):
    with pytest.raises(type(error)) as raised:
        scene.once(error)

    assert raised.value.exit_status == status
    state = read_state(scene.settings.state / "watch.json")
    assert (state.errors, state.next_check) == (1, NOON + DAY)


def test_once_ends_well_while_another_import_runs(scene):
    assert scene.once(Busy("an import is already running here")) == 0


def test_once_says_when_something_is_missing(scene):
    scene.follows = [1]

    assert scene.once(photos(1)) == 1


def test_a_second_watch_is_refused(scene):
    scene.settings.state.mkdir()
    with (
        atomic.lock(scene.settings.state / "watch.lock", "a watch"),
        pytest.raises(Busy, match="a watch is already running here"),
    ):
        scene.once(())

    assert scene.looked == []


def test_a_clock_that_is_put_back_stalls_a_watch_for_one_wait_only(scene):
    scene.add(*photos(9))
    scene.jumps = [-10 * DAY]

    scene.watch((), ())

    # After the jump the photos lie in the future: the next pace is the slowest.
    assert scene.looked == [NOON, NOON - 10 * DAY + 15 * MINUTE]


def test_on_a_terminal_the_wait_is_counted_down(tmp_path):
    scene = Scene(tmp_path, terminal=True)
    scene.add(*photos(9))

    scene.watch(())

    assert scene.naps == {1.0}
    assert "(every 15 minutes), in 0:" in scene.text.getvalue()


def test_a_state_that_cannot_be_written_ends_the_watch_instead_of_looking_all_the_time(scene):
    (scene.settings.state / "watch.json").mkdir(parents=True)
    (scene.settings.state / "watch.json" / "x").touch()

    with pytest.raises(PhotosError, match=r"watch\.json cannot be written"):
        scene.once(())


def test_the_state_is_readable(scene):
    scene.once(photos(2))

    assert json.loads((scene.settings.state / "watch.json").read_text()) == {
        "last_check": "2024-05-12T12:00:00+00:00",
        "next_check": "2024-05-12T18:00:00+00:00",
        "tier": "SIX_HOURLY",
        "errors": 0,
        "behind": False,
    }
