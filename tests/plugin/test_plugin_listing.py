from datetime import timedelta
from pathlib import PurePath

import pytest

from builders import NOON, a_photo
from pelican_photos.plugin.gallery import Rules, gallery_of
from pelican_photos.plugin.listing import listings, sheets


def a_gallery(count: int, days_apart: int = 1, **changes):
    pages = (
        a_photo(f"p{number:03}", published=NOON - timedelta(days=number * days_apart), **changes)
        for number in range(count)
    )
    return gallery_of([(PurePath(page.slug), page) for page in pages], {}, Rules(path="photos"))


def cut(gallery, per_page: int, kind: str = "photos"):
    listing = next(each for each in listings(gallery) if each.kind == kind)
    return list(sheets(listing, gallery, per_page))


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, [0]), (1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 2])]
)
def test_a_listing_is_cut_into_sheets(count, sizes):
    found = cut(a_gallery(count), per_page=2)

    assert [sum(len(group.entries) for group in sheet.groups) for sheet in found] == sizes


def test_sheets_lead_to_one_another():
    first, second, third = cut(a_gallery(5), per_page=2)

    assert (first.url, first.previous, first.next) == ("photos/", "", "photos/page/2/")
    assert (second.url, second.previous, second.next) == (
        *("photos/page/2/", "photos/"),
        "photos/page/3/",
    )
    assert (third.save_as, third.next) == ("photos/page/3/index.html", "")


def test_no_sheet_of_one_tag_lies_where_another_tag_does():
    gallery = a_gallery(3, tags=("day1", "day12", "day1/page/2", "page"))
    places = [
        sheet.save_as
        for listing in listings(gallery)
        for sheet in sheets(listing, gallery, per_page=2)
    ]

    assert len({place.casefold() for place in places}) == len(places)


def test_a_year_that_two_sheets_share_counts_all_its_posts_on_both():
    first, second = cut(a_gallery(3), per_page=2)

    assert [(group.heading, group.total) for group in first.groups] == [("2024", 3)]
    assert [(group.heading, group.total) for group in second.groups] == [("2024", 3)]
    assert first.groups[0].url == "photos/2024/"


def test_a_year_is_listed_by_month():
    (sheet,) = cut(a_gallery(3, days_apart=20), per_page=60, kind="year")

    assert [group.heading for group in sheet.groups] == ["May", "April"]


def test_months_have_lists_of_their_own_and_a_years_headings_lead_there():
    gallery = a_gallery(3, days_apart=20)
    (sheet,) = cut(gallery, per_page=9, kind="year")

    assert [(group.heading, group.url) for group in sheet.groups] == [
        ("May", "photos/2024/05/"),
        ("April", "photos/2024/04/"),
    ]
    assert [each.title for each in listings(gallery) if each.kind == "month"] == [
        *("May 2024", "April 2024"),
    ]


def test_a_day_of_the_year_lists_all_years():
    gallery = a_gallery(3, days_apart=366)
    (first, *_) = [each for each in listings(gallery) if each.kind == "day"]

    assert [each.folder for each in listings(gallery) if each.kind == "day"] == [
        *("photos/on-this-day/05-11", "photos/on-this-day/05-12"),
    ]
    assert len(first.entries) == 1


def test_what_a_gallery_lacks_has_no_list():
    kinds = {listing.kind for listing in listings(a_gallery(1))}

    assert kinds == {"photos", "year", "month", "day"}
