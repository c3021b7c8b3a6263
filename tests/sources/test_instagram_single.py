"""Single posts by their addresses, through the real Instaloader, against a fake Instagram."""

import pytest

from fakes.instagram import FakeProfile, Fault
from fakes.instagram_posts import BOB, SOMEONE, Item, a_post
from pelican_photos.errors import (
    CheckpointNeeded,
    LoginNeeded,
    MediaExpired,
    PostMissing,
    RateLimited,
    SettingsError,
    SourceError,
)
from pelican_photos.model import Unreadable
from pelican_photos.sources.instagram_single import NOBODY_KNOWN, SinglePosts


def of_bob(number=50, **changes):
    return a_post(number, owner=BOB, **changes)


@pytest.fixture
def bobs(instagram):
    """Two posts of Bob's: an album, and a picture that he shared with someone."""
    posts = [of_bob(50, items=[Item(), Item(kind="video")]), of_bob(51, coauthors=[SOMEONE])]
    instagram.profiles.append(FakeProfile(BOB, posts))
    return posts


def address(post, kind="p"):
    return f"https://www.instagram.com/{kind}/{post.code}/?igsh=abc"


def single(connection, *addresses, notice=None):
    return SinglePosts(connection, addresses, notice=notice or (lambda _: None))


def test_an_own_post_is_own_and_costs_one_request_beside_the_login(instagram, connected):
    own = instagram.profile.posts[0]
    source = single(connected(), address(own))
    assert source.expected() == 1

    (post,) = source.posts()

    assert post.uid == f"instagram:{own.code}"
    assert not post.foreign
    assert post.status == ""
    assert instagram.names() == ["own profile", "single post"]


def test_a_post_of_somebody_else_comes_whole_and_hidden(connected, bobs):
    (post,) = single(connected(), address(bobs[0], "reel")).posts()

    assert (post.owner, post.foreign, post.status) == ("bob", True, "hidden")
    assert [item.kind for item in post.media] == ["image", "video"]
    assert "status" not in post.silent


def test_a_post_shared_with_us_is_ours(connected, bobs):
    (post,) = single(connected(), address(bobs[1])).posts()

    assert (post.owner, post.foreign) == ("bob", False)


def test_the_profile_that_is_set_counts_as_own_without_a_session(connected, bobs):
    told = []
    source = single(connected(anonymous=True, profile="Bob"), address(bobs[0]), notice=told.append)

    assert [post.foreign for post in source.posts()] == [False]
    assert told == []


def test_when_nobody_is_known_everything_is_somebody_elses_and_that_is_said(instagram, connected):
    told = []
    connection = connected(anonymous=True, for_links=True)
    source = single(connection, address(instagram.profile.posts[0]), notice=told.append)

    assert [post.foreign for post in source.posts()] == [True]
    assert told == [NOBODY_KNOWN]
    assert instagram.names() == ["start page", "single post"]


def test_a_missing_one_is_noted_with_its_reason_and_the_others_come(instagram, connected):
    first, gone, last = instagram.profile.posts[:3]
    instagram.deleted.add(gone.code)
    source = single(connected(), *map(address, (first, gone, last)))

    assert [post.uid for post in source.posts()] == [
        f"instagram:{first.code}",
        f"instagram:{last.code}",
    ]
    reason = f"https://www.instagram.com/p/{gone.code}/ is deleted or private"
    assert source.missing == {address(gone): reason}


def test_one_post_under_two_addresses_is_asked_for_once(instagram, connected):
    post = instagram.profile.posts[0]
    source = single(connected(), address(post), address(post, "reel"))

    assert len(list(source.posts())) == 1
    assert instagram.count(part="single post") == 1


def test_a_wrong_address_is_refused_before_anything_is_asked(instagram, connected):
    connection = connected(anonymous=True, profile="someone")
    with pytest.raises(SettingsError, match=r"is not on instagram\.com"):
        single(connection, address(instagram.profile.posts[0]), "https://elsewhere.example/p/x/")

    assert instagram.requests == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("429", RateLimited), ("checkpoint", CheckpointNeeded), ("login", LoginNeeded)],
)
def test_a_refusal_ends_the_run_and_is_no_missing_post(instagram, connected, fault, kind):
    source = single(connected(), *map(address, instagram.profile.posts[:3]))
    posts = source.posts()
    next(posts)
    instagram.inject(Fault(fault, part="single post"))

    with pytest.raises(kind):
        next(posts)
    assert source.missing == {}


def test_a_post_in_an_unknown_form_is_unreadable(instagram, connected):
    own = instagram.profile.posts[0]
    own.media["image_versions2"] = None
    (entry,) = single(connected(), address(own)).posts()

    assert isinstance(entry, Unreadable)
    assert entry.uid == f"instagram:{own.code}"


def test_an_expired_picture_is_fetched_after_a_refresh_that_stays_hidden(
    instagram, connected, bobs
):
    source = single(connected(), address(bobs[0]))
    (post,) = source.posts()
    instagram.expire()
    with pytest.raises(MediaExpired):
        list(source.fetch(post.media[0].picture))

    again = source.refresh(post.uid)

    assert b"".join(source.fetch(again.media[0].picture)) == bobs[0].originals()[0]
    assert (again.foreign, again.status) == (True, "hidden")


