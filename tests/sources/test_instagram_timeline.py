"""Posts that Instaloader stumbles over, and timelines that break off."""

import pytest

from fakes.instagram import FakeInstagram, Fault, sample_profile
from pelican_photos.errors import SourceError, SourceOutdated
from pelican_photos.model import Post, Unreadable
from pelican_photos.sources.instagram import Instagram


@pytest.fixture
def instagram(monkeypatch):
    with FakeInstagram(sample_profile(15)) as fake:
        for name, value in fake.environ.items():
            monkeypatch.setenv(name, value)
        yield fake


def opened(instagram, *, anonymous=False):
    session = None if anonymous else instagram.session_file()
    return Instagram.open(
        notice=lambda _: None,
        profile="someone",
        session=session,
        delay=0,
        pause=lambda _: None,
    )


@pytest.mark.parametrize("key", ["like_count", "has_liked", "user", "caption", "comment_count"])
def test_a_post_that_instaloader_cannot_read_is_read_all_the_same(instagram, key):
    del instagram.profile.posts[3].media[key]
    with opened(instagram) as source:
        posts = list(source.posts())

    assert len(posts) == 15
    assert all(isinstance(post, Post) for post in posts)


@pytest.mark.parametrize(
    "broken",
    [
        {"taken_at": None},
        {"media_type": 99, "image_versions2": None},
        {"image_versions2": {}},
        {"caption": "not an object", "taken_at": {}},
    ],
)
def test_a_post_that_nobody_can_read_is_said_to_be_and_the_next_ones_are_read(instagram, broken):
    instagram.profile.posts[3].media |= broken
    code = instagram.profile.posts[3].code
    with opened(instagram) as source:
        entries = list(source.posts())

    assert [isinstance(entry, Unreadable) for entry in entries] == [i == 3 for i in range(15)]
    assert entries[3].uid == f"instagram:{code}"
    assert entries[3].raw["code"] == code
    assert entries[3].reason


def test_a_node_without_a_shortcode_is_named_by_its_content(instagram):
    instagram.profile.posts[3].media = {"code": None, "surprise": [1]}
    with opened(instagram) as source:
        first, second = (list(source.posts())[3] for _ in range(2))

    assert isinstance(first, Unreadable)
    assert first.uid == second.uid
    assert first.uid.startswith("instagram:unreadable-")
    assert first.raw == {"code": None, "surprise": [1]}


def test_a_post_deleted_while_we_read_anonymously_is_said_to_be(instagram):
    code = instagram.profile.posts[7].code
    instagram.deleted.add(code)
    with opened(instagram, anonymous=True) as source:
        entries = list(source.posts())

    assert len(entries) == 15
    assert entries[7] == Unreadable(uid=f"instagram:{code}", reason="deleted or private")


def test_anonymous_reading_stops_when_nothing_can_be_read_any_more(instagram):
    instagram.inject(Fault("odd", part="single post", times=0))
    with opened(instagram, anonymous=True) as source, pytest.raises(SourceOutdated):
        list(source.posts())

    assert instagram.count(part="single post") == 3


def test_a_timeline_that_breaks_off_is_not_taken_for_complete(instagram):
    instagram.inject(Fault("hollow", part='"after"'))
    with opened(instagram) as source:
        posts = source.posts()
        first_page = [next(posts) for _ in range(12)]
        with pytest.raises(SourceError, match="after 12: go on later"):
            next(posts)

    assert len(first_page) == 12


def test_a_profile_that_shows_none_of_its_posts_is_not_taken_for_empty(instagram):
    with opened(instagram) as source:
        assert source.expected() == 15
        instagram.profile.posts = []
        with pytest.raises(SourceError, match="stopped showing the posts of someone after 0"):
            list(source.posts())


@pytest.mark.parametrize("kind", ["null", "odd"])
@pytest.mark.parametrize("part", ["timeline", '"after"'])
def test_a_page_in_an_unknown_dialect_names_the_version_to_upgrade(instagram, kind, part):
    instagram.inject(Fault(kind, part=part))
    with (
        opened(instagram) as source,
        pytest.raises(SourceOutdated, match=r"Instaloader 4\.\d+.* does not know: upgrade"),
    ):
        list(source.posts())
