"""What a watch remembers, and how it takes a clock that jumps."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.cadence import Tier
from pelican_photos.watch_state import State, read_state, write_state

NOON = datetime(2024, 5, 12, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLANNED = State(last_check=NOON, next_check=NOON + HOUR, tier=Tier.HOURLY, errors=2, behind=True)


def test_a_state_comes_back_as_it_was_written(tmp_path):
    write_state(tmp_path / ".photos" / "watch.json", PLANNED)

    assert read_state(tmp_path / ".photos" / "watch.json") == PLANNED
    assert (tmp_path / ".photos" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("errors", ["2", -1, 1e999])
def test_a_number_of_another_kind_is_taken_as_far_as_it_goes(tmp_path, errors):
    file = tmp_path / "watch.json"
    write_state(file, PLANNED)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"errors": errors}))

    assert read_state(file).errors in (0, 2)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "{}", "[" * 100_000),
        '{"last_check": "2024-05-12", "next_check": "x"}',
        '{"last_check": 1, "next_check": 2, "tier": "HOURLY", "errors": 0, "behind": false}',
    ],
)
def test_a_broken_or_missing_file_is_as_none(tmp_path, text):
    assert read_state(tmp_path / "watch.json") == State()
    (tmp_path / "watch.json").write_text(text)
    assert read_state(tmp_path / "watch.json") == State()
    (tmp_path / "watch.json").write_bytes(b"\xff\xfe")
    assert read_state(tmp_path / "watch.json") == State()


@pytest.mark.parametrize("years", [-3, 3])
def test_a_look_that_nobody_can_have_planned_is_due(tmp_path, years):
    file = tmp_path / "watch.json"
    far = NOON.replace(year=NOON.year + years)
    write_state(file, State(last_check=NOON, next_check=far, behind=True))

    assert read_state(file).wait(NOON) == timedelta(0)
    assert read_state(file).behind


def test_without_a_state_a_look_is_due():
    assert State().wait(NOON) == timedelta(0)


@given(st.timedeltas(-timedelta(days=4000), timedelta(days=4000)))
def test_a_clock_that_was_set_stalls_nothing_for_longer_than_was_planned(jump):
    now = NOON + jump
    state = PLANNED if now >= NOON else PLANNED.restarted(now)

    assert timedelta(0) <= state.wait(now) <= HOUR
    assert state.wait(now + HOUR) == timedelta(0)
    assert (state.tier, state.errors, state.behind) == (Tier.HOURLY, 2, True)
