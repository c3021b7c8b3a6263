"""Whose renditions are made first."""

from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath

from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_photo, an_album
from pelican_photos.plugin.precedence import by_precedence


def photo(slug, days_ago, album="", position=0):
    published = NOON - timedelta(days=days_ago)
    return a_photo(slug, published=published, album=album, position=position)


def album(slug, days_ago, cover=1):
    return an_album(slug, published=NOON - timedelta(days=days_ago), cover=cover)


def filed(*pages):
    return [(PurePath(f"{page.published.year}/{page.slug}.md"), page) for page in pages]


def slugs(*pages):
    return [page.slug for _, page in by_precedence(filed(*pages))]


def test_the_newest_photos_come_first():
    assert slugs(photo("old", 9), photo("new", 1), photo("middle", 5)) == ["new", "middle", "old"]


def test_covers_come_in_their_turn_and_the_rest_of_the_albums_last():
    pages = (
        album("trip", 1, cover=2),
        *(photo(f"trip-{number}", 1, "trip", number) for number in (1, 2, 3)),
        photo("new", 0),
        photo("old", 9),
        album("walk", 5),
        *(photo(f"walk-{number}", 5, "walk", number) for number in (2, 1)),
    )

    assert slugs(*pages) == ["new", "trip-2", "walk-1", "old", "trip-1", "trip-3", "walk-2"]


def test_an_album_without_its_cover_shows_the_first_of_its_photos():
    pages = (
        album("trip", 1, cover=7),
        photo("trip-3", 1, "trip", 3),
        photo("trip-2", 1, "trip", 2),
    )

    assert slugs(*pages) == ["trip-2", "trip-3"]


def test_what_no_list_shows_comes_last():
    hidden, draft = (replace(photo(name, 0), status=name) for name in ("hidden", "draft"))

    assert slugs(hidden, draft, photo("old", 9)) == ["old", "draft", "hidden"]


def test_photos_of_an_album_that_has_no_page_come_last_as_no_list_shows_them():
    assert slugs(photo("lost-1", 0, "lost", 1), photo("old", 9)) == ["old", "lost-1"]


PAGES = st.lists(
    st.one_of(
        st.builds(album, st.sampled_from("ab"), st.integers(0, 9), st.integers(1, 3)),
        st.builds(
            photo,
            st.text("xyz", min_size=1, max_size=3),
            st.integers(0, 9),
            st.sampled_from(["", "a", "b", "c"]),
            st.integers(0, 3),
        ),
    ),
    unique_by=lambda page: page.slug,
)


@given(pages=PAGES)
def test_every_photo_has_its_turn_once(pages):
    expected = sorted(page.slug for page in pages if hasattr(page, "original"))

    assert sorted(slugs(*pages)) == expected
