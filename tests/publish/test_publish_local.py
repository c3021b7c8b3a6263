import hashlib
import os
import time

import pytest

from fakes.built_site import picture_with_gps
from pelican_photos.errors import PublishError
from pelican_photos.publish.digests import BLOCK, Digests, part_etag
from pelican_photos.publish.local import public_blocks, site_files
from pelican_photos.publish.objects import PART

LONG_AGO = 1_600_000_000


@pytest.fixture
def output(tmp_path):
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


def test_the_site_is_listed_by_key(output):
    (output / "photos/2024").mkdir(parents=True)
    (output / "photos/2024/a b.html").touch()
    (output / "index.html").touch()

    assert site_files(output) == {
        "index.html": output / "index.html",
        "photos/2024/a b.html": output / "photos/2024/a b.html",
    }


def test_dotfiles_stay_here_but_well_known_goes(output):
    for name in (".git/config", ".DS_Store", "a/.hidden", ".well-known/webfinger"):
        (output / name).parent.mkdir(exist_ok=True)
        (output / name).touch()

    assert list(site_files(output)) == [".well-known/webfinger"]


def test_a_link_out_of_the_folder_is_refused(output, tmp_path):
    (tmp_path / "secret").touch()
    (output / "a.html").symlink_to(tmp_path / "secret")

    with pytest.raises(PublishError, match="leads out of"):
        site_files(output)


def test_a_link_within_the_folder_is_followed(output):
    (output / "a.html").touch()
    (output / "b.html").symlink_to("a.html")

    assert sorted(site_files(output)) == ["a.html", "b.html"]


@pytest.mark.parametrize("target", [".", "nowhere"])
def test_a_link_to_a_folder_or_to_nothing_is_refused(output, target):
    (output / "loop").symlink_to(target)

    with pytest.raises(PublishError, match="is no regular file"):
        site_files(output)


def test_something_that_is_no_file_is_refused(output):
    os.mkfifo(output / "pipe")

    with pytest.raises(PublishError, match="is no regular file"):
        site_files(output)


def test_a_name_is_composed_and_two_that_become_one_are_refused(output):
    (output / "cafe\u0301.html").touch()
    assert list(site_files(output)) == ["café.html"]

    (output / "café.html").touch()
    with pytest.raises(PublishError, match="composed differently"):
        site_files(output)


def test_a_missing_folder_says_what_to_do(output):
    with pytest.raises(PublishError, match="build it first"):
        site_files(output / "nowhere")


SETTLED = 20  # more than there are tests that ask for one


def aged(path, content):
    """Write a file that has long settled, as far as its times say."""
    path.write_bytes(content)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


@pytest.fixture(scope="module")
def waiting(tmp_path_factory):
    """Files that have not changed for some time, one for each test that wants to change it."""
    files = [aged(tmp_path_factory.mktemp("old") / "a.txt", b"one") for _ in range(SETTLED)]
    time.sleep(2.1)  # to set the time of a file is itself a change
    return files


@pytest.fixture
def settled(tmp_path, waiting):
    """A file that has not changed for some time, with its digest remembered in "notes"."""
    file = waiting.pop()
    digests = Digests(tmp_path / "notes", keep_gps=False)
    digests.measured(file)
    digests.save()
    return file


def test_a_digest_is_remembered_for_a_settled_file(tmp_path, settled):
    notes = tmp_path / "notes"

    assert Digests(notes, keep_gps=False).remembered(settled).size == 3
    assert Digests(notes, keep_gps=True).remembered(settled) is None


def test_a_change_that_keeps_size_and_time_is_noticed(tmp_path, settled):
    aged(settled, b"two")

    assert Digests(tmp_path / "notes", keep_gps=False).remembered(settled) is None


@pytest.mark.parametrize(
    "content", [b"not json", b"[]", b"{}", b'{"made_by":[1],"files":{}}', b"", None]
)
def test_torn_notes_are_no_notes(tmp_path, settled, content):
    notes = tmp_path / "notes"
    notes.write_bytes(notes.read_bytes()[:-9] if content is None else content)

    assert Digests(notes, keep_gps=False).remembered(settled) is None


def test_a_file_that_is_gone_is_forgotten(tmp_path, settled):
    other = Digests(tmp_path / "notes", keep_gps=False)
    other.save()

    assert "a.txt" not in (tmp_path / "notes").read_text()


def test_a_file_that_may_still_change_unseen_is_not_remembered(tmp_path):
    digests = Digests(tmp_path / "notes", keep_gps=False)
    (tmp_path / "a.txt").write_bytes(b"one")

    digests.measured(tmp_path / "a.txt")
    digests.save()

    assert not (tmp_path / "notes").exists()


def test_what_counts_is_what_the_public_will_see(tmp_path):
    photo = tmp_path / "photo.jpe"  # told by its bytes, whatever its name
    photo.write_bytes(picture_with_gps())

    hidden = Digests(tmp_path / "notes", keep_gps=False).measured(photo)
    kept = Digests(tmp_path / "notes", keep_gps=True).measured(photo)

    assert kept.sha256 == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert hidden.size == kept.size
    assert hidden.sha256 != kept.sha256


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(PublishError, match=r"gone\.txt cannot be read"):
        Digests(tmp_path / "notes", keep_gps=False).measured(tmp_path / "gone.txt")


@pytest.mark.parametrize(
    ("size", "parts"), [(0, 0), (1, 0), (PART, 0), (PART + 1, 2), (2 * PART, 2), (2 * PART + 5, 3)]
)
def test_an_etag_of_parts_says_how_many_there_are(tmp_path, size, parts):
    file = tmp_path / "big"
    file.write_bytes(b"x" * size)

    etag = part_etag(public_blocks(file, BLOCK, keep_gps=False))

    assert etag.partition("-")[2] == (str(parts) if parts else "")
