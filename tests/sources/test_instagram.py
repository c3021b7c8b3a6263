"""The live source, through the real Instaloader, against a fake Instagram."""

import json
from dataclasses import replace

import pytest

from fakes.instagram import FakeInstagram, FakeProfile, Fault
from fakes.instagram_posts import BOB, SOMEONE, Account, a_post
from fakes.instagram_reading import opened
from pelican_photos.errors import (
    LoginNeeded,
    ProfileMissing,
    SettingsError,
    SourceError,
    SourceOutdated,
)
from pelican_photos.model import Edition, Post, Unreadable
from pelican_photos.sources.instagram import Instagram


def codes(entries):
    return [entry.uid.removeprefix("instagram:") for entry in entries]


def test_a_session_reads_every_post_of_its_own_profile_in_the_order_of_the_page(instagram):
    told = []
    with opened(instagram, told=told) as source:
        assert source.expected() == 40
        posts = list(source.posts())

    assert codes(posts) == [post.code for post in instagram.profile.posts]
    assert all(isinstance(post, Post) for post in posts)
    assert told == ["Logged in to Instagram as someone"]


def test_forty_posts_cost_one_request_for_each_twelve_and_three_before(instagram):
    with opened(instagram) as source:
        source.expected()
        list(source.posts())

    assert instagram.names() == [
        "own profile",
        "profile details",
        "start page",
        *["timeline"] * 4,
    ]


def test_pages_are_asked_for_only_when_they_are_needed(instagram):
    with opened(instagram) as source:
        posts = source.posts()
        for _ in range(12):
            next(posts)
        posts.close()

    assert instagram.count(part="timeline") == 1


def test_reading_anonymously_gives_the_same_posts_for_one_request_each(instagram):
    with opened(instagram) as source:
        with_session = list(source.posts())
    instagram.mend()
    with opened(instagram, anonymous=True) as source:
        assert source.expected() == 40
        anonymous = list(source.posts())

    def without_addresses(post):
        media = tuple(replace(item, picture="", video="") for item in post.media)
        return replace(post, media=media)

    assert [*map(without_addresses, anonymous)] == [*map(without_addresses, with_session)]
    assert instagram.count(part="single post") == 40
    assert instagram.count("api") == 40 + 2 + 1 + 3  # pages, tokens, and three times twelve


def test_what_instagram_said_is_kept_as_json(instagram):
    with opened(instagram) as source:
        posts = list(source.posts())

    assert all(json.loads(json.dumps(post.raw)) == post.raw for post in posts)
    assert posts[0].raw["pk"] == instagram.profile.posts[0].media["pk"]


def test_a_session_in_instaloaders_own_place_is_found_by_the_profiles_name(instagram):
    instagram.session_file(instagram.own_place)
    with opened(instagram, anonymous=True, profile="@SomeOne") as source:
        next(source.posts())

    assert "own profile" in instagram.names()


def test_another_profile_is_read_with_the_session(instagram):
    other = FakeProfile(BOB, [a_post(1, owner=BOB), a_post(2, owner=BOB)])
    instagram.profiles.append(other)
    with opened(instagram, profile="bob") as source:
        assert source.expected() == 2
        assert codes(source.posts()) == [post.code for post in other.posts]

    assert "profile page" in instagram.names()
    assert "single post" not in instagram.names()


def test_without_a_session_and_without_a_profile_there_is_nothing_to_read():
    with pytest.raises(SettingsError, match="name a profile"):
        Instagram.open(notice=print)


@pytest.mark.parametrize("profile", ["some one", "../etc/passwd", "a" * 31, "é", "a\nb"])
def test_an_impossible_handle_is_refused(profile):
    with pytest.raises(SettingsError, match="no handle of Instagram"):
        Instagram.open(notice=print, profile=profile)


def test_an_expired_session_says_how_to_renew_it(instagram):
    instagram.logged_out = True
    with pytest.raises(LoginNeeded, match=r"has expired: .* invoke login --cookies firefox"):
        opened(instagram)


def test_a_session_that_expires_on_the_way_says_so(instagram):
    with opened(instagram) as source:
        posts = source.posts()
        for _ in range(12):
            next(posts)
        instagram.logged_out = True
        with pytest.raises(LoginNeeded, match="has expired"):
            next(posts)


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_missing_profile_may_also_be_a_hidden_one(instagram, anonymous):
    with (
        opened(instagram, anonymous=anonymous, profile="nobody") as source,
        pytest.raises(ProfileMissing, match="nobody does not exist, or Instagram hides it"),
    ):
        source.expected()


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_private_profile_asks_for_a_followers_session(instagram, anonymous):
    instagram.profiles.append(FakeProfile(BOB, [a_post(1, owner=BOB)], private=True))
    with (
        opened(instagram, anonymous=anonymous, profile="bob") as source,
        pytest.raises(ProfileMissing, match="bob is private"),
    ):
        list(source.posts())


