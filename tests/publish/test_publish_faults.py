"""What goes wrong between a publish and its server, and what the next publish makes of it."""

import os
import shutil
import time

import pytest

from fakes.publisher import ORIGINAL, PAGE, RENDITION, everything
from fakes.s3_faults import Fault, Flipped, Lost, Spoilt, flip, half
from fakes.s3_servers import needs
from pelican_photos.errors import Guarded, PhotosError, PublishError
from pelican_photos.publish.objects import PART
from pelican_photos.publish.private import CLAIM, MANIFEST

SEARCH = "photos/assets/search-2024-1a2b3c4d.json"
STAGES = [
    ["photos/2024/2024-05-01-boats.jpg", "photos/2024/2024-05-02-boats.jpg"],
    ["theme/css/photostream.1a2b3c4d.css", RENDITION],
    [PAGE, "photos/2024/2024-05-02-boats/index.html"],
    [SEARCH, "photos/assets/search-2025-1a2b3c4d.json"],
    ["photos/feed.atom", "index.html"],
]


def forget_everything(site):
    """Be as a new machine, which has only the site."""
    shutil.rmtree(site.root / ".photos")


@pytest.mark.parametrize("stage", range(len(STAGES)))
def test_one_refusal_stops_what_comes_later_and_nothing_beside_it(run, site, server, stage):
    refused, beside = STAGES[stage]
    for key in STAGES[3]:
        site.write(key, b"[]")
    server.refuse(refused)

    with pytest.raises(PublishError, match="access denied") as caught:
        run()

    there = everything(server)
    assert refused in str(caught.value)
    assert beside in there
    assert not [key for later in STAGES[stage + 1 :] for key in later if key in there]
    server.forget()
    assert run().exit_status == 0
    assert refused in server.keys_put()
    assert beside not in server.keys_put()
    assert everything(server) == site.bodies()


def test_deletes_that_are_all_refused_are_a_failure_and_asked_for_again(run, site, server):
    run()
    (site.output / RENDITION).unlink()
    (site.output / PAGE).unlink()
    server.refuse(kind="DELETE")

    with pytest.raises(PublishError, match="2 objects cannot be deleted from 'site': access"):
        run(delete=True)

    assert {RENDITION, PAGE} <= everything(server).keys()
    server.forget()
    assert run(delete=True).deleted == 2


@pytest.mark.parametrize("key", [ORIGINAL, RENDITION, PAGE])
def test_a_byte_that_changes_on_its_way_up_is_noticed_and_sent_again(run, site, server, key):
    server.strike(Flipped, on="PUT", key=key, times=float("inf"))

    with pytest.raises(PublishError, match=rf"{key}.*(changed on their way|secret key is wrong)"):
        run()
    server.faults.clear()
    run()

    assert everything(server) == site.bodies()


def test_a_manifest_that_changes_on_its_way_up_is_noticed(run, site, server):
    server.strike(Flipped, on="NOTE", key=MANIFEST)

    with pytest.raises(PublishError, match=r"changed on their way|secret key is wrong"):
        run()
    run()

    server.forget()
    run()
    assert server.counts == {"LIST": 2}


@pytest.mark.parametrize("change", [half, flip])
def test_a_manifest_that_arrives_damaged_is_fetched_again(run, site, server, change):
    run()
    forget_everything(site)
    server.strike(Spoilt, on="NOTE", key=MANIFEST, change=change)

    with pytest.raises(Guarded, match=r"holds the site of 'https://example\.org'"):
        run(settings={"siteurl": "https://example.com"})
    assert run().uploaded == 0

    assert not [line for line in run.said if "damaged" in line]


def test_a_manifest_that_never_arrives_whole_ends_the_publish(run, site, server):
    run()
    forget_everything(site)
    server.strike(Spoilt, on="NOTE", key=MANIFEST, change=half, times=100)

    with pytest.raises(
        PublishError, match=r"manifest\S* cannot be read in 'originals'.*breaks off"
    ):
        run()

    server.forget()
    assert run().uploaded == 0


def every_kind_of_change(run, site, server):
    """Publish, and prepare what makes the next publish list, put, copy, note and delete."""
    run()
    forget_everything(site)
    site.write(PAGE, b"new")
    site.write("film.mp4", bytes(range(256)) * (PART // 256 + 1))
    site.write("images/old.css", b"a{}")
    server.put("site", "images/old.css", b"a{}")
    (site.output / RENDITION).unlink()
    server.forget()


@pytest.mark.parametrize("kind", [Fault, Lost])
def test_a_connection_that_breaks_in_each_kind_of_request_is_made_again(run, site, server, kind):
    """Before the server has heard of it, and after it has done what it was asked."""
    every_kind_of_change(run, site, server)
    for on in ("LIST", "PUT", "COPY", "DELETE"):
        server.strike(kind, on=on, **({"status": ""} if kind is Fault else {}))
    for key in (CLAIM, MANIFEST):
        server.faults.append(
            kind(
                lambda request, key=key: (request.method, request.key) == ("PUT", key), "", times=1
            )
        )

    outcome = run(delete=True)

    assert (outcome.exit_status, outcome.deleted) == (0, 1)
    assert everything(server) == site.bodies()
    assert not [fault for fault in server.faults if fault.times]
    assert CLAIM not in server.objects("site", manifest=True)
    server.forget()
    run()
    assert server.counts == {"LIST": 2}


@needs("unfinished uploads")
def test_an_upload_in_parts_survives_lost_answers(run, site, server):
    site.write("film.mp4", bytes(range(256)) * (PART // 256 + 1))
    for query in ("partNumber=1", "partNumber=2", "uploadId="):
        server.faults.append(
            Lost(
                lambda request, query=query: (
                    query in request.query and ("partNumber" in query or request.method == "POST")
                ),
                times=1,
            )
        )

    run()

    assert everything(server) == site.bodies()
    assert server.unfinished("site") == []


@pytest.mark.slow
def test_a_server_that_is_overloaded_for_a_while_is_waited_for(run, site, server):
    began = time.monotonic()
    server.faults.append(
        Fault(lambda _: time.monotonic() < began + 0.8, "503 Slow Down", "SlowDown")
    )

    run()

    assert everything(server) == site.bodies()


def on_a_full_disk(room, run):
    """Run in a process whose files can grow to so many bytes; gives the sentence that ended it."""
    import resource  # noqa: PLC0415 - not everywhere
    import signal  # noqa: PLC0415 - as above

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails, as it does on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        try:
            said = str(run())
        except PhotosError as error:
            said = f"failed: {error}"
        except BaseException as error:  # noqa: BLE001 - the test is to show it
            said = f"{error!r}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        return pipe.read()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("room", [0, 100, 1_000])
def test_a_full_disk_is_one_sentence_and_the_next_publish_completes(run, site, server, room):
    said = on_a_full_disk(room, run)

    assert said.startswith("failed: ")
    assert f"{site.root / '.photos'}" in said
    assert "cannot be written: " in said
    assert "\n" not in said
    run()
    assert everything(server) == site.bodies()
    server.forget()
    run()
    assert server.counts == {"LIST": 2}
