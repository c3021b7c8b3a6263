"""What a second publish asks and sends: changes alone, its requests counted."""

import os

import pytest

from fakes.publisher import ONE_BUCKET, ORIGINAL, PAGE, everything
from fakes.s3_servers import needs
from pelican_photos.publish.private import MANIFEST


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
    assert server.counts == {"LIST": 2, "NOTE": 2}
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

    assert server.keys_put() == ["index.html"]
    assert server.bodies("site")["index.html"] == b"<h1>HOME</h1>"


def test_what_somebody_else_overwrote_or_deleted_is_put_again(run, site, server):
    run()
    server.put("site", "index.html", b"<h1>HACK</h1>")
    server.remove("originals", ORIGINAL)
    server.forget()

    run()

    assert everything(server) == site.bodies()
    assert server.keys_put() == [ORIGINAL, "index.html"]  # the manifest was right all along


@needs("copy etag")  # of requests, which are counted
def test_what_another_program_put_is_recognised_and_its_headers_are_repaired(run, site, server):
    for key, body in site.bodies().items():
        server.put("originals" if key.endswith(".jpg") else "site", key, body)

    outcome = run()

    assert (outcome.uploaded, outcome.repaired) == (0, 13)
    assert server.counts.keys() == {"LIST", "COPY", "NOTE"}
    assert (server.counts["LIST"], server.counts["COPY"]) == (2, 13)
    assert server.objects("site")[PAGE].cache_control == "public, max-age=0, must-revalidate"
    assert server.objects("site")[PAGE].content_type == "text/html; charset=utf-8"
    assert everything(server) == site.bodies()
    server.forget()
    run()
    assert server.counts == {"LIST": 2}
