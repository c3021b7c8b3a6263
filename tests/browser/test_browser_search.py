"""The search, as somebody uses it in a browser."""

import gzip
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

BOATS = "/photos/2024/boats/"


@pytest.fixture
def found(seen) -> dict:
    return seen["search"]


def test_nothing_is_fetched_before_somebody_searches(found):
    quiet = found["quiet"]

    assert quiet["index"] == quiet["photo"] == {"scripts": 0, "files": 0}
    assert (quiet["search"]["scripts"], quiet["search"]["files"]) == (0, 0)
    assert quiet["search"]["focus"] == "q"
    assert min(quiet["search"]["after"]) >= 1


@pytest.mark.parametrize(
    "query",
    [
        *("word", "beginning", "capitals", "accents", "without", "tag", "beginning of a tag"),
        *("person", "phrase", "unclosed", "both", "day"),
    ],
)
def test_a_photo_is_found_by_its_words(found, query):
    assert BOATS in found["typed"][query]["tiles"]


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("apostrophe", "/photos/2024/film/"),
        ("inside", "/photos/2024/long/"),
        ("hebrew", "/photos/2024/long/"),
        ("arabic", "/photos/2024/long/"),
    ],
)
def test_words_are_found_in_every_script(found, query, page):
    assert page in found["typed"][query]["tiles"]


@pytest.mark.parametrize("query", ["short inside", "no tag", "no person", "other order", "neither"])
def test_what_does_not_match_is_not_found(found, query):
    assert BOATS not in found["typed"][query]["tiles"]


def test_without_a_result_the_page_says_what_to_do(found):
    nothing = found["typed"]["neither"]

    assert nothing["tiles"] == []
    assert nothing["status"].startswith("Nothing found for “boats zeppelin”.")


def test_a_name_comes_before_the_word_of_a_caption(found):
    """The title "Number 10" is worth more than the alternative text of another."""
    assert found["scored"]["tiles"][0] == "/photos/2024/plain-10/"


def test_what_was_found_is_counted_aloud_and_stands_in_the_address(found):
    typed = found["typed"]["word"]

    assert typed["status"] in ("1 post found", f"{len(typed['tiles'])} posts found")
    assert typed["query"] == "boats"
    assert "Fishing boats on the sand" in typed["alts"]
    assert all(typed["alts"])


def test_an_address_with_words_searches_at_once(found):
    assert found["address"]["value"] == "boats"
    assert found["address"]["tiles"] == found["typed"]["word"]["tiles"]


def test_back_from_a_photo_leads_to_what_was_found(found):
    back = found["back"]

    assert back["there"] == back["before"]["tiles"][1]
    assert back["after"] == back["before"]


def test_clear_empties_the_field_and_gives_it_the_focus(found):
    assert found["cleared"] == {
        "visible": [False, True, False],
        "focus": "q",
        "address": "",
        "value": "",
        "status": "",
    }


def test_more_is_shown_on_demand_and_the_focus_is_on_the_first_of_it(found):
    more = found["more"]

    assert len(more["before"]["tiles"]) == more["focus"] == 48
    assert more["before"]["more"]
    assert more["before"]["status"] == "The first 48 posts; there are more"
    assert more["after"]["tiles"][:48] == more["before"]["tiles"]
    assert not more["after"]["more"]
    assert more["after"]["status"] == f"{len(set(more['after']['tiles']))} posts found"


def test_the_keyboard_leads_from_the_field_to_the_photos(found):
    assert found["keyboard"] == {
        "stops": ["reset", "submit", found["typed"]["word"]["tiles"][0]],
        "there": found["typed"]["word"]["tiles"][0],
    }


def test_enter_searches_without_leaving_the_page(found):
    assert found["submitted"] == {"status": found["typed"]["word"]["status"], "same": True}


def test_axe_finds_nothing_beside_results(found):
    for scheme in ("light", "dark"):
        assert found["accessible"][scheme]["violations"] == []


def test_results_fit_every_width(found):
    assert set(map(len, found["widths"].values())) == {0}


def test_the_second_search_asks_for_nothing(found):
    assert found["again"]["status"].startswith("Nothing found for “zeppelins”")
    assert [address for address in found["again"]["asked"] if ".json" in address] == []


def test_without_a_network_the_page_says_so_and_goes_on_later(found):
    assert found["offline"]["status"].startswith("The search could not be loaded")
    assert found["offline"]["later"].endswith("found")


def test_hostile_words_are_shown_as_text(found):
    hostile = found["typed"]["hostile"]

    assert hostile["tiles"]
    assert "<script>alert(1)</script>" in hostile["alts"]
    assert [query for query, each in found["typed"].items() if each["strange"]] == []


def test_without_scripts_there_are_lists_instead_of_a_form(found):
    unscripted = found["unscripted"]

    assert not unscripted["form"]
    assert "needs JavaScript" in unscripted["said"]
    assert {"/photos/tags/", "/photos/map/", "/photos/archive/"} <= set(unscripted["links"])


def test_the_script_is_light(seen):
    [script] = Path(seen["output"], "photos", "assets").glob("search-*.js")

    assert len(gzip.compress(script.read_bytes())) <= 2_500
