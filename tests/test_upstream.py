"""What the ledger keeps of upstream's words, and how a later word joins them."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_media, a_post, a_video
from pelican_photos.model import Edition, Location, Person
from pelican_photos.upstream import joined, post_from, upstream_of

POST = a_post(
    media=(
        a_media(alt="Boats", people=(Person(username="bob", x=0.1, y=0.2),), camera="Leica"),
        a_video(2, alt_auto="May be a boat"),
    ),
    location=Location(name="Nazaré", latitude=39.6, longitude=-9.1),
    coauthors=("ana",),
    status="hidden",
)
SILENT = frozenset({"location", "people", "alt", "coauthors"})


def test_a_post_comes_back_from_json_as_it_was_but_for_addresses_and_sizes():
    said = json.loads(json.dumps(upstream_of(POST)))

    back = post_from(POST.uid, said)

    bare = tuple(replace(m, picture="", video="", width=0, height=0) for m in POST.media)
    assert back == replace(POST, media=bare)
    assert said == upstream_of(POST)


def test_neither_addresses_nor_the_place_of_a_camera_are_kept():
    media = a_media(picture="https://cdn/secret", place=Location(latitude=49.0, longitude=8.4))

    said = json.dumps(upstream_of(a_post(media=(media,), raw={"a": 1})))

    assert not [word for word in ("secret", "49.0", "raw") if word in said]


def test_a_source_that_never_speaks_of_something_takes_nothing_away():
    export = replace(POST, location=None, media=tuple(map(a_media, (1, 2))), silent=SILENT)

    after = joined(upstream_of(POST), upstream_of(export), (0, 1), prevails=True)

    assert post_from("x", after).location == POST.location
    assert [m["alt"] for m in after["media"]] == ["Boats", ""]


def test_a_lesser_source_only_adds_what_was_never_spoken_of():
    live = replace(POST, caption="", silent=frozenset({"taken", "camera"}))
    export = replace(POST, media=(a_media(taken="2024"), a_media(2)), caption="Old words")

    after = joined(upstream_of(live), upstream_of(export), (0, 1), prevails=False)

    assert (after["caption"], after["media"][0]["taken"]) == ("", "2024")


def test_a_second_or_two_are_no_news():
    said = upstream_of(POST)
    for shift, news in ((2, False), (5, False), (6, True)):
        later = upstream_of(replace(POST, published=NOON.replace(second=shift)))
        assert (joined(said, later, (0, 1), prevails=True) != said) is news


def test_a_medium_that_left_its_album_keeps_its_words():
    shorter = replace(POST, media=POST.media[1:])

    after = joined(upstream_of(POST), upstream_of(shorter), (None, 0), prevails=True)

    assert after == upstream_of(POST)


def test_editions_are_ordered_by_the_kind_of_source_and_then_by_their_day():
    older, newer = Edition(1, "2024-01-01T00:00:00+00:00"), Edition(1, "2026-01-01T00:00:00+00:00")

    assert Edition() < older < newer < Edition(2) < Edition(3)


@given(st.sets(st.sampled_from(sorted(SILENT))), st.booleans())
def test_joining_the_same_words_again_changes_nothing(silent, prevails):
    said = upstream_of(replace(POST, silent=frozenset(silent)))
    once = joined(upstream_of(POST), said, (0, 1), prevails=prevails)

    assert joined(once, said, (0, 1), prevails=prevails) == once


@pytest.mark.parametrize("status", ["hidden", ""])
def test_who_turns_out_to_be_the_owner_finds_an_own_post_no_longer_hidden(status):
    known = upstream_of(a_post(owner="ana", foreign=True, status="hidden"))
    silent = frozenset() if status else frozenset({"status"})
    said = upstream_of(a_post(owner="ana", status=status, silent=silent))

    whole = joined(known, said, (0,), prevails=True)

    assert (whole["foreign"], whole["status"]) == (False, status)
    assert joined(known, said, (0,), prevails=False)["status"] == "hidden"
