"""The verb against a real server on loopback, its requests counted."""

import hashlib
import json
import os
import re

import pytest

from fakes.built_site import BuiltSite, picture, picture_with_gps
from fakes.s3 import ENVIRONMENT, SECRET, serving_s3
from pelican_photos.errors import Busy, MetadataError, PhotosError, PublishError, SettingsError
from pelican_photos.publish import publish
from pelican_photos.publish.digests import PART
from pelican_photos.publish.manifest import KEY as MANIFEST
from pelican_photos.publish.s3 import Bucket, connected

PAGE = "photos/2024/2024-05-01-boats/index.html"
ORIGINAL = "photos/2024/2024-05-01-boats.jpg"
RENDITION = "photos/2024/2024-05-01-boats/640-00000000.webp"


@pytest.fixture(scope="module")
def running():
    with serving_s3() as fake:
        yield fake


@pytest.fixture
def server(running, monkeypatch):
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL_CLOUDFRONT": running.url}).items():
        monkeypatch.setenv(name, value)
    running.begin()
    return running


@pytest.fixture
def site(tmp_path):
    return BuiltSite(tmp_path)


class Publisher:
    """One person at one machine, who has said what to answer to questions."""

    def __init__(self, site, server):
        self.site = site
        self.server = server
        self.agrees = True
        self.questions = []
        self.said = []

    def __call__(self, *, originals=None, settings=None, **options):
        return publish(
            self.site.settings(**{"s3_endpoint": self.server.url} | (settings or {})),
            self.site.originals() if originals is None else originals,
            confirm=self._asked,
            say=self.said.append,
            **options,
        )

    def _asked(self, question):
        self.questions.append(question)
        return self.agrees


@pytest.fixture
def run(site, server):
    return Publisher(site, server)


ONE_BUCKET = {"site_bucket": "originals"}


def everything(server):
    return server.bodies("originals") | server.bodies("site")


def test_originals_and_site_go_to_their_buckets(run, site, server):
    outcome = run()

    assert set(server.objects("originals")) == {key for key, _ in site.originals()}
    assert everything(server) == site.bodies()
    assert str(outcome) == "13 uploaded (2.5 kB), 0 unchanged"
    assert outcome.exit_status == 0


def test_one_bucket_takes_both(run, site, server):
    run(settings=ONE_BUCKET)

    assert server.bodies("originals") == site.bodies()
    assert server.bodies("site") == {}


def test_everything_lies_below_the_prefix(run, site, server):
    server.put("site", "blog-old/x", b"a neighbour")

    run(settings={"bucket_prefix": "/blog"}, delete=True)

    assert server.bodies("site").pop("blog-old/x") == b"a neighbour"
    assert "blog/index.html" in server.bodies("site")
    assert f"blog/{MANIFEST}" in server.objects("site", manifest=True)


def test_types_ages_and_checksums_are_ours(run, site, server):
    run()

    page, original = server.objects("site")[PAGE], server.objects("originals")[ORIGINAL]
    assert page.content_type == "text/html; charset=utf-8"
    assert page.cache_control == "public, max-age=0, must-revalidate"
    assert (original.content_type, original.cache_control) == (
        "image/jpeg",
        "public, max-age=86400",
    )
    assert server.objects("site")[RENDITION].cache_control.endswith("immutable")
    for put in (request for request in server.requests if request.kind == "PUT"):
        assert "x-amz-acl" not in put.headers
        assert "x-amz-trailer" not in put.headers
        assert re.fullmatch("[0-9a-f]{64}", put.headers["x-amz-content-sha256"])
        assert put.headers["x-amz-checksum-sha256"]


@pytest.mark.parametrize(("settings", "lists"), [({}, 2), (ONE_BUCKET, 1)])
def test_without_a_change_only_the_listing_is_asked_for(run, server, settings, lists):
    run(settings=settings)
    server.forget()

    outcome = run(settings=settings)

    assert server.counts == {"LIST": lists}
    assert str(outcome) == "0 uploaded (0 B), 13 unchanged"


def test_a_rebuilt_site_of_the_same_bytes_costs_nothing(run, site, server):
    run()
    server.forget()
    for file in site.output.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            file.unlink()
            file.write_bytes(content)

    run()

    assert server.counts == {"LIST": 2}


