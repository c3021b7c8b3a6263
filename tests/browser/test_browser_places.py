"""The pages that arrange photos by place and time, in a real browser."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

TASTES = ["light", "dark", "still"]
TILES = "for the map’s tiles."


@pytest.mark.parametrize("taste", TASTES)
def test_nobody_else_is_asked_before_the_map_is_opened_and_the_page_says_who_will_be(seen, taste):
    walk = seen["openMap"][taste]
    before, after = walk["asked"]

    assert before == 0
    assert after > 0
    assert f"Opening it asks 127.0.0.1:{urlsplit(seen['tiles']).port} {TILES}" in walk["promised"]


def test_nothing_goes_wrong_on_the_map(seen):
    """No error, nothing refused by the policy, and nobody asked but the tiles' server."""
    assert seen["openMap"]["noise"] == []


@pytest.mark.parametrize("taste", TASTES)
def test_opening_the_map_leads_into_it_and_escape_out_again(seen, taste):
    walk = seen["openMap"][taste]
    states = [walk[name] for name in ("opened", "back", "closed", "again")]

    assert [state["focus"] for state in states] == ["map", "pin", "button", "map"]
    assert [state["hidden"] for state in states] == [False, False, True, False]
    assert [state["expanded"] for state in states] == ["true", "true", "false", "true"]
    assert [state["button"] for state in states] == [
        *("Close map", "Close map", "Open map", "Close map"),
    ]
    assert [state["popups"] for state in states] == [0, 0, 0, 0]
    assert [state["beneath"] for state in states] == [False, False, True, False]
    assert states[0]["name"] == "Map of the places"


def test_a_map_that_does_not_come_is_told_and_may_be_asked_for_again(seen):
    failed = seen["openMap"]["failed"]
    first, second = failed["first"], failed["second"]

    assert failed["refused"] == 1
    assert first["words"] == "The map could not be loaded; the list holds every place."
    assert (first["focus"], first["hidden"]) == ("button", True)
    assert second["words"].endswith(TILES)
    assert (second["focus"], second["hidden"]) == ("section", False)


@pytest.mark.parametrize("taste", TASTES)
def test_every_marker_has_a_name_lies_in_view_and_can_be_hit(seen, taste):
    opened = seen["openMap"][taste]["opened"]

    assert "Nazaré, 1 post" in opened["pins"]
    assert any(" and 5 places near it, 6 posts" in name for name in opened["pins"])
    assert opened["inside"]
    assert opened["small"] == 0


@pytest.mark.parametrize("taste", TASTES)
def test_a_marker_tells_of_its_place_and_leads_there(seen, taste):
    popup = seen["openMap"][taste]["popup"]

    assert popup["opener"] == "Nazaré, 1 post"
    assert popup["focused"] == "/photos/places/nazar%C3%A9/"
    assert popup["words"].split("\n")[:2] == ["Nazaré", "1 post"]
    assert popup["covered"] == 0
    assert "img" in popup["elements"]


def test_places_that_no_map_takes_apart_are_listed_by_their_marker(seen):
    shared = seen["openMap"]["light"]["shared"]

    assert shared["words"].count("1 post") == 6
    assert "<script>alert(1)</script>" in shared["words"]
    assert set(shared["elements"]) == {"ul", "li", "a", "b", "img", "span"}
    assert set(shared["attributes"]) == {"href", "src", "alt"}


@pytest.mark.parametrize("taste", TASTES)
def test_axe_finds_nothing_on_the_open_map(seen, taste):
    walk = seen["openMap"][taste]

    assert walk["wide"] == []
    for found in walk["axed"]:
        assert found["violations"] == []
        # What no machine can tell: contrast over tiles, targets that meet, what "+" and "×" say.
        questions = {line.partition(":")[0] for line in found["incomplete"]}
        assert questions <= {"color-contrast", "target-size", "label-content-name-mismatch"}


def test_the_map_keeps_still_for_those_who_asked_for_that(seen):
    assert seen["openMap"]["light"]["opened"]["animated"]
    assert not seen["openMap"]["still"]["opened"]["animated"]


def test_what_the_map_brings_is_light(seen):
    paths = {urlsplit(address).path for address in seen["openMap"]["light"]["sizes"]}
    names = {path for path in paths if not re.search(r"/map-\w+\.js$", path)}  # that one opens it
    sizes = {
        name: len(gzip.compress(Path(seen["output"], name.lstrip("/")).read_bytes()))
        for name in names
    }

    assert len(sizes) == 4
    assert sum(sizes.values()) <= 48 * 1024
    for script in ("map", "today"):
        (file,) = Path(seen["output"], "photos", "assets").glob(f"{script}-*.js")
        assert len(gzip.compress(file.read_bytes())) <= 1_000


@pytest.mark.parametrize("width", ["320", "768", "1440"])
def test_every_dot_is_on_the_map_and_no_target_covers_another(seen, width):
    found = seen["stillMap"][width]

    assert len(found["dots"]) == 7
    assert all(found["dots"])
    assert len(found["targets"]) == 2
    assert all(found["targets"])
    assert found["overlapping"] == 0
    assert found["width"] / found["height"] == pytest.approx(1.5, abs=0.01)


def test_without_scripts_there_is_no_button_that_does_nothing(seen):
    assert seen["stillMap"]["unscripted"] is False


def test_the_page_of_the_map_is_light(seen):
    assert len(gzip.compress(seen.page("map"))) <= 20_000


@pytest.mark.parametrize(
    ("moment", "words", "leads", "marked"),
    [
        ("a day with posts", "Today: 12 May, ", "05-12", "12 May"),
        ("a day without", "Nothing on 3 July yet. The nearest day: ", "", "3 July"),
        ("the last day of a year", "Nothing on 31 December yet.", "", "31 December"),
        ("a leap day", "Nothing on 29 February yet.", "", "29 February"),
    ],
)
def test_the_calendar_knows_the_day_of_its_visitor(seen, moment, words, leads, marked):
    found = seen["calendar"][moment]

    assert found["words"].startswith(words)
    assert found["marked"] == [marked]
    assert not found["jump"]
    assert found["leads"].removeprefix("/photos/on-this-day/").startswith(leads)
    assert dict(found["links"])[found["leads"]] in found["words"]


def test_the_nearest_day_may_be_in_the_year_beside(seen):
    """From 31 December it is nearer to January than to the days of summer."""
    found = seen["calendar"]["the last day of a year"]
    days = [address.removeprefix("/photos/on-this-day/") for address, _ in found["links"]]
    nearest = found["leads"].removeprefix("/photos/on-this-day/")

    assert nearest in (min(days), max(days))


def test_without_scripts_the_calendar_is_complete(seen):
    found = seen["calendar"]["unscripted"]

    assert found["days"] == 366
    assert found["words"] == "Each day that has posts leads to those of all years."
    assert found["marked"] == []
    assert any(words.startswith("12 May, ") for _, words in found["links"])
