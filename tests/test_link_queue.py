"""The notes of a queue outlive every run, and count the requests of any 24 hours."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.link_queue import Left, QueueState

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is turned."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def turn(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reopened(tmp_path, clock):
    """Open the notes as a new process would."""

    def reopen(kind="liked", per_day=3):
        return QueueState(tmp_path / ".photos", kind, per_day=per_day, clock=clock)

    return reopen


def test_a_fresh_queue_has_its_whole_budget(reopened):
    state = reopened()

    assert (state.budget, state.opens, dict(state.gone)) == (3, None, {})


def test_the_budget_is_of_any_24_hours_and_survives_a_restart(reopened, clock):
    for _ in range(3):
        reopened().spend()
        clock.turn(hours=1)

    assert reopened().budget == 0
    assert reopened().opens == NOON + timedelta(hours=24)
    clock.now = NOON + timedelta(hours=24)
    assert (reopened().budget, reopened().opens) == (1, None)
    clock.turn(days=2)
    assert reopened().budget == 3


def test_all_queues_share_one_count(reopened):
    reopened("liked").spend()

    assert reopened("saved").budget == 2


def test_a_smaller_budget_opens_when_enough_requests_are_old(reopened, clock):
    for _ in range(3):
        reopened().spend()
        clock.turn(hours=1)

    assert reopened(per_day=1).opens == NOON + timedelta(hours=2 + 24)


def test_what_is_gone_is_remembered_for_its_own_queue(reopened):
    reopened().note_gone("CxYz1", "deleted")
    reopened().note_gone("CxYz2", "private")
    reopened().forget_gone("CxYz1")
    reopened().forget_gone("never seen")

    assert dict(reopened().gone) == {"CxYz2": "private"}
    assert dict(reopened("saved").gone) == {}


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"{",
        b"[]",
        b'{"asked": 5, "gone": []}',
        b'{"asked": [null, "x", "2026-05-12T11:00:00"]}',
    ],
)
def test_a_broken_note_costs_requests_and_nothing_else(tmp_path, reopened, note):
    folder = tmp_path / ".photos"
    folder.mkdir()
    for name in ("queue-liked.json", "queue-requests.json"):
        (folder / name).write_bytes(note)

    state = reopened()

    assert (state.budget, dict(state.gone)) == (3, {})
    state.spend()
    assert reopened().budget == 2


def test_a_time_from_a_clock_that_went_wrong_does_not_block_for_ever(reopened, clock):
    clock.turn(days=4000)
    for _ in range(3):
        reopened().spend()
    clock.now = NOON

    assert reopened().budget == 3


@given(st.lists(st.timedeltas(timedelta(0), timedelta(hours=30)), max_size=12))
def test_no_24_hours_ever_hold_more_than_the_budget(tmp_path_factory, steps):
    clock, made = Clock(), []
    folder = tmp_path_factory.mktemp("queue")
    for step in steps:
        clock.now += step
        state = QueueState(folder, "liked", per_day=3, clock=clock)
        assert (state.opens is None) == (state.budget > 0)
        if state.budget:
            state.spend()
            made.append(clock.now)
    for start in made:
        assert sum(start <= at < start + timedelta(hours=24) for at in made) <= 3


def test_notes_are_plain_json(tmp_path, reopened):
    reopened().note_gone("CxYz1", "deleted")

    note = json.loads((tmp_path / ".photos" / "queue-liked.json").read_text())
    assert note == {"gone": {"CxYz1": "deleted"}}


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (Left(0), "0 links left"),
        (Left(1), "1 link left"),
        (Left(3790, NOON), "3,790 links left, to go on with after "),
    ],
)
def test_what_is_left_is_said_in_half_a_sentence(left, said):
    assert str(left).startswith(said)
    assert ("after" in str(left)) == (left.opens is not None)