def test_a_new_machine_fetches_the_manifest_once(run, site, server):
    run()
    for file in (site.root / ".photos/publish").iterdir():
        file.unlink()
    server.forget()

    run()
    assert server.counts == {"LIST": 2, "GET": 2}
    server.forget()

    run()
    assert server.counts == {"LIST": 2}


def test_a_lost_or_damaged_manifest_costs_no_upload(run, site, server):
    run()
    server.remove("originals", MANIFEST)
    server.put("site", MANIFEST, b"{")
    server.forget()

    outcome = run()

    assert outcome.uploaded == 0
    assert [key for key in server.keys_put() if key != MANIFEST] == []
    assert any("is damaged" in line for line in run.said)
    server.forget()
    run()
    assert server.counts == {"LIST": 2}


def test_a_change_of_the_same_size_and_an_older_time_is_noticed(run, site, server):
    run()
    server.forget()
    file = site.write("index.html", b"<h1>HOME</h1>")
    os.utime(file, (1, 1))

    run()

    assert server.keys_put() == ["index.html", MANIFEST]
    assert server.bodies("site")["index.html"] == b"<h1>HOME</h1>"


def test_what_somebody_else_overwrote_or_deleted_is_put_again(run, site, server):
    run()
    server.put("site", "index.html", b"<h1>HACK</h1>")
    server.remove("originals", ORIGINAL)
    server.forget()

    run()

    assert everything(server) == site.bodies()
    assert server.keys_put() == [ORIGINAL, "index.html"]  # the manifest was right all along


def test_what_another_program_put_is_recognised_and_its_headers_are_repaired(run, site, server):
    for key, body in site.bodies().items():
        server.put("originals" if key.endswith(".jpg") else "site", key, body)

    outcome = run()

    assert (outcome.uploaded, outcome.repaired) == (0, 13)
    assert server.counts == {"LIST": 2, "HEAD": 13, "COPY": 13, "PUT": 2}
    assert server.objects("site")[PAGE].cache_control == "public, max-age=0, must-revalidate"
    assert server.objects("site")[PAGE].content_type == "text/html; charset=utf-8"
    assert everything(server) == site.bodies()
    server.forget()
    run()
    assert server.counts == {"LIST": 2}


def test_a_big_file_goes_up_in_parts_and_is_recognised_by_them(run, site, server):
    body = bytes(range(256)) * (PART // 256 * 2 + 1)
    site.write("album.zip", body)

    run()

    assert server.bodies("site")["album.zip"] == body
    assert server.objects("site")["album.zip"].etag.endswith("-3")
    assert server.objects("site")["album.zip"].content_type == "application/zip"
    server.remove("site", MANIFEST)
    server.forget()
    run()
    assert server.counts["POST"] == 0
    assert server.keys_put() == [MANIFEST]


def test_a_big_file_that_fails_leaves_no_parts_behind(run, site, server):
    site.write("album.zip", bytes(PART + 1))
    server.refuse("album.zip")  # each part, not their beginning

    with pytest.raises(PublishError, match=r"album\.zip cannot be stored"):
        run()

    assert server.unfinished("site") == []


def test_pictures_come_before_pages_and_pages_before_listings(run, site, server):
    server.delay = 0.01

    run(settings={"cdn_distribution": ""})

    put = [key for key in server.keys_put() if key != MANIFEST]
    stages = [
        0
        if key.endswith(".jpg")
        else 1
        if key.endswith((".webp", ".css"))
        else 2
        if key.count("/") == 3
        else 3
        for key in put
    ]
    assert stages == sorted(stages)
    assert set(stages) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("key", "after"),
    [
        (ORIGINAL, (".webp", ".css", ".html", ".atom")),
        (RENDITION, (".html", ".atom")),
        (PAGE, ("photos/index.html", ".atom")),
    ],
)
def test_a_failure_stops_the_later_stages_and_every_delete(run, site, server, key, after):
    run()
    site.write("photos/2024/2024-05-02-boats/index.html", b"new page")
    (site.output / "photos/2024/2024-05-03-boats/index.html").unlink()
    site.write(RENDITION, picture(40, "WEBP"))
    site.write_original("2024-05-01-boats", picture(41))
    site.write(PAGE, b"new")
    site.write("photos/index.html", b"new")
    site.write("photos/feed.atom", b"new")
    site.write("theme/css/photostream.1a2b3c4d.css", b"new")
    server.forget()
    server.refuse(key)

    with pytest.raises(PublishError, match="access denied") as caught:
        run(delete=True)

    assert caught.value.exit_status == 1
    assert key in str(caught.value)
    assert "nothing was deleted" in str(caught.value)
    assert server.counts["DELETE"] == 0
    tried = [name for name in server.keys_put() if name not in (key, MANIFEST)]
    assert not [name for name in tried if name.endswith(after)]


