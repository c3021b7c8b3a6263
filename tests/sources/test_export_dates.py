"""The dates of HTML exports, in the languages of their accounts."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.sources.export_dates import local_time


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Apr 05, 2026 5:31 am", "2026-04-05 05:31"),
        ("Mar 10, 2023, 1:25 PM", "2023-03-10 13:25"),
        ("Mar 10, 2023, 1:25\u202fPM", "2023-03-10 13:25"),
        ("Mar 10, 2023 12:05 am", "2023-03-10 00:05"),
        ("Mar 10, 2023 12:05 pm", "2023-03-10 12:05"),
        ("11 de nov de 2021 03:47", "2021-11-11 03:47"),
        ("11 nov. 2021, 15:47", "2021-11-11 15:47"),
        ("11 août 2021 à 03:47", "2021-08-11 03:47"),
        ("5 févr. 2021, 03:47", "2021-02-05 03:47"),
        ("11 juil. 2021 03:47", "2021-07-11 03:47"),
        ("11 juin 2021 03:47", "2021-06-11 03:47"),
        ("11. März 2021, 03:47", "2021-03-11 03:47"),
        ("11. Dez. 2021, 03:47", "2021-12-11 03:47"),
        ("11.11.2021, 03:47", "2021-11-11 03:47"),
        ("11 mag 2021, 03:47", "2021-05-11 03:47"),
        ("11 giu 2021, 03:47", "2021-06-11 03:47"),
        ("11 mrt. 2021 03:47", "2021-03-11 03:47"),
        ("11 mei 2021 03.47", "2021-05-11 03:47"),
        ("11 sty 2021, 03:47", "2021-01-11 03:47"),
        ("11 paź 2021, 03:47", "2021-10-11 03:47"),
        ("11 Şub 2021 03:47", "2021-02-11 03:47"),
        ("11 Ağu 2021 15:47", "2021-08-11 15:47"),
        ("11 maj 2021 03:47", "2021-05-11 03:47"),
        ("11. okt. 2021 kl. 03:47", "2021-10-11 03:47"),
        ("11 июл. 2021 г., 03:47", "2021-07-11 03:47"),
        ("11 мая 2021 г., 03:47", "2021-05-11 03:47"),
        ("11 лип. 2021 р., 03:47", "2021-07-11 03:47"),
        ("11 Μαΐ 2021, 3:47 μ.μ.", "2021-05-11 15:47"),
        ("2021年11月11日 03:47", "2021-11-11 03:47"),
        ("2021年11月11日 下午3:47", "2021-11-11 15:47"),
        ("2021년 11월 11일 오후 3:47", "2021-11-11 15:47"),
        ("11 thg 11, 2021 03:47", "2021-11-11 03:47"),
        ("13/04/2024 03:47", "2024-04-13 03:47"),
        ("4/13/2024, 3:47 PM", "2024-04-13 15:47"),
        ("2024-04-03 03:47:09", "2024-04-03 03:47"),
        ("4/4/2024 03:47", "2024-04-04 03:47"),
        ("2021. szept. 11. 3:47", "2021-09-11 03:47"),
    ],
)
def test_a_date_is_read_in_many_languages(said, read):
    assert f"{local_time(said):%Y-%m-%d %H:%M}" == read


@pytest.mark.parametrize(
    "said",
    [
        "03/04/2024 03:47",
        "Apr 05, 2026",
        "5:31 am",
        "30 Feb 2024 03:47",
        "Foo 05, 2026 5:31 am",
        "Apr 05, 1970 5:31 am",
        "Apr 05, 2026 25:99",
        "we met on Apr 05, 2026 at 5:31 am and stayed until the lights went out over the bay",
        "",
        "1 2 3",
        "mar. 11 nov. 2021 03:47",
        "11. lip 2021. 03:47",
    ],
)
def test_what_is_no_date_or_could_be_two_is_none(said):
    assert local_time(said) is None


@given(st.text(max_size=80))
def test_no_text_makes_a_traceback(text):
    assert local_time(text) is None or local_time(text).tzinfo is not None


@given(st.datetimes(min_value=datetime(2011, 1, 1)))
def test_every_minute_in_english_is_read(when):
    said = f"{when:%b %d, %Y %I:%M %p}"

    assert f"{local_time(said):%Y-%m-%d %H:%M}" == f"{when:%Y-%m-%d %H:%M}"
