"""A post is known again through another door, or it is not; nothing is guessed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_media, a_post, a_video
from pelican_photos.matching import (
    Features,
    Known,
    Mark,
    Verdict,
    additional,
    aligned,
    caption_digest,
    twins,
)

LOOK, NEAR, FAR = "00ff00ff00ff00ff", "00ff00ff00ff00fc", "ff00ff00ff00ff00"
EXPORTED = "instagram-export:17841400000000001"


def features(uid="instagram:CxYz", **changes):
    values = {
        "uids": (uid,),
        "published": NOON.timestamp(),
        "media_count": 1,
        "caption": caption_digest("Boats at dusk"),
        "names": (),
    }
    return Features(**values | changes)


def exported(**changes):
    return replace(a_post(), uid=EXPORTED, **changes)


def seconds(number):
    return NOON + timedelta(seconds=number)


def found(post, *known, claimed=(), looks=None, look=""):
    looks = looks or {}
    return Known(known).find(post, claimed, lambda: look, lambda uid: looks.get(uid, ""))


def unasked():
    raise AssertionError("no picture had to be looked at")


def test_the_name_of_a_file_decides_whatever_else_differs():
    post = exported(
        caption="Rewritten", published=seconds(9**6), media=(a_media(names=("12_34_56_n",)),)
    )

    known = Known([features(names=("12_34_56_n",)), features("instagram:Other")])

    assert known.find(post, (), unasked, unasked) == Verdict("instagram:CxYz")


@pytest.mark.parametrize(
    ("shift", "caption", "same"),
    [
        (0, "Boats at dusk", True),
        (5, "Boats  at\n dusk ", True),
        (-1199, "Boats at dusk", True),
        (1201, "Boats at dusk", False),
        (0, "Ships at dusk", False),
        (0, "", False),
    ],
)
def test_time_and_caption_decide_where_no_name_does(shift, caption, same):
    verdict = found(exported(published=seconds(shift), caption=caption), features())

    assert verdict == (Verdict("instagram:CxYz") if same else Verdict())


def test_an_album_of_another_size_is_told_where_time_and_words_are_the_same():
    album = replace(a_post(pictures=2), uid=EXPORTED)

    assert found(album, features()) == Verdict(rivals=("instagram:CxYz",))
    assert found(replace(album, published=seconds(9)), features()) == Verdict()
    assert found(replace(album, caption=""), features(caption=0)) == Verdict()


def test_what_an_album_has_besides_is_known_once_all_the_others_are_found():
    assert additional(MARKS[1:3], MEDIA) == (0, 3)
    assert additional(MARKS, MEDIA) == ()
    assert additional((MARKS[0], Mark("", ())), MEDIA) == ()


def test_without_a_caption_pictures_may_not_contradict_the_time():
    post, known = exported(caption=""), features(caption=0)

    assert found(post, known) == Verdict("instagram:CxYz")
    assert found(post, known, look=LOOK, looks={"instagram:CxYz": NEAR}).uid
    assert found(post, known, look=LOOK, looks={"instagram:CxYz": FAR}) == Verdict()


def test_pictures_that_look_alike_decide_where_the_caption_was_rewritten():
    post = exported(caption="Rewritten", published=seconds(1000))

    assert found(post, features(), look=LOOK, looks={"instagram:CxYz": NEAR}).uid
    assert found(post, features(), look=LOOK, looks={"instagram:CxYz": FAR}) == Verdict()


def test_pictures_that_look_alike_decide_where_the_clock_of_an_export_had_no_zone():
    post = exported(published=seconds(40_000))

    assert found(post, features(), look=LOOK, looks={"instagram:CxYz": NEAR}).uid
    assert found(post, features(), look=LOOK, looks={"instagram:CxYz": FAR}) == Verdict()
    late = replace(post, published=seconds(200_000))
    assert found(late, features(), look=LOOK, looks={"instagram:CxYz": NEAR}) == Verdict()


def test_cards_of_one_design_with_other_words_on_other_days_are_other_posts():
    post = exported(caption="Another verse", published=seconds(40_000))

    assert found(post, features(), look=LOOK, looks={"instagram:CxYz": NEAR}) == Verdict()


def test_the_next_picture_of_a_series_with_the_same_words_is_told_and_not_guessed_at():
    later = exported(published=seconds(300))
    looks = {"instagram:CxYz": "00ff00ff00ff0000"}  # eight bits: neither the same nor another

    assert found(later, features(), look=LOOK, looks=looks) == Verdict(rivals=("instagram:CxYz",))
    assert found(exported(), features(), look=LOOK, looks=looks).uid
    assert found(later, features(), look=LOOK, looks={"instagram:CxYz": NEAR}).uid


def test_of_two_that_fit_the_picture_decides():
    known = (features("instagram:A"), features("instagram:B"))
    looks = {"instagram:A": FAR, "instagram:B": NEAR}

    assert found(exported(), *known, look=LOOK, looks=looks) == Verdict("instagram:B")


@pytest.mark.parametrize("look", ["", LOOK])
def test_two_that_fit_equally_well_are_told_and_not_guessed_at(look):
    known = (features("instagram:A"), features("instagram:B"))
    looks = dict.fromkeys(["instagram:A", "instagram:B"], look)

    assert found(exported(), *known, look=look, looks=looks) == Verdict(
        rivals=("instagram:A", "instagram:B")
    )


def test_a_source_gives_each_post_once():
    known = (features("instagram:A"), features("instagram:B"))

    assert found(exported(), *known, claimed={"instagram:A"}) == Verdict("instagram:B")


@pytest.mark.parametrize(
    ("one", "other", "may_be_one"),
    [
        ("instagram:A", "instagram:B", False),
        ("file:aa", "file:bb", False),
        (EXPORTED, "instagram-export:17841400000000002", False),
        # Exports before 2021 name files by their MD5.
        (EXPORTED, "instagram-export:0123456789abcdef0123456789abcdef", True),
        (EXPORTED, "instagram:A", True),
        ("instaloader:2024-05-12_12-00-00_UTC", "instagram:A", True),
    ],
)
def test_two_posts_of_one_door_are_two(one, other, may_be_one):
    assert bool(found(replace(a_post(), uid=one), features(other)).uid) is may_be_one


def test_a_post_known_by_several_uids_is_compared_by_each():
    known = features("instagram:A", uids=("instagram:A", EXPORTED))

    other = replace(a_post(), uid="instagram-export:17841400000000009")
    assert found(other, known) == Verdict()


MEDIA = tuple(a_media(n, id=str(n), names=(f"name{n}",)) for n in range(1, 5))
MARKS = tuple(Mark(media.id, media.names) for media in MEDIA)


@given(st.permutations(range(4)), st.integers(0, 4))
def test_media_are_found_by_their_ids_in_any_order(order, length):
    offered = [MEDIA[i] for i in order[:length]]

    places = aligned(MARKS, offered)

    assert all(offered[p] is MEDIA[i] for i, p in enumerate(places) if p is not None)
    assert sum(place is not None for place in places) == length


@given(st.permutations(range(4)))
def test_media_of_an_export_are_found_by_their_names(order):
    offered = [replace(MEDIA[i], id="") for i in order]

    assert [offered[p].names for p in aligned(MARKS, offered)] == [m.names for m in MEDIA]


def test_media_that_nobody_can_tell_apart_keep_their_places_while_none_is_lost():
    bare = [replace(media, id="", names=()) for media in MEDIA]

    assert aligned(MARKS, bare) == (0, 1, 2, 3)
    assert aligned(MARKS, bare[:3]) == (None, None, None, None)
    assert aligned((Mark("", ()),), [MEDIA[0]]) == (0,)


def test_another_id_in_the_same_place_is_another_medium():
    assert aligned(MARKS[:1], [MEDIA[1]]) == (None,)


def test_the_same_file_twice_in_one_album_is_two_media():
    twice = [a_media(1, id="7", names=("n",)), a_media(2, id="7", names=("n",))]
    marks = [Mark(media.id, media.names) for media in twice]

    assert aligned(marks, twice) == (0, 1)
    assert aligned(marks, twice[1:]) == (0, None)


def test_a_medium_that_is_known_by_its_id_is_not_taken_for_its_neighbour():
    offered = [a_media(1), MEDIA[0]]

    assert aligned((MARKS[0], Mark("", ())), offered) == (1, None)


def test_without_ids_and_names_a_picture_stands_for_a_picture_and_a_film_for_a_film():
    stored = [Mark("", (), kind) for kind in ("image", "video", "image")]
    offered = [a_media(1), a_media(2), a_video(3)]

    assert aligned(stored, offered) == (0, 2, 1)
    assert aligned([Mark("", ())] * 3, offered) == (0, 1, 2)
    assert aligned(stored, [a_video(1), a_video(2), a_media(3)]) == (0, 1, 2)


NAMED = {"names": ("1_2_3_n",)}


@pytest.mark.parametrize(
    ("post", "other", "looks", "are_twins"),
    [
        ({}, {}, (LOOK, NEAR), True),
        ({}, {}, (LOOK, FAR), False),
        ({}, {}, ("", ""), True),
        ({"caption": 0}, {"caption": 0}, ("", ""), False),
        ({"caption": 0}, {"caption": 0}, (LOOK, NEAR), True),
        ({}, {"published": seconds(600).timestamp()}, (LOOK, ""), False),
        ({}, {"published": seconds(600).timestamp()}, (LOOK, NEAR), True),
        ({}, {"published": seconds(1300).timestamp()}, (LOOK, NEAR), False),
        ({}, {"caption": 5}, (LOOK, NEAR), False),
        (NAMED, {"caption": 5} | NAMED, (LOOK, FAR), True),
        ({}, {"media_count": 2}, (LOOK, NEAR), False),
        ({}, {"uids": ("instagram:B",)}, (LOOK, NEAR), False),
    ],
)
def test_two_known_posts_that_are_one_are_found(post, other, looks, are_twins):
    pair = features("instagram:A", **post), features(**{"uids": (EXPORTED,)} | other)
    seen = dict(zip((each.uids[0] for each in pair), looks, strict=True))

    assert [set(found) for found in twins(pair, seen.__getitem__)] == [set(seen)] * are_twins
