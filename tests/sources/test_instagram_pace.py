"""Requests keep a distance, and a wait that a person would notice is announced."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pelican_photos.errors import RateLimited
from pelican_photos.sources.instagram_pace import Polite, QuietContext, retry_time


@pytest.fixture
def told():
    return []


@pytest.fixture
def paused():
    return []


@pytest.fixture
def a_context(told, paused):
    contexts = []

    def make(delay=0.0, *, wait=False):
        contexts.append(
            QuietContext(delay=delay, wait=wait, notice=told.append, pause=paused.append)
        )
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def polite(a_context, told, paused):
    def make(*, wait=False):
        return Polite(a_context(), notice=told.append, pause=paused.append, wait=wait)

    return make


def test_no_delay_is_no_delay(a_context, paused):
    a_context(0.0).do_sleep()

    assert paused == []


def test_a_delay_is_a_mean_and_no_rhythm(a_context, paused):
    context = a_context(2.0)
    for _ in range(2000):
        context.do_sleep()

    assert 1.7 < sum(paused) / len(paused) < 2.3
    assert len({round(seconds, 6) for seconds in paused}) > 1900
    assert max(paused) <= 18


def test_a_short_wait_is_silent(polite, told, paused):
    polite().sleep(4)

    assert (told, paused) == ([], [4])


def test_a_long_wait_is_announced_with_its_end(polite, told, paused):
    polite().sleep(600)

    assert paused == [600]
    end = datetime.now().astimezone() + timedelta(seconds=600)
    assert told[0].startswith(f"Waiting until {end:%H:}") or end.minute == 0


def test_instaloaders_limit_holds_without_any_delay(polite, told, paused):
    controller = polite()
    for _ in range(76):
        controller.wait_before_query("other")

    assert len(paused) == 1
    assert 600 < paused[0] < 700
    assert "to stay within Instagram's limits" in told[0]


def test_a_429_ends_the_run_at_once(polite, paused):
    with pytest.raises(RateLimited, match="slow down"):
        polite().handle_429("other")

    assert paused == []


def test_a_429_is_waited_out_where_that_was_asked_for(polite, told, paused):
    controller = polite(wait=True)
    controller.wait_before_query("other")
    controller.handle_429("other")

    assert told[0] == "Instagram asks to slow down (429)"
    assert 600 < paused[0] < 700


def test_instaloader_prints_nothing(a_context, capfd):
    context = a_context()
    context.error("an error")
    context.log("a line")

    assert capfd.readouterr() == ("", "")


def in_an_hour():
    return datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.parametrize(
    "headers",
    [
        lambda: {"Retry-After": "3600"},
        lambda: {"retry-after": "3600"},
        lambda: {"Retry-After": format_datetime(in_an_hour(), usegmt=True)},
        lambda: {"Retry-After": format_datetime(in_an_hour()).replace("+0000", "-0000")},
    ],
)
def test_the_named_time_is_read(headers):
    assert abs(retry_time(headers()) - in_an_hour()) < timedelta(seconds=60)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "-5",
        "0",
        "1e9",
        "9" * 40,
        "999999999",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 9999 07:28:00 GMT",
        "²",
    ],
)
def test_a_time_that_makes_no_sense_is_no_time(text):
    assert retry_time({"Retry-After": text}) is None


def test_no_header_is_no_time():
    assert retry_time({}) is None
