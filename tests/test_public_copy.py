import errno
import io
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.tagged_files import app1, cleaned, exif, jpeg, packet_segment, text, traces, xmp
from fakes.tagged_films import SENSED, film, log, user_data
from fakes.weighing import peak_of, scales
from pelican_photos.errors import MetadataError, PhotosError
from pelican_photos.public_copy import copy_public, open_public

TAGGED = jpeg(app1(exif()), packet_segment(xmp()))
PLAIN = jpeg()
BROKEN = jpeg(app1(b"nothing that anyone knows"))


@pytest.fixture
def original(tmp_path):
    path = tmp_path / "originals" / "photo.jpg"
    path.parent.mkdir()
    path.write_bytes(TAGGED)
    return path


@pytest.fixture
def target(tmp_path):
    return tmp_path / "output" / "2024" / "photo.jpg"


def settle(path):
    """Wait until a file's last change is long enough ago to be trusted."""
    stat = path.stat()
    time.sleep(max(0, (max(stat.st_ctime_ns, stat.st_mtime_ns) - time.time_ns()) / 1e9 + 2.05))


def alone(target):
    """Nothing but the copy is in its folder."""
    return [path.name for path in target.parent.iterdir()] == [target.name]


def test_what_is_read_says_nothing_of_the_place(original):
    with open_public(original, keep_gps=False) as file:
        assert file.read() == cleaned(TAGGED)
    assert original.read_bytes() == TAGGED


def test_the_place_is_read_where_the_owner_says_so(original):
    with open_public(original, keep_gps=True) as file:
        assert file.read() == TAGGED


@pytest.mark.parametrize("content", [PLAIN, b"", b"just text"])
def test_a_file_without_a_place_is_read_as_it_is(original, content):
    original.write_bytes(content)
    with open_public(original, keep_gps=False) as file:
        assert file.read() == content


def test_there_is_no_way_around_to_the_untouched_file(original):
    with open_public(original, keep_gps=False) as file, pytest.raises(io.UnsupportedOperation):
        file.fileno()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.integers(0, len(TAGGED) + 9), st.integers(-1, len(TAGGED))), max_size=9)
)
def test_it_reads_and_seeks_as_a_file_does(original, steps):
    same = io.BytesIO(cleaned(TAGGED))
    with open_public(original, keep_gps=False) as file:
        for place, size in steps:
            assert file.seek(place) == same.seek(place)
            assert file.read(size) == same.read(size)
            assert file.tell() == same.tell()
        assert file.seek(0, io.SEEK_END) == len(TAGGED)


def read_in_pieces(path):
    with open_public(path, keep_gps=False) as file:
        while piece := file.read(1 << 20):
            assert b"GPS5" not in piece
            assert b"Nazaretown" not in piece


def test_a_film_is_read_without_being_held_in_memory(tmp_path):
    path = tmp_path / "film.mp4"
    head, moov = film(log(), user_data(), samples=SENSED * 6).split(b"moov")
    with path.open("wb") as file:
        file.write(head[:-4])
        # Free space of 300 MB, which takes no room on the disk.
        file.write((300 << 20).to_bytes(4) + b"free")
        file.seek((300 << 20) - 8, io.SEEK_CUR)
        file.write(head[-4:] + b"moov" + moov)

    with scales() as process:
        peak = peak_of(process, read_in_pieces, path)

    assert peak < 10 << 20


def test_a_file_that_cannot_be_cleaned_is_named_and_not_opened(original):
    original.write_bytes(BROKEN)
    for keep_gps in (False, True):
        with pytest.raises(MetadataError, match=r"photo\.jpg.*save it again"):
            open_public(original, keep_gps=keep_gps)


def test_a_file_that_is_not_there_says_so(tmp_path, target):
    with pytest.raises(FileNotFoundError):
        open_public(tmp_path / "none.jpg", keep_gps=False)
    with pytest.raises(PhotosError, match=r"none\.jpg"):
        copy_public(tmp_path / "none.jpg", target, keep_gps=False)


def test_a_file_without_a_place_is_linked(original, target):
    original.write_bytes(PLAIN)
    copy_public(original, target, keep_gps=False)
    assert target.samefile(original)
    changed = target.stat().st_ctime_ns
    copy_public(original, target, keep_gps=False)
    assert target.stat().st_ctime_ns == changed
    assert alone(target)


def test_a_file_with_a_place_is_copied_without_it(original, target):
    copy_public(original, target, keep_gps=False)
    assert target.read_bytes() == cleaned(TAGGED)
    assert traces(target.read_bytes(), "<") == []
    assert original.read_bytes() == TAGGED
    assert alone(target)