def test_the_next_publish_goes_on_where_a_failure_stopped(run, site, server):
    server.refuse(PAGE)
    with pytest.raises(PublishError):
        run()
    server.forget()

    run()

    assert everything(server) == site.bodies()
    assert set(server.keys_put()) == {
        PAGE,
        "index.html",
        "photos/index.html",
        "photos/feed.atom",
        MANIFEST,
    }


def test_a_server_that_is_busy_or_breaks_off_is_asked_again(run, site, server):
    server.refuse(ORIGINAL, status="503 Slow Down", code="SlowDown", times=2)
    server.refuse(RENDITION, status="", times=2)

    run()

    assert everything(server) == site.bodies()


def test_a_server_that_refuses_everything_is_not_asked_for_ever(run, site, server):
    for number in range(150):
        site.write(f"images/{number}.zip", b"x")
    server.refuse()

    with pytest.raises(PublishError, match="more like it"):
        run(settings=ONE_BUCKET, originals=[])

    assert server.counts["PUT"] < 120


def test_stale_objects_stay_unless_asked(run, site, server):
    run()
    (site.output / RENDITION).unlink()

    assert "1 stale and kept" in str(run())
    assert RENDITION in server.objects("site")
    assert run(delete=True).deleted == 1
    assert RENDITION not in server.objects("site")
    assert "deleted" not in str(run(delete=True))


@pytest.mark.parametrize("settings", [{}, ONE_BUCKET])
def test_foreign_objects_survive_every_delete(run, site, server, settings):
    bucket = settings.get("site_bucket", "site")
    server.put(bucket, "foreign.txt", b"not ours")
    run(settings=settings)
    (site.output / RENDITION).unlink()
    (site.output / "index.html").unlink()
    server.put(bucket, "index.html", b"somebody replaced it")

    run(settings=settings, delete=True)

    assert RENDITION not in server.bodies(bucket)
    assert server.bodies(bucket)["foreign.txt"] == b"not ours"
    assert server.bodies(bucket)["index.html"] == b"somebody replaced it"


def test_an_empty_or_missing_site_deletes_nothing(run, site, server):
    run()
    for file in site.output.rglob("*"):
        if file.is_file():
            file.unlink()
    before = everything(server)

    with pytest.raises(PublishError, match="is empty; build it first"):
        run(delete=True)
    site.output.rename(site.root / "elsewhere")
    with pytest.raises(PublishError, match="no built site"):
        run(delete=True)

    assert everything(server) == before


def test_no_original_at_all_deletes_no_original(run, site, server):
    run()

    run(originals=[], delete=True)

    assert set(server.objects("originals")) == {key for key, _ in site.originals()}


def test_a_clone_without_originals_publishes_and_deletes_none(run, site, server):
    run()
    for _, file in site.originals()[1:]:
        file.unlink()

    outcome = run(delete=True)

    assert (outcome.deleted, outcome.exit_status) == (0, 0)
    assert len(server.objects("originals")) == 3


def test_an_original_that_is_nowhere_is_said_and_leaves_the_publish_incomplete(run, site, server):
    site.originals()[0][1].unlink()

    outcome = run()

    assert outcome.exit_status == 1
    assert f"neither here nor in the bucket: 1 ({ORIGINAL})" in str(outcome)
    assert "index.html" in server.objects("site")


def test_many_deletes_are_asked_about(run, site, server):
    for number in range(30):
        site.write(f"images/{number}.txt", b"x")
    run()
    for number in range(30):
        (site.output / f"images/{number}.txt").unlink()

    run.agrees = False
    assert run(delete=True).deleted == 0
    assert run.questions == ["Delete 30 of the 43 objects that were put there?"]
    run.agrees = True
    assert run(delete=True).deleted == 30


