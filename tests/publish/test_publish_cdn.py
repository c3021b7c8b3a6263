"""What the CDN is told after a publish, and when."""

from itertools import groupby

import pytest

from fakes.built_site import picture, picture_with_gps
from fakes.publisher import PAGE, RENDITION, manifest
from fakes.s3_servers import needs
from pelican_photos.errors import PublishError
from pelican_photos.publish import Options, publish
from pelican_photos.publish.cdn import invalidate
from pelican_photos.publish.private import MANIFEST

BUSY = {"kind": "INVALIDATE", "status": "400 Bad", "code": "TooManyInvalidationsInProgress"}


@pytest.fixture
def distribution(server):
    return server.create_distribution()


@pytest.fixture
def run(site, server, distribution):
    def run(*, settings=None, **options):
        return publish(
            site.settings(
                **{"s3_endpoint": server.url, "cdn_distribution": distribution} | (settings or {})
            ),
            site.originals(),
            Options(**options),
            confirm=lambda _: True,
            say=lambda _: None,
        )

    return run


def told(server, distribution):
    """What the CDN was told, and nothing of it later."""
    batches = [sorted(paths) for paths in server.invalidations(distribution)]
    server.forget_invalidations(distribution)
    return batches


def test_what_is_new_needs_no_invalidation(run, server, distribution):
    run()

    assert told(server, distribution) == []


def test_changed_pages_and_originals_are_invalidated_and_renditions_never(
    run, site, server, distribution
):
    run()
    site.write(PAGE, b"new")
    site.write(RENDITION, picture(50, "WEBP"))
    site.write_original("2024-05-01-boats", picture(51))

    run()

    folder = "/photos/2024/2024-05-01-boats/"
    assert told(server, distribution) == [
        [folder.rstrip("/") + ".jpg", folder, folder + "index.html"]
    ]


def test_the_order_is_uploads_then_cdn_then_deletes_then_the_cdn_again(
    run, site, server, distribution
):
    run()
    site.write("index.html", b"new")
    (site.output / PAGE).unlink()
    server.forget()

    run(delete=True)

    steps = [MANIFEST if each.key == MANIFEST else each.kind for each in server.requests]
    steps = [step for step in steps if step not in ("LIST", "NOTE")]
    steps = [step for step, _ in groupby(steps)]
    assert steps == ["PUT", MANIFEST, "INVALIDATE", "DELETE", "INVALIDATE", MANIFEST]
    assert told(server, distribution) == [
        ["/", "/index.html"],
        ["/photos/2024/2024-05-01-boats/", "/photos/2024/2024-05-01-boats/index.html"],
    ]


def test_many_changes_are_one_wildcard(run, site, server, distribution):
    for number in range(16):
        site.write(f"page-{number}.html", b"old")
    run()
    for number in range(16):
        site.write(f"page-{number}.html", b"new")

    run()

    assert told(server, distribution) == [["/*"]]


def test_the_address_of_the_site_stands_before_each_path(run, site, server, distribution):
    changes = {
        "siteurl": "https://example.org/blog",
        "originals_url": "https://cdn.example.org/o/",
        "bucket_prefix": "x/y",
    }
    run(settings=changes)
    site.write("index.html", b"new")
    site.write_original("2024-05-01-boats", picture(51))

    run(settings=changes)

    assert told(server, distribution) == [
        ["/blog/", "/blog/index.html", "/o/photos/2024/2024-05-01-boats.jpg"]
    ]


def test_an_invalidation_that_failed_is_sent_by_the_next_publish(run, site, server, distribution):
    run()
    site.write("index.html", b"new")
    server.forget()
    server.refuse(kind="INVALIDATE")
    with pytest.raises(PublishError, match="cannot be refreshed: access denied"):
        run(delete=True)
    assert server.counts["DELETE"] == 0
    server.forget()

    run()
    assert told(server, distribution) == [["/", "/index.html"]]
    server.forget()

    run()
    assert server.counts == {"LIST": 2}


