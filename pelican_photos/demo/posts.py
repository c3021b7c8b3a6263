"""The posts of the sample account, read from ``posts.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any

from pelican_photos.demo.pictures import Metadata
from pelican_photos.model import Location, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One picture or video of a post, and what is said about it."""

    motif: str
    mood: int
    shape: str = ""  # a key of pictures.SIZES; "" for a video, which has one size
    alt: str = ""
    auto: str = ""  # what Instagram's machine says about it
    people: tuple[Person, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)

    @property
    def is_video(self) -> bool:
        """Whether it moves."""
        return not self.shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment or an answer to one."""

    author: str
    text: str
    likes: int = 0
    answers: "tuple[Remark, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePost:
    """One post, before it becomes files."""

    taken: datetime  # in UTC
    caption: str
    likes: int
    drawings: tuple[Drawing, ...]
    place: Location | None = None
    coauthors: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose posts they are."""

    username: str
    name: str


def read_sample() -> tuple[Account, tuple[SamplePost, ...]]:
    """Read the account and its posts, newest first."""
    text = resources.files(__package__).joinpath("posts.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    posts = tuple(_post(entry, table["places"]) for entry in table["post"])
    return Account(**table["account"]), posts


def _post(entry: Mapping[str, Any], places: Mapping[str, tuple[float, float]]) -> SamplePost:
    place = None
    if name := entry.get("place", ""):
        place = Location(name=name, latitude=places[name][0], longitude=places[name][1])
    return SamplePost(
        taken=entry["taken"],
        caption=entry.get("caption", "").strip(),
        likes=entry["likes"],
        drawings=tuple(_drawing(item, entry["taken"], place) for item in entry["media"]),
        place=place,
        coauthors=tuple(entry.get("coauthors", ())),
        remarks=tuple(_remark(item) for item in entry.get("comment", ())),
    )


def _drawing(item: Mapping[str, Any], taken: datetime, place: Location | None) -> Drawing:
    motif, mood, *shape = item["draw"].split()
    coordinates = tuple(item.get("coordinates", ()))
    if item.get("gps") and place and place.latitude is not None and place.longitude is not None:
        coordinates = (place.latitude, place.longitude)
    metadata = Metadata(
        taken=f"{taken:%Y:%m:%d %H:%M:%S}" if item.get("camera") else "",
        camera=item.get("camera", ""),
        coordinates=coordinates or None,
        sideways=item.get("sideways", False),
        profile=item.get("profile", False),
    )
    people = tuple(
        Person(username=person["name"], x=person.get("x"), y=person.get("y"))
        for person in item.get("people", ())
    )
    return Drawing(
        motif=motif,
        mood=int(mood),
        shape="".join(shape),
        alt=item.get("alt", ""),
        auto=item.get("auto", ""),
        people=people,
        metadata=metadata,
    )


def _remark(item: Mapping[str, Any]) -> Remark:
    return Remark(
        author=item["by"],
        text=item["text"],
        likes=item.get("likes", 0),
        answers=tuple(_remark(answer) for answer in item.get("answers", ())),
    )
