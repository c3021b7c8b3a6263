"""Zips as they should be, and zips that want to do harm."""

import stat
import warnings
import zipfile
from contextlib import suppress
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.hostile_zips import (
    AN_EXPORT,
    bomb,
    claiming_members,
    claiming_members_in_64_bits,
    packed,
    patched,
    with_flipped_byte,
    with_member,
    with_members_named_alike,
)
from fakes.weighing import peak_of, scales
from pelican_photos.errors import SourceError
from pelican_photos.sources.zip_archive import ZipArchive

POSTS = "your_instagram_activity/media/posts_1.json"


def read(path):
    archive = ZipArchive(path)
    return {m.path: b"".join(archive.pieces(m)) for m in list(archive.members())}


def refusal(path, doing=read):
    with pytest.raises(SourceError) as refused:
        doing(path)
    sentence = str(refused.value)
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


@given(
    members=st.dictionaries(
        st.from_regex(r"[a-z]{1,8}(/[a-zé]{1,8}){0,2}\.jpg", fullmatch=True),
        st.binary(max_size=5000),
        max_size=5,
    ),
    method=st.sampled_from([0, 8, 12, 14]),
    comment=st.binary(max_size=200),
)
def test_what_was_packed_comes_out_whatever_the_method(tmp_path_factory, members, method, comment):
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    path.write_bytes(packed(members, method, comment))

    assert read(path) == members


def test_numbers_of_64_bits_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)  # the library's: it writes them from there on
    path = tmp_path / "a.zip"
    members = {"a.jpg": bytes(20), "b.jpg": b"b" * 30, "c.jpg": b"c"}
    path.write_bytes(packed(members, zipfile.ZIP_DEFLATED))

    assert path.read_bytes().count(b"PK\x06\x06") == 1
    assert read(path) == members


def test_an_archive_may_follow_other_bytes(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"#!/bin/sh\nexit\n" + packed({"a.jpg": b"a"}, zipfile.ZIP_DEFLATED))

    assert read(path) == {"a.jpg": b"a"}


@pytest.mark.parametrize(
    ("at", "lie", "reason"),
    [
        (4, b"\x01\x00", "one disk of several"),
        (12, b"\xff\xff\x00\x00", "its beginning is missing"),
        (12, b"\x10\x00\x00\x00", "its list of members is"),
        (16, b"\xff\xff\x00\x00", "its beginning is missing"),
    ],
)
def test_an_end_that_leads_nowhere_is_no_whole_zip(tmp_path, at, lie, reason):
    path = AN_EXPORT.zip(tmp_path / "a.zip")
    data = bytearray(path.read_bytes())
    end = data.rindex(b"PK\x05\x06")
    data[end + at : end + at + len(lie)] = lie
    path.write_bytes(data)

    assert reason in refusal(path)


def test_an_end_of_64_bits_has_to_be_where_it_should(tmp_path):
    path = claiming_members_in_64_bits(tmp_path / "a.zip", 100)
    path.write_bytes(path.read_bytes().replace(b"PK\x06\x06", b"PK\x00\x00"))

    assert "end of 64 bits" in refusal(path)


def test_a_member_whose_own_header_is_gone_is_damaged(tmp_path):
    path = AN_EXPORT.zip(tmp_path / "a.zip")
    path.write_bytes(b"PK\x00\x00" + path.read_bytes()[4:])

    assert "posts_1.json" in refusal(path)


def test_folders_in_an_archive_are_no_files(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"media/": b"", "media/a.jpg": b"a"}, zipfile.ZIP_STORED))

    assert read(path) == {"media/a.jpg": b"a"}


def test_more_members_than_any_export_has_are_refused(tmp_path):
    path = with_members_named_alike(tmp_path / "a.zip", 400_001)

    assert "far too many members" in refusal(path)


@pytest.mark.parametrize(
    "name",
    ["../secret.jpg", "media/../../secret.jpg", "/etc/passwd", "C:/x.jpg", "a\\..\\b.jpg", "a\\b"],
)
def test_a_name_that_leads_out_condemns_the_archive(tmp_path, name):
    sentence = refusal(with_member(tmp_path / "a.zip", name))

    assert name in sentence
    assert "ask Instagram for it again" in sentence


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path, kind):
    path = with_member(tmp_path / "a.zip", "media/link.jpg", b"/etc/passwd", mode=kind | 0o777)

    assert "link.jpg is a link or a device" in refusal(path)


