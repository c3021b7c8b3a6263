"""The viewer in a real browser: by keyboard, finger and address, and when it cannot be fetched."""

import gzip
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


def test_it_opens_with_a_key_as_a_dialog_that_has_a_name(seen):
    opened = seen["viewing"]["opened"]

    assert seen["viewing"]["dialog"] == {
        "role": "dialog",
        "ariaModal": "true",
        "ariaLabel": "Boats at dusk, large",
    }
    assert opened["hash"] == "#view"
    assert opened["entries"] == seen["viewing"]["before"]["entries"] + 1
    assert opened["said"] == "Fishing boats on the sand"
    assert opened["inert"] == [True] * (len(opened["inert"]) - 1) + [False]
    assert seen["viewing"]["background"] == "1"


def test_the_tab_key_goes_round_inside_it(seen):
    assert seen["viewing"]["stops"] == ["Zoom", "Close", "Zoom", "Close", "Zoom"]
    assert seen["viewing"]["backwards"] == "Close"


def test_its_buttons_are_large_and_have_names(seen):
    assert {button["name"] for button in seen["viewing"]["buttons"]} == {"Zoom", "Close"}
    assert all(button["size"] >= 44 for button in seen["viewing"]["buttons"])


def test_when_it_closes_everything_is_as_it_was(seen):
    before, closed = seen["viewing"]["before"], seen["viewing"]["closed"]

    assert (closed["open"], closed["hash"], closed["focus"]) == (False, "", "view")
    assert closed["inert"] == before["inert"] == [False] * len(before["inert"])


def test_arrow_keys_turn_the_pages_of_an_album_and_each_is_announced(seen):
    turning = seen["turning"]

    assert (turning["first"]["hash"], turning["third"]["hash"]) == ("#view-1", "#view-3")
    assert turning["third"]["said"] == "3 of 5: Photo 3, 10 May 2024"
    assert turning["third"]["entries"] == turning["first"]["entries"]
    assert turning["address"] == seen["pages"]["album"]


def test_the_focus_stays_when_the_last_photo_takes_its_button_away(seen):
    assert seen["turning"]["last"]["hash"] == "#view-5"
    assert seen["turning"]["last"]["focus"] == "A trip, large"


def test_back_closes_it_and_forward_opens_it_again(seen):
    turning = seen["turning"]

    assert (turning["back"]["open"], turning["back"]["hash"]) == (False, "")
    assert turning["back"]["focus"] == "view"
    assert (turning["forward"]["open"], turning["forward"]["hash"]) == (True, "#view-3")
    assert (turning["closed"]["open"], turning["closed"]["hash"]) == (False, "")


def test_on_the_page_of_a_photo_of_an_album_it_opens_there(seen):
    assert seen["turning"]["picture"]["hash"] == "#view-2"
    assert seen["turning"]["picture"]["said"].startswith("2 of 5: ")


@pytest.mark.parametrize(
    ("address", "shown"), [("third", "#view-3"), ("beyond", "#view-1"), ("photo", "#view")]
)
def test_an_address_opens_it_and_closing_leaves_the_page(seen, address, shown):
    opened, closed = (seen["addressed"][address][moment] for moment in ("opened", "closed"))

    assert (opened["open"], opened["hash"]) == (True, shown)
    assert (closed["open"], closed["hash"], closed["focus"]) == (False, "", "view")
    assert closed["entries"] == opened["entries"]


def test_a_click_with_a_modifier_is_left_to_the_browser(seen):
    held = ("Control", "Shift", "Meta", "Alt")
    assert seen["addressed"]["left"] == {**dict.fromkeys(held, True), "none": False}


def test_a_page_that_is_prepared_ahead_waits_for_its_visitor(seen):
    before, after = (seen["addressed"]["early"][moment] for moment in ("before", "after"))

    assert (before["open"], before["focus"]) == (False, "body")
    assert (after["open"], after["hash"]) == (True, "#view")


def test_fingers_turn_zoom_and_close(seen):
    touching = seen["touching"]

    assert (touching["before"]["hash"], touching["turned"]["hash"]) == ("#view-1", "#view-1")
    assert touching["second"] == "#view-2"
    assert touching["pinched"]["width"] > 1.5 * touching["before"]["width"]
    assert (touching["closed"]["open"], touching["closed"]["focus"]) == (False, "view")


def test_it_does_not_move_for_those_who_asked_for_that(seen):
    assert seen["still"]["reduced"] == []
    assert seen["still"]["any"] != []


def test_a_film_plays_in_it_with_its_own_keys_and_pauses_when_it_is_left(seen):
    mixture = seen["mixture"]

    assert mixture["waiting"]["inert"]
    assert mixture["shown"]["paused"]
    assert not mixture["shown"]["inert"]
    assert mixture["shown"]["controls"]
    assert mixture["shown"]["playsInline"]
    assert mixture["shown"]["poster"].endswith(".webp")
    assert mixture["shown"]["tracks"] == 1
    assert mixture["own"]["hash"] == "#view-2"  # the arrow key was the film's
    assert mixture["left"]["currentTime"] > 0
    assert mixture["left"]["paused"]


def test_a_photo_whose_picture_is_lost_is_passed_over(seen):
    assert seen["mixture"]["own"]["said"] == "2 of 3: Waves coming in"
    assert seen["mixture"]["after"]["said"] == "3 of 3: The bay again"


def test_a_title_is_read_as_text(seen):
    assert seen["mixture"]["caption"] == "A <b>quiet</b> bay"


def test_where_a_part_of_it_cannot_be_fetched_the_link_opens_the_picture(seen):
    assert len(seen["failing"]) == 3
    for part, led in seen["failing"].items():
        assert led["at"] == led["to"], part
        assert led["at"].endswith(".webp"), part


def test_axe_finds_nothing_in_it(seen):
    assert len(seen["spoken"]) == 4
    for page, found in seen["spoken"].items():
        assert found["violations"] == [], page
        open_questions = {line.partition(":")[0] for line in found["incomplete"]}
        assert open_questions <= {"color-contrast"}, page  # a title over a picture


def test_it_is_fetched_when_it_is_asked_for_and_is_light(seen):
    load, viewer = seen["fetched"]["load"], seen["fetched"]["viewer"]

    assert [Path(path).name.partition("-")[0] for path in load] == ["gallery"]
    assert len(viewer) == 4
    assert _weight(seen, load) <= 3_000
    assert _weight(seen, viewer) <= 22_100  # of which PhotoSwipe itself is 18,750


def test_a_telephone_does_not_fetch_the_largest_picture(seen):
    picture = seen["fetched"]["picture"]

    assert picture["widths"][picture["shown"]] < max(picture["widths"]) / 1.5


def _weight(seen, paths: list[str]) -> int:
    files = (Path(seen["output"], path.lstrip("/")) for path in paths)
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def test_the_page_that_somebody_points_at_is_fetched_ahead_once_and_unless_bytes_are_dear(seen):
    found = seen["ahead"]

    assert found["any"]["fetched"] == found["any"]["asked"]
    assert len(set(found["any"]["asked"])) == 2
    assert found["sparing"]["fetched"] == []
