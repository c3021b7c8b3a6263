"""Draws ``themes/photostream/assets/world.svg``, the land behind the map of the gallery.

For developers: the finished file is in the repository, and nothing else needs this script.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python bench/world.py package/land-110m.json

The land is Natural Earth's, 1:110m, which is in the public domain; world-atlas holds it as
TopoJSON: arcs whose points are steps from the one before, on a grid (see the specification at
https://github.com/topojson/topojson-specification).
"""

import json
import sys
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from pelican_photos.plugin.assets import theme_folder
from pelican_photos.plugin.atlas import HEIGHT, WIDTH, project

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">\
<!-- Land: Natural Earth 1:110m, public domain; drawn by bench/world.py -->\
<path fill="#8a8478" fill-opacity=".45" d="{land}"/></svg>
"""

Step = tuple[int, int]


def main(source: str) -> None:
    """Read TopoJSON, write SVG."""
    world = json.loads(Path(source).read_text("utf-8"))
    rings = (piece for ring in _rings(world) for piece in _within(ring))
    land = "".join(filter(None, map(_path, rings)))
    drawn = _SVG.format(width=WIDTH, height=round(HEIGHT), land=land)
    (theme_folder() / "assets" / "world.svg").write_text(drawn, "utf-8")


def _rings(world: dict[str, Any]) -> Iterator[list[Step]]:
    """Yield the outlines of the land, in whole units of the map."""
    arcs = [_arc(arc, world["transform"]) for arc in world["arcs"]]
    for shape in world["objects"]["land"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            # ~n is arc n, backwards.
            yield [
                point
                for number in ring
                for point in (arcs[number] if number >= 0 else arcs[~number][::-1])
            ]


def _arc(steps: list[list[int]], grid: dict[str, list[float]]) -> list[Step]:
    (scale_x, scale_y), (left, bottom) = grid["scale"], grid["translate"]
    points = accumulate(steps, lambda at, step: [at[0] + step[0], at[1] + step[1]])
    places = ((x * scale_x + left, y * scale_y + bottom) for x, y in points)
    return [_whole(project(latitude, longitude)) for longitude, latitude in places]


def _whole(point: tuple[float, float]) -> Step:
    return round(point[0]), round(point[1])


def _within(ring: list[Step]) -> Iterator[list[Step]]:
    """Cut an outline where the map ends: some go on at its other side, one around the pole."""
    steps = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring))
    walked = list(
        accumulate(steps, lambda at, s: (at[0] + _shorter(s[0]), at[1] + s[1]), initial=ring[0])
    )
    if walked[-1] != walked[0]:
        pole = round(HEIGHT)
        walked += [(walked[-1][0], pole), (walked[0][0], pole), walked[0]]
    for around in (-WIDTH, 0, WIDTH):
        moved = [(x + around, y) for x, y in walked]
        inside = _cut(_cut(moved, 0, 1), WIDTH, -1)
        if inside:
            yield inside


def _shorter(step: int) -> int:
    """Take a step the shorter way around the world."""
    return (step + WIDTH // 2) % WIDTH - WIDTH // 2


def _cut(ring: list[Step], edge: int, side: int) -> list[Step]:
    """Keep what is beyond a meridian, in the direction of ``side`` (Sutherland and Hodgman)."""
    kept: list[Step] = []
    for a, b in pairwise(ring):
        crossing = (a[0] - edge) * (b[0] - edge) < 0
        if (a[0] - edge) * side >= 0:
            kept.append(a)
        if crossing:
            kept.append((edge, round(a[1] + (b[1] - a[1]) * (edge - a[0]) / (b[0] - a[0]))))
    return [*kept, kept[0]] if kept else []


def _path(ring: list[Step]) -> str:
    """Draw an outline in steps; what is smaller than a unit is left out."""
    points = [ring[0], *(after for before, after in pairwise(ring) if after != before)]
    if len(points) < 4:
        return ""
    steps = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points[:-1]))
    return f"M{_pair(*points[0])}l{''.join(_next(*step) for step in steps).lstrip()}z"


def _pair(x: int, y: int) -> str:
    return f"{x}{y}" if y < 0 else f"{x} {y}"


def _next(x: int, y: int) -> str:
    return _pair(x, y) if x < 0 else f" {_pair(x, y)}"


if __name__ == "__main__":
    main(sys.argv[1])
