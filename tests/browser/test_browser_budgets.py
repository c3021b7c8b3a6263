"""What Lighthouse says of the sample account's site, on a simulated phone."""

import json
import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import unquote

import pytest

from fakes.browser import FOLDER, Tools
from fakes.sample_site import POSTS, kinds_of_page, served

# Under load a time says more of the machine than of the page: `invoke test` runs these first, and
# nothing beside them.
pytestmark = [pytest.mark.browser, pytest.mark.alone]

INDEX, PHOTO = "/photos/", POSTS["photo"]
# Lists that differ from the index in what they list and are called, and are made by its template.
LIKE_THE_INDEX = {"year", "month", "day of the year", "tag", "person", "place", "/photos/videos/"}
# Pages that are a list of names and small pictures, as the map is, or a photo among others.
LIKE_OTHERS = {"/photos/people/", "/photos/albums/", "/photos/on-this-day/", "picture of an album"}
ENOUGH, MOST, GOAL = 3, 9, 99  # runs, runs, points of 100
PATIENCE = 900  # seconds
KIB = 1024


@pytest.fixture(scope="module")
def site(finding_tools, demo):
    with served(demo) as made:
        yield made


@pytest.fixture(scope="module")
def kinds(site) -> dict[str, str]:
    return kinds_of_page(site[1])


@pytest.fixture(scope="module")
def judged(browser_tools, site, kinds) -> dict:
    """What Lighthouse found: of every kind of page how good it is, and then of two how fast."""
    every = list(judged_kinds(kinds).values())
    ask = partial(lighthouse, browser_tools, site[0])
    with ThreadPoolExecutor() as pool:  # quality is no matter of time, so two may look for it
        halves = list(pool.map(lambda half: ask(quality=half), (every[::2], every[1::2])))
    quality = {address: found for half in halves for address, found in half["quality"].items()}
    return {"quality": quality, "speed": ask(speed=[INDEX, PHOTO])["speed"]}


def judged_kinds(kinds: dict[str, str]) -> dict[str, str]:
    """Kinds that have little in common, or all of them, as `invoke audit` wants it."""
    if os.environ.get("PHOTOS_EVERY_KIND"):
        return kinds
    return {
        kind: address for kind, address in kinds.items() if kind not in LIKE_THE_INDEX | LIKE_OTHERS
    }


def lighthouse(tools: Tools, url: str, *, quality: Sequence[str] = (), speed: Sequence[str] = ()):
    asked = {
        "site": url,
        "chromium": tools.chromium,
        "quality": quality,
        "speed": speed,
        "enough": ENOUGH,
        "most": MOST,
        "goal": GOAL,
    }
    ended = subprocess.run(
        [tools.node, str(FOLDER / "lighthouse.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, f"Lighthouse ended with {ended.returncode}:\n{ended.stderr}"
    return json.loads(ended.stdout)


def test_every_kind_of_page_is_judged(kinds, site):
    assert {"year", "month", "tag", "place", "person", "day of the year", *POSTS} <= set(kinds)
    assert {"/", INDEX, "/photos/map/", "/photos/archive/", "/photos/tags/"} <= set(kinds)
    assert all(
        (site[1] / address.strip("/") / "index.html").is_file() for address in POSTS.values()
    )
    assert len(kinds) < 40, "pages of a kind that MANY does not name"


def test_accessibility_best_practices_and_findability_are_full(judged, kinds, site):
    for kind, address in judged_kinds(kinds).items():
        found = judged["quality"][address]
        if _asks_not_to_be_found(
            site[1], address
        ):  # which asks not to be found, and may be found wanting in that alone
            assert [line.partition(":")[0] for line in found["failed"]] == ["is-crawlable"], kind
            found["scores"]["seo"] = 100
        else:
            assert found["failed"] == [], kind
        assert found["scores"] == {"accessibility": 100, "best-practices": 100, "seo": 100}, kind


def _asks_not_to_be_found(output: Path, address: str) -> bool:
    file = output / unquote(address).lstrip("/")
    page = (file / "index.html" if file.is_dir() else file).read_text("utf-8")
    return '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("address", [INDEX, PHOTO])
def test_it_is_fast(judged, address):
    scores = [run["score"] for run in judged["speed"][address]]

    assert len([score for score in scores if score >= GOAL]) >= ENOUGH, judged["speed"][address]


@pytest.mark.parametrize("address", [INDEX, PHOTO])
def test_nothing_moves_in_any_run(judged, address):
    assert {run["shift"] for run in judged["speed"][address]} == {0}


@pytest.mark.parametrize(("address", "limit"), [(INDEX, 2000), (PHOTO, 1500)])
def test_the_picture_is_there_soon(judged, address, limit):
    assert median(run["largest"] for run in judged["speed"][address]) <= limit  # milliseconds


@pytest.mark.parametrize(("address", "limit"), [(INDEX, 700 * KIB), (PHOTO, 250 * KIB)])
def test_it_is_light(judged, address, limit):
    for run in judged["speed"][address]:
        assert 0 < run["weight"] <= limit
        assert run["scripts"] <= 3_000


@pytest.mark.parametrize("address", [INDEX, PHOTO])
def test_nobody_else_is_asked(judged, address):
    assert [run["elsewhere"] for run in judged["speed"][address] if run["elsewhere"]] == []
