"""Saved posts, through the real Instaloader, against a fake Instagram."""

import pytest

from fakes.instagram import FakeProfile, Fault
from fakes.instagram_posts import BOB, SOMEONE, Account, Item, a_post
from pelican_photos.errors import (
    CheckpointNeeded,
    LoginNeeded,
    MediaExpired,
    RateLimited,
    SourceError,
    SourceOutdated,
)
from pelican_photos.model import Unreadable
from pelican_photos.sources.instagram_saved import SavedPosts

FILM = Item(kind="video")


@pytest.fixture
def bobs(instagram):
    """Thirty posts of Bob's that someone has saved, of every kind, and one post of their own."""
    kinds = ([Item()], [FILM], [Item(), FILM])
    posts = [a_post(50 + n, owner=BOB, items=kinds[n % 3]) for n in range(30)]
    posts[3] = a_post(53, owner=BOB, nameless=True)
    instagram.profiles.append(FakeProfile(BOB, posts))
    instagram.saved = [*posts[:20], instagram.profile.posts[-1], *posts[20:]]
    return posts


def codes(entries):
    return [entry.uid.removeprefix("instagram:") for entry in entries]


def test_every_saved_post_comes_in_the_order_of_saving_whole_and_hidden(instagram, connected, bobs):
    source = SavedPosts(connected())
    posts = list(source.posts())

    assert codes(posts) == [post.code for post in instagram.saved]
    own = instagram.profile.posts[-1].code
    assert {post.uid: post.owner for post in posts if not post.foreign} == {
        f"instagram:{own}": "someone"
    }
    assert all(post.status == "hidden" for post in posts if post.foreign)
    assert all(post.owner == "bob" for post in posts if post.foreign)
    assert source.expected() == 31
    assert source.missing == {}
    for post, saved in zip(posts, instagram.saved, strict=True):
        assert [item.kind for item in post.media] == [
            "video" if item["media_type"] == 2 else "image"
            for item in saved.media["carousel_media"] or [saved.media]
        ]


def test_only_stubs_are_asked_for_one_by_one(instagram, connected, bobs):
    list(SavedPosts(connected()).posts())

    assert instagram.count(part="single post") == 20 + 1  # films and albums; one without a name
    assert instagram.count(part="f883d95537fbcd400f466f63d42bd8a1") == 3  # pages of twelve


def test_a_stub_says_nothing_of_what_it_does_not_hold(instagram, connected, bobs):
    posts = list(SavedPosts(connected()).posts())

    assert {"people", "location", "coauthors", "music"} <= posts[0].silent
    assert "people" not in posts[1].silent


def test_what_is_stored_costs_no_request_and_is_counted(instagram, connected, bobs):
    known = {f"instagram:{post.code}" for post in bobs[:25]}
    source = SavedPosts(connected(), known=known)

    posts = list(source.posts())

    assert not known & {post.uid for post in posts}
    assert len(posts) == 6
    assert source.skipped == {"saved posts that are here already": 25}
    assert instagram.count(part="single post") == 4


def test_pages_are_asked_for_only_when_they_are_needed(instagram, connected, bobs):
    posts = SavedPosts(connected()).posts()
    for _ in range(12):
        next(posts)

    assert instagram.names().count("saved") == 1


def test_without_a_session_there_is_nothing_to_see(instagram, connected):
    source = SavedPosts(connected(anonymous=True, profile="someone"))

    with pytest.raises(LoginNeeded, match=r"only to whoever saved them: .* invoke login"):
        next(source.posts())
    assert instagram.requests == []


def test_the_saved_posts_are_the_sessions_whichever_profile_is_set(instagram, connected, bobs):
    posts = list(SavedPosts(connected(profile="bob")).posts())

    assert len(posts) == 31
    assert not any(post.foreign for post in posts)  # both count as own


def test_a_deleted_one_is_recorded_and_the_others_come(instagram, connected, bobs):
    instagram.deleted.add(bobs[1].code)
    source = SavedPosts(connected())

    assert len(list(source.posts())) == 30
    (address, reason), *more = source.missing.items()
    assert more == []
    assert address == f"https://www.instagram.com/p/{bobs[1].code}/"
    assert "is deleted or private" in reason


