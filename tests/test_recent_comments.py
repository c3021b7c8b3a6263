"""Comments of recent posts alone, from a server that speaks Instagram's protocol."""

from datetime import UTC, datetime, timedelta

import pytest

from builders import NOON, a_comment, a_post
from fakes.importing import files, imported
from fakes.instagram import FakeInstagram, Fault, sample_profile
from fakes.instagram_posts import FIRST_DAY
from fakes.instagram_posts import a_comment as upstream_comment
from fakes.source import FakeSource
from pelican_photos.errors import CommentsError, RateLimited
from pelican_photos.ledger import Ledger
from pelican_photos.library import Library
from pelican_photos.recent_comments import refresh_comments
from pelican_photos.report import Report
from pelican_photos.sources.instagram import Instagram
from pelican_photos.storing import Site


def refreshed(photos, source, since, report=None) -> Report:
    library = Library(photos, "photos")
    ledger = Ledger(library.folder / ".import")
    site = Site(library=library, ledger=ledger, raw=photos.parent / "raw")
    report = report or Report()
    refresh_comments(source, site, report, since=since, progress=lambda *_: None)
    return report


@pytest.fixture
def instagram(monkeypatch):
    with FakeInstagram(sample_profile(count=40)) as fake:
        for name, value in fake.environ.items():
            monkeypatch.setenv(name, value)
        yield fake


def opened(instagram, *, anonymous: bool = False):
    session = None if anonymous else instagram.session_file()
    return Instagram.open(
        notice=lambda _: None,
        profile=instagram.account.username,
        session=session,
        delay=0,
        pause=lambda _: None,
    )


def day(number: int) -> datetime:
    """When the sample post of this number was published, less an hour."""
    return datetime.fromtimestamp(FIRST_DAY + number * 86_400 - 3600, UTC)


def say_more(instagram, number: int) -> str:
    """Let somebody comment on the sample post of a day; gives its Uid."""
    (post,) = [
        post
        for post in instagram.profile.posts
        if post.media["taken_at"] == FIRST_DAY + number * 86_400
    ]
    post.comments.append(upstream_comment(900 + number, "Seen late"))
    post.media["comment_count"] += 1
    return f"instagram:{post.code}"


@pytest.fixture
def site(photos, instagram):
    """A content folder with everything of the profile."""
    with opened(instagram) as source:
        imported(photos, source)
    instagram.mend()
    return photos


def test_only_what_was_said_since_is_asked_for_and_nothing_else_is_touched(site, instagram):
    late, older = say_more(instagram, 38), say_more(instagram, 5)
    before = files(site)

    with opened(instagram) as source:
        report = refreshed(site, source, since=day(36))

    after = files(site)
    changed = {name for name in after if after[name] != before.get(name)}
    entry = Ledger(site / "photos" / ".import").get(late)
    assert entry.comment_count == 1
    assert len(changed) == 2
    assert f"photos/2024/{entry.slug}.comments.json" in changed
    assert b"Seen late" in after[f"photos/2024/{entry.slug}.comments.json"]
    assert (report.commented, report.incomplete) == (1, False)
    assert set(report.outcomes.values()) == {"unchanged"}
    assert late in report.outcomes
    assert older not in report.outcomes


def test_a_second_time_nothing_is_asked_for(site, instagram):
    say_more(instagram, 38)
    for _ in range(2):
        instagram.mend()
        with opened(instagram) as source:
            report = refreshed(site, source, since=day(36))

    assert report.commented == 0
    assert [name for name in instagram.names() if "comment" in name] == []
    assert instagram.count("cdn") == 0


def test_the_timeline_is_read_past_pinned_posts_and_no_further_than_needed(site, instagram):
    with opened(instagram) as source:
        report = refreshed(site, source, since=day(30))

    assert len(report.outcomes) == 11
    assert instagram.names().count("timeline") <= 2


def test_a_refusal_is_said_and_stops_the_rest(site, instagram):
    say_more(instagram, 38)
    instagram.inject(Fault("429", part="timeline", times=0))

    with opened(instagram) as source, pytest.raises(RateLimited):
        refreshed(site, source, since=day(36))


def test_a_stranger_is_told_that_comments_are_missing(photos):
    post = a_post(comment_count=1)
    imported(photos, FakeSource(post, comments={post.uid: (a_comment(),)}))
    stranger = FakeSource(a_post(comment_count=2), comments={post.uid: None})

    report = refreshed(photos, stranger, since=NOON)

    assert report.incomplete
    assert report.uncommented[post.uid] == "a fake shows them to no stranger"


def test_what_fails_is_reported_and_the_others_are_refreshed(photos):
    posts = [a_post(f"P{n}", caption=f"Post {n}", comment_count=0) for n in range(3)]
    imported(photos, FakeSource(*posts))
    more = [a_post(f"P{n}", caption=f"Edited {n}", comment_count=1) for n in range(3)]
    said = {"instagram:P0": CommentsError("no answer")} | {
        f"instagram:P{n}": (a_comment(n),) for n in (1, 2)
    }
    pages = {name: data for name, data in files(photos).items() if name.endswith(".md")}

    report = refreshed(photos, FakeSource(*more, comments=said), since=NOON)

    assert report.commented == 2
    assert report.uncommented == {"instagram:P0": "no answer"}
    assert report.incomplete
    assert {n: d for n, d in files(photos).items() if n.endswith(".md")} == pages


def test_posts_that_are_not_on_the_site_are_left_alone(photos):
    imported(photos, FakeSource(a_post("A", caption="A", comment_count=0)))
    (photos / "photos/2024/2024-05-12-a.md").unlink()
    before = files(photos)
    posts = [a_post("A", caption="A", comment_count=1), a_post("B", caption="B", comment_count=1)]

    report = refreshed(photos, FakeSource(*posts), since=NOON - timedelta(days=1))

    assert report.outcomes == {}
    assert files(photos) == before
