"""What lies among the posts: other files, other folders, nothing, and a lot."""

import json
import lzma
import os

import pytest

from fakes.folder_reading import only_post, source, uids
from fakes.instaloader_folder import DATED, TAKEN_AT, FakeFolder, a_node, jpeg
from fakes.weighing import peak_of, scales
from pelican_photos.errors import PostMissing, SourceError
from pelican_photos.model import Unreadable


def test_posts_come_newest_first_whatever_their_names(folder):
    for number, code in enumerate(("B", "C", "A")):
        folder.add(a_node(code, at=TAKEN_AT + number), f"{code}")

    assert uids(folder) == ["instagram:A", "instagram:C", "instagram:B"]
    assert source(folder).expected() == 3


def test_what_is_no_post_is_passed_over_and_counted(folder):
    folder.add(a_node())
    folder.add_json("2024-05-12_19-00-00_UTC.json.xz", a_node("S"), kind="StoryItem")
    folder.write("2024-05-12_19-00-00_UTC.jpg", jpeg(9, 16))
    folder.add_json("someone_115.json.xz", {"username": "someone"}, kind="Profile")
    folder.add_json("iterator_Xy.json.xz", {}, kind="FrozenNodeIterator")
    folder.write("iterator_Zz.json.xz", b"half")
    folder.write_json("notes.json", {"mine": True})
    folder.write_json("list.json", [1])
    folder.write("id", "115\n")
    folder.write("2024-05-12_18-03-00_UTC_profile_pic.jpg", jpeg(5, 5))
    folder.write("2024-05-12_18-05-00_UTC.jpg.temp", b"half a picture")
    folder.write("2024-05-12_18-05-00_UTC.json.xz.temp", b"half a file")

    reader = source(folder)

    assert [post.uid for post in reader.posts()] == ["instagram:CxYz_12AbCd"]
    assert reader.skipped == {
        "story items": 1,
        "profiles": 1,
        "resume files": 1,
        "damaged files that hold no post": 1,
        "other JSON files": 2,
    }


def test_pictures_whose_json_is_missing_are_said_among_posts_that_have_theirs(folder):
    folder.add(a_node("A"), "a")
    folder.write(f"{DATED}_1.jpg", jpeg(8, 10)).write(f"{DATED}_2.jpg", jpeg(8, 10))

    post, unreadable = source(folder).posts()

    assert (post.uid, unreadable.uid) == ("instagram:A", f"instaloader:{DATED}")
    assert "without a JSON file" in unreadable.reason


def test_folders_with_and_without_json_lie_side_by_side(folder):
    folder.add(a_node("A"), "new/a")
    folder.write(f"old/{DATED}.jpg", jpeg(8, 10)).write(f"older/{DATED}.jpg", jpeg(8, 10))

    found = source(folder)

    assert {post.uid for post in found.posts()} == {
        "instagram:A",
        f"instaloader:{DATED}",
        f"instaloader:older/{DATED}",
    }
    assert found.refresh(f"instaloader:older/{DATED}").media[0].picture == f"older/{DATED}.jpg"


def test_an_impossible_date_is_no_date(folder):
    folder.add(a_node("A"), "a").write("2024-02-30_00-00-00_UTC.jpg", jpeg(8, 10))

    assert uids(folder) == ["instagram:A"]


def test_the_same_post_twice_comes_once_and_from_where_it_is_whole(folder):
    node = a_node(kinds=("image", "image"))
    folder.add(node, "a/x").add(node, "b/x").add(node, "c/x")
    (folder.path / "a/x_2.jpg").unlink()
    (folder.path / "c/x_1.jpg").unlink()

    assert [item.picture for item in only_post(folder).media] == ["b/x_1.jpg", "b/x_2.jpg"]


def test_refresh_reads_one_post_again_and_knows_no_stranger(folder):
    folder.add(a_node())
    reader = source(folder)
    (post,) = reader.posts()

    assert reader.refresh(post.uid) == post
    with pytest.raises(PostMissing, match="instagram:Other"):
        reader.refresh("instagram:Other")


def test_a_post_that_goes_while_we_read_is_unreadable(folder):
    folder.add(a_node("A"), "a").add(a_node("B", at=5), "b")
    posts = source(folder).posts()
    assert next(posts).uid == "instagram:A"
    (folder.path / "b.json.xz").unlink()

    (gone,) = posts

    assert isinstance(gone, Unreadable)
    assert "b.json.xz" in gone.reason


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(SourceError, match="nowhere: there is no such folder"):
        source(tmp_path / "nowhere").expected()


def test_a_folder_without_posts_says_what_was_looked_for(folder):
    folder.add_json("someone_115.json.xz", {}, kind="Profile")

    with pytest.raises(SourceError, match=r"no posts here.*json\.xz.*2023-07-30_09-15-37_UTC\.jpg"):
        list(source(folder).posts())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_is_said(folder):
    folder.add(a_node()).write("closed/x", b"")
    (folder.path / "closed").chmod(0)

    with pytest.raises(SourceError, match="closed: cannot be read"):
        source(folder).expected()


def test_memory_stays_flat(tmp_path):
    def peak(posts):
        some = FakeFolder(tmp_path / str(posts))
        for number in range(posts):
            node = a_node(f"Code{number}", at=TAKEN_AT + number, ballast="x" * 20_000)
            some.add(node, f"p{number}", files=False)
        return peak_of(process, uids, some.path)

    with scales() as process:
        few, many = peak(20), peak(200)

    assert many - few < 180 * 4_000  # a post's JSON alone is five times that


def test_the_nodes_kept_by_the_posts_are_those_in_the_files(folder):
    folder.add(a_node())

    with lzma.open(folder.path / f"{DATED}.json.xz") as file:
        assert only_post(folder).raw == json.load(file)["node"]
