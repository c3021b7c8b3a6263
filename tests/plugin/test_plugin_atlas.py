"""Where places lie on the map, and how near one another they may be."""

import math
import re
from collections import Counter
from itertools import combinations, pairwise
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import a_photo
from pelican_photos.plugin.assets import Assets
from pelican_photos.plugin.atlas import (
    HEIGHT,
    WIDTH,
    atlas_of,
    frame_around,
    locator,
    outline,
    project,
)
from pelican_photos.plugin.entry import Entry, Topic

positions = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
NAZARE, LISBON, PORTO = (39.6012, -9.071), (38.7139, -9.1394), (41.1496, -8.611)
_MILLER_AT_45 = 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.pi / 4))
POLES_AND_EDGES = [(90, 0), (-90, 0), (0, 180), (0, -180), (90, 180), (-90, -180)]


def places_of(*posts: tuple[str, tuple[float, float] | None]):
    """A gallery's places, by name: a post for each name and position."""
    counts = Counter(posts)
    entry = Entry(page=a_photo(), file=PurePath("a"), folder="a", url="a/", status="published")
    return {
        Topic(name=name, slug=name, position=position): (entry,) * count
        for (name, position), count in sorted(counts.items(), key=lambda item: item[0][0])
    }


@pytest.mark.parametrize(
    ("position", "point"),
    [
        ((0, 0), (WIDTH / 2, HEIGHT / 2)),
        ((90, -180), (0, 0)),
        ((-90, 180), (WIDTH, HEIGHT)),
        ((90.5, -180), (0, 0)),
        ((0, 190), (WIDTH * 10 / 360, HEIGHT / 2)),
        ((0, -190), (WIDTH * 350 / 360, HEIGHT / 2)),
        # As the projection is usually written: 5/4 ln tan(π/4 + 2/5 φ), in radii of the earth.
        ((45, 0), (WIDTH / 2, HEIGHT / 2 - _MILLER_AT_45 * WIDTH / (2 * math.pi))),
    ],
)
def test_a_place_is_found_on_the_map(position, point):
    assert project(*position) == pytest.approx(point, abs=0.1)


@given(positions, positions)
def test_north_is_up_and_east_is_to_the_right(one, other):
    (x, y), (right, down) = project(*one), project(*other)

    assert 0 <= x <= WIDTH
    assert -1e-9 <= y <= HEIGHT + 1e-9
    assert (x < right) == (one[1] < other[1]) or abs(one[1] - other[1]) < 1e-9
    assert (y < down) == (one[0] > other[0]) or abs(one[0] - other[0]) < 1e-9


@settings(max_examples=40)
@given(st.lists(positions, min_size=1, max_size=8))
def test_no_place_falls_off_nor_lies_on_the_edge(found):
    points = [project(*position) for position in found]
    frame = frame_around(points, 420)

    assert frame.width / frame.height == pytest.approx(1.5, abs=0.01)
    for point in points:
        right, down = frame.percent(point)
        assert 6 <= right <= 94
        assert 9 <= down <= 91


def test_poles_and_the_date_line_are_on_the_map():
    atlas = atlas_of(places_of(*((f"Edge {p}", p) for p in POLES_AND_EDGES)))

    assert len(atlas.dots) == 6
    for region in (*atlas.regions, *atlas.alone):
        assert all(5 <= each <= 95 for each in region.at)


def test_a_frame_is_drawn_around_what_there_is():
    europe, world = (
        frame_around((project(*position) for position in found), 420)
        for found in ([NAZARE, (60, 25)], [NAZARE, (-41, 174), (60, -150)])
    )

    assert europe.width == 420
    assert world.width >= WIDTH * 0.9
    assert frame_around([], 420).width >= WIDTH


