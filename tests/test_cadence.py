"""How often a source is looked at."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_photo, an_album
from pelican_photos.cadence import Tier, recent_posts, tier_of

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("recent", "tier", "minutes"),
    [
        (0, Tier.DAILY, 1440),
        (1, Tier.DAILY, 1440),
        (2, Tier.SIX_HOURLY, 360),
        (3, Tier.SIX_HOURLY, 360),
        (4, Tier.HOURLY, 60),
        (6, Tier.HOURLY, 60),
        (7, Tier.QUARTER_HOURLY, 15),
        (70, Tier.QUARTER_HOURLY, 15),
    ],
)
def test_who_publishes_more_is_looked_at_more_often(recent, tier, minutes):
    assert tier_of(recent) is tier
    assert tier.interval == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("recent", "errors", "tier"),
    [
        (9, 1, Tier.HOURLY),
        (9, 2, Tier.SIX_HOURLY),
        (9, 3, Tier.DAILY),
        (9, 99, Tier.DAILY),
        (2, 1, Tier.DAILY),
        (0, 1, Tier.DAILY),
    ],
)
def test_each_error_in_a_row_demotes_by_one_tier(recent, errors, tier):
    assert tier_of(recent, errors) is tier


COUNTS = st.integers(0, 50)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_more_posts_never_mean_fewer_looks_and_more_errors_never_more(few, more, errors, worse):
    few, more = sorted((few, more))
    errors, worse = sorted((errors, worse))

    assert tier_of(more, errors).interval <= tier_of(few, errors).interval
    assert tier_of(few, errors).interval <= tier_of(few, worse).interval


@pytest.mark.parametrize(
    ("age", "counts"),
    [
        (timedelta(0), True),
        (14 * DAY - timedelta(seconds=1), True),
        (14 * DAY, False),
        (-timedelta(seconds=1), False),
    ],
)
def test_the_last_fourteen_days_count(age, counts):
    assert recent_posts([a_photo(published=NOON - age)], NOON) == int(counts)


def test_an_album_is_one_post_with_or_without_its_own_page():
    photos = [a_photo(f"trip-{n}", album="trip", position=n) for n in (1, 2, 3)]

    assert recent_posts([an_album("trip"), *photos], NOON) == 1
    assert recent_posts(photos, NOON) == 1


def test_other_peoples_posts_do_not_count():
    saved = [a_photo("saved", owner="bob"), an_album("theirs", owner="bob")]
    pictures = [a_photo("theirs-1", album="theirs", position=1)]

    assert recent_posts([*saved, *pictures, a_photo("ours")], NOON) == 1


@given(st.lists(st.integers(-3, 20), max_size=20), st.integers(0, 20))
def test_a_further_post_is_counted_once_or_not_at_all(ages, age):
    pages = [a_photo(f"p{n}", published=NOON - days * DAY) for n, days in enumerate(ages)]
    further = a_photo("further", published=NOON - age * DAY)

    assert recent_posts([*pages, further], NOON) - recent_posts(pages, NOON) == int(age < 14)
