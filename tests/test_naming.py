"""One name per photo, chosen once and alike on every machine."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_photo, a_post
from pelican_photos import naming


def test_every_name_of_a_photo_comes_from_its_slug_and_date():
    photo = a_photo("2024-05-12-boats")

    assert naming.page_path("photos", photo) == PurePosixPath("photos/2024/2024-05-12-boats.md")
    assert naming.address("photos", photo) == "photos/2024/2024-05-12-boats/"
    assert naming.original_path("photos", photo, photo.original) == PurePosixPath(
        "photos/2024/2024-05-12-boats.jpg"
    )


@pytest.mark.parametrize(
    ("caption", "slug"),
    [
        ("Boats at dusk", "2024-05-12-boats-at-dusk"),
        ("One two three four five six seven", "2024-05-12-one-two-three-four-five-six"),
        ("It's Nazaré!", "2024-05-12-its-nazare"),
        ("海の夕日", "2024-05-12-hai-noxi-ri"),
        ("@bob look #sea", "2024-05-12-look"),
        ("#sea #boats", "2024-05-12-sea-boats"),
        ("../../etc/passwd", "2024-05-12-etc-passwd"),
        ("x" * 300, "2024-05-12-" + "x" * 60),
        ("🌅", "2024-05-12-" + naming.short_hash("instagram:CxYz")),
        ("", "2024-05-12-" + naming.short_hash("instagram:CxYz")),
    ],
)
def test_a_slug_is_the_day_and_six_words(caption, slug):
    assert naming.slug_of(a_post(caption=caption), set()) == slug


def test_a_collision_appends_a_hash_of_the_uid():
    taken = {"2024-05-12-boats-at-dusk"}

    slug = naming.slug_of(a_post(), taken)

    assert slug == f"2024-05-12-boats-at-dusk-{naming.short_hash('instagram:CxYz', 4)}"
    assert naming.slug_of(a_post(), taken) == slug


def test_an_album_takes_no_name_that_one_of_its_photos_would_share():
    taken = {"2024-05-12-boats-at-dusk-2"}

    assert naming.slug_of(a_post(pictures=2), taken) != "2024-05-12-boats-at-dusk"
    assert naming.slug_of(a_post(pictures=1), taken) == "2024-05-12-boats-at-dusk"


def test_the_day_is_that_of_utc():
    assert naming.slug_of(a_post(published=NOON), set()).startswith("2024-05-12-")


@given(st.text())
def test_a_slug_is_safe_in_an_address_a_path_and_a_key(caption):
    slug = naming.slug_of(a_post(caption=caption), set())

    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(slug) <= 80


_TAGS = st.text(min_size=1).filter(str.strip)


@given(_TAGS, _TAGS)
def test_different_tags_never_share_an_address(one, other):
    same = naming.tag_key(one) == naming.tag_key(other)

    assert (naming.tag_slug(one) == naming.tag_slug(other)) == same


@given(_TAGS)
def test_a_tag_is_one_part_of_an_address(tag):
    slug = naming.tag_slug(tag)

    assert slug
    assert not set(slug) & set("/\\.?#%:\n")
    assert len(slug.encode()) <= 120


@pytest.mark.parametrize(
    ("tag", "slug"), [("Sea", "sea"), ("day1", "day1"), ("day12", "day12"), ("Été", "été")]
)
def test_a_plain_tag_is_its_own_address(tag, slug):
    assert naming.tag_slug(tag) == slug


def test_ledger_entries_of_shortcodes_that_differ_by_case_differ_by_more():
    one, other = naming.ledger_name("instagram:AbC"), naming.ledger_name("instagram:aBc")

    assert one.lower() != other.lower()


def test_a_name_that_a_mac_took_apart_is_put_together_again():
    apart = a_photo("cafe\u0301")

    assert naming.address("photos", apart) == "photos/2024/café/"
    assert str(naming.original_path("photos", apart, "cafe\u0301.jpg")) == "photos/2024/café.jpg"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Fern.and.Moss", "fern.and.moss"), ("bob_2", "bob_2"), ("x", "x"), ("ana", "ana")],
)
def test_a_user_name_is_its_own_address(name, slug):
    assert naming.person_slug(name) == slug


@pytest.mark.parametrize(
    "name", ["..", ".hidden", "a/b", "Ana Silva", "con.", "é", "a" * 90, "Index.html"]
)
def test_another_name_is_made_safe(name):
    slug = naming.person_slug(name)

    assert "/" not in slug
    assert slug.strip(".") == slug != ""
    assert slug != "index.html"
