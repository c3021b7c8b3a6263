"""What the gallery is in a real browser: seen, used, listened to and weighed."""

import gzip
import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from fakes.browser import FOLDER

pytestmark = pytest.mark.browser


def test_the_audit_hears_and_sees_what_is_wrong(seen):
    control = seen["control"]
    heard = "\n".join(control["noise"])

    assert "dialog on /noise.html: inline" in heard
    assert "404 on /noise.html" in heard
    assert "elsewhere on /noise.html: http://127.0.0.2/away.png" in heard
    assert "violates the following Content Security Policy directive" in heard
    assert [bool(found) for found in control["everyPage"]["widths"].values()] == [True] * 5
    judged = control["everyPage"]["accessibility"]
    assert [bool(found["violations"]) for found in judged.values()] == [True] * 2
    assert "no-inline-style" in str(control["markup"])


def test_the_whole_visit_is_quiet(seen):
    """No error on the console, no dialog, nothing missing or refused, nobody else asked."""
    assert seen["noise"] == []
    assert ["lost.jpg" in line for line in seen["log"]] == [True] * 3
    assert "lost.jpg is missing" in seen["log"][0]


def test_axe_finds_nothing_in_light_nor_in_dark(seen):
    judged = seen["everyPage"]["accessibility"]

    assert len(judged) == 2 * len(seen["pages"])
    for page, found in judged.items():
        assert found["violations"] == [], page
        # What no machine can tell: the contrast over a picture, whether a film needs captions.
        open_questions = {line.partition(":")[0] for line in found["incomplete"]}
        assert open_questions <= {"color-contrast", "video-caption"}, page


def test_every_kind_of_page_is_valid_html(seen):
    assert len(seen["markup"]) > len(seen["pages"])
    assert {page: found for page, found in seen["markup"].items() if found} == {}


def test_nothing_reaches_beyond_the_edge_at_any_width(seen):
    widths = seen["everyPage"]["widths"]

    assert len(widths) == 5 * len(seen["pages"])
    assert {page: found for page, found in widths.items() if found} == {}


@pytest.mark.parametrize("width", ["320", "768", "1440"])
def test_whose_photo_it_is_can_be_read_on_a_narrow_tile(seen, width):
    for kind in ("index", "day", "home"):
        assert seen["credits"][f"{kind}, {width}"] == [
            {"words": "Photo by @bob", "cut": False, "inside": True, "covered": False}
        ]


def test_what_is_told_by_a_colour_is_printed_too(seen):
    """Browsers leave out backgrounds, and with them white words and whole bars."""
    for name in ("marks", "bars", "position"):
        assert seen["printed"][name]["kept"], name
        assert seen["printed"][name]["count"], name


def test_tags_behind_a_closed_letter_are_printed(seen):
    assert seen["printed"]["letters"] == {"shown": False, "printed": True}


def test_pictures_of_a_row_are_equally_high_and_fill_it(seen):
    for page, grids in seen["rows"].items():
        assert all(grids), page
        assert grids, page
        for grid in grids:
            for row in grid:
                assert max(row["heights"]) - min(row["heights"]) <= 1, page
            for row in grid[:-1]:
                assert abs(row["left"]) <= 1, page


def test_nothing_moves_when_pictures_come_late(seen):
    for page, found in seen["shifts"].items():
        assert found == {"jumps": [], "noticed": True}, page


def test_the_first_pictures_are_fetched_at_once_and_distant_ones_are_not(seen):
    ways = [picture["way"] for picture in seen["loading"]]
    fetched = [picture["fetched"] for picture in seen["loading"]]

    assert ways == ["auto"] * 8 + ["lazy"] * (len(ways) - 8)
    assert all(fetched[:8])
    assert not any(fetched[-20:])


def test_nothing_moves_for_those_who_asked_for_that(seen):
    assert seen["motion"]["reduced"] == {"moving": [], "transition": "no"}
    assert seen["motion"]["any"]["transition"] == "yes"
    assert seen["motion"]["any"]["moving"] != []


def test_the_tab_key_stops_at_everything_once_in_reading_order(seen):
    for page, found in seen["keyboard"].items():
        orders = [stop["order"] for stop in found["stops"]]
        assert orders == sorted(set(orders)), page
        assert len(orders) == found["reachable"], page
        assert found["stops"][0]["name"] == "Skip to content"
        inside = [stop for stop in found["stops"] if stop["inside"]]
        for before, after in pairwise(inside):
            in_order = _reads_on(
                before["box"], after["box"], in_columns=page in ("tags", "archive", "days")
            )
            assert in_order, (page, before, after)


