import pytest

from fakes.tagged_files import (
    CITY,
    COORDINATES,
    PLACE,
    app1,
    cleaned,
    exif,
    jpeg,
    patches_of,
    traces,
    xmp,
)
from fakes.tagged_films import (
    FRAMES,
    SENSED,
    box,
    data_atom,
    film,
    full,
    keyed,
    log,
    longs,
    user_data,
)
from pelican_photos.errors import MetadataError

SERIAL = b"SN271828"


def test_coordinates_in_the_user_data_are_gone_and_the_camera_stays():
    after = cleaned(film(user_data()))
    assert traces(after, "<") == []
    assert b"Bar 1" in after
    assert FRAMES in after


def test_values_whose_key_names_a_place_are_gone_and_others_stay():
    values = keyed(
        make=b"Foo", location__ISO6709=COORDINATES, location__name=PLACE, creationdate=b"2024"
    )
    after = cleaned(film(values, brand=b"qt  "))
    assert traces(after, "<") == []
    assert data_atom(b"Foo") in after
    assert data_atom(b"2024") in after


def test_values_in_itunes_style_are_gone():
    freeform = box(
        b"----", full(b"mean", b"com.apple"), full(b"name", b"Location"), data_atom(PLACE)
    )
    values = box(
        b"ilst",
        box(b"\xa9xyz", data_atom(COORDINATES)),
        freeform,
        box(b"\xa9nam", data_atom(b"Sea")),
    )
    after = cleaned(film(box(b"udta", full(b"meta", full(b"hdlr", bytes(20)), values))))
    assert traces(after, "<") == []
    assert data_atom(b"Sea") in after


@pytest.mark.parametrize(
    "place",
    [
        box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), xmp(CITY)),
        box(b"udta", box(b"XMP_", xmp(CITY))),
        box(b"udta", box(b"CNDA", jpeg(app1(exif())))),
        box(b"udta", box(b"GPMF", b"DEVC...GPSU..." + PLACE)),
        box(b"uuid", bytes.fromhex("9b630f8d637440ec8204bc5ff5091728"), PLACE),
        box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48"), box(b"CMT4", exif())),
        box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48"), box(b"CMT1", exif())),
        box(b"uuid", bytes(16), b'{"exif:GPSLatitude": "39"}' + PLACE),
        box(b"mpvd", film(user_data())),
        full(
            b"meta",
            full(b"hdlr", bytes(20)),
            box(
                b"xml ",
                b'<?xml version="1.0"?><NonRealTimeMeta><a/><Group name="ExifGPS"><Item value="'
                + PLACE
                + b'"/></Group></NonRealTimeMeta>',
            ),
        ),
    ],
)
def test_every_other_box_with_a_place_is_cleaned(place):
    data = film(place)
    assert traces(data, "<")
    assert traces(cleaned(data), "<") == []


@pytest.mark.parametrize("kind", [b"NCDT", b"LENS", b"CAME", b"GPMF", b"thmb", b"\xa9dsn"])
def test_user_data_that_only_a_maker_can_read_are_gone(kind):
    after = cleaned(film(box(b"udta", box(kind, SERIAL), box(b"cprt", bytes(6) + b"Ann"))))
    assert SERIAL not in after
    assert b"Ann" in after


def test_values_whose_key_names_a_device_or_an_owner_are_gone():
    values = keyed(
        content__identifier=SERIAL,
        camera__identifier=SERIAL,
        camera__serial_number=SERIAL,
        author=b"Ann",
        camera__lens_model=b"Bar 35",
    )
    after = cleaned(film(values, brand=b"qt  "))
    assert SERIAL not in after
    assert b"Ann" in after
    assert b"Bar 35" in after


@pytest.mark.parametrize("version", [b"", bytes(4)])
def test_the_xml_of_a_video_camera_loses_its_serial_number_and_keeps_its_model(version):
    device = b'<Device manufacturer="Foo" modelName="Bar 1" serialNo="' + SERIAL + b'"/>'
    text = b'<?xml version="1.0"?><NonRealTimeMeta>' + device + b"</NonRealTimeMeta>"
    meta = full(b"meta", full(b"hdlr", bytes(20)), box(b"xml ", version, text))
    after = cleaned(film(meta))
    assert SERIAL not in after
    assert b'modelName="Bar 1"' in after


