"""Pictures before pages before listings, and what a failure on the way stops."""

import pytest

from fakes.built_site import picture
from fakes.publisher import ONE_BUCKET, ORIGINAL, PAGE, RENDITION, everything
from pelican_photos.errors import Busy, PublishError
from pelican_photos.publish.objects import PART
from pelican_photos.publish.private import MANIFEST


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
    }


def test_a_big_file_that_fails_leaves_no_parts_behind(run, site, server):
    site.write("album.zip", bytes(PART + 1))
    server.refuse("album.zip")  # each part, not their beginning

    with pytest.raises(PublishError, match=r"album\.zip cannot be stored"):
        run()

    assert server.unfinished("site") == []


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


@pytest.mark.parametrize("late", [b"<h1>LATE</h1>", b"short", b"much longer" * PART])
def test_a_file_that_changes_while_it_is_published_is_not_taken(run, site, server, late):
    def meddle(request):
        if request.kind == "NOTE":  # it is planned by now
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
