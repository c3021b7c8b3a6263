"""A queue of links from an export, worked off against a fake Instagram over several days."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fakes.importing import files
from fakes.instagram import FakeProfile, Fault
from fakes.instagram_posts import BOB, a_post
from pelican_photos.errors import (
    CheckpointNeeded,
    LoginNeeded,
    MediaExpired,
    PostMissing,
    RateLimited,
    SourceError,
    SourceOutdated,
)
from pelican_photos.link_queue import QueueState
from pelican_photos.sources.export_links import Link
from pelican_photos.sources.instagram_queue import LinkQueue

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


class Clock:
    """Stands still until it is turned."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bobs(instagram):
    """Ten posts of Bob's."""
    posts = [a_post(50 + number, owner=BOB) for number in range(10)]
    instagram.profiles.append(FakeProfile(BOB, posts))
    return posts


@pytest.fixture
def links(bobs):
    """A link to each of them, liked one a day, the first one last."""
    return [
        Link(post.code, "bob", NOON - timedelta(days=number)) for number, post in enumerate(bobs)
    ]


@pytest.fixture
def queued(connected, tmp_path, clock):
    """Open the queue as a new run would."""

    def queue(links, *, per_day=200, **options):
        state = QueueState(tmp_path / ".photos", "liked", per_day=per_day, clock=clock)
        return LinkQueue(connected(), links, state=state, **options)

    return queue


def uid(post):
    return f"instagram:{post.code}"


def test_every_post_comes_the_last_liked_first_and_hidden(queued, links, bobs):
    source = queued(links[::-1])
    assert source.expected() == 10

    posts = list(source.posts())

    assert [post.uid for post in posts] == [uid(post) for post in bobs]
    assert {(post.owner, post.foreign, post.status) for post in posts} == {("bob", True, "hidden")}
    assert str(source.left) == "0 links left"


def test_own_posts_are_hidden_too(instagram, queued):
    (post,) = queued([Link(instagram.profile.posts[0].code, "someone", NOON)]).posts()

    assert (post.owner, post.foreign, post.status) == ("someone", True, "hidden")


def test_a_link_without_a_time_comes_last(queued, bobs):
    timeless = Link(bobs[0].code, "bob", None)
    posts = queued([timeless, Link(bobs[1].code, "bob", NOON)]).posts()

    assert [post.uid for post in posts] == [uid(bobs[1]), uid(bobs[0])]


def test_a_post_that_is_linked_twice_or_privately_is_asked_for_once(instagram, queued, bobs):
    code = bobs[0].code
    twice = [Link(code, "bob", NOON), Link(code + "x" * 28, "bob", None), Link("../x", "bob", NOON)]
    source = queued(twice)

    assert len(list(source.posts())) == 1
    assert instagram.count(part="single post") == 1
    assert source.skipped == {"links that lead to no post": 1}


def test_an_owner_whom_instagram_does_not_name_is_whom_the_link_names(queued, bobs):
    bobs[0].media["user"]["username"] = ""
    bobs[0].media["owner"] = None
    (post,) = queued([Link(bobs[0].code, "Bob", NOON)]).posts()

    assert post.owner == "bob"


def test_what_is_stored_costs_no_request(instagram, queued, links, bobs):
    source = queued(links, known={uid(post) for post in bobs[2:]})
    assert source.expected() == 2

    assert [post.uid for post in source.posts()] == [uid(bobs[0]), uid(bobs[1])]
    assert instagram.count(part="single post") == 2
    assert source.skipped == {"links whose posts are here already": 8}


def test_the_budget_ends_a_run_and_opens_a_day_later(instagram, queued, links, bobs, clock):
    source = queued(links, per_day=4)
    assert source.expected() == 4

    assert [post.uid for post in source.posts()] == [uid(post) for post in bobs[:4]]
    assert (source.left.count, source.left.opens) == (6, NOON + timedelta(hours=24))
    assert source.expected() == 4

    known = {uid(post) for post in bobs[:4]}
    clock.now += timedelta(hours=23)
    assert list(queued(links, per_day=4, known=known).posts()) == []
    clock.now += timedelta(hours=1)
    posts = list(queued(links, per_day=4, known=known).posts())
    assert [post.uid for post in posts] == [uid(post) for post in bobs[4:8]]
    assert instagram.count(part="single post") == 8


def test_a_post_that_nobody_took_is_still_left(queued, links):
    source = queued(links)
    posts = source.posts()
    next(posts)
    next(posts)
    posts.close()

    assert source.left.count == 9


def test_a_gone_post_is_noted_and_not_asked_for_again(instagram, queued, links, bobs):
    instagram.deleted |= {bobs[1].code, bobs[4].code}
    first = queued(links)
    assert len(list(first.posts())) == 8
    assert [*first.missing] == [f"https://www.instagram.com/p/{bobs[n].code}/" for n in (1, 4)]
    assert all("is deleted or private" in reason for reason in first.missing.values())
    instagram.mend()

    second = queued(links, known={uid(post) for post in bobs})
    assert list(queued(links[1:2]).posts()) == []
    assert list(second.posts()) == []
    assert instagram.count(part="single post") == 0
    assert queued(links[1:2]).skipped == {"links whose posts were gone before": 1}
    assert queued(links[1:2]).left.count == 0


