"""The date of a new page: said, taken, or now."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.adding.dates import asked_date, default_date, taken_beside
from pelican_photos.errors import SettingsError

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")
TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("now", "2026-06-01 13:00:00+01:00"),
        ("2024-05-12", "2024-05-12 12:00:00+01:00"),
        ("2024-05-12T18:03", "2024-05-12 18:03:00+01:00"),
        ("2024-05-12 18:03:07+09:00", "2024-05-12 18:03:07+09:00"),
        ("1890-01-01", "1890-01-01 12:00:00-00:36:45"),
    ],
)
def test_a_date_is_read_in_the_site_s_zone(said, date):
    assert str(asked_date(said, NOW, LISBON)) == date


@pytest.mark.parametrize(
    "said", ["yesterday", "", "2024-13-01", "0001-01-01", "9999-12-31", "\x1b"]
)
def test_what_is_no_date_is_refused(said):
    with pytest.raises(SettingsError, match="--date"):
        asked_date(said, NOW, LISBON)


@given(st.text(max_size=30))
def test_any_words_are_a_date_or_refused(words):
    with suppress(SettingsError):
        assert asked_date(words, NOW, LISBON).astimezone(UTC)


def test_a_capture_time_is_taken_with_its_offset_or_in_the_site_s_zone():
    moment = datetime(2024, 5, 12, 18, 3)

    assert default_date([None, moment], NOW, LISBON) == datetime(2024, 5, 12, 17, 3, tzinfo=UTC)
    aware = moment.replace(tzinfo=TOKYO)
    assert default_date([aware], NOW, LISBON) == datetime(2024, 5, 12, 9, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "absurd",
    [
        datetime(1980, 1, 1),
        datetime(1970, 1, 1),
        datetime(1969, 12, 31, 23),
        datetime(1904, 1, 1, tzinfo=UTC),
        datetime(1, 1, 1),
        datetime(9999, 12, 31),
        datetime(2026, 6, 3),
        datetime(2026, 6, 1, 13, tzinfo=UTC),
    ],
)
def test_a_clock_that_was_never_set_or_is_ahead_is_not_believed(absurd):
    assert default_date([absurd], NOW, LISBON) == NOW
    assert taken_beside(absurd, NOW, NOW, LISBON) == ""


def test_a_camera_that_travels_ahead_dates_no_page_into_the_future():
    assert default_date([datetime(2026, 6, 1, 21)], NOW, LISBON) == NOW


def test_a_capture_time_stands_beside_the_date_only_when_it_differs():
    taken = datetime(2024, 5, 12, 18, 3)

    assert taken_beside(taken, NOW, NOW, LISBON) == "2024-05-12 18:03:00"
    assert taken_beside(taken.replace(tzinfo=TOKYO), NOW, NOW, LISBON).endswith("+09:00")
    same = datetime(2024, 5, 12, 17, 3, tzinfo=UTC)
    assert taken_beside(taken, same, NOW, LISBON) == ""