def _reads_on(before: dict, after: dict, *, in_columns: bool) -> bool:
    """Whether a box comes after another: below it, to its right in a line, or a column on."""
    middle = (after["top"] + after["bottom"]) / 2
    return (
        after["top"] >= before["bottom"] - 1
        or (middle >= before["top"] and after["left"] >= before["left"])
        or (in_columns and after["left"] >= before["right"])
    )


def test_what_has_the_focus_can_be_seen(seen):
    for page, found in seen["keyboard"].items():
        for stop in found["stops"]:
            assert stop["outline"] >= 2, (page, stop)
            assert stop["inView"], (page, stop)
            assert not stop["unseen"], (page, stop)


def test_the_skip_link_leads_past_the_navigation(seen):
    for page, found in seen["keyboard"].items():
        first = next(stop for stop in found["stops"] if stop["inside"])
        assert found["skipped"]["name"] == first["name"], page


def test_arrow_keys_lead_to_the_neighbours(seen):
    links = seen["arrows"]["links"]

    assert {key: seen["arrows"][key] for key in links} == links
    assert len({seen["pages"]["photo"], *links.values()}) == 3


def test_arrow_keys_are_left_to_whoever_else_needs_them(seen):
    asked = dict(seen["arrows"]["asked"])

    assert len(asked.pop("nothing else")) == 1  # so a press is noticed
    assert {where: to for where, to in asked.items() if to} == {}


def test_a_film_waits_for_its_visitor_and_plays(seen):
    film = seen["film"]

    assert film["early"] == []
    assert film.get("error") is None
    assert (film["videoWidth"], film["videoHeight"]) == (180, 240)
    assert film["currentTime"] > 0.3


def test_hostile_captions_and_comments_are_read_as_text(seen):
    def words(text: str) -> list[str]:
        return text.replace("\u202e", "").split()

    for address, text in seen["hostile"].items():
        found = seen["injected"][address]
        assert words(found["caption"].replace("\u202e", "")) == words(text)
        assert words(found["comment"]) == words(text)


def test_hostile_words_become_no_element_and_no_script(seen):
    assert len(seen["injected"]) > len(seen["hostile"])
    for address, found in seen["injected"].items():
        assert found["strange"] == [], address


def test_without_scripts_every_photo_is_reached_and_every_picture_shown(seen):
    reached = {unquote(address) for address in seen["unscripted"]["reached"]}

    assert set(seen["photo pages"]) - reached == set()
    assert len(seen["photo pages"]) > 60
    assert reached - set(seen["addresses"]) == {"/"}  # the home page is Pelican's own
    assert len(seen["unscripted"]["opened"]) > 60
    assert seen["unscripted"]["blank"] == []


def test_old_addresses_lead_to_the_post_and_to_the_picture_that_was_asked_for(seen):
    assert seen["moved"] == {
        "a photo": "/photos/2024/boats/",
        "a photo, without scripts": "/photos/2024/boats/",
        "an album": "/photos/2024/trip/",
        "an album, as Instagram writes it": "/photos/2024/trip/",
        "a picture of an album": "/photos/2024/trip-4/",
        "no picture of an album": "/photos/2024/trip/",
        "a film": "/photos/2024/film/",
        "a film among posts": "/photos/2024/film/",
        "posts, without scripts": "/p/trip_1/",
    }


def test_a_full_index_is_light(seen):
    assert seen.page("index").count(b'class="tile') == 60
    assert len(gzip.compress(seen.page("index"))) <= 20_000


@pytest.mark.parametrize("kind", ["photo", "album", "picture of the album", "film"])
def test_the_page_of_a_post_is_light(seen, kind):
    assert len(gzip.compress(seen.page(kind))) <= 8_000


def test_styles_and_scripts_are_light(seen):
    styles = re.findall(rb"<style>(.*?)</style>", seen.page("photo"), re.DOTALL)
    loaded = {kind: scripts_of(seen, kind) for kind in seen["pages"]}

    assert len(gzip.compress(b"".join(styles))) <= 8_000
    assert loaded["photo"]
    for scripts in loaded.values():
        assert sum(len(gzip.compress(file.read_bytes())) for file in scripts) <= 3_000


def scripts_of(seen, kind: str) -> list[Path]:
    """Every script that a page asks for by itself."""
    named = re.findall(rb'<script [^>]*src="[^"]*/(photos/assets/[^"]+)"', seen.page(kind))
    return [Path(seen["output"], name.decode()) for name in named]


def test_what_is_installed_is_fixed_by_its_hash_and_not_by_an_address():
    lock = json.loads((FOLDER / "package-lock.json").read_text())
    asked, *installed = lock["packages"].values()

    assert all(re.fullmatch(r"[0-9.]+", version) for version in asked["dependencies"].values())
    assert all(package["integrity"] for package in installed)
    assert not any("resolved" in package for package in installed)
