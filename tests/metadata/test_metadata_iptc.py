import pytest

from fakes.tagged_files import PLACE, cleaned, datasets, patches_of
from pelican_photos.errors import MetadataError

PLACES = (26, 27, 90, 92, 95, 100, 101)
PRIVATE = (188, 200, 201, 202)
LONG = b"\x1c\2\x5a\x80\4\0\0\0\x0a" + PLACE


@pytest.mark.parametrize("number", PLACES + PRIVATE)
def test_a_place_an_owner_or_a_preview_is_taken_out_and_the_rest_moves_up(number):
    before, after = datasets((5, b"Boats")), datasets((120, b"Sea"))
    place = datasets((number, PLACE))
    assert cleaned(before + place + after) == before + after + bytes(len(place))


def test_a_place_with_a_long_length_is_taken_out():
    title = datasets((5, b"Boats"))
    assert cleaned(title + LONG + b"\0\0") == title + bytes(len(LONG) + 2)


def test_places_that_are_kept_stay():
    city, owner = datasets((90, PLACE)), datasets((188, b"Olivia"))
    assert cleaned(city + owner, keep_places=True) == city + bytes(len(owner))


def test_what_is_no_secret_stays():
    others = [number for number in range(256) if number not in PLACES + PRIVATE]
    assert patches_of(datasets(*((number, PLACE) for number in others))) == ()


@pytest.mark.parametrize(
    "broken",
    [
        datasets((5, b"Boats"), (90, PLACE))[:-1],
        datasets((5, b"Boats")) + b"junk" + datasets((90, PLACE)),
        datasets((90, PLACE)) + b"junk",
        LONG[:7],
        b"\x1c\2\x5a",
    ],
)
def test_what_may_hide_a_place_is_refused(broken):
    with pytest.raises(MetadataError):
        patches_of(broken)
