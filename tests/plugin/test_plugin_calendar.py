"""Bars of months and cells of days."""

from datetime import UTC, datetime
from pathlib import PurePath

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import a_photo
from pelican_photos.plugin.calendar import days_of, years_of
from pelican_photos.plugin.gallery import Rules, gallery_of


def a_gallery(*dates: tuple[int, int, int]):
    pages = [
        a_photo(f"p{number:04}", published=datetime(*date, 12, tzinfo=UTC))
        for number, date in enumerate(dates)
    ]
    return gallery_of([(PurePath(page.slug), page) for page in pages], {}, Rules(path="my photos"))


def test_every_year_has_twelve_bars_of_one_scale():
    newest, oldest = years_of(a_gallery(*[(2024, 5, 1)] * 10, (2022, 5, 1), (2022, 7, 1)))

    assert (newest.year, newest.count, newest.url) == (2024, 10, "my%20photos/2024/")
    assert [bar.share for bar in newest.bars] == [0] * 4 + [100] + [0] * 7
    assert [bar.share for bar in oldest.bars] == [0] * 4 + [10, 0, 10] + [0] * 5
    assert [bar.name for bar in oldest.bars][:2] == ["January", "February"]
    assert oldest.bars[4].url == "my%20photos/2022/05/"
    assert oldest.bars[0].url == ""


def test_a_month_with_one_post_is_seen_beside_one_with_a_thousand():
    (year,) = years_of(a_gallery(*[(2024, 5, 1)] * 1000, (2024, 6, 1)))

    assert year.bars[5].share > 0


def test_a_calendar_has_every_day_of_a_leap_year():
    months = days_of(a_gallery((2023, 2, 28), (2024, 2, 29)))

    assert [len(month.days) for month in months] == [
        *(31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
    ]
    assert months[1].days[28].url == "my%20photos/on-this-day/02-29/"
    assert months[1].days[0].url == ""


def test_days_of_all_years_are_one_and_more_posts_are_darker():
    months = days_of(a_gallery(*((year, 5, 12) for year in range(2016, 2024)), (2020, 5, 13)))
    twelfth, thirteenth, empty = months[4].days[11:14]

    assert (twelfth.count, twelfth.shade) == (8, 4)
    assert (thirteenth.count, thirteenth.shade) == (1, 1)
    assert (empty.count, empty.shade) == (0, 0)


@settings(max_examples=25)
@given(
    st.lists(
        st.dates(datetime(2000, 1, 1).date(), datetime(2030, 12, 31).date()),
        max_size=10,
    )
)
def test_no_post_is_lost_and_no_link_leads_nowhere(dates):
    gallery = a_gallery(*((date.year, date.month, date.day) for date in dates))
    years, months = years_of(gallery), days_of(gallery)
    bars = [bar for year in years for bar in year.bars]
    days = [day for month in months for day in month.days]

    assert sum(bar.count for bar in bars) == sum(day.count for day in days) == len(dates)
    assert all(bool(each.url) == bool(each.count) for each in (*bars, *days))
    assert all(0 <= bar.share <= 100 for bar in bars)
    assert all(0 <= day.shade <= 4 for day in days)
    assert all(bool(day.shade) == bool(day.count) for day in days)
