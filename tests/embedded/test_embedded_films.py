"""What a film says of itself: its length, its size as it is seen, its time and place."""

import struct
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.tagged_films import box, film, full, keyed, longs, user_data
from pelican_photos.demo.video import film as sample_film
from pelican_photos.embedded import Details, details_of

TURNED = {
    0: (0x10000, 0, 0, 0x10000),
    90: (0, 0x10000, 2**32 - 0x10000, 0),
    180: (2**32 - 0x10000, 0, 0, 2**32 - 0x10000),
    270: (0, 2**32 - 0x10000, 0x10000, 0),
}
SINCE_1904 = 3_798_381_780  # 2024-05-12 18:03:00 UTC, as mvhd counts


def seen(width, height, degrees, *, wide=False):
    a, b, c, d = TURNED[degrees]
    matrix = struct.pack(">9I", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    times = bytes(32) if wide else bytes(20)
    size = longs(width << 16, height << 16)
    return box(
        b"trak",
        full(b"tkhd", times, bytes(16), matrix, size, version=int(wide)),
        box(b"mdia", full(b"hdlr", b"mhlr", b"vide", bytes(12), b"\0")),
    )


def a_film(*parts, brand=b"qt  ", header=None):
    head = header or full(b"mvhd", longs(SINCE_1904, 0, 600, 7440), bytes(80))
    return box(b"ftyp", brand, bytes(4), brand) + box(b"moov", head, *parts)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    ("degrees", "size"), [(0, (64, 48)), (90, (48, 64)), (180, (64, 48)), (270, (48, 64))]
)
def test_a_size_is_turned_as_the_film_is_shown(degrees, size, wide):
    details = details_of(a_film(seen(64, 48, degrees, wide=wide)))

    assert (details.width, details.height) == size
    assert details.duration == 12.4
    assert details.taken == datetime(2024, 5, 12, 18, 3, tzinfo=UTC)


def test_times_of_eight_bytes_are_read():
    header = full(b"mvhd", struct.pack(">QQIQ", SINCE_1904, 0, 1000, 2500), bytes(80), version=1)

    assert details_of(a_film(header=header)).duration == 2.5


@pytest.mark.parametrize("numbers", [(0, 0, 0, 5), (0, 0, 600, 0xFFFFFFFF)])
def test_a_length_that_nobody_knows_is_none(numbers):
    details = details_of(a_film(header=full(b"mvhd", longs(*numbers), bytes(80))))

    assert (details.duration, details.taken) == (0.0, None)


def test_apple_s_keys_go_before_the_clock_of_the_header():
    said = keyed(
        creationdate=b"2024-05-12T19:03:00+0100",
        make=b"Apple",
        model=b"iPhone 13",
        description=b"Boats at dusk",
        location__ISO6709=b"+39.6000-009.0708+031.415/",
    )

    assert details_of(a_film(said)) == Details(
        taken=datetime(2024, 5, 12, 19, 3, tzinfo=timezone(timedelta(hours=1))),
        make="Apple",
        model="iPhone 13",
        description="Boats at dusk",
        coordinates=(39.6, -9.0708),
        duration=12.4,
    )


def test_user_data_are_read():
    details = details_of(film(user_data()))

    assert (details.model, details.coordinates) == ("Bar 1", (39.6012, -9.071))


def test_the_sample_film_says_its_length_and_size():
    data, still = sample_film("harbour", 0, (64, 48))
    details = details_of(data)

    assert 0 < details.duration < 60
    assert (details.width, details.height) == still.size


FILMS = [a_film(seen(64, 48, 90), keyed(make=b"Foo")), film(user_data()), a_film(user_data())]


@given(st.sampled_from(FILMS), st.data())
def test_a_film_that_is_damaged_anywhere_is_read_without_a_word(whole, data):
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    places = st.integers(0, max(len(damaged) - 1, 0))
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=20)):
        if damaged:
            damaged[place] = value

    camera = details_of(bytes(damaged)).camera
    assert not any(unicodedata.category(letter) == "Cc" for letter in camera)
