"""The last publish is taken back from the versions of the objects, and can be had again."""

import re
from datetime import timedelta

import pytest

from fakes.publisher import ONE_BUCKET, ORIGINAL, PAGE, RENDITION
from fakes.s3_faults import Spoilt
from fakes.undoer import NOW
from pelican_photos.errors import Guarded


def without_etag(answer):
    """Blank an ETag out, as Ceph does where a bucket keeps versions."""
    return re.sub(rb"<ETag>.*?</ETag>", lambda found: b" " * len(found[0]), answer)


def test_the_last_publish_is_taken_back_without_sending_a_byte(undoable):
    undone = undoable.undo()

    assert undoable.stored() == undoable.first
    assert undoable.server.keys_sent() == []
    assert (undone.back, undone.deleted) == (4, 2)
    assert "by" in str(undone)
    assert str(undone).endswith("so the next publish would bring the change again")


def test_two_publishes_within_a_second_are_two(me):
    me.run(now=NOW)
    me.site.write(PAGE, b"changed")
    me.run(now=NOW + timedelta(milliseconds=1))

    undone = me.undo()

    assert (undone.back, undone.deleted) == (1, 0)
    assert ORIGINAL in me.stored()
    assert str(undone).startswith("the publish of 2026-01-01T00:00:00+00:00 by")


def test_an_undo_can_be_undone_and_that_too(undoable):
    undoable.undo()
    assert "the undo of" in str(undoable.undo())
    assert undoable.stored() == undoable.second

    undoable.undo()

    assert undoable.stored() == undoable.first


def test_what_was_taken_back_comes_again_with_the_next_publish(undoable):
    undoable.undo()

    undoable.publish(delete=True)

    assert undoable.stored() == undoable.second
    assert undoable.publish(delete=True).uploaded == 0


def test_headers_alone_are_taken_back_too(me):
    me.publish(originals=[])
    first = me.stored()
    elsewhere = {"path": "pictures"}  # where no other file's name counts as hashed
    me.publish(originals=[], settings=elsewhere)
    assert {key: each[0] for key, each in me.stored().items()} == {
        key: each[0] for key, each in first.items()
    }
    assert me.stored() != first

    me.undo()

    assert me.stored() == first


def test_a_film_that_went_up_in_parts_comes_back_under_its_etag(me):
    film = me.site.write("film.bin", bytes(9 << 20))
    me.publish()
    before = me.server.objects("site")["film.bin"]
    film.write_bytes(b"short")
    me.publish()
    me.server.strike(Spoilt, on="POST", key="film.bin", times=2, change=without_etag)

    me.undo()

    assert me.server.objects("site")["film.bin"] == before
    assert me.server.unfinished("site") == []
    assert before.etag.endswith("-2")


def test_a_bucket_that_the_last_publish_left_alone_keeps_its_older_one(me):
    me.publish()
    first = me.stored()
    me.site.write(PAGE, b"<p>changed</p>")
    me.publish()

    me.undo()

    assert me.stored() == first
    assert set(me.server.objects("originals")) == {key for key, _ in me.site.originals()}


def test_one_bucket_for_both_is_taken_back_in_the_order_of_a_publish(me):
    settings = ONE_BUCKET | {"bucket_prefix": "sub"}
    me.publish(settings=settings)
    first = me.server.bodies("originals")
    me.change()
    me.publish(settings=settings, delete=True)
    me.server.forget()

    me.undo(settings=settings)

    assert me.server.bodies("originals") == first
    seen = [each for each in me.server.requests if ".pelican-photos" not in each.path]
    kinds = [each.kind for each in seen if each.kind in ("COPY", "DELETE")]
    order = (ORIGINAL, RENDITION, PAGE, "photos/index.html")
    put = [key for key in me.server.keys_put() if ".pelican-photos" not in key]
    assert put == [f"sub/{key}" for key in order]
    assert kinds == ["COPY"] * 4 + ["DELETE"]


def test_a_dry_run_lists_each_step_and_neither_it_nor_a_no_changes_anything(undoable):
    undoable.undo(dry_run=True)
    with pytest.raises(Guarded, match="nothing was taken back"):
        undoable.undo(agrees=False)

    assert undoable.stored() == undoable.second
    assert f"  bring back {PAGE}" in undoable.said
    assert "  delete photos/2024/2024-06-01-new/index.html" in undoable.said
    assert {request.method for request in undoable.server.requests} == {"GET"}
