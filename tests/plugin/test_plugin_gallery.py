from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

import pytest

from builders import NOON, a_photo, an_album
from pelican_photos.model import Location
from pelican_photos.plugin.entry import Picture
from pelican_photos.plugin.gallery import Gallery, Neighbours, Rules, gallery_of

RULES = Rules(path="photos")


def arrange(*pages, rules=RULES, pictures=None) -> Gallery:
    placed = [(PurePath(f"{number}/{page.slug}.md"), page) for number, page in enumerate(pages)]
    return gallery_of(placed, pictures or {}, rules)


def on_day(number: int, **changes):
    return a_photo(f"day-{number}", published=NOON + timedelta(days=number), **changes)


def slugs(entries) -> list[str]:
    return [entry.page.slug for entry in entries]


def an_album_of(*positions: int, slug: str = "trip", **changes):
    photos = [a_photo(f"{slug}-{n}", album=slug, position=n, **changes) for n in positions]
    return [an_album(slug, **changes), *photos]


def test_posts_come_newest_first_whatever_the_order_of_their_files():
    assert slugs(arrange(on_day(2), on_day(3), on_day(1)).posts) == ["day-3", "day-2", "day-1"]


def test_posts_of_one_second_keep_one_order():
    one, other = a_photo("a"), a_photo("b")

    assert slugs(arrange(one, other).posts) == slugs(arrange(other, one).posts)


def test_an_album_is_one_post_and_its_photos_follow_their_positions():
    gallery = arrange(*an_album_of(10, 2, 1))

    assert slugs(gallery.posts) == ["trip"]
    assert slugs(gallery.posts[0].photos) == ["trip-1", "trip-2", "trip-10"]
    assert gallery.photo_count == 3


def test_photos_without_their_albums_page_are_in_no_list():
    _, *photos = an_album_of(1, 2)

    gallery = arrange(*photos)

    assert slugs(gallery.posts) == []
    assert sorted(slugs(gallery.entries)) == ["trip-1", "trip-2"]
    assert gallery.problems == ("the photos of trip are in no list: that album's page is missing",)


def test_a_drafts_original_lies_with_the_draft():
    [entry] = arrange(a_photo(status="draft")).entries

    assert entry.original.startswith("drafts/photos/2024/")


def test_an_album_without_photos_is_left_out_and_named():
    gallery = arrange(an_album("trip"), on_day(1))

    assert slugs(gallery.entries) == ["day-1"]
    assert "trip.md is left out: no published page says Album: trip" in gallery.problems[0]


def test_the_hidden_photos_of_an_album_that_is_left_out_lead_to_no_page_of_it():
    album, *photos = an_album_of(1, 2, tags=("sea",), location=Location(name="Nazaré"))
    gallery = arrange(album, *(replace(photo, status="hidden") for photo in photos))

    assert [entry.album for entry in gallery.entries] == [None, None]
    assert [tag.url for entry in gallery.entries for tag in entry.tags] == ["", ""]
    assert [entry.where.url for entry in gallery.entries] == ["", ""]


@pytest.mark.parametrize(("cover", "shown"), [(2, "trip-2"), (1, "trip-1"), (9, "trip-1")])
def test_the_cover_is_the_photo_that_the_album_names_else_the_first(cover, shown):
    album, *photos = an_album_of(1, 2)
    gallery = arrange(replace(album, cover=cover), *photos)

    assert gallery.posts[0].cover.page.slug == shown


def test_neighbours_lead_from_newest_to_oldest():
    gallery = arrange(on_day(1), on_day(2), on_day(3))
    newest, middle, oldest = gallery.posts

    assert gallery.neighbours(newest) == Neighbours(previous=None, next=middle)
    assert gallery.neighbours(middle) == Neighbours(previous=newest, next=oldest)
    assert gallery.neighbours(oldest) == Neighbours(previous=middle, next=None)


def test_neighbours_in_an_album_stay_inside_it_and_leave_it_at_its_ends():
    gallery = arrange(on_day(1), *an_album_of(1, 2, 3), on_day(-1))
    newer, album, older = gallery.posts
    first, second, third = album.photos

    assert gallery.neighbours(album) == Neighbours(previous=newer, next=older)
    assert gallery.neighbours(first) == Neighbours(previous=newer, next=second)
    assert gallery.neighbours(second) == Neighbours(previous=first, next=third)
    assert gallery.neighbours(third) == Neighbours(previous=second, next=older)


def test_a_hidden_photo_has_a_page_but_no_place_in_the_gallery():
    gallery = arrange(on_day(1), on_day(2, status="hidden", tags=("sea",)), on_day(3))
    hidden = next(entry for entry in gallery.entries if entry.status == "hidden")

    assert slugs(gallery.posts) == ["day-3", "day-1"]
    assert hidden.url == "photos/2024/day-2/"
    assert gallery.neighbours(hidden) == Neighbours()
    assert not gallery.tagged
    assert hidden.tags[0].url == ""


def test_a_draft_lies_where_pelican_puts_drafts():
    draft = arrange(on_day(1, status="draft")).entries[0]

    assert (draft.status, draft.url) == ("draft", "drafts/photos/2024/day-1/")


def test_the_photos_of_a_draft_are_drafts():
    album, *photos = an_album_of(1, 2)
    gallery = arrange(replace(album, status="draft"), *photos)

    assert {entry.status for entry in gallery.entries} == {"draft"}
    assert len(gallery.entries[-1].photos or gallery.entries[0].photos) == 2


def test_a_draft_among_the_photos_of_an_album_is_not_in_it():
    album, first, second = an_album_of(1, 2)
    gallery = arrange(album, first, replace(second, status="draft"))

    assert slugs(gallery.posts[0].photos) == ["trip-1"]


