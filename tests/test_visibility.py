"""Who may see a page is decided once, for the gallery and for the bucket alike."""

from datetime import timedelta
from pathlib import PurePath

import pytest

from builders import NOON, a_photo, an_album
from pelican_photos.library import Library
from pelican_photos.page import write_page
from pelican_photos.visibility import Visibility

NEXT_YEAR = NOON.replace(year=2025)


def status(photo, *albums, until=None):
    pages = [(PurePath(f"{album.published:%Y}/{album.slug}.md"), album) for album in albums]
    file = PurePath(f"{photo.published:%Y}/{photo.slug}.md")
    return Visibility([*pages, (file, photo)], until).status(file, photo)


@pytest.mark.parametrize(
    ("photo", "album", "seen"),
    [
        ("", "", "published"),
        ("published", "draft", "draft"),
        ("draft", "published", "draft"),
        ("hidden", "", "hidden"),
        ("skip", "draft", "skip"),
        ("Draft", "", "draft"),
        ("publish", "", "draft"),
    ],
)
def test_the_most_private_word_counts(photo, album, seen):
    one = a_photo("trip-1", album="trip", status=photo)

    assert status(one, an_album("trip", status=album)) == seen


@pytest.mark.parametrize(
    ("word", "seen"),
    [
        ("hidden", "skip"),
        ("Hidden", "skip"),
        ("publik", "skip"),
        ("draft", "draft"),
        ("Published", "published"),
        ("", "published"),
    ],
)
def test_somebody_elses_page_is_private_until_the_sites_owner_says_otherwise(word, seen):
    assert status(a_photo(owner="bob", status=word)) == seen
    assert status(a_photo("trip-1", album="trip"), an_album("trip", owner="bob", status=word)) == (
        seen
    )


def test_somebody_elses_photo_is_private_while_its_album_has_no_page():
    assert status(a_photo("trip-1", album="trip", owner="bob")) == "skip"


def test_a_photo_whose_album_has_no_page_is_hidden():
    assert status(a_photo("trip-1", album="trip")) == "hidden"


def test_a_draft_album_is_not_published_by_another_years_album_of_its_name():
    public = an_album("trip", published=NOON)
    secret = an_album("trip", published=NEXT_YEAR, status="draft")

    photo = a_photo("trip-1", album="trip", published=NEXT_YEAR)

    assert status(photo, public, secret) == "draft"
    assert status(a_photo("trip-1", album="trip"), secret, public) == "published"


def test_where_no_album_is_near_the_most_private_one_counts():
    photo = a_photo("trip-1", album="trip", published=NOON.replace(year=2030))

    assert status(photo, an_album("trip"), an_album("trip", status="draft")) == "draft"


def test_what_lies_in_the_future_is_a_draft():
    photo = a_photo(published=NEXT_YEAR)

    assert status(photo, until=NOON) == "draft"
    assert status(photo, until=NEXT_YEAR + timedelta(seconds=1)) == "published"
    assert status(photo) == "published"


def test_the_bucket_gets_what_the_gallery_shows_at_the_same_address(photos):
    folder = photos / "photos" / "2024"
    folder.mkdir(parents=True)
    for page in (
        a_photo("open"),
        a_photo("draft", status="draft"),
        a_photo("skipped", status="skip"),
        a_photo("saved", owner="bob", status="hidden"),
        a_photo("shown", owner="bob", status="published"),
        a_photo("later", published=NOON + timedelta(days=2)),
    ):
        (folder / f"{page.slug}.md").write_text(write_page(page))
    library = Library(photos, "photos")

    keys = {key for key, _ in library.originals(until=NOON + timedelta(days=1))}

    assert keys == {
        "photos/2024/open.jpg",
        "photos/2024/shown.jpg",
        "drafts/photos/2024/draft.jpg",
        "drafts/photos/2024/later.jpg",
    }