def test_what_free_space_still_holds_is_gone():
    after = cleaned(film(box(b"udta", box(b"free", SERIAL))) + box(b"skip", SERIAL))
    assert SERIAL not in after


def test_the_log_that_a_camera_wrote_behind_the_film_is_gone():
    behind = SERIAL + (48).to_bytes(4, "little") + bytes(4) + b"8db42d694ccc418790edff439fe026bf"
    assert cleaned(film() + behind) == film() + bytes(48)
    with pytest.raises(MetadataError, match="damaged"):
        patches_of(film() + bytes(8) + behind[-32:])


def test_places_that_are_kept_stay_and_nothing_else_does():
    def places(start):
        return log()(start)

    values = keyed(location__name=PLACE, content__identifier=SERIAL)
    data = film(places, user_data(), values, samples=SENSED * 6)
    after = cleaned(data, keep_places=True)
    assert SERIAL not in after
    assert [after.count(trace) for trace in (COORDINATES, PLACE)] == [
        data.count(trace) for trace in (COORDINATES, PLACE)
    ]
    unknown = film(log(kind=b"rtmd"), samples=SENSED * 6)
    assert COORDINATES not in cleaned(unknown, keep_places=True)


def test_a_raw_file_is_refused():
    with pytest.raises(MetadataError, match="raw file"):
        patches_of(film(brand=b"crx "))


@pytest.mark.parametrize("per_chunk", [1, 2, 6])
@pytest.mark.parametrize(
    ("handler", "kind"), [(b"meta", b"gpmd"), (b"camm", b"camm"), (b"meta", b"rtmd")]
)
def test_the_log_of_a_sensor_is_blank_and_the_sound_stays(handler, kind, per_chunk):
    data = film(log(handler, kind, per_chunk=per_chunk), samples=SENSED * 6)
    after = cleaned(data)
    assert COORDINATES not in after
    assert kind not in after
    assert data.index(FRAMES) == after.index(FRAMES)
    assert after.count(b"trak") == 1


@pytest.mark.parametrize("handler", [b"text", b"sbtl"])
def test_subtitles_are_blank_only_when_they_say_a_place(handler):
    drone = film(log(handler, b"tx3g"), samples=SENSED * 6)
    assert COORDINATES not in cleaned(drone)
    words = bytes(len(SENSED) - 9) + b"Good day!"
    assert patches_of(film(log(handler, b"tx3g"), samples=words * 6)) == ()


def test_apple_s_metadata_track_stays_unless_it_names_a_place():
    def keys(name):
        return box(b"keys", box(longs(1), box(b"keyd", b"mdtacom.apple.quicktime." + name)))

    still = film(log(kind=b"mebx", parts=keys(b"still-image-time")), samples=SENSED * 6)
    assert patches_of(still) == ()
    place = film(log(kind=b"mebx", parts=keys(b"location.ISO6709")), samples=SENSED * 6)
    assert COORDINATES not in cleaned(place)


@pytest.mark.parametrize(
    "broken",
    [
        film(log(), samples=SENSED * 5),
        film(lambda start: log()(start - 9), samples=SENSED * 6),
        film(lambda start: log()(40), samples=SENSED * 6),
        film(log(), samples=SENSED * 6) + full(b"moof"),
        film(box(b"gps ", longs(0, 1, 100, 100))),
        film(box(b"cmov", b"packed")),
        film(*[log()] * 65, samples=SENSED * 6),
        film(user_data())[:-20],
        film(box(b"udta", longs(4) + b"\xa9xyz")),
    ],
)
def test_what_may_hide_a_place_is_refused(broken):
    with pytest.raises(MetadataError):
        patches_of(broken)


def test_a_film_that_is_cut_short_in_its_frames_is_let_through():
    data = film()
    assert patches_of(data[: data.index(FRAMES) + 20]) == ()


def test_boxes_in_boxes_come_to_an_end():
    nested = b""
    for _ in range(40):
        nested = box(b"minf", nested)
    with pytest.raises(MetadataError, match="too deep"):
        patches_of(film(nested))
