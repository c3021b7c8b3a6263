"""What exports since 2021 hold that a reader would not expect."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.export_files import json_of
from fakes.export_reading import bytes_of, only_post, posts, source, unreadable
from fakes.hostile_zips import AN_EXPORT, bomb, patched, with_flipped_byte
from fakes.instagram_export import TAKEN_AT, FakeExport, image, number_of, video
from fakes.instagram_export import cdn_name as name_of
from fakes.odd_exports import MEDIA, POSTS, an_entry, with_posts
from pelican_photos.errors import MediaError, PostMissing, SourceError
from pelican_photos.model import Post, Unreadable
from pelican_photos.sources.instagram_export import InstagramExport

# Shapes


def test_one_post_may_stand_where_a_list_should_be(tmp_path):
    assert only_post(with_posts(an_entry()), tmp_path).caption == "Boats"


def test_one_medium_may_stand_where_a_list_should_be(tmp_path):
    assert only_post(with_posts([{"media": an_entry()["media"][0]}]), tmp_path).caption == "Boats"


def test_a_caption_is_the_posts_else_the_first_medium_that_has_one(tmp_path):
    medium = {"uri": MEDIA, "creation_timestamp": TAKEN_AT}
    album = {"media": [medium | {"title": ""}, medium | {"title": "Second"}], "title": ""}

    assert only_post(with_posts([album]), tmp_path).caption == "Second"


def test_a_posts_own_time_counts_else_its_earliest_medium(tmp_path):
    media = [{"uri": f"media/{n}.jpg", "creation_timestamp": TAKEN_AT + n} for n in (9, 2, 5)]
    without, own = {"media": media}, {"media": media[::-1], "creation_timestamp": TAKEN_AT + 1071}

    assert only_post(with_posts([without]), tmp_path).published.timestamp() == TAKEN_AT + 2
    assert only_post(with_posts([own]), tmp_path).published.timestamp() == TAKEN_AT + 1071


def test_the_folder_of_a_medium_never_dates_it(tmp_path):
    entry = an_entry(uri="media/posts/201501/17840000000000001.jpg")

    assert only_post(with_posts([entry]), tmp_path).published == datetime.fromtimestamp(
        TAKEN_AT, UTC
    )


def test_an_empty_list_is_no_error_and_no_posts(tmp_path):
    assert posts(with_posts([]), tmp_path) == []


# Files


def test_insights_of_the_same_name_are_no_posts(tmp_path):
    insights = {"organic_insights_posts": [{"media_map_data": {}, "string_map_data": {}}] * 3}
    folder = "logged_information/past_instagram_insights"
    export = FakeExport(4).add().write(f"{folder}/posts.json", json_of(insights))
    reader = source(export, tmp_path)

    assert len(list(reader.posts())) == 1
    assert reader.skipped == {"files of insights": 1}


def test_lists_of_something_else_are_counted(tmp_path):
    export = FakeExport(4).add().write_json("content/reels.json", {"ig_other_things": [{}, 5]})
    reader = source(export, tmp_path)

    assert len(list(reader.posts())) == 1
    assert reader.skipped == {"entries that are no posts": 2}


def test_a_reel_that_stands_in_two_files_is_one_post(tmp_path):
    clip = [video(1)]
    export = FakeExport(4).add("A", items=clip).add("A", items=clip, role="reel")

    assert len(posts(export, tmp_path)) == 1


def test_a_post_that_is_archived_too_stays_hidden(tmp_path):
    export = FakeExport(4).add("A").add("A", role="archived")

    assert only_post(export, tmp_path).status == "hidden"


def test_an_archived_post_that_was_deleted_does_not_come(tmp_path):
    export = FakeExport(4).add("A").add("A", role="deleted")

    assert posts(export, tmp_path) == []


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("text", "an entry that is no post"),
        (None, "an entry that is no post"),
        ([], "an entry that is no post"),
        ({}, "a post without pictures"),
        ({"media": []}, "a post without pictures"),
        ({"media": "text"}, "a post without pictures"),
        ({"media": [{"uri": MEDIA}]}, "a post without a time"),
        ({"media": [{"uri": MEDIA, "creation_timestamp": 1e300}]}, "a post without a time"),
        (an_entry() | {"deep": [[[]]]} | {"x": eval("[" * 80 + "]" * 80)}, "no post"),
    ],
)
def test_an_element_that_makes_no_sense_is_named_and_the_rest_is_read(tmp_path, entry, reason):
    reader = source(with_posts([entry, an_entry(uri="media/17840000000000009.jpg")]), tmp_path)

    post, damaged = reader.posts()

    assert isinstance(post, Post)
    assert damaged.uid.startswith("instagram-export:")
    assert damaged.reason.startswith(f"{POSTS}: ")
    assert reason in damaged.reason


def test_a_damaged_element_of_a_post_that_stands_elsewhere_too_is_no_matter(tmp_path):
    export = FakeExport(4).add().write_json("content/reels.json", [{"media": [{"uri": MEDIA}]}])

    assert len(posts(export, tmp_path)) == 1


def test_an_unreadable_post_is_known_by_its_medium(tmp_path):
    found = unreadable(with_posts([{"media": [{"uri": MEDIA}]}]), tmp_path)

    assert found.uid == f"instagram-export:{number_of(name_of(1))}"
    assert found.raw["element"]["media"] == [{"uri": MEDIA}]


@pytest.mark.parametrize("data", [b"[{", b"<html>", b"17", b""])
def test_a_damaged_file_is_named_after_all_others_are_read(tmp_path, data):
    export = FakeExport(4).add().write("your_instagram_activity/media/reels.json", data)
    found = []

    with pytest.raises(SourceError, match=r"media/reels\.json in .*export\.zip: "):
        found.extend(source(export, tmp_path).posts())

    assert len(found) == 1


KEYS = (
    "media uri title label_values dict label value href fbid timestamp creation_timestamp"
    " media_metadata photo_metadata video_metadata exif_data subtitles backup_uri latitude"
).split()
ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.sampled_from([MEDIA, TAKEN_AT]),
    lambda v: st.lists(v) | st.dictionaries(st.sampled_from(KEYS), v),
)


def test_several_damaged_files_are_counted(tmp_path):
    folder = "your_instagram_activity/media"
    export = FakeExport(4).add().write(f"{folder}/reels.json", b"[{")
    export.write(f"{folder}/igtv_videos.json", b"[{")

    with pytest.raises(SourceError, match=r"igtv_videos\.json in .*; 1 more could not be read"):
        list(source(export, tmp_path).posts())


@given(ANYTHING)
@settings(max_examples=60)
def test_no_shape_of_json_makes_a_traceback(tmp_path_factory, value):
    path = with_posts([value]).zip(tmp_path_factory.mktemp("x") / "a.zip")

    found = list(InstagramExport([path]).posts())

    assert all(isinstance(post, Post | Unreadable) for post in found)


# Archives


def test_a_hostile_archive_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(SourceError, match="would unpack to"):
        list(InstagramExport([bomb(tmp_path / "a.zip")]).posts())


def test_a_damaged_picture_is_a_matter_of_its_own(tmp_path):
    path = with_flipped_byte(AN_EXPORT.zip(tmp_path / "a.zip"), MEDIA)
    reader = InstagramExport([path])
    (post,) = reader.posts()

    with pytest.raises(MediaError, match=r"is damaged .*download the archive again"):
        bytes_of(reader, post)


def test_a_damaged_file_of_posts_says_so(tmp_path):
    path = patched(AN_EXPORT.zip(tmp_path / "a.zip"), POSTS, crc=1)

    with pytest.raises(SourceError, match=r"posts_1\.json in .*a\.zip: is damaged"):
        list(InstagramExport([path]).posts())


def test_links_that_lead_out_of_a_folder_give_nothing(tmp_path):
    folder = FakeExport(4).add().folder(tmp_path / "f")
    (folder / MEDIA).unlink()
    (folder / MEDIA).symlink_to("/etc/hostname")
    reader = InstagramExport([folder])
    (post,) = reader.posts()

    with pytest.raises(MediaError, match="leads out of the folder"):
        bytes_of(reader, post)


def test_a_folder_that_changes_under_our_hands_is_no_traceback(tmp_path):
    folder = FakeExport(4).add().folder(tmp_path / "f")
    reader = InstagramExport([folder])
    (post,) = reader.posts()
    (folder / MEDIA).unlink()

    with pytest.raises(MediaError, match="cannot be read"):
        bytes_of(reader, post)


@pytest.mark.parametrize("name", ["nowhere", "empty", "notes.txt"])
def test_what_is_no_export_is_named(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("x")

    with pytest.raises(SourceError, match=name):
        list(InstagramExport([tmp_path / name]).posts())


# The verbs of a source


def test_the_source_says_what_it_is(tmp_path):
    reader = source(FakeExport(4).add().add("B", items=[image(2)]), tmp_path)

    assert (reader.live, reader.whole, reader.advice) == (False, False, "")
    assert reader.name == os.fspath(tmp_path / "export.zip")
    assert reader.expected() is None
    found = list(reader.posts())
    assert reader.expected() == 2
    assert reader.comments(found[0]) is None


def test_a_post_can_be_asked_for_again(tmp_path):
    reader = source(FakeExport(4).add().add("B", TAKEN_AT, "B", [image(2)]), tmp_path)
    uid = f"instagram-export:{number_of(name_of(2))}"

    assert reader.knows(uid)
    assert not reader.knows("instagram:B")
    assert reader.refresh(uid).caption == "B"
    with pytest.raises(PostMissing, match="instagram:B: not in"):
        reader.refresh("instagram:B")
