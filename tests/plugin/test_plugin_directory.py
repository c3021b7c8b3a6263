"""Many tags on one page."""

from datetime import timedelta
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOON, a_photo
from pelican_photos.plugin.directory import directory_of, initial
from pelican_photos.plugin.entry import Topic
from pelican_photos.plugin.gallery import Rules, gallery_of


def tagged(*posts: tuple[str, ...]):
    pages = [
        a_photo(f"p{number}", tags=tags, published=NOON - timedelta(hours=number))
        for number, tags in enumerate(posts)
    ]
    paired = [(PurePath(page.slug), page) for page in pages]
    return gallery_of(paired, {}, Rules(path="photos")).tagged


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        *(("sea", "S"), ("Sea", "S"), ("école", "E"), ("Ångström", "A"), ("2024", "0–9")),
        *(("яблоко", "Я"), ("ελλάδα", "Ε"), ("海", "Others"), ("🌊", "Others"), ("ßa", "S")),
        *(("_x", "Others"), ("", "Others"), ("½", "0–9")),
    ],
)
def test_a_name_is_found_under_its_letter(name, letter):
    assert initial(name) == letter


def test_a_few_names_are_one_list():
    found = directory_of(tagged(("sea", "boats"), ("sea",)))
    (letter,) = found.letters

    assert found.most_used == ()
    assert [(topic.name, count) for topic, count in letter.topics] == [("boats", 1), ("sea", 2)]
    assert directory_of({}).letters[0].topics == ()


def test_of_many_names_the_most_used_come_first_and_all_of_them_by_letter():
    names = [f"{letter}{number}" for letter in "abc" for number in range(30)]
    found = directory_of(tagged(tuple(names), ("b7", "1st"), ("b7",), ("c3",)))

    assert [(topic.name, count) for topic, count in found.most_used][:3] == [
        *(("b7", 3), ("c3", 2)),
        ("1st", 1),
    ]
    assert len(found.most_used) == 24
    assert [letter.name for letter in found.letters] == ["0–9", "A", "B", "C"]
    assert [len(letter.topics) for letter in found.letters] == [1, 30, 30, 30]


@settings(max_examples=40)
@given(st.lists(st.text("aéZ7海 _я🌊", min_size=1, max_size=4), min_size=1, max_size=9))
def test_every_name_is_listed_once(names):
    many = [f"{name}{number}" for number, name in enumerate(names * 10)]
    topics = {Topic(name=name, slug=name): () for name in sorted(many, key=str.casefold)}
    found = directory_of(topics)
    listed = [topic for letter in found.letters for topic, _ in letter.topics]

    assert sorted(topic.slug for topic in listed) == sorted(topic.slug for topic in topics)
