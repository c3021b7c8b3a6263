"""The last publish is taken back from the versions of the objects, and can be had again."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.built_site import BuiltSite, picture
from fakes.publisher import ONE_BUCKET, ORIGINAL, PAGE, RENDITION, Publisher
from fakes.s3 import Fault
from pelican_photos.errors import Guarded, Overtaken, PublishError
from pelican_photos.publish.undo import Undoing, undo
from pelican_photos.publish_options import Options

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Undoer:
    """Whoever publishes and undoes at one machine, an hour later each time."""

    def __init__(self, run):
        self.run, self.site, self.server = run, run.site, run.server
        self.now = NOW
        self.said = []

    def publish(self, **options):
        self.now += timedelta(hours=1)
        return self.run(now=self.now, **options)

    def undo(self, *, settings=None, agrees=True, **options):
        self.now += timedelta(hours=1)
        changes = {"s3_endpoint": self.server.url} | (settings or {})
        how = Undoing(
            settings=self.site.settings(**changes),
            options=Options(**options),
            now=self.now,
            progress=lambda *_: None,
        )
        return undo(how, confirm=lambda _: agrees, say=self.said.append)

    def stored(self):
        """What a visitor could get: bodies and headers, of both buckets."""
        found = self.server.objects("originals") | self.server.objects("site")
        return {
            key: (each.body, each.content_type, each.cache_control) for key, each in found.items()
        }

    def change(self):
        """Another page, a new photo, one rendition less, another picture."""
        slug = "2024-06-01-new"
        self.site.slugs.append(slug)
        self.site.write_original(slug, picture(77))
        self.site.write_original(self.site.slugs[0], picture(78))
        self.site.write(f"photos/2024/{slug}/index.html", b"new")
        self.site.write(PAGE, b"<p>changed</p>")
        self.site.write("photos/index.html", b"changed")
        (self.site.output / RENDITION).unlink(missing_ok=True)


@pytest.fixture
def me(run):
    run.server.keep_versions("originals", "site")
    return Undoer(run)


@pytest.fixture
def published(me):
    """Someone who has published twice."""
    me.publish()
    me.first = me.stored()
    me.change()
    me.publish(delete=True)
    me.second = me.stored()
    assert me.first != me.second
    me.server.forget()
    return me


def test_the_last_publish_is_taken_back_without_sending_a_byte(published):
    undone = published.undo()

    assert published.stored() == published.first
    assert published.server.keys_sent() == []
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


def test_an_undo_can_be_undone_and_that_too(published):
    published.undo()
    assert "the undo of" in str(published.undo())
    assert published.stored() == published.second

    published.undo()

    assert published.stored() == published.first


def test_what_was_taken_back_comes_again_with_the_next_publish(published):
    published.undo()

    published.publish(delete=True)

    assert published.stored() == published.second
    assert published.publish(delete=True).uploaded == 0


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


def test_a_dry_run_lists_each_step_and_neither_it_nor_a_no_changes_anything(published):
    published.undo(dry_run=True)
    with pytest.raises(Guarded, match="nothing was taken back"):
        published.undo(agrees=False)

    assert published.stored() == published.second
    assert f"  bring back {PAGE}" in published.said
    assert "  delete photos/2024/2024-06-01-new/index.html" in published.said
    assert {request.method for request in published.server.requests} == {"GET"}


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


def test_a_version_that_is_gone_is_named_before_anything_changes(published):
    bucket = published.server.server.backend.get_bucket("site")
    latest = bucket.keys.getlist(PAGE)[-1]
    bucket.keys.setlist(PAGE, [latest])

    with pytest.raises(Guarded, match=f"{PAGE} in 'site': the version to bring back is gone"):
        published.undo()

    assert published.stored() == published.second


def test_what_somebody_changed_since_is_named_and_asks_for_overwrite(published):
    published.server.put("site", PAGE, b"edited by hand")
    published.server.put("site", "photos/2024/2024-06-01-new/index.html", b"mine now")

    with pytest.raises(Guarded, match=f"{PAGE}, .*new/index.html in 'site': changed since"):
        published.undo()
    published.undo(overwrite=True)

    stored = published.server.bodies("site")
    assert stored.pop("photos/2024/2024-06-01-new/index.html") == b"mine now"
    assert stored | published.server.bodies("originals") == {
        key: body for key, (body, *_) in published.first.items()
    }


def test_a_key_without_a_right_is_told_which_and_a_server_without_versions_is_told_apart(published):
    server = published.server
    for kind, right in (("VERSIONS", "s3:ListBucketVersions"), ("COPY", "s3:GetObjectVersion")):
        server.refuse(kind=kind)
        with pytest.raises(PublishError, match=f"the key in use needs {right}"):
            published.undo()
        server.forget()
    server.refuse(kind="VERSIONS", status="501 Not Implemented", code="NotImplemented")

    with pytest.raises(Guarded, match="the server keeps no versions"):
        published.undo()

    assert published.stored() == published.second


@pytest.mark.parametrize("moment", [4, 8, 11])
def test_an_undo_that_is_broken_off_at_any_moment_is_completed_by_the_next(published, moment):
    sent = []

    def breaks_off(request):
        sent.extend([request] if request.method != "GET" else [])
        return request.method != "GET" and len(sent) > moment

    published.server.faults.append(Fault(breaks_off, "403 Forbidden", "AccessDenied"))
    with pytest.raises(PublishError):
        published.undo()
    published.server.forget()

    published.undo()

    assert published.stored() == published.first
    published.undo()
    assert published.stored() == published.second


def test_a_publish_after_half_an_undo_brings_everything_back(published):
    published.server.refuse(PAGE, kind="COPY")
    with pytest.raises(PublishError, match="run `invoke undo` again"):
        published.undo()
    published.server.forget()

    published.publish(delete=True)

    assert published.stored() == published.second


def test_another_machine_can_take_it_back(published, tmp_path):
    other = Undoer(Publisher(BuiltSite(tmp_path / "other"), published.server))
    other.now = published.now

    other.undo()

    assert published.stored() == published.first


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


def test_while_another_machine_publishes_nothing_is_taken_back(published, tmp_path):
    other = Undoer(Publisher(BuiltSite(tmp_path / "other"), published.server))
    other.now = published.now
    other.site.write("index.html", b"other")
    refused = []

    def meanwhile(request):
        if request.kind == "PUT" and not refused:
            refused.append(request)
            with pytest.raises(Overtaken, match="is publishing since"):
                published.undo()

    published.server.on_request = meanwhile
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
