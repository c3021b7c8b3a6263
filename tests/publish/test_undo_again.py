"""Undoes that are broken off, that meet another machine, and of which a CDN has to hear."""

import pytest

from fakes.built_site import BuiltSite
from fakes.publisher import ONE_BUCKET, PAGE, Publisher
from fakes.s3 import Fault
from fakes.undoer import Undoer
from pelican_photos.errors import Overtaken, PublishError


@pytest.mark.parametrize("moment", [4, 8, 11])
def test_an_undo_that_is_broken_off_at_any_moment_is_completed_by_the_next(undoable, moment):
    sent = []

    def breaks_off(request):
        sent.extend([request] if request.method != "GET" else [])
        return request.method != "GET" and len(sent) > moment

    undoable.server.faults.append(Fault(breaks_off, "403 Forbidden", "AccessDenied"))
    with pytest.raises(PublishError):
        undoable.undo()
    undoable.server.forget()

    undoable.undo()

    assert undoable.stored() == undoable.first
    undoable.undo()
    assert undoable.stored() == undoable.second


def test_a_publish_after_half_an_undo_brings_everything_back(undoable):
    undoable.server.refuse(PAGE, kind="COPY")
    with pytest.raises(PublishError, match="run `invoke undo` again"):
        undoable.undo()
    undoable.server.forget()

    undoable.publish(delete=True)

    assert undoable.stored() == undoable.second


def test_another_machine_can_take_it_back(undoable, tmp_path):
    other = Undoer(Publisher(BuiltSite(tmp_path / "other"), undoable.server))
    other.now = undoable.now

    other.undo()

    assert undoable.stored() == undoable.first


def test_who_takes_back_for_another_machine_has_not_seen_its_pages(me, tmp_path):
    other = Undoer(Publisher(BuiltSite(tmp_path / "other"), me.server))
    me.publish()
    other.publish()
    me.site.write_page("2024-06-01-new", "new")
    me.change()
    me.publish()
    other.now = me.now
    other.undo()

    with pytest.raises(Overtaken, match="2024-06-01-new"):
        other.publish()


def test_an_undo_is_no_way_around_the_pages_of_another_machine(me, tmp_path):
    me.publish(settings=ONE_BUCKET)
    me.site.write_page("2024-06-01-new", "new")
    me.site.write("index.html", b"new")
    me.publish(settings=ONE_BUCKET)
    other = Undoer(Publisher(BuiltSite(tmp_path / "other"), me.server))
    other.now = me.now
    other.undo(settings=ONE_BUCKET)

    with pytest.raises(Overtaken, match="2024-06-01-new"):
        other.publish(settings=ONE_BUCKET)

    me.publish(settings=ONE_BUCKET)
    assert me.stored()["index.html"][0] == b"new"


def test_while_another_machine_publishes_nothing_is_taken_back(undoable, tmp_path):
    other = Undoer(Publisher(BuiltSite(tmp_path / "other"), undoable.server))
    other.now = undoable.now
    other.site.write("index.html", b"other")
    refused = []

    def meanwhile(request):
        if request.kind == "PUT" and not refused:
            refused.append(request)
            with pytest.raises(Overtaken, match="is publishing since"):
                undoable.undo()

    undoable.server.on_request = meanwhile
    other.publish(overwrite=True)

    assert refused


CDN = "cdn_distribution"


def test_the_cdn_is_told_and_what_it_refuses_is_told_by_the_next_run(me):
    distribution = me.server.create_distribution()
    settings = {CDN: distribution}
    me.publish(settings=settings)
    me.site.write(PAGE, b"<p>changed</p>")
    me.publish(settings=settings)
    me.server.forget_invalidations(distribution)
    me.server.refuse(kind="INVALIDATE")
    first = f"<p>{me.site.slugs[0]}</p>".encode()

    with pytest.raises(PublishError, match="the CDN"):
        me.undo(settings=settings)
    assert me.server.bodies("site")[PAGE] == first
    me.server.forget()
    assert "but for the CDN" in str(me.undo(settings=settings))

    assert me.server.bodies("site")[PAGE] == first
    assert me.server.invalidations(distribution) == [
        [f"/{PAGE.removesuffix('index.html')}", f"/{PAGE}"]
    ]
    me.undo(settings=settings)
    assert me.server.bodies("site")[PAGE] == b"<p>changed</p>"
