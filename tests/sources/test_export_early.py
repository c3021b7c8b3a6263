"""The ``media.json`` of before February 2021."""

import pytest

from fakes.export_files import json_of
from fakes.export_reading import bytes_of, only_post, posts, source, unreadable
from fakes.instagram_export import TAKEN_AT, FakeExport, film, image, picture, video


def entry(number, **changes):
    whole = {"caption": "", "taken_at": "2019-05-12T18:03:00+00:00", "path": f"photos/{number}.jpg"}
    return whole | changes


def with_media(name="media.json", **lists):
    return FakeExport(None).write(name, json_of(lists, garbled=False))


@pytest.mark.parametrize("caption", ["Café 🌸", "caf\u00c3\u00a9", "Ã©"])
def test_its_letters_are_never_mended(tmp_path, caption):
    assert only_post(FakeExport(1).add(caption=caption), tmp_path).caption == caption


def test_entries_of_one_time_and_caption_are_an_album_in_the_order_of_the_file(tmp_path):
    photos = [entry(3, caption="A"), entry(9, caption="B"), entry(1, caption="A"), entry(2)]

    found = posts(with_media(photos=photos), tmp_path)

    assert {post.caption: [m.picture for m in post.media] for post in found} == {
        "A": ["photos/3.jpg", "photos/1.jpg"],
        "B": ["photos/9.jpg"],
        "": ["photos/2.jpg"],
    }


def test_a_caption_of_two_days_is_two_posts(tmp_path):
    photos = [
        entry(1, caption="Monday"),
        entry(2, caption="Monday", taken_at="2019-06-12T18:03:00"),
    ]

    assert len(posts(with_media(photos=photos), tmp_path)) == 2


def test_the_videos_of_an_album_follow_its_pictures(tmp_path):
    export = FakeExport(1).add(items=[image(1), video(2), image(3)])
    reader = source(export, tmp_path)

    (post,) = reader.posts()

    assert bytes_of(reader, post) == [picture(1), picture(3), film(2)]


@pytest.mark.parametrize("parts", [1, 2])
def test_media_2_json_goes_on_where_the_first_ended(tmp_path, parts):
    export = with_media(photos=[entry(1, caption="A")])
    second = json_of({"photos": [entry(2, caption="A")], "videos": []}, garbled=False)
    export.write("media_2.json", second)
    paths = export.zips(tmp_path / "x", parts)

    post = only_post(paths, tmp_path)

    assert [medium.picture for medium in post.media] == ["photos/1.jpg", "photos/2.jpg"]


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("2019-05-12T18:03:07+00:00", "2019-05-12T18:03:07+00:00"),
        ("2019-05-12T18:03:07", "2019-05-12T18:03:07+00:00"),
        ("2019-05-12T20:03:07.123+02:00", "2019-05-12T18:03:07+00:00"),
        (TAKEN_AT, "2024-05-12T18:03:00+00:00"),
    ],
)
def test_a_time_without_a_zone_is_utc(tmp_path, said, published):
    export = with_media(photos=[entry(1, taken_at=said)])

    assert only_post(export, tmp_path).published.isoformat() == published


@pytest.mark.parametrize("said", ["yesterday", "", None, [], "9999-12-31T23:59:59-10:00"])
def test_a_time_that_is_none_makes_a_post_unreadable(tmp_path, said):
    found = unreadable(with_media(photos=[entry(1, taken_at=said)]), tmp_path)

    assert found.reason.startswith("media.json: a post without a time")


def test_an_entry_twice_is_one_medium(tmp_path):
    assert len(only_post(with_media(photos=[entry(1), entry(1)]), tmp_path).media) == 1


def test_a_place_is_a_name(tmp_path):
    export = with_media(photos=[entry(1, location="Nazaré,\nPortugal")])

    assert only_post(export, tmp_path).location.name == "Nazaré, Portugal"


def test_what_are_no_posts_is_counted(tmp_path):
    lists = {"profile": [entry(2)], "direct": [entry(3)] * 2, "stories": [entry(4)] * 3}
    reader = source(with_media(photos=[entry(1)], **lists), tmp_path)

    assert len(list(reader.posts())) == 1
    assert reader.skipped == {
        "profile pictures": 1,
        "pictures of direct messages": 2,
        "story items": 3,
    }


def test_a_media_json_of_another_kind_is_no_traceback(tmp_path):
    export = (
        FakeExport(4).add().write("media.json", b'{"photos": "x", "other": [1], "videos": [2]}')
    )

    assert len(posts(export, tmp_path)) == 1
