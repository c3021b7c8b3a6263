"""Buckets that may be meant for something else, and what rests before it is deleted."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from fakes.built_site import picture, picture_with_gps
from fakes.publisher import ONE_BUCKET, ORIGINAL, PAGE, RENDITION, everything, manifest
from pelican_photos.errors import Guarded
from pelican_photos.publish.journal import read as read_journal
from pelican_photos.publish.objects import Role
from pelican_photos.publish.private import MANIFEST, journal_key, untouched_key

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
MONTH = {"grace_days": 30}


def test_a_bucket_of_strangers_is_asked_about_before_the_first_byte(run, site, server):
    server.put("site", "holiday.zip", b"a backup")
    run.agrees = False

    with pytest.raises(Guarded, match="nothing was published into site/; check PHOTOS_BUCKET"):
        run()

    assert run.questions == ["site/ holds 1 objects that no publish put there. Go on?"]
    assert server.counts["PUT"] == 0
    run.agrees = True
    run()
    run()
    assert len(run.questions) == 2


def test_a_damaged_manifest_does_not_vouch_for_what_it_cannot_name(run, site, server):
    server.put("site", MANIFEST, b"{")
    server.put("site", "holiday.zip", b"a backup")
    run.agrees = False

    with pytest.raises(Guarded, match="nothing was published into site/"):
        run()

    assert server.counts["PUT"] == 0


def test_the_bucket_of_another_site_is_refused(run, server):
    run()
    server.forget()
    moved = {"siteurl": "https://example.com"}

    with pytest.raises(
        Guarded, match=r"originals/ holds the site of 'https://example\.org'"
    ) as caught:
        run(settings=moved)

    assert caught.value.exit_status == 2
    assert server.counts == {"LIST": 2}
    run(settings=moved, overwrite=True)
    assert manifest(server).site == "https://example.com"
    run(settings=moved)


def test_two_sites_share_a_bucket_by_their_prefixes(run, server):
    run(settings={**ONE_BUCKET, "bucket_prefix": "a"})

    run(
        settings={**ONE_BUCKET, "bucket_prefix": "b", "siteurl": "https://example.com"},
        delete=True,
    )

    keys = server.objects("originals")
    assert {f"a/{PAGE}", f"b/{PAGE}"} <= keys.keys()


def test_the_account_of_the_bucket_is_told_to_the_server_with_every_request(run, site, server):
    site.write("images/big.zip", bytes(9 << 20))
    server.put("site", "index.html", site.bodies()["index.html"])

    run(settings={"bucket_owner": "123456789012"})

    assert server.counts["COPY"] == 1
    for request in server.requests:
        assert request.headers["x-amz-expected-bucket-owner"] == "123456789012", request


def test_a_rendition_rests_for_its_grace_and_a_page_does_not(run, site, server):
    run(settings=MONTH, now=NOW)
    (site.output / RENDITION).unlink()
    (site.output / PAGE).unlink()

    first = run(settings=MONTH, delete=True, now=NOW)
    after = run(settings=MONTH, delete=True, now=NOW + timedelta(days=29))

    assert (first.deleted, first.resting, after.resting) == (1, 1, 1)
    assert "1 stale and kept for a while" in str(first)
    assert RENDITION in server.objects("site")
    assert manifest(server).retired == {RENDITION: NOW}
    assert run(settings=MONTH, delete=True, now=NOW + timedelta(days=30)).deleted == 1
    assert RENDITION not in server.objects("site")


def test_a_rendition_that_is_shown_again_begins_its_rest_anew(run, site, server):
    run(settings=MONTH, now=NOW)
    body = (site.output / RENDITION).read_bytes()
    (site.output / RENDITION).unlink()
    run(settings=MONTH, now=NOW)
    site.write(RENDITION, body)
    run(settings=MONTH, now=NOW + timedelta(days=10))

    assert manifest(server).retired == {}


def test_the_untouched_original_lies_apart_and_only_where_something_was_hidden(run, site, server):
    body = picture_with_gps()
    site.write_original("2024-05-01-boats", body)

    run()

    objects = server.objects("originals", manifest=True)
    untouched = objects[untouched_key(ORIGINAL)]
    assert untouched.body == body != objects[ORIGINAL].body
    assert untouched.cache_control == "private, no-store"
    assert [key for key in objects if key.startswith(untouched_key(""))] == [
        untouched_key(ORIGINAL)
    ]
    assert manifest(server, "originals").objects[untouched_key(ORIGINAL)].role is Role.UNTOUCHED
    server.forget()
    run()
    assert server.counts == {"LIST": 2}


def test_the_untouched_original_stays_while_the_cleaned_one_is_all_that_is_left_here(
    run, site, server
):
    site.write_original("2024-05-01-boats", picture_with_gps())
    run()
    cleaned = server.objects("originals")[ORIGINAL].body
    site.write_original("2024-05-01-boats", cleaned)

    assert (run(delete=True).uploaded, run(delete=True).deleted) == (0, 0)

    site.write_original("2024-05-01-boats", picture(9))
    run()
    assert run(delete=True).deleted == 1  # also when it was not asked for at once
    assert untouched_key(ORIGINAL) not in server.objects("originals", manifest=True)


@pytest.mark.parametrize("body", [picture(0), picture_with_gps()])
def test_an_original_that_only_a_disk_can_have_changed_does_not_replace_the_good_one(
    run, site, server, body
):
    file = site.write_original("2024-05-01-boats", body)
    run()
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    damaged = body[:-9] + bytes([body[-9] ^ 1]) + body[-8:]
    file.write_bytes(damaged)
    os.utime(file, ns=times)
    before = server.objects("originals", manifest=True)

    with pytest.raises(Guarded, match=r"boats\.jpg changed here, and neither in size nor in time"):
        run()

    assert server.objects("originals", manifest=True) == before
    run(overwrite=True)
    assert server.objects("originals") != before


def test_a_change_of_the_rules_is_no_damage(run, site, server):
    """What was published whole is cleaned from now on: the file here is the same."""
    site.write_original("2024-05-01-boats", picture_with_gps())
    run(settings={"keep_gps": True})

    run()

    assert untouched_key(ORIGINAL) in server.objects("originals", manifest=True)


def test_what_was_renamed_is_copied_within_the_bucket(run, site, server):
    body = picture_with_gps() + bytes(100_000)
    site.write_original("2024-05-01-boats", body)
    run()
    server.forget()
    new = "photos/2024/2024-05-01-ships.jpg"

    outcome = run(originals=[(new, site.originals()[0][1]), *site.originals()[1:]], dry_run=True)
    assert f"  copy {new} (0 B): in the bucket under another name: {ORIGINAL}" in run.said
    outcome = run(originals=[(new, site.originals()[0][1]), *site.originals()[1:]])

    assert (outcome.uploaded, outcome.moved, outcome.sent) == (0, 2, 0)
    assert server.counts["PUT"] == 0
    objects = server.objects("originals", manifest=True)
    assert objects[untouched_key(new)].body == body
    assert objects[new].body == objects[ORIGINAL].body


def test_a_source_that_is_gone_is_sent_instead(run, site, server):
    body = picture_with_gps() + bytes(100_000)
    site.write_original("2024-05-01-boats", body)
    run()
    server.refuse(kind="COPY", status="404 Not Found", code="NoSuchKey")
    new = "photos/2024/2024-05-01-ships.jpg"

    run(originals=[(new, site.originals()[0][1])])

    assert server.objects("originals", manifest=True)[untouched_key(new)].body == body


def test_a_journal_tells_what_each_publish_changed(run, site, server):
    run(now=NOW)
    site.write(PAGE, b"new")
    (site.output / RENDITION).unlink()
    run(now=NOW, delete=True)

    objects = server.objects("site", manifest=True)
    journal = read_journal(objects[journal_key(2)].body)
    before = read_journal(objects[journal_key(1)].body).steps

    assert {key: step.after is None for key, step in journal.steps.items()} == {
        PAGE: False,
        RENDITION: True,
    }
    assert journal.steps[PAGE].before == before[PAGE].after
    assert (journal.publication.generation, journal.previous.generation) == (2, 1)
    assert journal.publication.at == "2026-11-28T12:00:00+00:00"


def test_no_private_object_is_public_or_counts_as_stale(run, site, server):
    run()
    (site.output / PAGE).unlink()
    run(delete=True)
    run()

    for key, stored in server.objects("site", manifest=True).items():
        if ".pelican-photos/" in key:
            assert stored.cache_control == "private, no-store", key
    assert {journal_key(1), journal_key(2)} <= server.objects("site", manifest=True).keys()
    assert everything(server).keys() == site.bodies().keys()
