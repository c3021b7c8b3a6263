from dataclasses import replace
from pathlib import PurePath

import pytest

from builders import NOON, a_photo, an_album
from pelican_photos.model import Location, Person
from pelican_photos.plugin.gallery import Rules, gallery_of

NAZARE = Location(name="Nazaré", latitude=39.6012, longitude=-9.071)


def arrange(*pages, **rules):
    found = [(PurePath(page.slug), page) for page in pages]
    return gallery_of(found, {}, Rules(path="photos", **rules))


def listed(topics):
    return {topic.url: [entry.page.slug for entry in found] for topic, found in topics.items()}


def test_a_place_lists_its_posts_under_its_name_whatever_its_capitals():
    gallery = arrange(
        a_photo("a", location=Location(name="nazaré")),
        a_photo("b", location=NAZARE),
    )
    (topic,) = gallery.places

    assert listed(gallery.places) == {"photos/places/nazar%C3%A9/": ["b", "a"]}
    assert (topic.name, topic.position) == ("Nazaré", (39.6012, -9.071))


def test_a_place_without_a_name_is_called_by_its_coordinates():
    gallery = arrange(
        a_photo("a", location=Location(latitude=39.6012, longitude=-9.071)),
        a_photo("b", location=Location(latitude=39.5999, longitude=-9.0749)),
        a_photo("c", location=Location(latitude=-0.001, longitude=180.0)),
    )

    assert [topic.name for topic in gallery.places] == ["0.00° N, 180.00° E", "39.60° N, 9.07° W"]
    assert listed(gallery.places)["photos/places/39.60n-9.07w/"] == ["b", "a"]


def test_no_name_takes_the_address_of_a_place_without_one():
    gallery = arrange(
        a_photo("a", location=Location(latitude=39.6, longitude=-9.07)),
        a_photo("b", location=Location(name="39.60n-9.07w")),
    )

    assert len(listed(gallery.places)) == 2


def test_a_coarse_place_has_a_list_and_no_pin():
    (topic,) = arrange(a_photo(location=replace(NAZARE, coarse=True))).places

    assert (topic.name, topic.position) == ("Nazaré", None)


def test_a_photo_that_shares_its_albums_place_is_in_the_album_already():
    album = an_album("trip", location=NAZARE)
    same = a_photo("trip-1", album="trip", position=1, location=NAZARE)
    other = a_photo("trip-2", album="trip", position=2, location=Location(name="Porto"))

    assert listed(arrange(album, same, other).places) == {
        "photos/places/nazar%C3%A9/": ["trip"],
        "photos/places/porto/": ["trip-2"],
    }


def test_whoever_is_tagged_is_listed_with_the_very_photo_of_an_album():
    ana = Person(username="ana.silva", x=0.3, y=0.5)
    gallery = arrange(
        an_album("trip"),
        a_photo("trip-1", album="trip", position=1),
        a_photo("trip-2", album="trip", position=2, people=(ana, ana)),
    )
    (listing,) = listed(gallery.people).values()

    assert listing == ["trip-2"]


@pytest.mark.parametrize("kept_back", [{"places": False}, {"people": False}])
def test_what_the_site_keeps_back_has_no_list_and_no_name(kept_back):
    page = a_photo(location=NAZARE, people=(Person(username="ana"),), published=NOON)
    gallery = arrange(page, **kept_back)
    (entry,) = gallery.posts

    assert bool(gallery.places) == bool(entry.place) == bool(entry.where) == ("people" in kept_back)
    assert bool(gallery.people) == bool(entry.people) == ("places" in kept_back)


def test_a_hidden_page_makes_no_list():
    gallery = arrange(
        a_photo("a", status="hidden", location=NAZARE, people=(Person(username="ana"),))
    )
    (entry,) = gallery.entries

    assert not gallery.places
    assert not gallery.people
    assert (entry.where.url, entry.people[0].url) == ("", "")