def test_a_delete_that_the_server_refuses_is_a_failure(run, site, server):
    run()
    (site.output / RENDITION).unlink()
    (site.output / PAGE).unlink()
    server.refuse_to_delete(RENDITION)

    with pytest.raises(PublishError, match=r"1 of 2 stale objects stay in 'site'"):
        run(delete=True)
    server.forget()

    assert PAGE not in server.objects("site")
    assert run(delete=True).deleted == 1


def test_without_a_site_bucket_only_originals_go(run, site, server):
    site.output.rename(site.root / "elsewhere")

    outcome = run(settings={"site_bucket": ""})

    assert server.counts == {"LIST": 1, "PUT": 4}
    assert "deployed elsewhere" in str(outcome)


@pytest.mark.parametrize("settings", [{}, ONE_BUCKET])
def test_originals_only_leaves_the_site_alone(run, site, server, settings):
    run(settings=settings)
    site.write("index.html", b"new")
    site.write_original("2024-05-01-boats", picture(9))
    server.forget()

    outcome = run(settings=settings, originals_only=True, delete=True)

    assert server.keys_put() == [ORIGINAL, MANIFEST]
    assert (outcome.deleted, outcome.stale) == (0, 0)
    server.forget()
    run(settings=settings)
    assert server.keys_put() == ["index.html", MANIFEST]


def test_a_key_of_both_sides_is_one_upload_of_the_original(run, site, server):
    site.write(ORIGINAL, picture(77))

    run(settings=ONE_BUCKET)

    assert server.keys_put().count(ORIGINAL) == 1
    assert server.bodies("originals")[ORIGINAL] == picture(0)


def test_a_dry_run_says_each_change_and_touches_nothing(run, site, server):
    server.put("site", "photos/index.html", b"other")
    (site.output / "theme/css/photostream.1a2b3c4d.css").write_bytes(b"body{}")

    outcome = run(dry_run=True)

    assert server.counts == {"LIST": 2}
    assert "  upload photos/index.html (50 B): size differs" in run.said
    assert f"  upload {ORIGINAL} ({len(picture(0))} B): not in the bucket" in run.said
    assert str(outcome) == "13 would be uploaded (2.5 kB), 0 unchanged"
    assert not (site.root / ".photos").exists()


def test_a_dry_run_names_what_is_nowhere(run, site, server):
    site.originals()[0][1].unlink()

    assert run(dry_run=True).exit_status == 1
    assert f"  missing: {ORIGINAL}" in run.said


def test_headers_that_cannot_be_asked_for_end_the_publish(run, site, server):
    server.put("site", "index.html", site.bodies()["index.html"])
    server.refuse("index.html", kind="HEAD")

    with pytest.raises(PublishError, match=r"index\.html cannot be read in 'site'"):
        run()

    assert server.keys_put() == []


def test_a_dry_run_names_what_would_be_deleted(run, site, server):
    run()
    (site.output / RENDITION).unlink()

    run(dry_run=True, delete=True)
    run(dry_run=True)

    assert f"  delete {RENDITION}" in run.said
    assert f"  stale, kept: {RENDITION}" in run.said
    assert RENDITION in server.objects("site")


def test_progress_counts_to_the_end(run, site, server):
    heard = []
    run(progress=lambda *step: heard.append(step))

    assert ("reading", 13, 13) in heard
    assert heard[-1] == ("uploading", 13, 13)


