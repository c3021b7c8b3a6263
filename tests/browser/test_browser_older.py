""" "Show older photos" in a real browser, and how pictures travel between pages."""

import pytest

pytestmark = pytest.mark.browser

_MORPH = {f"::view-transition-{part}(photo)" for part in ("group", "old", "new")}


def test_the_next_sheet_comes_below_and_nothing_twice(seen):
    before, after, second = (seen["older"][sheet] for sheet in ("before", "after", "second"))

    assert len(before["tiles"]) == 60
    assert after["tiles"] == before["tiles"] + second["tiles"]
    assert len(set(after["tiles"])) == len(after["tiles"])


def test_a_year_that_goes_on_keeps_its_one_heading(seen):
    assert seen["older"]["after"]["headings"] == seen["older"]["before"]["headings"]


def test_the_focus_is_on_the_first_new_photo_and_what_came_is_said(seen):
    after, second = seen["older"]["after"], seen["older"]["second"]

    assert after["focus"] == second["tiles"][0]
    assert seen["older"]["seen"]
    assert after["said"] == f"{len(second['tiles'])} more, {len(after['tiles'])} of 65 posts"


def test_new_pictures_wait_until_they_come_near(seen):
    assert seen["older"]["after"]["eager"] == seen["older"]["before"]["eager"] == 8


def test_the_address_follows_and_a_reload_shows_that_sheet(seen):
    before, after, reloaded = (seen["older"][each] for each in ("before", "after", "reloaded"))

    assert before["link"] == "Show older photos"
    assert (after["address"], after["link"]) == (seen["pages"]["older"], None)
    assert after["title"] == seen["older"]["second"]["title"]
    assert after["entries"] == before["entries"]
    assert reloaded["tiles"] == seen["older"]["second"]["tiles"]


def test_where_it_does_not_come_the_link_is_a_link(seen):
    failed = seen["older"]["failed"]

    assert failed["refused"] == 1
    assert "Older photos" in failed["told"]["link"]
    assert "the link leads to them" in failed["told"]["said"]
    assert len(failed["told"]["tiles"]) == 60
    assert failed["told"]["address"] == seen["pages"]["index"]
    assert failed["led"] == seen["pages"]["older"]


def test_a_link_that_is_relative_to_its_page_stays_as_it_is(seen):
    assert "Older photos" in seen["older"]["relative"]


@pytest.mark.parametrize("page", ["index", "album", "strip"])
def test_a_picture_travels_to_its_page_and_back(seen, page):
    assert set(seen["travels"][page]["there"]) > _MORPH
    assert set(seen["travels"][page]["back"]) > _MORPH


def test_from_photo_to_photo_nothing_travels(seen):
    for parts in seen["travels"]["neighbour"].values():
        assert parts
        assert not set(parts) > _MORPH