def test_a_gone_post_is_asked_for_again_when_wished_and_may_be_back(instagram, queued, links, bobs):
    instagram.deleted.add(bobs[1].code)
    list(queued(links[1:2]).posts())
    instagram.deleted.clear()

    assert len(list(queued(links[1:2], again=True).posts())) == 1
    assert len(list(queued(links[1:2]).posts())) == 1  # and so the note is gone, too


def test_a_plain_400_is_a_gone_post_and_three_in_a_row_are_not(instagram, queued, links, bobs):
    instagram.inject(Fault("bad_request", part=bobs[1].code))
    source = queued(links[:3])
    assert len(list(source.posts())) == 2
    assert "(400)" in source.missing[f"https://www.instagram.com/p/{bobs[1].code}/"]

    instagram.inject(Fault("bad_request", part="single post", times=0))
    with pytest.raises(SourceOutdated):
        list(queued(links[3:]).posts())


REFUSALS = {
    "429": RateLimited,
    "401": RateLimited,
    "checkpoint": CheckpointNeeded,
    "login": LoginNeeded,
    "503": SourceError,
}


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_refusal_stops_the_run_and_loses_nothing(instagram, queued, links, bobs, fault):
    instagram.inject(Fault(fault, part=bobs[3].code, times=3))
    source = queued(links, per_day=9)
    with pytest.raises(REFUSALS[fault]):
        list(source.posts())
    assert source.missing == {}
    assert source.left.count == 7
    instagram.mend()

    taken = {uid(post) for post in bobs[:3]}
    again = queued(links, per_day=9, known=taken)
    assert [post.uid for post in again.posts()] == [uid(post) for post in bobs[3:8]]
    assert again.left.count == 2  # the refused request counted as well


def test_a_refresh_counts_and_is_refused_when_the_budget_is_spent(instagram, queued, links, bobs):
    source = queued(links, per_day=2)
    assert source.knows(uid(bobs[0]) + "#2")
    assert not source.knows("instagram:CxYz_12-bCd")
    post = source.refresh(uid(bobs[0]) + "#2")
    assert (post.foreign, post.status) == (True, "hidden")
    source.refresh(uid(bobs[0]))

    assert not source.knows(uid(bobs[0]))
    with pytest.raises(
        SourceError, match=r"PHOTOS_INSTAGRAM_BUDGET .* spent: go on after"
    ) as error:
        source.refresh(uid(bobs[0]))
    assert not isinstance(error.value, RateLimited)
    assert instagram.count(part="single post") == 2


def test_a_refresh_of_a_gone_post_is_missing(instagram, queued, links, bobs):
    instagram.deleted.add(bobs[0].code)
    with pytest.raises(PostMissing):
        queued(links).refresh(uid(bobs[0]))


def test_an_expired_picture_comes_after_a_refresh(instagram, queued, links, bobs):
    source = queued(links)
    post = next(source.posts())
    instagram.expire()
    with pytest.raises(MediaExpired):
        list(source.fetch(post.media[0].picture))

    fresh = source.refresh(post.uid).media[0].picture
    assert b"".join(source.fetch(fresh)) == bobs[0].originals()[0]
    assert source.comments(post) is None


RUN = """
import sys
from datetime import datetime
from pathlib import Path
from fakes.importing import imported
from pelican_photos.ledger import Ledger
from pelican_photos.link_queue import QueueState
from pelican_photos.sources.export_links import Link
from pelican_photos.sources.instagram import Instagram
from pelican_photos.sources.instagram_queue import LinkQueue

site, session, *codes = sys.argv[1:]
links = [Link(code, "bob", None) for code in codes]
known = {entry.uid for entry in Ledger(Path(site, "content", "photos", ".import"))}
state = QueueState(Path(site, ".photos"), "liked", per_day=200)
with Instagram.open(notice=print, session=Path(session), delay=0) as instagram:
    queue = LinkQueue(instagram, links, state=state, known=known)
    print(imported(Path(site, "content"), queue), "|", queue.left)
"""


def run(site, instagram, bobs):
    codes = [post.code for post in bobs]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(site), str(instagram.session_file()), *codes],
        env={
            **os.environ,
            **instagram.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_stopped(instagram, bobs, tmp_path):
    undisturbed, site = tmp_path / "undisturbed", tmp_path / "site"
    for folder in (undisturbed, site):
        (folder / "content").mkdir(parents=True)
    with run(undisturbed, instagram, bobs) as process:
        assert "10 posts: 10 new | 0 links left" in process.communicate(timeout=120)[0]
    instagram.mend()

    for picture in (2, 3, 4):
        instagram.inject(Fault("stall", part=next(iter(bobs[picture].files))))
        with run(site, instagram, bobs) as process:
            assert instagram.wait_for_stall(60)
            process.send_signal(signal.SIGKILL)
            assert "Traceback" not in process.communicate()[1]
    with run(site, instagram, bobs) as process:
        said, wrong = process.communicate(timeout=120)

    assert wrong == ""
    assert "| 0 links left" in said
    assert files(site / "content") == files(undisturbed / "content")
    asked = instagram.count(part="single post")
    assert asked <= 10 + 2 * 3  # a killed one, once more, and what was pending, once more
    spent = QueueState(site / ".photos", "liked", per_day=200)
    assert 200 - spent.budget == asked
