"""What is an export, and what only looks a little like one."""

import json
import zipfile

import pytest

from fakes.export_files import zipped
from fakes.hostile_zips import AN_EXPORT, bomb, packed
from fakes.instagram_export import ERAS, WRITTEN_AT, FakeExport
from fakes.instaloader_folder import FakeFolder, a_node
from pelican_photos.sources import instaloader_folder
from pelican_photos.sources.instagram_export import detect


@pytest.mark.parametrize("era", ERAS)
def test_an_export_of_any_year_is_one_and_nothing_of_instaloaders(tmp_path, era):
    export = FakeExport(era).add()
    folder = export.folder(tmp_path / "f", "deep/inside")

    assert detect(folder)
    assert detect(export.zip(tmp_path / "a.zip"))
    assert not instaloader_folder.detect(folder)


@pytest.mark.parametrize("era", ERAS)
def test_a_part_with_pictures_alone_is_one(tmp_path, era):
    members = [(name, data) for name, data in FakeExport(era).add().members() if "json" not in name]

    assert detect(
        zipped(tmp_path / "a.zip", [m for m in members if "html" not in m[0]], WRITTEN_AT)
    )


@pytest.mark.parametrize(
    "name",
    [
        "your_instagram_activity/likes/liked_posts.json",
        "saved/saved_posts.json",
        "personal_information/personal_information/personal_information.json",
    ],
)
def test_an_export_without_posts_is_one_and_will_say_what_it_lacks(tmp_path, name):
    assert detect(FakeExport(None).write(name, "{}").folder(tmp_path / "f"))


def test_a_folder_of_instaloaders_is_none(tmp_path):
    folder = FakeFolder(tmp_path / "f").add(a_node()).add(a_node("B"), "media/posts/x")
    folder.write_json("media.json", {"node": a_node(), "instaloader": {"node_type": "Post"}})
    folder.write("posts.json", "[]").write("backup.zip", b"PK\x03\x04 damaged")

    assert not detect(folder.path)


def test_a_folder_of_the_oldest_kind_is_known_by_what_its_file_holds(tmp_path):
    export = FakeExport(None).write("media.json", '{"photos": [], "videos": []}')

    assert detect(export.folder(tmp_path / "f"))


@pytest.mark.parametrize("names", [[], ["a.jpg"], ["media/a.jpg"], ["posts.json", "x/reels.json"]])
def test_anything_else_is_none(tmp_path, names):
    export = FakeExport(None)
    for name in names:
        export.write(name, json.dumps([]))
    (tmp_path / "f").mkdir()

    assert not detect(export.folder(tmp_path / "f"))
    assert not detect(export.zip(tmp_path / "a.zip"))


@pytest.mark.parametrize("name", ["nowhere", "a.txt", "b.zip"])
def test_what_is_neither_zip_nor_folder_is_none(tmp_path, name):
    (tmp_path / "a.txt").write_bytes(packed({"posts_1.json": b"[]"}, zipfile.ZIP_STORED))
    (tmp_path / "b.zip").write_text("<html>")

    assert not detect(tmp_path / name)


def test_a_zip_that_is_damaged_or_hostile_is_left_to_be_refused_with_a_reason(tmp_path):
    whole = AN_EXPORT.zip(tmp_path / "a.zip")
    (tmp_path / "b.zip").write_bytes(whole.read_bytes()[:500])

    assert detect(tmp_path / "b.zip")
    assert detect(bomb(tmp_path / "c.zip"))
