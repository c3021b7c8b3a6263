"""What names of an export's files tell."""

import pytest

from pelican_photos.sources.export_names import (
    file_key,
    file_kind,
    medium_key,
    names_in,
    number_in,
    posts_file,
)

NUMBER = "17840000000000000"


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (f"media/posts/201502/1_2_3_n_{NUMBER}.jpg", (NUMBER, "1_2_3_n")),
        (f"media/posts/201502/{NUMBER}.webp", (NUMBER,)),
        (f"media/posts/201502/{NUMBER}", (NUMBER,)),
        (f"media/reels/201502/AQMxy_video_dashinit_{NUMBER}.mp4", (NUMBER, "AQMxy_video_dashinit")),
        (
            "photos/202102/0123456789abcdef0123456789abcdef.jpg",
            ("0123456789abcdef0123456789abcdef",),
        ),
        ("media/posts/1_2_3_n.jpg", ("1_2_3_n",)),
        ("", ()),
    ],
)
def test_a_file_is_called_by_its_number_and_by_its_name_on_the_cdn(path, names):
    assert names_in(path) == names


@pytest.mark.parametrize(
    "path", ["a/1_2_3_n.jpg", "a/12345678901234.jpg", f"a/{NUMBER}_n.jpg", "a"]
)
def test_other_numbers_are_none_of_a_medium(path):
    assert number_in(path) == ""


def test_a_number_is_the_key_under_any_name_and_prefix():
    paths = [f"media/posts/1/{NUMBER}.jpg", f"x/media/other/1_2_3_n_{NUMBER}.webp", NUMBER]

    assert {key(path) for path in paths for key in (medium_key, file_key)} == {int(NUMBER)}


def test_without_a_number_a_medium_is_its_path_and_a_file_its_name():
    assert medium_key("photos/1/a.jpg") != medium_key("photos/2/a.jpg")
    assert file_key("x/photos/1/a.jpg") == file_key("photos/1/a.jpg")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.JPG", "image"),
        ("a.heic", "image"),
        ("a.mp4", "video"),
        ("a.srt", "subtitles"),
        ("a", ""),
        ("a.txt", ""),
        ("jpg/a", ""),
    ],
)
def test_an_extension_tells_the_kind(path, kind):
    assert file_kind(path) == kind


@pytest.mark.parametrize(
    ("path", "role", "prefix"),
    [
        ("media.json", "early", ""),
        ("x/media_12.json", "early", "x/"),
        ("content/posts_1.json", "posts", ""),
        ("x/your_instagram_activity/content/reels.json", "posts", "x/"),
        ("x/y/your_instagram_activity/media/posts.json", "posts", "x/y/"),
        ("your_instagram_activity/media/archived_posts.json", "archived", ""),
        ("somewhere/stories.html", "stories", "somewhere/"),
    ],
)
def test_a_file_of_posts_is_known_by_its_name_under_any_prefix(path, role, prefix):
    found = posts_file(path)

    assert (found.role, found.prefix) == (role, prefix)


def test_the_tenth_file_comes_after_the_second():
    assert posts_file("posts_10.json").order > posts_file("posts_2.json").order


@pytest.mark.parametrize(
    "path", ["posts_1.txt", "myposts_1.json", "posts_x.json", "liked_posts.json", ""]
)
def test_other_files_are_none(path):
    assert posts_file(path) is None
