"""Comments come with their answers, from either endpoint, and never cost a photo."""

from dataclasses import replace

import pytest

from fakes.instagram import FakeInstagram, FakeProfile, Fault
from fakes.instagram_posts import BOB, SOMEONE, a_comment, a_post
from pelican_photos.errors import CheckpointNeeded, CommentsError, LoginNeeded, RateLimited
from pelican_photos.sources.instagram import Instagram

# Instaloader 4.16 makes naive times, which Python 3.12 began to warn of.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:datetime\.datetime\.utcfromtimestamp:DeprecationWarning"
)

FEW = [
    a_comment(
        1, "Lovely <b>light</b> 🌊", likes=4, answers=[a_comment(2, "Thanks", author=SOMEONE)]
    ),
    a_comment(3, "Where?", answers=[a_comment(10 + n) for n in range(4)]),
    a_comment(4),
]
MANY = [
    *[a_comment(n) for n in range(1, 15)],
    a_comment(20, "Well?", answers=[a_comment(21, "Well!", author=SOMEONE)]),
    a_comment(30, "A busy one", answers=[a_comment(40 + n) for n in range(5)]),
]
COMMENTS = [FEW, MANY, [], *[[a_comment(100 + n)] for n in range(4)]]


@pytest.fixture
def instagram(monkeypatch):
    posts = [a_post(9 - n, comments=comments) for n, comments in enumerate(COMMENTS)]
    with FakeInstagram(FakeProfile(SOMEONE, posts)) as fake:
        for name, value in fake.environ.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def told():
    return []


@pytest.fixture
def source(instagram, told):
    with Instagram.open(
        notice=told.append, session=instagram.session_file(), delay=0, pause=lambda _: None
    ) as opened:
        yield opened


def flat(comments):
    return [(comment.id, comment.text, flat(comment.answers)) for comment in comments]


def expected(comments):
    return [(c["pk"], c["text"], expected(c["answers"])) for c in comments]


def test_few_comments_come_with_every_answer(instagram, source):
    post = next(source.posts())
    before = instagram.count("api")
    comments = source.comments(post)

    assert flat(comments) == expected(FEW)
    assert instagram.names()[before:] == ["comments", "answers"]


def test_many_comments_come_from_the_endpoint_for_phones(instagram, source):
    _, post, *_ = source.posts()
    before = instagram.count("api")
    comments = source.comments(post)

    assert flat(comments) == expected(MANY)
    assert instagram.names()[before:] == ["phone comments", "phone comments", "phone answers"]


@pytest.mark.parametrize("index", [0, 1])
def test_a_comment_says_who_wrote_it_and_when(source, index):
    comments = source.comments(list(source.posts())[index])
    first = comments[0]

    assert first.author == BOB.username
    assert first.published.timestamp() == (FEW, MANY)[index][0]["created_at"]
    assert first.likes == (4, 0)[index]
    assert first.published.tzinfo is not None
    assert any(answer.author == "someone" for c in comments for answer in c.answers)


def test_a_post_without_comments_costs_no_request(instagram, source):
    _, _, post, *_ = source.posts()
    before = instagram.count("api")

    assert source.comments(post) == ()
    assert instagram.count("api") == before


def test_an_unknown_number_of_comments_is_asked_for(source):
    post = next(source.posts())

    assert flat(source.comments(replace(post, comment_count=None))) == expected(FEW)


def test_comments_are_found_for_a_post_whose_raw_form_is_unknown(source):
    _, post, *_ = source.posts()

    assert flat(source.comments(replace(post, raw={}))) == expected(MANY)


def test_a_refreshed_post_has_the_same_comments(source):
    few, many, *_ = source.posts()

    assert source.comments(source.refresh(few.uid)) == source.comments(few)
    assert source.comments(source.refresh(many.uid)) == source.comments(many)


def test_anonymously_there_are_no_comments(instagram, told):
    with Instagram.open(
        notice=told.append, profile="someone", delay=0, pause=lambda _: None
    ) as source:
        assert source.comments(next(source.posts())) is None
    assert told == []


@pytest.mark.parametrize("fault", ["403", "404", "500", "null", "odd", "html", "bad_request"])
def test_comments_that_fail_say_so_and_nothing_else_fails(instagram, source, fault):
    few, *_ = source.posts()
    instagram.inject(Fault(fault, part="comments", times=3))

    with pytest.raises(CommentsError):
        source.comments(few)
    instagram.mend()
    assert flat(source.comments(few)) == expected(FEW)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("429", RateLimited), ("401", RateLimited), ("checkpoint", CheckpointNeeded)],
)
def test_what_concerns_the_account_stops_the_run(instagram, source, fault, kind):
    _, many, *_ = source.posts()
    instagram.inject(Fault(fault, part="phone comments", times=0))
    with pytest.raises(kind):
        source.comments(many)


def test_an_expired_session_stops_the_run(instagram, source):
    few, *_ = source.posts()
    instagram.logged_out = True
    with pytest.raises(LoginNeeded, match="has expired"):
        source.comments(few)


def test_an_endpoint_that_alone_asks_to_log_in_does_not_stop_the_run(instagram, source):
    _, many, *_ = source.posts()
    instagram.inject(Fault("login", part="phone comments", times=0))

    with pytest.raises(CommentsError):
        source.comments(many)
