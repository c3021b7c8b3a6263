"""Each way in which Instagram refuses has its own sentence, and its own error."""

import re

import instaloader
import pytest
import requests

from fakes.instagram import FakeInstagram, Fault, sample_profile
from pelican_photos.errors import (
    CheckpointNeeded,
    LoginNeeded,
    RateLimited,
    SourceError,
    SourceOutdated,
)
from pelican_photos.sources.instagram import Instagram
from pelican_photos.sources.instagram_errors import meaning_of

VERSION = re.escape(instaloader.__version__)


@pytest.fixture
def instagram(monkeypatch):
    with FakeInstagram(sample_profile(25)) as fake:
        for name, value in fake.environ.items():
            monkeypatch.setenv(name, value)
        yield fake


def read_all(instagram, *, anonymous=False, told=None, **options):
    """Read a profile to the end, and give what came before an error along with the error."""
    session = None if anonymous else instagram.session_file()
    seen = []
    try:
        with Instagram.open(
            notice=(told if told is not None else []).append,
            profile="someone",
            session=session,
            delay=0,
            pause=lambda _: None,
            **options,
        ) as source:
            for post in source.posts():
                seen.append(post)  # noqa: PERF402 - extend would lose what came before the error
    except SourceError as error:
        return seen, error
    return seen, None


REFUSALS = [
    ("401", 3, RateLimited, "refuses for now"),
    ("403", 3, SourceOutdated, rf"\(403\): upgrade .*{VERSION}"),
    ("404", 3, SourceOutdated, rf"\(404\): upgrade .*{VERSION}"),
    ("429", 1, RateLimited, r"asks to slow down \(429\)"),
    ("500", 3, SourceError, r"trouble of its own \(500\)"),
    ("503", 3, SourceError, r"trouble of its own \(503\)"),
    ("checkpoint", 1, CheckpointNeeded, "open instagram.com in the browser"),
    ("challenge", 1, CheckpointNeeded, "open instagram.com in the browser"),
    ("feedback", 1, CheckpointNeeded, "takes this for a robot"),
    ("bad_request", 1, SourceOutdated, rf"Instaloader {VERSION} \(400\): upgrade"),
    ("login", 1, LoginNeeded, "session has expired"),
    ("null", 1, SourceOutdated, rf"Instaloader {VERSION} does not know: upgrade"),
    ("odd", 1, SourceOutdated, rf"Instaloader {VERSION} does not know: upgrade"),
    ("html", 3, SourceOutdated, "without data: upgrade"),
    ("reset", 3, SourceError, "cannot be reached"),
    ("truncated", 3, SourceError, "cannot be reached"),
    ("empty", 3, SourceOutdated, "without data: upgrade"),
]


@pytest.mark.parametrize(("fault", "times", "kind", "sentence"), REFUSALS)
def test_a_refusal_in_the_middle_says_what_it_is(instagram, fault, times, kind, sentence):
    instagram.inject(Fault(fault, part='"after"', times=times))
    seen, error = read_all(instagram)

    assert type(error) is kind
    assert re.search(sentence, str(error))
    assert len(seen) == 12, "the first page had come"
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("401", RateLimited),
        ("403", SourceOutdated),
        ("429", RateLimited),
        ("503", SourceError),
        ("checkpoint", CheckpointNeeded),
        ("login", LoginNeeded),
        ("null", SourceOutdated),
        ("html", SourceOutdated),
        ("reset", SourceError),
    ],
)
def test_a_refusal_of_the_very_first_request_says_what_it_is(instagram, fault, kind):
    instagram.inject(Fault(fault, api=1, times=0))
    seen, error = read_all(instagram)

    assert (type(error), seen) == (kind, [])


@pytest.mark.parametrize("fault", ["401", "500", "503", "html", "reset", "truncated"])
def test_a_refusal_that_passes_is_not_even_noticed(instagram, fault):
    instagram.inject(Fault(fault, api=6))
    told = []
    seen, error = read_all(instagram, told=told)

    assert (len(seen), error) == (25, None)
    assert told == ["Logged in to Instagram as someone"]


@pytest.mark.parametrize("part", ["profile page", "single post", "start page"])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [("429", RateLimited), ("503", SourceError), ("401", RateLimited), ("login", LoginNeeded)],
)
def test_a_refusal_of_anonymous_reading_says_what_it_is(instagram, part, fault, kind):
    instagram.inject(Fault(fault, part=part, times=0))
    _, error = read_all(instagram, anonymous=True)

    assert type(error) is kind


def test_one_429_ends_the_run_without_another_request(instagram):
    instagram.inject(Fault("429", api=5, times=0))
    read_all(instagram)

    assert instagram.count("api") == 5


@pytest.mark.parametrize("fault", ["429", "401"])
def test_the_time_that_instagram_names_is_kept(instagram, fault):
    instagram.inject(Fault(fault, api=5, times=0, retry_after="3600"))
    _, error = read_all(instagram)

    assert isinstance(error, RateLimited)
    assert error.retry_at is not None
    assert error.retry_at.tzinfo is not None


def test_a_time_that_instagram_does_not_name_is_left_to_the_caller(instagram):
    instagram.inject(Fault("429", api=5))
    _, error = read_all(instagram)

    assert error.retry_at is None


def test_a_rate_limit_may_be_waited_out_and_is_announced(instagram):
    instagram.inject(Fault("429", part='"after"'))
    told = []
    seen, error = read_all(instagram, told=told, wait=True)

    assert (len(seen), error) == (25, None)
    assert told[1] == "Instagram asks to slow down (429)"
    assert re.fullmatch(r"Waiting until \d\d:\d\d:\d\d to stay within Instagram's limits", told[2])


def test_a_429_among_other_refusals_is_a_429(instagram):
    instagram.inject(Fault("503", part='"after"', times=2), Fault("429", part='"after"'))
    _, error = read_all(instagram)

    assert isinstance(error, RateLimited)


def test_no_message_repeats_what_came_from_the_network(instagram):
    for fault, *_ in REFUSALS:
        instagram.mend()
        instagram.inject(Fault(fault, api=5, times=0))
        _, error = read_all(instagram)
        assert not re.search(r"secret|sessionid|csrf|https?://|Please wait|Oops", str(error))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (instaloader.exceptions.LoginException("x"), SourceError),
        (instaloader.exceptions.PostChangedException("x"), SourceError),
        (instaloader.exceptions.ConnectionException("no status at all"), SourceError),
        (requests.exceptions.SSLError("certificate"), SourceError),
        (RecursionError(), SourceOutdated),
        (AssertionError(), SourceOutdated),
    ],
)
def test_whatever_else_instaloader_raises_becomes_one_sentence(error, kind):
    meaning = meaning_of(error)

    assert type(meaning) is kind
    assert str(meaning)


def test_a_profile_named_like_a_refusal_is_no_refusal():
    error = instaloader.exceptions.ConnectionException(
        "500 Oops when accessing https://www.instagram.com/checkpoint_required/"
    )
    assert type(meaning_of(error)) is SourceError
