import unicodedata
from collections import Counter

from pelican_photos.demo.pictures import MOTIFS, SIZES
from pelican_photos.demo.posts import read_sample

ACCOUNT, POSTS = read_sample()
DRAWINGS = [drawing for post in POSTS for drawing in post.drawings]
CAPTIONS = [post.caption for post in POSTS]


def test_there_are_forty_posts_of_six_years_newest_first():
    taken = [post.taken for post in POSTS]

    assert len(POSTS) == 40
    assert taken == sorted(taken, reverse=True)
    assert 5 <= taken[0].year - taken[-1].year <= 7
    assert len(set(taken)) == 40


def test_some_posts_are_albums_and_one_mixes_a_video():
    sizes = Counter(len(post.drawings) for post in POSTS)

    assert sum(count for size, count in sizes.items() if size > 1) in (7, 8)
    assert max(sizes) == 10
    assert sum(drawing.is_video for drawing in DRAWINGS) == 2
    assert any(
        drawing.is_video for post in POSTS if len(post.drawings) > 1 for drawing in post.drawings
    )


def test_no_two_pictures_are_alike():
    assert Counter((d.motif, d.mood) for d in DRAWINGS).most_common(1)[0][1] == 1


def test_every_drawing_can_be_drawn():
    assert {drawing.motif for drawing in DRAWINGS} == set(MOTIFS)
    assert {drawing.shape for drawing in DRAWINGS} <= {"", *SIZES}


def test_every_drawing_is_described_by_a_person_or_by_the_machine():
    assert all(bool(drawing.alt) != bool(drawing.auto) for drawing in DRAWINGS)
    assert len({drawing.alt or drawing.auto for drawing in DRAWINGS}) == len(DRAWINGS)


def test_captions_are_of_every_kind():
    text = "".join(CAPTIONS)
    directions = {unicodedata.bidirectional(letter) for letter in text}

    assert "" in CAPTIONS
    assert max(map(len, CAPTIONS)) > 700
    assert {"R", "AL"} <= directions  # Hebrew and Arabic
    assert "雪" in text
    assert "<script>" in text
    assert any(caption.startswith("# ") for caption in CAPTIONS)
    assert any(caption.startswith("1. ") for caption in CAPTIONS)
    assert any(caption.startswith("_") for caption in CAPTIONS)


def test_posts_have_places_people_coauthors_and_answered_comments():
    assert sum(post.place is not None for post in POSTS) >= 12
    assert any(person.x is not None for drawing in DRAWINGS for person in drawing.people)
    assert any(person.x is None for drawing in DRAWINGS for person in drawing.people)
    assert any(post.coauthors for post in POSTS)
    assert any(remark.answers for post in POSTS for remark in post.remarks)


def test_some_pictures_carry_what_must_not_be_published():
    assert any(drawing.metadata.coordinates for drawing in DRAWINGS)
    assert any(drawing.metadata.sideways for drawing in DRAWINGS)
    assert any(drawing.metadata.profile for drawing in DRAWINGS)