def test_a_copy_that_is_right_is_left_alone_at_once_and_later(original, target):
    copy_public(original, target, keep_gps=False)
    inode = target.stat().st_ino
    copy_public(original, target, keep_gps=False)
    settle(original)
    copy_public(original, target, keep_gps=False)
    stamped = target.stat()
    copy_public(original, target, keep_gps=False)
    assert target.stat().st_ino == inode
    assert target.stat().st_ctime_ns == stamped.st_ctime_ns
    assert stamped.st_mtime_ns // 12_800 == original.stat().st_ctime_ns // 12_800


def test_an_original_that_changed_is_copied_again_whatever_its_time_says(original, target):
    stat = original.stat()
    settle(original)
    copy_public(original, target, keep_gps=False)
    changed = TAGGED[:-20] + b"other pixels" + TAGGED[-8:]
    original.write_bytes(changed)
    os.utime(original, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    copy_public(original, target, keep_gps=False)
    assert target.read_bytes() == cleaned(changed)


def test_the_owner_may_change_their_mind(original, target):
    for _ in range(2):
        copy_public(original, target, keep_gps=True)
        assert target.samefile(original)
        copy_public(original, target, keep_gps=False)
        assert target.read_bytes() == cleaned(TAGGED)
    assert original.read_bytes() == TAGGED


def test_a_serial_number_is_hidden_also_where_places_are_kept(original, target):
    serial = jpeg(app1(exif(camera={0xA431: text(b"SN271828")})))
    original.write_bytes(serial)
    copy_public(original, target, keep_gps=True)
    assert target.read_bytes() == cleaned(serial, keep_places=True) != serial
    assert traces(target.read_bytes(), "<") == traces(serial, "<")
    assert b"SN271828" not in target.read_bytes()


def test_a_copy_that_older_rules_left_with_less_is_made_anew(original, target):
    settle(original)
    copy_public(original, target, keep_gps=False)
    stat = target.stat()
    target.write_bytes(cleaned(TAGGED).replace(b"Boats", bytes(5)))
    os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns - 200))
    copy_public(original, target, keep_gps=False)
    assert target.read_bytes() == cleaned(TAGGED)
    assert target.stat().st_mtime_ns == stat.st_mtime_ns


def test_a_copy_with_the_right_time_that_still_says_the_place_is_replaced(original, target):
    settle(original)
    copy_public(original, target, keep_gps=False)
    stat = target.stat()
    target.write_bytes(TAGGED)
    os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    copy_public(original, target, keep_gps=False)
    assert target.read_bytes() == cleaned(TAGGED)


def test_a_file_that_cannot_be_cleaned_is_not_copied(original, target):
    original.write_bytes(BROKEN)
    with pytest.raises(MetadataError, match=r"photo\.jpg"):
        copy_public(original, target, keep_gps=False)
    assert not target.exists()


def test_what_a_killed_run_left_is_no_way_into_the_original(original, target):
    original.write_bytes(PLAIN)
    target.parent.mkdir(parents=True)
    left = target.with_name(f".{target.name}.{os.getpid()}.photos-part")
    left.hardlink_to(original)
    copy_public(original, target, keep_gps=False)
    original.write_bytes(TAGGED)
    left.hardlink_to(original)
    copy_public(original, target, keep_gps=False)
    assert original.read_bytes() == TAGGED
    assert target.read_bytes() == cleaned(TAGGED)


def test_a_link_to_an_original_is_resolved(original, target, tmp_path):
    original.write_bytes(PLAIN)
    link = tmp_path / "link.jpg"
    link.symlink_to(original)
    copy_public(link, target, keep_gps=False)
    assert not target.is_symlink()
    assert target.samefile(original)


def test_a_folder_on_another_disk_gets_a_copy(original, another_disk):
    original.write_bytes(PLAIN)
    target = another_disk / "output" / "photo.jpg"
    with pytest.raises(OSError) as failed:  # noqa: PT011
        os.link(original, another_disk / "x")
    assert failed.value.errno == errno.EXDEV

    copy_public(original, target, keep_gps=False)
    inode = target.stat().st_ino
    copy_public(original, target, keep_gps=False)

    assert (target.read_bytes(), target.stat().st_ino) == (PLAIN, inode)


def test_a_folder_that_cannot_be_written_is_named(original, tmp_path):
    (tmp_path / "output").write_bytes(b"a file, not a folder")
    with pytest.raises(PhotosError, match="output"):
        copy_public(original, tmp_path / "output" / "photo.jpg", keep_gps=False)