def test_an_import_stores_each_picture_once(connected, bobs, import_from):
    first = import_from(single(connected(), address(bobs[0])), comments=False)
    second = import_from(single(connected(), address(bobs[0])), comments=False)

    assert str(first) == "1 post: 1 new"
    assert str(second) == "1 post: 1 unchanged"


def test_it_knows_its_own_posts_alone(instagram, connected):
    first, second = instagram.profile.posts[:2]
    source = single(connected(), address(first))

    assert source.knows(f"instagram:{first.code}#2")
    assert not source.knows(f"instagram:{second.code}")
    assert (source.live, source.whole, source.skipped) == (True, False, {})


def test_comments_are_those_of_the_post(instagram, connected):
    talked = next(post for post in instagram.profile.posts if len(post.comments) == 2)
    source = single(connected(), address(talked))
    (post,) = source.posts()

    assert len(source.comments(post)) == 2


SHARE = "https://www.instagram.com/share/reel/BAx-1_?igsh=1"


CANONICAL = '<link rel="canonical" href="https://www.instagram.com/p/CxYz_12-bCd/"'


def shared(instagram, connected, place):
    instagram.shares["BAx-1_"] = place
    return single(connected(anonymous=True, profile="someone"), SHARE)


@pytest.mark.parametrize(
    "form",
    [
        "https://www.instagram.com/reel/{code}/?igsh=1",
        "/p/{code}/",
        "https://instagram.com/share/p/second",
        "https://www.instagram.com/accounts/login/?next=%2Freel%2F{code}%2F",
        "https://www.instagram.com/accounts/login/?next=https%3A%2F%2Fwww.instagram.com%2Fp%2F{code}",
        '<link rel="canonical" href="https://www.instagram.com/someone/reel/{code}/" />',
        '<meta property="og:url" content="https://www.instagram.com/p/{code}/" />',
    ],
)
def test_a_share_link_leads_to_its_post(instagram, connected, form):
    code = instagram.profile.posts[0].code
    instagram.shares["second"] = f"https://www.instagram.com/p/{code}/"
    source = shared(instagram, connected, form.format(code=code))

    (post,) = source.posts()

    assert post.uid == f"instagram:{code}"
    assert source.knows(post.uid)


def test_a_share_link_is_asked_without_the_accounts_cookies(instagram, connected):
    instagram.shares["BAx-1_"] = f"/p/{instagram.profile.posts[0].code}/"
    list(single(connected(), SHARE).posts())

    (asked,) = [request for request in instagram.requests if request.name == "share"]
    assert "cookie" not in asked.headers
    assert "authorization" not in asked.headers


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("https://elsewhere.example/p/CxYz_12-bCd/", "leads away from Instagram"),
        ("http://www.instagram.com/p/CxYz_12-bCd/", "leads away from Instagram"),
        ("https://someone@www.instagram.com/p/CxYz_12-bCd/", "leads away from Instagram"),
        ("//elsewhere.example/", "leads away from Instagram"),
        ("https://www.instagram.com\\@elsewhere.example/", "leads away from Instagram"),
        ("file:///etc/passwd", "leads away from Instagram"),
        ("http://[", "leads nowhere"),
        ("/share/reel/BAx-1_", "leads to no post"),
        ("/someone/", "leads to no post"),
        ("/accounts/login/?next=//elsewhere.example/p/CxYz_12-bCd/", "hides where"),
        ("<title>Instagram</title>", "leads to no post"),
        ("<!--" + "x" * 300_000 + CANONICAL, "leads to no post"),
    ],
)
def test_a_share_link_that_leads_elsewhere_is_not_followed(instagram, connected, place, reason):
    source = shared(instagram, connected, place)

    assert list(source.posts()) == []
    assert reason in source.missing[SHARE]
    assert instagram.count("api") <= 5
    assert instagram.count("cdn") == 0


def test_a_share_link_that_is_gone_says_so(instagram, connected):
    source = single(connected(anonymous=True, profile="someone"), SHARE)

    assert list(source.posts()) == []
    assert "is deleted or private" in source.missing[SHARE]


@pytest.mark.parametrize(
    ("fault", "kind"), [("429", RateLimited), ("503", SourceError), ("reset", SourceError)]
)
def test_a_refusal_of_a_share_link_ends_the_run(instagram, connected, fault, kind):
    source = shared(instagram, connected, "<title>half a page</title>")
    instagram.inject(Fault(fault, part="share", retry_after="60"))

    with pytest.raises(kind) as caught:
        list(source.posts())
    assert "\n" not in str(caught.value)
    assert source.missing == {}
    assert not isinstance(caught.value, PostMissing)


def test_a_share_link_without_a_network_says_so(instagram, connected, monkeypatch):
    source = shared(instagram, connected, "/p/x/")
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with pytest.raises(SourceError, match="Instagram cannot be reached"):
        list(source.posts())