def test_a_new_machine_sends_the_invalidation_that_another_could_not(
    run, site, server, distribution
):
    run()
    site.write("index.html", b"new")
    server.refuse(kind="INVALIDATE")
    with pytest.raises(PublishError):
        run()
    server.forget()
    for file in (site.root / ".photos/publish").iterdir():
        file.unlink()

    run()

    assert told(server, distribution) == [["/", "/index.html"]]


def test_a_change_that_a_killed_publish_put_is_invalidated(run, site, server, distribution):
    run()
    site.write("index.html", b"new")
    server.refuse(kind="INVALIDATE")
    server.refuse(MANIFEST)  # as if the process had ended before both
    with pytest.raises(PublishError, match="cannot be refreshed"):
        run()
    server.forget()

    run()

    assert told(server, distribution) == [["/", "/index.html"]]


def test_a_failed_upload_tells_the_cdn_later_what_had_gone_before(run, site, server, distribution):
    run()
    site.write(PAGE, b"new")
    site.write("index.html", b"new")
    server.refuse("index.html")
    with pytest.raises(PublishError):
        run()
    assert told(server, distribution) == []
    server.forget()

    run()

    folder = "/photos/2024/2024-05-01-boats/"
    assert told(server, distribution) == [["/", "/index.html", folder, folder + "index.html"]]


def test_without_a_cdn_nothing_waits_for_one(run, site, server):
    run(settings={"cdn_distribution": ""})
    site.write("index.html", b"new")
    server.forget()

    run(settings={"cdn_distribution": ""})

    assert server.counts["INVALIDATE"] == 0
    assert not manifest(server, "originals").pending


def test_a_bucket_with_nothing_to_do_is_not_written_to_for_the_sake_of_the_cdn(
    run, site, server, distribution
):
    run()
    site.write("index.html", b"new")
    server.forget()

    run()

    written = [each.path for each in server.requests if each.method in ("PUT", "POST", "DELETE")]
    assert [path for path in written if path.startswith("/originals")] == []
    assert told(server, distribution) == [["/", "/index.html"]]


def test_what_no_cdn_serves_is_never_invalidated(run, site, server, distribution):
    run()
    site.write_original("2024-05-01-boats", picture_with_gps())
    run()
    told(server, distribution)
    site.write_original("2024-05-01-boats", picture_with_gps() + b"1")

    run()

    assert told(server, distribution) == [["/photos/2024/2024-05-01-boats.jpg"]]


def test_a_busy_cdn_is_asked_again_with_growing_patience(server, distribution):
    waits = []
    server.refuse(**BUSY, times=3)

    assert invalidate(distribution, {"/a"}, pause=waits.append) == 1

    assert waits == [5, 15, 30]
    assert told(server, distribution) == [["/a"]]


def test_a_cdn_that_stays_busy_is_a_failure_in_the_end(server, distribution):
    server.refuse(**BUSY)

    with pytest.raises(PublishError, match="too many invalidations are under way"):
        invalidate(distribution, {"/a"}, pause=lambda _: None)

    assert server.counts == {"INVALIDATE": 5}


@needs("unknown names")
def test_a_distribution_that_does_not_exist_is_said(server):
    with pytest.raises(PublishError, match="check PHOTOS_CDN_DISTRIBUTION"):
        invalidate("ENOSUCH", {"/a"})


def test_something_that_answers_but_is_no_cdn_is_said(server, distribution):
    server.answer_all = b"<p>Log in to this network<br></p>"

    with pytest.raises(PublishError, match="what answers there is not"):
        invalidate(distribution, {"/a"})


def test_two_invalidations_never_share_their_reference(server, distribution):
    invalidate(distribution, {"/a"})
    invalidate(distribution, {"/a"})

    assert len(set(server.references(distribution))) == 2
