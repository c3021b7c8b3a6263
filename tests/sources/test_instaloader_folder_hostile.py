"""Damaged files, links that lead out, pipes and names with control characters."""

import lzma
import os

import pytest

from fakes.folder_reading import fetched, only_post, source, uids
from fakes.instaloader_folder import DATED, FakeFolder, a_node, jpeg
from pelican_photos.errors import MediaError
from pelican_photos.model import Unreadable


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xz",
        lzma.compress(b'{"node": {"shortcode": "A"'),
        lzma.compress(b'{"node": {}}' * 99)[:-9],
        lzma.compress(b"[" * 50_000),
        lzma.compress(b"\xff\xfe\xfd"),
        lzma.compress(b" " * (65 * 2**20) + b"{}", preset=0),
    ],
    ids=["empty", "not packed", "cut json", "cut xz", "deep", "not text", "a bomb"],
)
def test_a_damaged_file_is_named_and_the_rest_is_read(folder, data):
    folder.add(a_node("A"), "a").write("b.json.xz", data)

    post, unreadable = source(folder).posts()

    assert post.uid == "instagram:A"
    assert unreadable.uid == "instaloader:b"
    assert unreadable.reason.startswith("b.json.xz: ")


def test_a_node_that_lacks_its_media_is_unreadable_under_its_own_uid(folder):
    album = a_node("A", ("image", "image"))
    del album["carousel_media"]
    folder.add(album, "sub/x", files=False)

    (unreadable,) = source(folder).posts()

    assert isinstance(unreadable, Unreadable)
    assert unreadable.uid == "instagram:A"
    assert unreadable.reason.startswith("sub/x.json.xz: A: no picture")
    assert unreadable.raw == album


def test_a_damaged_copy_of_a_post_that_is_read_elsewhere_is_no_matter(folder):
    folder.add(a_node("A"), "a").write("a.json", b"{")
    lacking = a_node("A")
    del lacking["taken_at"]
    folder.add(lacking, "old/a")

    assert uids(folder) == ["instagram:A"]


@pytest.mark.parametrize("address", ["../secret.jpg", "/etc/passwd", "link.jpg", "loop.jpg", ""])
def test_what_lies_outside_the_folder_stays_there(folder, address):
    folder.add(a_node("A"), "a")
    (folder.path.parent / "secret.jpg").write_bytes(b"secret")
    (folder.path / "link.jpg").symlink_to("../secret.jpg")
    (folder.path / "loop.jpg").symlink_to("loop.jpg")

    with pytest.raises(MediaError):
        fetched(folder, address)


def test_links_that_leave_the_folder_are_refused_whatever_they_stand_for(folder):
    outside = FakeFolder(folder.path.parent / "outside")
    outside.add(a_node("B"), "b").write("c.txt", "secret").write("d.jpg", jpeg(80, 100))
    folder.add({"shortcode": "C", "taken_at": 5, "media_type": 1}, "c", files=False)
    folder.add(a_node("D"), "d", files=False)
    (folder.path / "b.json.xz").symlink_to(outside.path / "b.json.xz")
    (folder.path / "c.txt").symlink_to(outside.path / "c.txt")
    (folder.path / "d.jpg").symlink_to(outside.path / "d.jpg")
    (folder.path / "all").symlink_to(outside.path)

    post, without_caption, unreadable = source(folder, owner="someone").posts()

    assert (post.uid, without_caption.caption) == ("instagram:D", "")
    assert "leads out of the folder" in unreadable.reason
    with pytest.raises(MediaError, match="leads out of the folder"):
        fetched(folder, post.media[0].picture)


def test_a_link_within_the_folder_is_followed(folder):
    folder.add(a_node(), files=False).write("elsewhere.jpg", jpeg(80, 100))
    (folder.path / f"{DATED}.jpg").symlink_to("elsewhere.jpg")

    assert fetched(folder, only_post(folder).media[0].picture) == jpeg(80, 100)


def test_the_folder_itself_may_be_a_link(folder):
    folder.add(a_node())
    link = folder.path.parent / "link"
    link.symlink_to(folder.path)

    assert fetched(link, only_post(link).media[0].picture)


def test_an_empty_file_and_a_pipe_are_no_pictures(folder):
    folder.write("empty.jpg", b"").add(a_node("A"), "a")
    os.mkfifo(folder.path / "pipe.jpg")
    os.mkfifo(folder.path / "pipe.json")

    with pytest.raises(MediaError, match="is empty"):
        fetched(folder, "empty.jpg")
    with pytest.raises(MediaError, match="no such file"):
        fetched(folder, "pipe.jpg")
    assert uids(folder) == ["instagram:A", "instaloader:pipe"]


def test_hostile_names_reach_no_message_unwashed(folder):
    name = "a\nb\x1b[31m\udcff"
    folder.add(a_node("A"), "a").write(f"{name}.json", b"{")

    _, unreadable = source(folder).posts()

    assert "\n" not in unreadable.reason + unreadable.uid
    assert (unreadable.reason + unreadable.uid).encode()
