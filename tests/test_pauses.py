"""When Instagram sends us away, the time to come back survives the process."""

from datetime import UTC, datetime, timedelta

import pytest

from pelican_photos.cadence import back_off
from pelican_photos.errors import RateLimited
from pelican_photos.pauses import Pause

START = datetime(2024, 5, 12, 12, 0, tzinfo=UTC)


def test_pauses_grow_by_half_up_to_a_day():
    minutes = [back_off(refusals) / timedelta(minutes=1) for refusals in (1, 2, 3, 100)]

    assert minutes == [10, 15, 22.5, 24 * 60]


def test_a_refusal_is_remembered_until_its_time_has_come(tmp_path):
    file = tmp_path / "pause.json"
    error = Pause(file, lambda: START).refused(RateLimited("Instagram asks for a pause"))
    assert error.retry_at == START + timedelta(minutes=10)
    assert "run again after" in str(error)

    with pytest.raises(RateLimited):
        Pause(file, lambda: START + timedelta(minutes=9)).check()
    Pause(file, lambda: START + timedelta(minutes=11)).check()


def test_a_second_refusal_waits_longer_and_an_answer_forgets_both(tmp_path):
    pause = Pause(tmp_path / "pause.json", lambda: START)
    pause.refused(RateLimited("x"))
    assert pause.refused(RateLimited("x")).retry_at == START + timedelta(minutes=15)

    pause.clear()

    pause.check()
    assert pause.refused(RateLimited("x")).retry_at == START + timedelta(minutes=10)


def test_what_the_server_says_is_not_undercut(tmp_path):
    pause = Pause(tmp_path / "pause.json", lambda: START)

    error = pause.refused(RateLimited("x", START + timedelta(hours=2)))

    assert error.retry_at == START + timedelta(hours=2)


def test_a_broken_note_costs_one_request_and_no_traceback(tmp_path):
    (tmp_path / "pause.json").write_text("{")

    Pause(tmp_path / "pause.json", lambda: START).check()
