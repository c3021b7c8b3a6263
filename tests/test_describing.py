"""Which photos lack alternative text, and what is said about one."""

from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOON, a_photo, an_album
from pelican_photos.describing import (
    LONGEST,
    Wanted,
    checked,
    draft_of,
    is_machines,
    left,
    listed,
    remark_on,
    seen_in,
    undescribed,
)
from pelican_photos.errors import SettingsError


def slugs(*pages, **wanted) -> list[str]:
    stored = [(Path(f"{page.slug}.md"), page) for page in pages]
    return [each.photo.slug for each in undescribed(stored, Wanted(**wanted))]


ALBUM = [
    an_album("trip", published=NOON, content="Three days\\.\n\nMore\\."),
    a_photo("trip-2", album="trip", position=2),
    a_photo("trip-10", album="trip", position=10),
    a_photo("trip-1", album="trip", position=1),
]


def test_photos_without_text_come_newest_first_and_an_albums_in_its_order():
    newer = a_photo("newer", published=NOON + timedelta(days=1))
    older = a_photo("older", published=NOON - timedelta(days=1))

    assert slugs(older, *ALBUM, newer, a_photo("told", alt="Boats")) == [
        *("newer", "trip-1", "trip-2", "trip-10", "older"),
    ]


def test_a_year_and_a_number_narrow_the_list():
    pages = [a_photo(f"p{n}", published=NOON - timedelta(days=200 * n)) for n in range(4)]

    assert slugs(*pages, year=2023) == ["p1", "p2"]
    assert slugs(*pages, limit=1) == ["p0"]
    assert slugs(*pages, year=2023, limit=1) == ["p1"]


def test_somebody_elses_private_photo_needs_no_text():
    assert slugs(a_photo("saved", owner="bob", status="hidden")) == []
    assert slugs(a_photo("saved", owner="bob", status="published")) == ["saved"]


def test_a_photo_of_an_album_brings_the_albums_caption():
    stored = [(Path(f"{page.slug}.md"), page) for page in ALBUM]

    assert {each.said for each in undescribed(stored)} == {"Three days."}


@pytest.mark.parametrize(
    ("said", "draft"),
    [
        ("Photo by Ana on May 12, 2024. May be an image of boats and sky.", "Boats and sky"),
        ("Photo by Ana in Lisboa. May be a closeup of flowers", "Flowers"),
        ("May be a black-and-white image of 1 person", "1 person"),
        ("Image may contain: ocean, outdoor", "Ocean, outdoor"),
        (
            "Foto von Ana. Könnte ein Bild von Booten sein.",
            "Foto von Ana. Könnte ein Bild von Booten sein",
        ),
        ("Photo shared by Ana on May 12, 2024", ""),
        ("", ""),
    ],
)
def test_the_draft_is_what_can_be_seen(said, draft):
    assert draft_of(said) == draft


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Photo by Ana in Lisboa with @bob. May be an image of boats.", "Boats"),
        ("Foto von Ana in Lisboa. Könnte ein Bild von Booten sein.", ""),
        ("Photo by Ana in Lisboa with @bob.smith.", ""),
    ],
)
def test_what_is_surely_seen_names_nobody_and_no_place(said, seen):
    assert seen_in(said) == seen


def test_words_that_are_a_machines_are_known_as_such():
    auto = "May be an image of boats."

    assert is_machines(a_photo(alt="Boats", alt_auto=auto))
    assert is_machines(a_photo(alt=auto, alt_auto=auto))
    assert not is_machines(a_photo(alt="Three boats", alt_auto=auto))
    assert not is_machines(a_photo(alt="", alt_auto=auto))


def test_a_text_is_one_line_without_needless_spaces():
    assert checked("  Three   boats\u0007 ") == "Three boats"
    assert len(checked("x" * LONGEST)) == LONGEST


@pytest.mark.parametrize("text", ["", "   ", "a\nb", "a\rb", "a\u2028b", "x" * (LONGEST + 1)])
def test_what_no_page_can_hold_is_refused(text):
    with pytest.raises(SettingsError, match="an alternative text"):
        checked(text)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("IMG_1234.jpg", "name of a file"),
        ("DSC00123", "name of a file"),
        ("boats at dusk.png", ""),
        ("2024-05-12-boats", "name of a file"),
        ("Boats!", "the caption again"),
        ("Photo of boats", "begin with what can be seen"),
        ("Three boats", ""),
    ],
)
def test_what_could_be_better_is_remarked_on(text, remark):
    said = remark_on(text, a_photo(), said="boats!")

    assert remark in said
    assert bool(said) == bool(remark)


def test_a_line_for_other_programs_has_its_parts_between_tabs():
    [each] = undescribed([(Path("a.md"), a_photo("a", alt_auto="May be an image of\tboats"))])

    assert listed(each, "content/a.jpg", "/photos/a/") == "a\tcontent/a.jpg\t/photos/a/\tBoats"


def test_what_is_left_is_counted():
    assert left(0) == "every photo has an alternative text"
    assert left(1) == "1 photo without alternative text"
    assert left(1204) == "1,204 photos without alternative text"
