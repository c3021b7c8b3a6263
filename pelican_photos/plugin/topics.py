"""What posts have in common: tags, places and people, each with its list.  Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from pelican_photos.model import Location, Page, Person, Photo
from pelican_photos.naming import person_slug, tag_slug
from pelican_photos.plugin.entry import Topic

# About a kilometre: what is nearer is one place, where nobody named it.
_DECIMALS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Every topic that a published page has, by its slug."""

    tags: Mapping[str, Topic]
    places: Mapping[str, Topic]
    people: Mapping[str, Topic]

    def tags_of(self, page: Page) -> tuple[Topic, ...]:
        """Give the tags of a page, each once; one without a list where nothing shows it."""
        found = {topic.slug: topic for topic in map(_tag, page.tags)}
        return tuple(self.tags.get(slug, topic) for slug, topic in found.items())

    def place_of(self, location: Location | None) -> Topic | None:
        """Give the topic of a place as it is shown."""
        topic = place_topic(location)
        return topic and self.places.get(topic.slug, topic)

    def people_of(self, page: Page) -> tuple[Topic, ...]:
        """Give who is tagged in a photo, in the page's order."""
        found = {topic.slug: topic for topic in _people(page)}
        return tuple(self.people.get(slug, topic) for slug, topic in found.items())


def topics_of(path: str, published: Iterable[Page], *, places: bool, people: bool) -> Topics:
    """Give each slug one topic, as the newest page spells it; ``published`` is newest first."""
    pages = list(published)
    located = (place_topic(shown_place(page.location)) for page in pages if places)
    tagged = (topic for page in pages if people for topic in _people(page))
    return Topics(
        tags=_listed(f"{path}/tags", (_tag(name) for page in pages for name in page.tags)),
        places=_listed(f"{path}/places", filter(None, located)),
        people=_listed(f"{path}/people", tagged),
    )


def shown_place(location: Location | None) -> Location | None:
    """Give a place as it is shown: a coarse one by its name, since a pin would be wrong."""
    if location is None or not location.coarse:
        return location
    return Location(name=location.name, coarse=True) if location.name else None


def place_topic(location: Location | None) -> Topic | None:
    """Name a place for its list; what has no name is called by its coordinates."""
    if location is None:
        return None
    latitude, longitude = location.latitude, location.longitude
    position = None if latitude is None or longitude is None else (latitude, longitude)
    if location.name:
        return Topic(name=location.name, slug=tag_slug(location.name), position=position)
    if position is None:
        return None
    north, east = (round(value, _DECIMALS) for value in position)
    halves = f"{'NS'[north < 0]}", f"{'EW'[east < 0]}"
    parts = [f"{abs(value):.{_DECIMALS}f}" for value in (north, east)]
    return Topic(
        name=", ".join(f"{part}° {half}" for part, half in zip(parts, halves, strict=True)),
        # No name gives this slug: a dot is no letter, so that it would end in a hash.
        slug="-".join(f"{part}{half.lower()}" for part, half in zip(parts, halves, strict=True)),
        position=position,
    )


def _tag(name: str) -> Topic:
    return Topic(name=name, slug=tag_slug(name))


def _people(page: Page) -> Iterator[Topic]:
    people: tuple[Person, ...] = page.people if isinstance(page, Photo) else ()
    for person in people:
        yield Topic(name=person.username, slug=person_slug(person.username))


def _listed(folder: str, topics: Iterable[Topic]) -> Mapping[str, Topic]:
    found: dict[str, Topic] = {}
    for topic in topics:
        known = found.get(topic.slug)
        if known is None:
            own = f"{folder}/{topic.slug}"
            found[topic.slug] = replace(topic, folder=own, url=f"{quote(own)}/")
        elif known.position is None and topic.position is not None:
            found[topic.slug] = replace(known, position=topic.position)
    return found