def test_places_near_one_another_are_a_region_that_the_most_photographed_leads():
    atlas = atlas_of(
        places_of(
            *(("Nazaré", NAZARE), ("Nazaré", NAZARE), ("Lisboa", LISBON), ("Porto", PORTO)),
            *(("Tromsø", (69.6, 18.9)), ("Somewhere", None)),
        )
    )
    (region,) = atlas.regions

    assert (region.leader.name, region.count) == ("Nazaré", 4)
    assert [topic.name for topic in region.places] == ["Lisboa", "Nazaré", "Porto"]
    assert [each.leader.name for each in atlas.alone] == ["Tromsø"]
    assert [topic.name for topic in atlas.unlocated] == ["Somewhere"]


@settings(max_examples=40)
@given(st.lists(positions, min_size=1, max_size=25))
def test_every_place_is_on_the_list_once_and_no_two_targets_meet(found):
    atlas = atlas_of(places_of(*((f"Place {n}", p) for n, p in enumerate(found))))
    regions = (*atlas.regions, *atlas.alone)
    listed = [topic.name for region in regions for topic in region.places]

    assert sorted(listed) == sorted(f"Place {n}" for n in range(len(found)))
    for width, rooms in ((280, {"any"}), (520, {"any", "wide"})):
        scale = width / 100
        spots = [region.at for region in regions if region.room in rooms]
        for (x, y), (right, down) in combinations(spots, 2):
            apart = max(abs(x - right) * scale, abs(y - down) * scale / 1.5)
            assert apart >= 23.9


def test_the_area_of_a_dot_grows_with_its_posts():
    posts = [("Nazaré", NAZARE)] * 9 + [("Tromsø", (69.6, 18.9))]
    large, small = atlas_of(places_of(*posts)).dots

    assert (large.topic.name, large.count) == ("Nazaré", 9)
    assert large.radius > small.radius > 0


def test_a_thousand_places_are_compared_with_their_neighbours_alone():
    """Places on a fine grid: were each compared with all, this would be a million comparisons."""
    spread = [((n // 40) * 4 - 48.0, (n % 40) * 9 - 175.0) for n in range(1000)]
    atlas = atlas_of(places_of(*((f"Place {n}", p) for n, p in enumerate(spread))))

    assert len(atlas.alone) == 1000
    assert sum(1 for region in atlas.alone if region.room == "any") < 200


def test_a_locator_shows_a_place_in_its_surroundings():
    for position in (NAZARE, *POLES_AND_EDGES):
        frame, (right, down) = locator(*position)
        assert frame.width == 260
        assert 6 <= right <= 94
        assert 9 <= down <= 91
    _, at = locator(*NAZARE)
    assert at == pytest.approx((50, 50), abs=0.5)


def test_the_land_is_where_the_places_are():
    """Points of the land's own outline: capes that everybody knows."""
    land = outline(Assets("photos")["world.svg"].text)
    points = list(_corners(land))
    capes = {
        "Cabo da Roca": (38.78, -9.5),
        "Cape Agulhas": (-34.83, 20.0),
        "Cape York": (-10.69, 142.53),
        "Cape Horn": (-55.98, -67.27),
    }

    for name, position in capes.items():
        x, y = project(*position)
        assert min(math.dist((x, y), point) for point in points) < 8, name
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT + 1 for x, y in points)
    assert re.fullmatch(r"[Mlz\d -]+", land)


def _corners(land: str):
    for ring in re.findall(r"M([^lz]+)l([^z]+)z", land):
        start, steps = (list(map(int, re.findall(r"-?\d+", part))) for part in ring)
        x, y = start
        yield x, y
        for step in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + step[0], y + step[1]
            yield x, y


def test_no_outline_goes_around_the_world_by_a_leap():
    """A line across the map is what becomes of a coast that crosses the date line uncut.

    One such line there is: Antarctica's, along the lower edge of the world.
    """
    land = outline(Assets("photos")["world.svg"].text)
    leaps = [
        (before, after)
        for ring in re.findall(r"M[^z]+z", land)
        for before, after in pairwise(_corners(ring))
        if abs(before[0] - after[0]) > WIDTH / 4
    ]

    assert all(y >= HEIGHT - 100 for leap in leaps for _, y in leap)


def test_a_picture_without_land_is_refused():
    with pytest.raises(ValueError, match="no land"):
        outline("<svg></svg>")
