"""One post asked for again, through the real Instaloader, against a fake Instagram."""

import pytest

from fakes.instagram import FakeProfile, Fault
from fakes.instagram_posts import SOMEONE
from fakes.instagram_reading import opened
from pelican_photos.errors import CheckpointNeeded, PostMissing, RateLimited, SourceOutdated


def test_a_refreshed_post_has_fresh_addresses(instagram):
    post = instagram.profile.posts[5]
    instagram.stale.add(post.code)
    with opened(instagram) as source:
        stale = next(p for p in source.posts() if p.uid == f"instagram:{post.code}")
        fresh = source.refresh(f"{stale.uid}#2")

    assert fresh.uid == stale.uid
    assert fresh.published == stale.published
    assert fresh.media[0].picture != stale.media[0].picture


def test_a_refresh_needs_neither_a_session_nor_the_profiles_page(instagram):
    with opened(instagram, anonymous=True) as source:
        source.refresh(f"instagram:{instagram.profile.posts[0].code}")

    assert instagram.names() == ["start page", "single post"]


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_deleted_post_is_missing(instagram, anonymous):
    code = instagram.profile.posts[0].code
    instagram.deleted.add(code)
    with (
        opened(instagram, anonymous=anonymous) as source,
        pytest.raises(PostMissing, match=f"/p/{code}/ is deleted or private"),
    ):
        source.refresh(f"instagram:{code}")


class Confused(FakeProfile):
    """Answers with its second post, whichever is asked for."""

    def post(self, code):
        return self.posts[1]


def test_a_post_that_is_not_found_or_became_another_is_missing(instagram):
    instagram.profiles = [Confused(SOMEONE, instagram.profile.posts)]
    code = instagram.profile.posts[0].code
    instagram.inject(Fault("404", part="single post", times=3))
    with opened(instagram) as source:
        for _ in range(2):
            with pytest.raises(PostMissing, match=code):
                source.refresh(f"instagram:{code}")

    assert instagram.count(part="single post") == 4


@pytest.mark.parametrize(
    ("fault", "kind"), [("429", RateLimited), ("checkpoint", CheckpointNeeded)]
)
def test_a_refusal_of_a_single_post_is_not_its_absence(instagram, fault, kind):
    instagram.inject(Fault(fault, part="single post"))
    with opened(instagram) as source, pytest.raises(kind):
        source.refresh(f"instagram:{instagram.profile.posts[0].code}")


@pytest.mark.parametrize("uid", ["export:123", "instagram:../..", "instagram:", ""])
def test_what_is_no_post_of_instagrams_is_missing_without_a_request(instagram, uid):
    with opened(instagram, anonymous=True) as source, pytest.raises(PostMissing):
        source.refresh(uid)

    assert not instagram.requests


def test_a_start_page_without_tokens_is_no_deleted_post(instagram):
    instagram.inject(Fault("html", part="start page"))
    with (
        opened(instagram, anonymous=True) as source,
        pytest.raises(SourceOutdated, match="upgrade with pip install -U instaloader"),
    ):
        source.refresh(f"instagram:{instagram.profile.posts[0].code}")