def test_an_original_outside_the_photos_is_refused(run, site, server, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(picture(1))
    link = site.content / "photos/2024/link.jpg"
    link.symlink_to(tmp_path / "secret.jpg")

    with pytest.raises(PublishError, match="leads out of"):
        run(originals=[("photos/2024/link.jpg", link)])

    assert server.requests == []


def test_two_originals_of_one_name_are_refused(run, site, server):
    other = site.content / "photos" / "other.jpg"
    other.write_bytes(picture(5))

    with pytest.raises(PublishError, match="are both to be"):
        run(originals=[*site.originals(), (ORIGINAL, other)])


def test_a_place_in_a_picture_leaves_only_when_its_owner_says_so(run, site, server):
    body = picture_with_gps()
    site.write_original("2024-05-01-boats", body)
    site.write("images/trip.jpg", body)

    run()
    hidden = everything(server)
    run(settings={"keep_gps": True})

    assert hidden[ORIGINAL] == hidden["images/trip.jpg"] != body
    assert everything(server) == site.bodies()


def test_a_picture_that_cannot_be_cleaned_stops_everything(run, site, server):
    broken = site.write("images/broken.jpg", picture(3)[:100])

    with pytest.raises(MetadataError, match=re.escape(broken.name)):
        run()

    assert server.counts["PUT"] == 0


@pytest.mark.parametrize("late", [b"<h1>LATE</h1>", b"short", b"much longer" * PART])
def test_a_file_that_changes_while_it_is_published_is_not_taken(run, site, server, late):
    def meddle(request):
        if request.kind == "LIST":
            site.write("index.html", late)

    server.on_request = meddle

    with pytest.raises(PublishError, match="has changed while it was published"):
        run()

    assert "index.html" not in server.objects("site")


def test_two_publishes_from_one_folder_do_not_meet(run, site, server):
    caught = []

    def second(request):
        if request.kind == "LIST" and not caught:
            caught.append(None)
            with pytest.raises(Busy, match="already running"):
                run()

    server.on_request = second
    run()

    assert caught
    assert everything(server) == site.bodies()


def test_without_a_bucket_the_setting_is_named(run):
    with pytest.raises(SettingsError, match="PHOTOS_BUCKET is not set") as caught:
        run(settings={"bucket": ""})

    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"bucket": "no-such-bucket"}, "there is no such bucket"),
        ({"bucket": "No Bucket"}, "the name is not valid|no bucket can have this name"),
        ({"s3_endpoint": "http://"}, "which is no address"),
        ({"s3_region": "moon 1"}, "region"),
    ],
)
def test_wrong_settings_are_one_sentence(run, settings, sentence):
    with pytest.raises(PhotosError, match=sentence):
        run(settings=settings)


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        ("403 Forbidden", "AccessDenied", "access denied"),
        ("403 Forbidden", "RequestTimeTooSkewed", "clock is wrong"),
        ("403 Forbidden", "InvalidAccessKeyId", "does not know the access key"),
        ("301 Moved", "PermanentRedirect", "lies in another region"),
        ("418 Teapot", "Odd", "the server answers Odd"),
    ],
)
def test_a_listing_that_is_refused_ends_the_publish(run, server, status, code, sentence):
    leak = f"AWSAccessKeyId AKIAIOSFODNN7EXAMPLE secret {SECRET}"
    server.refuse(kind="LIST", status=status, code=code, message=leak)

    with pytest.raises(PublishError, match=sentence) as caught:
        run()

    assert str(caught.value).startswith("the bucket 'originals' cannot be listed: ")
    assert "AKIA" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_server_that_is_not_there_is_said(site, server):
    settings = site.settings(s3_endpoint="http://127.0.0.1:9")  # nothing listens on "discard"

    with connected(settings, attempts=1) as client, pytest.raises(PublishError) as caught:
        Bucket(client, "site", "").listing()

    assert "cannot be reached" in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [(b"<p>Log in to this network<br></p>", "or is no S3"), (b"<html/>", "gives no ETag")],
)
def test_something_that_answers_but_is_no_s3_is_said(run, server, answer, sentence):
    server.answer_all = answer

    with pytest.raises(PublishError, match=sentence):
        run()


def test_a_name_that_cannot_be_a_key_is_refused_before_anything_is_asked(run, site, server):
    site.write("tag/Sea.html", b"")
    site.write("tag/sea.html", b"")

    with pytest.raises(PublishError, match="upper and lower case"):
        run()

    assert server.requests == []


def test_without_credentials_it_says_how_to_log_in(run, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(PublishError, match="no credentials found; set AWS_PROFILE"):
        run()


def test_the_manifest_tells_the_digest_of_every_object(run, site, server):
    run()

    manifest = json.loads(server.objects("site", manifest=True)[MANIFEST].body)
    page = manifest["objects"][PAGE]
    assert page["sha256"] == hashlib.sha256(site.bodies()[PAGE]).hexdigest()
    assert page["etag"] == server.objects("site")[PAGE].etag
    assert set(manifest["objects"]) == set(server.objects("site"))