def test_a_followed_private_profile_is_read(instagram):
    profile = FakeProfile(BOB, [a_post(1, owner=BOB)], private=True, followed=True)
    instagram.profiles.append(profile)
    with opened(instagram, profile="bob") as source:
        assert len(list(source.posts())) == 1


def test_a_page_hidden_by_a_login_redirect_is_not_taken_for_an_expired_session(instagram):
    instagram.inject(Fault("login", part="profile page"))
    with (
        opened(instagram, profile="bob") as source,
        pytest.raises(ProfileMissing, match="hides the page of bob from this network"),
    ):
        list(source.posts())


def test_an_anonymous_login_redirect_asks_to_log_in(instagram):
    instagram.inject(Fault("login", part="profile page"))
    with (
        opened(instagram, anonymous=True) as source,
        pytest.raises(LoginNeeded, match="only to somebody who is logged in"),
    ):
        list(source.posts())


def test_without_a_network_that_is_what_it_says(instagram, monkeypatch):
    session = instagram.session_file()
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(SourceError, match="Instagram cannot be reached"):
        opened(instagram, session=session)


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_count_that_instagram_hides_is_unknown_and_does_not_matter(instagram, anonymous):
    instagram.profile.hides_count = True
    with opened(instagram, anonymous=anonymous) as source:
        assert source.expected() is None
        assert len(list(source.posts())) == 40


def test_an_impossible_name_in_the_answer_reaches_no_terminal(monkeypatch):
    strange = Account(username="some\x1b[31mone")
    with FakeInstagram(FakeProfile(strange), account=strange) as instagram:
        for name, value in instagram.environ.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SourceOutdated):
            opened(instagram)


def test_an_interruption_stops_a_retry_too(instagram):
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if instagram.count(part="timeline") == 1:
            raise KeyboardInterrupt

    instagram.inject(Fault("503", part="timeline"))
    session = instagram.session_file()
    with (
        Instagram.open(notice=lambda _: None, session=session, delay=1, pause=pause) as source,
        pytest.raises(KeyboardInterrupt),
    ):
        list(source.posts())
    assert pauses


def test_an_empty_profile_has_no_posts(instagram):
    empty = Account(pk="5", username="empty", full_name="")
    instagram.profiles.append(FakeProfile(empty))
    with opened(instagram, profile="empty") as source:
        assert source.expected() == 0
        assert list(source.posts()) == []


def test_nothing_is_printed_and_nothing_is_written(instagram, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    instagram.inject(Fault("503", part="timeline"))
    with opened(instagram) as source:
        assert len(list(source.posts())) == 40

    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_the_owner_of_a_shared_post_is_its_owner(instagram):
    with opened(instagram) as source:
        shared = next(post for post in source.posts() if "By Bob" in post.caption)

    assert shared.owner == "bob"
    assert shared.coauthors == (SOMEONE.username,)


def test_an_entry_is_never_an_unreadable_one_in_the_sample(instagram):
    with opened(instagram) as source:
        assert not [post for post in source.posts() if isinstance(post, Unreadable)]


def test_the_grid_says_that_a_post_is_not_archived_and_a_single_post_does_not(instagram):
    with opened(instagram) as source:
        shown = next(source.posts())
        alone = source.refresh(shown.uid)

    assert shown.edition == alone.edition == Edition(3)
    assert alone.silent - shown.silent == {"status"}
    assert shown.silent == {"taken", "camera", "place", "subtitles"}
    assert replace(alone, media=(), silent=shown.silent) == replace(shown, media=())


def test_a_file_has_the_same_names_wherever_its_post_is_read(instagram):
    with opened(instagram) as source:
        posts = list(source.posts())
        again = source.refresh(posts[5].uid)

    assert [item.names for item in again.media] == [item.names for item in posts[5].media]
    assert all(item.names for post in posts for item in post.media)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, {"someone"}),
        ({"profile": "Bob"}, {"someone", "bob"}),
        ({"anonymous": True, "profile": "bob"}, {"bob"}),
        ({"anonymous": True, "profile": "", "for_links": True}, set()),
    ],
)
def test_own_is_what_the_session_or_the_profile_says(instagram, options, names):
    with opened(instagram, **options) as source:
        assert source.own_names == names
