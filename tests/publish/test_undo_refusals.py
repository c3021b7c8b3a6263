"""What an undo refuses, before it changes anything."""

from contextlib import nullcontext

import pytest

from fakes.publisher import PAGE
from fakes.s3_servers import needs
from fakes.undoer import Undoer
from pelican_photos.errors import Guarded, PublishError


def test_before_the_first_publish_there_is_nothing_to_take_back(me):
    with pytest.raises(Guarded, match="nothing to take back in originals, site"):
        me.undo()


def test_a_bucket_without_versions_is_left_as_it_is(run):
    me = Undoer(run)
    me.publish()
    me.change()
    me.publish()
    before = me.stored()

    with pytest.raises(Guarded, match="keeps no versions") as refused:
        me.undo()

    assert me.stored() == before
    assert refused.value.exit_status == 2


def test_a_version_that_is_gone_is_named_before_anything_changes(undoable):
    undoable.server.lose_history("site", PAGE)

    with pytest.raises(Guarded, match=f"{PAGE} in 'site': the version to bring back is gone"):
        undoable.undo()

    assert undoable.stored() == undoable.second


def test_what_somebody_changed_since_is_named_and_asks_for_overwrite(undoable):
    undoable.server.put("site", PAGE, b"edited by hand")
    undoable.server.put("site", "photos/2024/2024-06-01-new/index.html", b"mine now")

    with pytest.raises(Guarded, match=f"{PAGE}, .*new/index.html in 'site': changed since"):
        undoable.undo()
    undoable.undo(overwrite=True)

    stored = undoable.server.bodies("site")
    assert stored.pop("photos/2024/2024-06-01-new/index.html") == b"mine now"
    assert stored | undoable.server.bodies("originals") == {
        key: body for key, (body, *_) in undoable.first.items()
    }


def test_a_key_without_a_right_is_told_which_and_a_server_without_versions_is_told_apart(undoable):
    server = undoable.server
    for kind, right in (("VERSIONS", "s3:ListBucketVersions"), ("COPY", "s3:GetObjectVersion")):
        server.refuse(kind=kind)
        with pytest.raises(PublishError, match=f"the key in use needs {right}"):
            undoable.undo()
        server.forget()
    server.refuse(kind="VERSIONS", status="501 Not Implemented", code="NotImplemented")

    with pytest.raises(Guarded, match="the server keeps no versions"):
        undoable.undo()

    assert undoable.stored() == undoable.second


@needs("access control")
def test_the_publishers_key_takes_nothing_back_and_the_keepers_does_below_its_prefix(me):
    me.server.server.allow("", prefix="blog/")
    settings = {"bucket_prefix": "blog"}
    me.publish(settings=settings)
    first = me.stored()
    me.change()
    me.publish(settings=settings, delete=True)
    keeping, me.key = me.key, nullcontext

    with pytest.raises(PublishError, match="the key in use needs s3:ListBucketVersions"):
        me.undo(settings=settings)
    me.key = keeping
    me.undo(settings=settings)

    assert me.stored() == first
    with pytest.raises(PublishError, match="access denied"):
        me.undo(settings={"bucket_prefix": "blo"})
