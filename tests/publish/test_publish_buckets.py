"""What the verb puts into which bucket, against a real server on loopback."""

import hashlib
import re
import shutil

import pytest

from fakes.built_site import picture
from fakes.publisher import ONE_BUCKET, ORIGINAL, PAGE, RENDITION, everything, manifest
from fakes.s3_servers import needs
from pelican_photos.publish.objects import PART
from pelican_photos.publish.private import MANIFEST


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
        assert put.headers["content-md5"]


def test_without_a_site_bucket_only_originals_go(run, site, server):
    site.output.rename(site.root / "elsewhere")

    outcome = run(settings={"site_bucket": ""})

    assert (server.counts["LIST"], server.counts["PUT"]) == (1, 3)
    assert "deployed elsewhere" in str(outcome)


@pytest.mark.parametrize("settings", [{}, ONE_BUCKET])
def test_originals_only_leaves_the_site_alone(run, site, server, settings):
    run(settings=settings)
    site.write("index.html", b"new")
    site.write_original("2024-05-01-boats", picture(9))
    server.forget()

    outcome = run(settings=settings, originals_only=True, delete=True)

    assert server.keys_put() == [ORIGINAL]
    assert (outcome.deleted, outcome.stale) == (0, 0)
    server.forget()
    run(settings=settings)
    assert server.keys_put() == ["index.html"]


def test_a_key_of_both_sides_is_one_upload_of_the_original(run, site, server):
    site.write(ORIGINAL, picture(77))

    run(settings=ONE_BUCKET)

    assert server.keys_put().count(ORIGINAL) == 1
    assert server.bodies("originals")[ORIGINAL] == picture(0)


@needs("multipart etag")
def test_a_big_file_goes_up_in_parts_and_is_recognised_by_them(run, site, server):
    body = bytes(range(256)) * (PART // 256 * 2 + 1)
    site.write("album.zip", body)

    run()

    assert server.bodies("site")["album.zip"] == body
    assert server.objects("site")["album.zip"].etag.endswith("-3")
    assert server.objects("site")["album.zip"].content_type == "application/zip"
    server.remove("site", MANIFEST)
    shutil.rmtree(site.root / ".photos")
    server.forget()
    run()
    assert server.counts["POST"] == 0
    assert (server.counts["PUT"], server.counts["COPY"]) == (0, len(site.bodies()) - 3)
    assert server.bodies("site")["album.zip"] == body


def test_the_manifest_tells_the_digest_of_every_object(run, site, server):
    run()

    noted = manifest(server).objects
    page = noted[PAGE]
    assert page.sha256 == hashlib.sha256(site.bodies()[PAGE]).hexdigest()
    assert page.etag == server.objects("site")[PAGE].etag
    assert set(noted) == set(server.objects("site"))


def test_a_dry_run_says_each_change_and_touches_nothing(run, site, server):
    server.put("site", "photos/index.html", b"other")
    (site.output / "theme/css/photostream.1a2b3c4d.css").write_bytes(b"body{}")

    outcome = run(dry_run=True)

    assert server.counts == {"LIST": 2}
    assert "  upload photos/index.html (50 B): size differs" in run.said
    assert f"  upload {ORIGINAL} ({len(picture(0))} B): not in the bucket" in run.said
    assert str(outcome) == (
        "13 would be uploaded (2.5 kB), 0 unchanged; about 31 requests, at AWS's list price"
        " $0.0002; 2.5 kB more to keep, $0.0000 a month"
    )
    assert not (site.root / ".photos").exists()


def test_a_dry_run_names_what_is_nowhere(run, site, server):
    site.originals()[0][1].unlink()

    assert run(dry_run=True).exit_status == 1
    assert f"  missing: {ORIGINAL}" in run.said


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