def test_an_unknown_status_is_a_draft_and_said_so():
    gallery = arrange(on_day(1, status="publish"))

    assert not gallery.posts
    assert "day-1.md is a draft: its Status is 'publish'" in gallery.problems[0]


def test_a_skipped_page_is_not_built():
    assert not arrange(on_day(1, status="skip")).entries


def test_the_future_is_a_draft_where_the_site_says_so():
    rules = replace(RULES, until=NOON)

    assert arrange(on_day(1), rules=rules).entries[0].status == "draft"
    assert arrange(on_day(0), rules=rules).entries[0].status == "published"


@pytest.mark.parametrize("other", ["boats", "BOATS"])
def test_of_two_pages_with_one_address_one_is_left_out_and_named(other):
    gallery = arrange(a_photo("boats"), a_photo(other))

    assert len(gallery.entries) == 1
    assert "is left out" in gallery.problems[0]


def test_equal_titles_never_collide():
    gallery = arrange(on_day(1, title="Boats"), on_day(2, title="Boats"))

    assert len({entry.url for entry in gallery.entries}) == 2


def test_spellings_of_one_tag_are_one_tag():
    gallery = arrange(on_day(1, tags=("sea",)), on_day(2, tags=("Sea",)))
    (tag, entries), *rest = gallery.tagged.items()

    assert not rest
    assert tag.name == "Sea"
    assert slugs(entries) == ["day-2", "day-1"]


def test_a_photo_that_shares_its_albums_tag_is_listed_with_the_album_alone():
    album, first, second = an_album_of(1, 2)
    gallery = arrange(replace(album, tags=("sea",)), replace(first, tags=("sea", "boats")), second)
    found = {tag.name: slugs(entries) for tag, entries in gallery.tagged.items()}

    assert found == {"boats": ["trip-1"], "sea": ["trip"]}


@pytest.mark.parametrize(
    ("changes", "alt"),
    [
        ({"alt": "Two boats"}, "Two boats"),
        ({"alt_auto": "May be an image of boat"}, "Photo, 12 May 2024"),
        ({"location": Location(name="Nazaré")}, "Photo, 12 May 2024, Nazaré"),
        ({"video": "a.mp4"}, "Video, 12 May 2024"),
    ],
)
def test_what_is_seen_is_told_in_a_persons_words_or_as_what_when_and_where(changes, alt):
    assert arrange(a_photo(**changes)).posts[0].alt == alt


def test_photos_of_an_album_without_words_are_told_apart():
    album, *photos = an_album_of(1, 2)
    gallery = arrange(replace(album, location=Location(name="Nazaré")), *photos)

    assert [photo.alt for photo in gallery.posts[0].photos] == [
        "Photo 1, 12 May 2024, Nazaré",
        "Photo 2, 12 May 2024, Nazaré",
    ]


def test_places_are_nowhere_when_they_are_not_to_be_shown():
    photo = a_photo(location=Location(name="Nazaré", latitude=39.6, longitude=-9.07))
    entry = arrange(photo, rules=replace(RULES, places=False)).posts[0]

    assert entry.place is None
    assert "Nazaré" not in entry.alt


def test_a_page_without_a_picture_keeps_the_size_that_it_states():
    assert arrange(a_photo(width=8, height=10)).posts[0].picture == Picture(width=8, height=10)


def test_addresses_are_percent_encoded():
    photo = a_photo('a"b c#d?é', original='a"b c#d?é.jpg')

    assert arrange(photo).posts[0].url == "photos/2024/a%22b%20c%23d%3F%C3%A9/"


def test_the_year_is_that_of_the_pages_own_clock():
    photo = a_photo(published=datetime(2024, 1, 1, 0, 30, tzinfo=UTC))

    assert list(arrange(photo).years) == [2024]


@pytest.mark.parametrize(
    ("title", "named"),
    [("Boats", True), ("Photo, 12 May 2024", False), ("trip-1", False), ("Boats (1)", False)],
)
def test_a_title_counts_when_it_says_more_than_the_day_or_the_album(title, named):
    album, photo = an_album_of(1)
    alone = replace(photo, title=title)
    pages = [alone] if title == "trip-1" else [album, alone]
    shown = [entry for entry in arrange(*pages).entries if not entry.is_album]

    assert shown[0].is_named is named


def test_two_pages_never_share_an_original():
    rome, oslo = (a_photo(slug, original="IMG_1.jpg") for slug in ("rome", "oslo"))

    gallery = arrange(rome, oslo)

    assert len(gallery.entries) == 1
    assert "has its address; rename one of them" in gallery.problems[0]


@pytest.mark.parametrize("slug", ["index.html", "page"])
def test_a_page_never_takes_the_place_of_a_list(slug):
    assert not arrange(a_photo(slug, original="x.jpg")).entries


def test_a_page_named_like_its_picture_is_left_out_and_named():
    gallery = arrange(a_photo("IMG_1.jpg", original="IMG_1.jpg"))

    assert "IMG_1.jpg.md is left out" in gallery.problems[0]


@pytest.mark.parametrize(
    ("name", "coarse", "pinned"), [("Nazaré", False, True), ("Nazaré", True, False)]
)
def test_a_coarse_place_has_a_name_and_no_pin(name, coarse, pinned):
    place = Location(name=name, latitude=39.6, longitude=-9.07, coarse=coarse)

    found = arrange(a_photo(location=place)).entries[0].place

    assert found is not None
    assert (found.name, found.latitude is not None, found.longitude is not None) == (
        name,
        pinned,
        pinned,
    )


def test_a_coarse_place_without_a_name_is_not_shown():
    place = Location(latitude=39.6, longitude=-9.07, coarse=True)

    assert arrange(a_photo(location=place)).entries[0].place is None
