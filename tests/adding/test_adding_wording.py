"""Whose word counts: the options', an earlier run's, the files'."""

from datetime import UTC, datetime

import pytest

from pelican_photos.adding.wording import Clock, Said, tags_in, wording_of
from pelican_photos.embedded import Details
from pelican_photos.errors import SettingsError

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
CLOCK = Clock(NOW, UTC)
FILE = Details(
    taken=datetime(2024, 5, 12, 18, 3),
    description="Boats at dusk #sea",
    alt="Three boats",
    keywords=("boats", "Sea"),
    place=("North beach", "", "Bar"),
    coordinates=(39.6, -9.07),
)
EARLIER = {
    "caption": "As before",
    "published": "2024-01-02T03:04:05+00:00",
    "location": {"name": "There", "latitude": None, "longitude": None},
    "media": [{"alt": "What was"}],
}


def test_a_file_says_everything_by_default_but_its_coordinates():
    wording = wording_of(Said(), [FILE], {}, CLOCK)

    assert wording.caption == "Boats at dusk #sea"
    assert wording.alts == ("Three boats",)
    assert wording.all_tags == ("sea", "boats")
    assert wording.published == datetime(2024, 5, 12, 18, 3, tzinfo=UTC)
    assert wording.location.name == "North beach, Bar"
    assert wording.location.latitude is None


def test_coordinates_are_shown_only_when_the_owner_says_so():
    wording = wording_of(Said(with_coordinates=True), [FILE], {}, CLOCK)

    assert (wording.location.latitude, wording.location.longitude) == (39.6, -9.07)


def test_an_option_goes_before_all_also_when_it_says_nothing():
    said = Said(caption="", alts=("",), tags="", location="", date="2025-01-01")
    wording = wording_of(said, [FILE], EARLIER, CLOCK)

    assert (wording.caption, wording.alts, wording.all_tags) == ("", ("",), ())
    assert wording.location is None
    assert wording.published == datetime(2025, 1, 1, 12, tzinfo=UTC)


def test_what_a_run_that_was_cut_short_said_goes_before_the_file():
    wording = wording_of(Said(), [FILE], EARLIER, CLOCK)

    assert (wording.caption, wording.alts, wording.place) == ("As before", ("What was",), "There")
    assert wording.published == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "damaged", [{"media": [None]}, {"caption": 1}, {"location": 5}, {"media": None}]
)
def test_an_earlier_word_that_cannot_be_read_is_none(damaged):
    assert wording_of(Said(), [FILE], damaged, CLOCK).alts == ("Three boats",)


def test_an_album_takes_only_what_its_files_say_alike():
    other = Details(description="Another", keywords=("nets",))
    wording = wording_of(Said(alts=("one",)), [FILE, other], {}, CLOCK)

    assert (wording.caption, wording.place) == ("", "")
    assert wording.alts == ("one", "")
    assert wording.all_tags == ("boats", "Sea", "nets")


def test_more_alternative_texts_than_files_are_refused():
    with pytest.raises(SettingsError, match="--alt is given 2 times"):
        wording_of(Said(alts=("a", "b")), [FILE], {}, CLOCK)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("sea, #boats,,Sea ", ("sea", "boats")),
        ("a, b; c", ("a, b", "c")),
        ("", ()),
        ("#, ", ()),
        ("two words\nDate: 1", ("two words Date: 1",)),
    ],
)
def test_tags_are_read_as_people_write_them(text, tags):
    assert tags_in(text) == tags
