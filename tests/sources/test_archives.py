"""Zips and folders given together, read as one."""

import os

import pytest

from fakes.export_files import zipped
from fakes.instagram_export import WRITTEN_AT as AT
from fakes.instagram_export import FakeExport
from pelican_photos.errors import SourceError
from pelican_photos.sources.archives import Archives


def contents(*paths):
    archives = Archives(paths)
    return {m.path: b"".join(archives.pieces(m)) for m in list(archives.members())}


def test_zips_and_folders_are_one_view_whose_files_keep_their_paths(tmp_path):
    first = zipped(tmp_path / "1.zip", [("a/1.jpg", b"one")], AT)
    folder = FakeExport(None).write("b/2.jpg", "two")
    (tmp_path / "f" / "b").mkdir(parents=True)
    (tmp_path / "f" / "b" / "2.jpg").write_bytes(folder.files["b/2.jpg"])

    assert contents(first, tmp_path / "f") == {"a/1.jpg": b"one", "b/2.jpg": b"two"}


def test_zips_that_lie_in_a_folder_are_looked_into_and_are_no_files_themselves(tmp_path):
    zipped(tmp_path / "deep" / "export_part_1.ZIP", [("a.jpg", b"one")], AT)
    (tmp_path / "note.zip").write_bytes(b"no zip at all")

    assert contents(tmp_path) == {"a.jpg": b"one", "note.zip": b"no zip at all"}


def test_what_is_given_twice_is_read_once(tmp_path):
    path = zipped(tmp_path / "1.zip", [("a.jpg", b"one")], AT)
    archives = Archives([path, tmp_path, path])

    assert [member.path for member in archives.members()] == ["a.jpg"]


def test_a_member_says_its_size_and_of_json_when_it_was_written(tmp_path):
    path = zipped(tmp_path / "1.zip", [("a.json", b"[]")], AT)
    (tmp_path / "b.json").write_text("[]")
    os.utime(tmp_path / "b.json", (86400, 86400))

    found = {m.path: (m.size, m.modified) for m in Archives([path, tmp_path]).members()}

    assert found == {
        "a.json": (2, "2026-05-01T10:00:02+00:00"),
        "b.json": (2, "1970-01-02T00:00:00+00:00"),
    }


def test_a_zip_without_times_has_none(tmp_path):
    path = zipped(tmp_path / "1.zip", [("a.json", b"[]")], AT.replace(year=1980))

    assert [member.modified for member in Archives([path]).members()] == [""]


def test_what_a_mac_adds_is_left_out(tmp_path):
    members = [("a.jpg", b"x"), ("__MACOSX/a.jpg", b"y"), ("b/._a.jpg", b"z")]

    assert contents(zipped(tmp_path / "1.zip", members, AT)) == {"a.jpg": b"x"}


def test_links_that_lead_out_are_refused_and_those_within_are_followed(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "f"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.jpg").write_bytes(b"secret")
    (folder / "here.jpg").write_bytes(b"here")
    (folder / "inner.jpg").symlink_to("here.jpg")
    (folder / "leads out.jpg").symlink_to(outside / "secret.jpg")
    (folder / "all").symlink_to(outside)
    archives = Archives([folder])
    members = {member.path: member for member in archives.members()}

    assert set(members) == {"here.jpg", "inner.jpg", "leads out.jpg"}
    assert b"".join(archives.pieces(members["inner.jpg"])) == b"here"
    with pytest.raises(SourceError, match=r"leads out\.jpg in .* leads out of the folder"):
        list(archives.pieces(members["leads out.jpg"]))


def test_pipes_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")

    assert contents(tmp_path) == {}


@pytest.mark.parametrize("change", ["gone", "longer", "shorter"])
def test_a_file_that_changes_under_our_hands_is_no_traceback(tmp_path, change):
    file = tmp_path / "a.jpg"
    file.write_bytes(b"12345")
    archives = Archives([tmp_path])
    (member,) = archives.members()
    if change == "gone":
        file.unlink()
    else:
        file.write_bytes(b"1234567" if change == "longer" else b"123")

    with pytest.raises(SourceError, match=r"a\.jpg in .*: (cannot be read|has changed)"):
        list(archives.pieces(member))


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"nowhere: there is nothing; check the path"):
        Archives([tmp_path / "nowhere"])


def test_a_file_that_is_no_zip_is_named(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"no zip")

    with pytest.raises(SourceError, match=r"a\.zip: is no whole zip"):
        Archives([tmp_path / "a.zip"])
