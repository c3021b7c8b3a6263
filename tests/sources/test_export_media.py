"""The files of an export that are odd, and what the camera said that may be nonsense."""

import pytest

from fakes.export_reading import bytes_of, only_post, posts, source
from fakes.hostile_zips import with_flipped_byte
from fakes.instagram_export import TAKEN_AT, FakeExport, picture, video
from fakes.instagram_export import cdn_name as name_of
from fakes.odd_exports import MEDIA, an_entry, with_posts
from pelican_photos.errors import MediaError
from pelican_photos.model import Location
from pelican_photos.sources.instagram_export import InstagramExport

# Media


@pytest.mark.parametrize("suffix", ["", ".webp", ".JPG", ".heic"])
def test_a_picture_may_have_any_extension_or_none(tmp_path, suffix):
    export = FakeExport(4).add(extension=suffix)
    reader = source(export, tmp_path)
    (post,) = reader.posts()

    assert post.media[0].kind == "image"
    assert bytes_of(reader, post) == [picture(1)]


def test_a_video_without_an_extension_is_known_by_its_first_bytes(tmp_path):
    export = FakeExport(4).add(items=[video(1)], extension="")
    export.samples[0].medium_changes = {"media_metadata": {}}

    assert only_post(export, tmp_path).media[0].kind == "video"


def test_a_damaged_file_without_an_extension_is_taken_for_what_its_metadata_say(tmp_path):
    export = FakeExport(4).add(items=[video(1)], extension="")
    path = with_flipped_byte(
        export.zip(tmp_path / "a.zip"), export.uri(export.samples[0], video(1))
    )

    (post,) = InstagramExport([path]).posts()

    assert post.media[0].kind == "video"


def test_a_missing_file_keeps_its_post_and_says_what_to_do(tmp_path):
    reader = source(FakeExport(4).add(missing=True), tmp_path)
    (post,) = reader.posts()

    assert post.media[0].file_size == 0
    with pytest.raises(MediaError, match=r"\.jpg: is not in the export .*give all its parts"):
        bytes_of(reader, post)


def test_an_empty_file_is_a_missing_one(tmp_path):
    export = FakeExport(4).add(items=[("image", b"", name_of(1))])
    reader = source(export, tmp_path)
    (post,) = reader.posts()

    with pytest.raises(MediaError, match="is not in the export"):
        bytes_of(reader, post)


def test_a_medium_that_names_no_file_stays_a_gap_in_its_album(tmp_path):
    entry = {"media": [{"creation_timestamp": TAKEN_AT}, an_entry()["media"][0]], "title": "Both"}

    post = only_post(with_posts([entry]), tmp_path)

    assert [medium.picture for medium in post.media] == ["", MEDIA]


def test_posts_whose_media_name_no_files_are_not_one_post(tmp_path):
    entries = [{"media": [{"creation_timestamp": TAKEN_AT + n}], "title": "x"} for n in (1, 2)]

    assert len({post.uid for post in posts(with_posts(entries), tmp_path)}) == 2


@pytest.mark.parametrize(
    "uri", ["../../../etc/passwd", "/etc/passwd", "https://example.org/a.jpg", "media", "", "a\nb"]
)
def test_an_address_leads_nowhere_but_into_the_export(tmp_path, uri):
    reader = source(with_posts([an_entry(uri=uri)]), tmp_path)
    list(reader.posts())

    with pytest.raises(MediaError) as refused:
        list(reader.fetch(uri))
    assert "\n" not in str(refused.value)


def test_media_of_the_same_name_in_two_folders_are_two(tmp_path):
    entries = [
        {"media": [{"uri": f"media/other/{n}/image.jpg", "creation_timestamp": TAKEN_AT + n}]}
        for n in (1, 2)
    ]
    export = with_posts(entries)
    export.write("media/other/1/image.jpg", picture(1)).write("media/other/2/image.jpg", picture(2))
    reader = source(export, tmp_path)

    assert [bytes_of(reader, post) for post in reader.posts()] == [[picture(1)], [picture(2)]]


# What the camera said


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        (0, 0, None),
        (0.0, 0.0, None),
        (49, 8, Location(latitude=49, longitude=8, coarse=True)),
        (49.0, 8.0, Location(latitude=49, longitude=8, coarse=True)),
        (49.2, 8, Location(latitude=49.2, longitude=8)),
        (0, 8.5, Location(latitude=0, longitude=8.5)),
        (91.5, 8.5, None),
        ("49.2", "8.4", Location(latitude=49.2, longitude=8.4)),
        (None, 8.5, None),
        (float("nan"), float("inf"), None),
        ([1], {}, None),
    ],
)
def test_a_place_is_kept_as_far_as_it_is_one(tmp_path, latitude, longitude, place):
    exif = {"latitude": latitude, "longitude": longitude}

    assert only_post(FakeExport(4).add(exif=exif), tmp_path).media[0].place == place


def test_a_place_may_stand_in_a_part_of_its_own(tmp_path):
    parts = [{"latitude": 49.2, "longitude": 8.4}, {"lens_make": "Acme", "lens_model": "Acme 3"}]
    entry = an_entry(media_metadata={"photo_metadata": {"exif_data": parts}})

    medium = only_post(with_posts([entry]), tmp_path).media[0]

    assert (medium.place, medium.camera) == (Location(latitude=49.2, longitude=8.4), "Acme 3")


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("2026:06:04 15:51:36", "2026-06-04 15:51:36"),
        ("0000:00:00 00:00:00", ""),
        ("2026:02:30 15:51:36", ""),
        ("2026:06:04 15:51:36\nTitle: x", ""),
        (17, ""),
        (None, ""),
    ],
)
def test_a_cameras_time_is_kept_as_far_as_it_is_one(tmp_path, said, taken):
    post = only_post(FakeExport(4).add(exif={"date_time_original": said}), tmp_path)

    assert post.media[0].taken == taken
