"""Where places lie on a small map of the world: projection, frame, dots.  Pure.

The projection is Miller's cylindrical one: both poles are on the map, north is up everywhere, and
where most people live a coast looks as it does on the maps they know, however closely the frame is
drawn around it.  One unit is 1/2000 of the way around the world; the land of ``world.svg`` is
drawn in the same units.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pelican_photos.plugin.entry import Entry, Topic

Point = tuple[float, float]  # to the right, and down, in units

WIDTH = 2000
_RADIUS = WIDTH / (2 * math.pi)
_POLE = 1.25 * math.asinh(math.tan(0.8 * math.pi / 2))
HEIGHT = 2 * _POLE * _RADIUS

_PROPORTION = 3 / 2  # of a frame: width by height
_NARROWEST = 420  # units: with less around it, a coast of this scale cannot be recognised
_AROUND_ONE = 260  # of the map of a single place
_MARGIN = 0.07  # of the width, on each side: the outermost dot is whole, and can be hit
_NEARBY = 12  # units: about two degrees, or 200 kilometres where many people live
# A target of 24 pixels, on the narrowest map that we draw (a phone of 320 pixels), and beside
# the list.
_ON_A_PHONE, _ON_A_DESK = 24 / 280, 24 / 520
_BESIDE = (0, -1, 1)
_LARGEST, _SMALLEST = 0.014, 0.005  # radius of a dot, as a share of the width


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The part of the world that is shown, in units."""

    left: float
    top: float
    width: float
    height: float

    @property
    def view_box(self) -> str:
        """As an attribute of SVG."""
        return " ".join(f"{each:g}" for each in (self.left, self.top, self.width, self.height))

    def percent(self, point: Point) -> Point:
        """Say how far to the right and down a point is, in percent."""
        right, down = point
        return (
            round(100 * (right - self.left) / self.width, 2),
            round(100 * (down - self.top) / self.height, 2),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A place on the map."""

    topic: Topic
    count: int  # of its posts
    x: float  # units
    y: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Places near one another; the most photographed leads.

    ``at`` is where that stands on the map, in percent.  ``room`` says where its dot has room to
    be hit: on "any" map, on a "wide" one, or nowhere, "".
    """

    leader: Topic
    count: int  # posts of all its places
    places: tuple[Topic, ...]  # as the gallery orders them
    number: int  # from 1
    at: Point
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """The map of a gallery, and its places in the order of the list."""

    frame: Frame
    dots: tuple[Dot, ...]  # large ones first, so that small ones lie above them
    regions: tuple[Region, ...]  # of several places each; most posts first
    alone: tuple[Region, ...]  # of one place each; as the gallery orders them
    unlocated: tuple[Topic, ...]  # whose coordinates nobody said


def project(latitude: float, longitude: float) -> Point:
    """Find a place on the map; from degrees, WGS 84.

    Degrees beyond the poles are taken for the pole, and longitudes go around the world.
    """
    angle = math.radians(max(-90.0, min(90.0, latitude)))
    around = longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
    northing = 1.25 * math.asinh(math.tan(0.8 * angle))
    return (around + 180) / 360 * WIDTH, (_POLE - northing) * _RADIUS


def atlas_of(places: Mapping[Topic, Sequence[Entry]]) -> Atlas:
    """Draw the map of a gallery's places."""
    points = {topic: project(*topic.position) for topic in places if topic.position}
    frame = frame_around(points.values(), _NARROWEST)
    counts = {topic: len(entries) for topic, entries in places.items()}
    by_count = sorted(points, key=lambda topic: -counts[topic])
    most = max(map(counts.__getitem__, points), default=1)
    order = {topic: number for number, topic in enumerate(places)}
    nearby = _near_one_another(by_count, points, _NEARBY)
    room = _room([near[0] for near in nearby], points, frame)
    regions = [
        Region(
            leader=near[0],
            count=sum(counts[topic] for topic in near),
            places=tuple(sorted(near, key=order.__getitem__)),
            number=number,
            at=frame.percent(points[near[0]]),
            room=room.get(near[0], ""),
        )
        for number, near in enumerate(nearby, start=1)
    ]
    several = (region for region in regions if len(region.places) > 1)
    single = (region for region in regions if len(region.places) == 1)
    return Atlas(
        frame=frame,
        dots=tuple(_dot(topic, counts[topic], most, points[topic], frame) for topic in by_count),
        regions=tuple(sorted(several, key=lambda region: (-region.count, order[region.leader]))),
        alone=tuple(sorted(single, key=lambda region: order[region.leader])),
        unlocated=tuple(topic for topic in places if not topic.position),
    )


def locator(latitude: float, longitude: float) -> tuple[Frame, Point]:
    """Draw the surroundings of one place; its own point is in percent of them."""
    point = project(latitude, longitude)
    frame = frame_around([point], _AROUND_ONE)
    return frame, frame.percent(point)


def frame_around(points: Iterable[Point], narrowest: float) -> Frame:
    """Draw a frame around all points, at least so wide; without any, around the world."""
    found = list(points) or [(0, 0), (WIDTH, HEIGHT)]
    rights, downs = zip(*found, strict=True)
    share = 1 - 2 * _MARGIN
    across = (max(rights) - min(rights)) / share
    along = (max(downs) - min(downs)) / (1 - 2 * _MARGIN * _PROPORTION)
    width = math.ceil(max(narrowest, across, along * _PROPORTION))
    height = math.ceil(width / _PROPORTION)
    margin = width * _MARGIN
    return Frame(
        left=_start(min(rights), max(rights), width, WIDTH, margin),
        top=_start(min(downs), max(downs), height, HEIGHT, margin),
        width=width,
        height=height,
    )


def outline(svg: str) -> str:
    """Take the land out of the picture of the world: what a path is drawn by."""
    found = re.search(r'<path[^>]* d="([^"<>]*)"', svg)
    if not found:
        raise ValueError("the picture of the world has no land")
    return found[1]


def _start(first: float, last: float, size: float, world: float, margin: float) -> int:
    """Centre a frame on what it shows, but let it end where the world does, if it can."""
    middle = (first + last - size) / 2
    inside = max(0.0, min(middle, world - size)) if size < world else (world - size) / 2
    # What lies at the edge of the world keeps its margin: the sea goes on a little.
    return round(min(max(inside, last + margin - size), first - margin))


def _near_one_another(
    topics: Iterable[Topic], points: Mapping[Topic, Point], distance: float
) -> list[list[Topic]]:
    """Join each place to one before it that leads, and is nearer than ``distance``.

    Leaders are looked up by the square of the map that they are in.  No two are in the same
    one, so that a place is compared with nine of them at most.
    """
    groups: dict[tuple[int, int], list[Topic]] = {}
    for topic in topics:
        right, down = points[topic]
        column, row = int(right // distance), int(down // distance)
        around = (groups.get((column + x, row + y)) for y in _BESIDE for x in _BESIDE)
        for group in filter(None, around):
            x, y = points[group[0]]
            if max(abs(right - x), abs(down - y)) < distance:
                group.append(topic)
                break
        else:
            groups[column, row] = [topic]
    return list(groups.values())


def _room(
    leaders: Sequence[Topic], points: Mapping[Topic, Point], frame: Frame
) -> Mapping[Topic, str]:
    """Say which places have a dot that can be hit, since none before it is too near."""
    wide = [near[0] for near in _near_one_another(leaders, points, frame.width * _ON_A_DESK)]
    narrow = (near[0] for near in _near_one_another(wide, points, frame.width * _ON_A_PHONE))
    return {**dict.fromkeys(wide, "wide"), **dict.fromkeys(narrow, "any")}


def _dot(topic: Topic, count: int, most: int, point: Point, frame: Frame) -> Dot:
    """Size a dot: its area grows with its posts, so that its radius does with their root."""
    share = _SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(count / most)
    x, y = (round(each, 1) for each in point)
    return Dot(topic=topic, count=count, x=x, y=y, radius=round(share * frame.width, 1))