def test_a_400_for_one_saved_post_is_about_that_post(instagram, connected, bobs):
    instagram.inject(Fault("bad_request", part=bobs[2].code))
    instagram.inject(Fault("bad_request", part=bobs[7].code))
    source = SavedPosts(connected())

    assert len(list(source.posts())) == 29
    assert [*source.missing] == [
        f"https://www.instagram.com/p/{bobs[number].code}/" for number in (2, 7)
    ]
    assert "(400)" in source.missing[f"https://www.instagram.com/p/{bobs[2].code}/"]


def test_a_400_for_one_after_the_other_is_a_dialect_that_nobody_speaks(instagram, connected, bobs):
    instagram.inject(Fault("bad_request", part="single post", times=0))

    with pytest.raises(SourceOutdated, match=r"\(400\)"):
        list(SavedPosts(connected()).posts())
    assert instagram.count(part="single post") == 3


@pytest.mark.parametrize("part", ["saved", "single post"])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [("429", RateLimited), ("checkpoint", CheckpointNeeded), ("login", LoginNeeded)],
)
@pytest.mark.usefixtures("bobs")
def test_a_refusal_ends_the_run(instagram, connected, fault, kind, part):
    instagram.inject(Fault(fault, part=part))
    source = SavedPosts(connected())

    with pytest.raises(kind):
        list(source.posts())
    assert source.missing == {}


def test_a_list_that_breaks_off_is_no_end(instagram, connected, bobs):
    class Endless(list):
        """Announces more than it shows."""

        def __getitem__(self, key):
            chosen = super().__getitem__(key)
            return [] if isinstance(key, slice) and key.start == 12 else chosen

    instagram.saved = Endless(instagram.saved)

    with pytest.raises(SourceError, match="stopped showing the saved posts after 12"):
        list(SavedPosts(connected()).posts())


def test_nothing_saved_is_nothing(connected):
    source = SavedPosts(connected())

    assert list(source.posts()) == []
    assert source.expected() == 0


def test_a_saved_post_in_an_unknown_form_is_unreadable_and_ends_nothing(instagram, connected, bobs):
    bobs[1].media["image_versions2"] = {"candidates": [{"url": "nowhere"}]}
    entries = list(SavedPosts(connected()).posts())

    (odd,) = [entry for entry in entries if isinstance(entry, Unreadable)]
    assert odd.uid == f"instagram:{bobs[1].code}"
    assert len(entries) == 31


def test_an_expired_picture_comes_after_a_refresh_that_stays_hidden(instagram, connected, bobs):
    instagram.stale.add(bobs[0].code)
    source = SavedPosts(connected())
    post = next(source.posts())
    with pytest.raises(MediaExpired):
        list(source.fetch(post.media[0].picture))

    again = source.refresh(post.uid)

    assert b"".join(source.fetch(again.media[0].picture)) == bobs[0].originals()[0]
    assert (again.foreign, again.status) == (True, "hidden")


def test_comments_are_collected_for_own_posts_only(instagram, connected):
    own = next(post for post in instagram.profile.posts if len(post.comments) == 2)
    foreign = a_post(60, owner=BOB, comments=own.comments)
    instagram.profiles.append(FakeProfile(BOB, [foreign]))
    instagram.saved = [own, foreign]
    source = SavedPosts(connected())
    first, second = source.posts()

    assert len(source.comments(first)) == 2
    assert source.comments(second) is None


def test_an_import_of_saved_posts_goes_on_where_it_was_stopped(
    instagram, connected, bobs, import_from
):
    instagram.inject(Fault("429", part=bobs[8].code))
    with pytest.raises(RateLimited):
        import_from(SavedPosts(connected()), comments=False)

    import_from(SavedPosts(connected()), comments=False)
    third = import_from(SavedPosts(connected()), comments=False)

    assert third.count("unchanged") == 31


def test_a_name_in_capitals_is_the_same_name(instagram, connected, bobs):
    loud = Account(pk=SOMEONE.pk, username="Someone")
    instagram.saved = [a_post(70, owner=loud)]

    (post,) = SavedPosts(connected()).posts()

    assert (post.owner, post.foreign) == ("someone", False)