@pytest.mark.parametrize("mode", [0, stat.S_IFREG | 0o644])
def test_an_ordinary_file_is_none_of_them(tmp_path, mode):
    assert read(with_member(tmp_path / "a.zip", "media/a.jpg", mode=mode))["media/a.jpg"] == b"x"


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ({"flags": 1}, "is encrypted"),
        ({"method": 99}, "is packed in an unknown way"),
        ({"size": 2**31}, "would unpack to 2,147,483,648 bytes"),
        ({"at": 1}, ".jpg lies over another one"),
    ],
)
def test_a_member_that_is_no_exports_condemns_the_archive(tmp_path, lie, reason):
    path = patched(AN_EXPORT.zip(tmp_path / "a.zip"), POSTS, **lie)

    assert reason in refusal(path)


def test_a_member_there_twice_is_refused(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, of what this test is about
        path = with_member(tmp_path / "a.zip", POSTS)

    assert "posts_1.json is there twice" in refusal(path)


def test_a_bomb_is_refused_by_what_it_says_of_itself(tmp_path):
    assert "zeros.jpg would unpack to 33,554,432 bytes" in refusal(bomb(tmp_path / "a.zip"))


@pytest.mark.parametrize("method", [8, 12, 14])
def test_a_bomb_that_lies_is_stopped_at_the_size_it_said(tmp_path, method):
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"zeros.jpg": bytes(2**25)}, method))
    patched(path, "zeros.jpg", size=1000, crc=crc32(bytes(1000)))
    given_out = []

    def unpack(path):
        archive = ZipArchive(path)
        (member,) = archive.members()
        given_out.extend(len(piece) for piece in archive.pieces(member))

    sentence = refusal(path, unpack)

    assert "zeros.jpg" in sentence
    assert sum(given_out) <= 1000


def test_a_stored_member_cannot_have_two_sizes(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"a.jpg": bytes(2000)}, zipfile.ZIP_STORED))

    assert "has two sizes" in refusal(patched(path, "a.jpg", size=1000))


@pytest.mark.parametrize("claim", [claiming_members, claiming_members_in_64_bits])
def test_a_list_of_millions_of_members_is_not_even_read(tmp_path, claim):
    path = claim(tmp_path / "a.zip", 2**28)

    with scales() as process:
        peak = peak_of(process, refusal, path)

    assert "far too many members" in refusal(path)
    assert peak < 2**20


def test_a_damaged_member_is_named_when_it_is_read(tmp_path):
    path = with_flipped_byte(AN_EXPORT.zip(tmp_path / "a.zip"), POSTS)

    assert "posts_1.json" in refusal(path)


def test_a_member_that_says_too_much_is_cut_short(tmp_path):
    path = patched(AN_EXPORT.zip(tmp_path / "a.zip"), POSTS, size=100_000)

    assert "posts_1.json" in refusal(path)


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_a_truncated_archive_is_to_be_downloaded_again(tmp_path, share):
    path = AN_EXPORT.zip(tmp_path / "a.zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])

    assert "download it again" in refusal(path)


def test_an_archive_that_changes_under_our_hands_is_no_traceback(tmp_path):
    path = AN_EXPORT.zip(tmp_path / "a.zip")

    def change_and_read(path):
        archive = ZipArchive(path)
        members = list(archive.members())
        path.write_bytes(bytes(path.stat().st_size))
        return [b"".join(archive.pieces(member)) for member in members]

    assert "is damaged" in refusal(path, change_and_read)


@given(st.binary(max_size=300))
def test_no_bytes_make_a_traceback(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    path.write_bytes(b"PK\x03\x04" + data)

    with pytest.raises(SourceError):
        read(path)


@given(at=st.integers(0, 10_000), value=st.integers(0, 255))
def test_no_changed_byte_makes_a_traceback(tmp_path_factory, at, value):
    path = AN_EXPORT.zip(tmp_path_factory.mktemp("zip") / "a.zip")
    data = bytearray(path.read_bytes())
    data[at % len(data)] = value
    path.write_bytes(data)

    with suppress(SourceError):
        read(path)
