import gzip
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.bucket_contents import a_known
from pelican_photos.errors import PublishError
from pelican_photos.publish.manifest import (
    Manifest,
    Publication,
    after,
    packed,
    read,
    unpacked,
    written,
)
from pelican_photos.publish.objects import Role
from pelican_photos.publish.plan import plan_sync

A_MANIFEST = Manifest(
    objects={"é/a.jpg": a_known(role=Role.ORIGINAL)},
    pending=frozenset({"/b", "/a"}),
    retired={"photos/2024/x/640-00000000.webp": datetime(2026, 11, 1, tzinfo=UTC)},
    pages={"photos/2024/x.md": "ab"},
    site="https://example.org",
    author=Publication(generation=2, machine="n", host="laptop", at="2026-11-01"),
    publication=Publication(generation=3, machine="m", host="studio", at="2026-11-02"),
)


def test_a_manifest_reads_back_as_it_was_written():
    assert read(written(A_MANIFEST)) == A_MANIFEST
    assert read(written(Manifest())) == Manifest()


def spoilt(place, value):
    """A manifest in which one field of its object is something else."""
    content = unpacked(written(A_MANIFEST))
    content["objects"]["é/a.jpg"][place] = value
    return packed(content)


def without(name):
    content = unpacked(written(A_MANIFEST))
    del content[name]
    return packed(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        packed({}),
        packed({"version": 2}),
        packed({"version": "2"}),
        without("objects"),
        without("pages"),
        without("publication"),
        spoilt(0, "3"),
        spoilt(2, None),
        spoilt(5, "intruder"),
        spoilt(6, "today"),
        written(A_MANIFEST)[:-9],
        written(A_MANIFEST)[:-1] + b"x",
        b"".join((written(A_MANIFEST)[:12], b"\xff", written(A_MANIFEST)[13:])),
        packed(unpacked(written(A_MANIFEST)) | {"objects": {"a": {}}}),
        packed(unpacked(written(A_MANIFEST)) | {"retired": {"a": "2026-11-01"}}),
        packed(unpacked(written(A_MANIFEST)) | {"publication": {"generation": "3"}}),
        packed(unpacked(written(A_MANIFEST)) | {"publication": {"host": 3}}),
        packed(unpacked(written(A_MANIFEST)) | {"publication": {"host": "\x1b[2J"}}),
    ],
)
def test_a_damaged_manifest_is_told_from_a_good_one(content):
    with pytest.raises(ValueError, match="is damaged"):
        read(content)


@given(st.integers(0, 8 * len(written(A_MANIFEST)) - 1))
def test_a_bit_that_changed_is_damage_or_nothing(bit):
    content = bytearray(written(A_MANIFEST))
    content[bit // 8] ^= 1 << bit % 8

    with suppress(ValueError):
        assert read(bytes(content)) == A_MANIFEST  # as in gzip's header


@pytest.mark.parametrize("paths", [["", "a", "/b"], ["/b"]])
def test_a_path_for_the_cdn_begins_at_the_root(paths):
    assert read(packed(unpacked(written(A_MANIFEST)) | {"pending": paths})).pending == {"/b"}


@pytest.mark.parametrize("field", ["objects", "pages"])
def test_half_a_letter_is_damage(field):
    content = unpacked(written(A_MANIFEST))
    content[field]["\ud800"] = content[field].popitem()[1]
    text = json.dumps(content).encode()

    with pytest.raises(ValueError, match="is damaged"):
        read(gzip.compress(text))


def test_a_clock_that_was_ahead_does_not_keep_what_is_retired_for_ever():
    ahead = Manifest(retired={"a": datetime(2099, 1, 1, tzinfo=UTC)})
    now = datetime(2026, 11, 1, tzinfo=UTC)
    plan = replace(plan_sync({}, {}, {}), resting=("a",))

    assert after(ahead, plan, {}, (), now)[1] == {"a": now}


def test_what_was_put_by_a_killed_publish_and_is_deleted_now_is_ours_no_more():
    """The manifest never told of it; only this machine did."""
    put = A_MANIFEST.objects
    plan = replace(plan_sync({}, {}, {}), stale=("é/a.jpg",))

    objects, retired = after(Manifest(), plan, put, {"é/a.jpg"}, datetime(2026, 11, 1, tzinfo=UTC))

    assert (objects, retired) == ({}, {})


def test_a_manifest_of_a_later_version_stops_the_publish():
    with pytest.raises(PublishError, match="update this one"):
        read(packed({"version": 3}))


def test_the_same_manifest_always_gives_the_same_bytes():
    assert written(A_MANIFEST) == written(A_MANIFEST)
