"""Publishes that are killed, or stopped, at any moment, and the next one that completes them."""

import random
import signal

import pytest

from fakes.built_site import BuiltSite, picture
from fakes.publisher import everything
from fakes.publishing import publish_until
from pelican_photos.publish.private import CLAIM, MANIFEST

DEATHS = 10
REQUESTS = 26  # about as many as a publish of some changes takes


@pytest.fixture
def site(tmp_path):
    return BuiltSite(tmp_path, photos=2)


def change(site, number):
    """Give one photo another picture, and name it in its page."""
    slug = site.slugs[number % len(site.slugs)]
    for file in (site.output / f"photos/2024/{slug}").glob("*.webp"):
        file.unlink()
    name = f"640-{number:07x}f.webp"
    site.write(f"photos/2024/{slug}/{name}", picture(100 + number, "WEBP"))
    site.write(f"photos/2024/{slug}/index.html", f"<img src={name}>".encode())
    site.write("index.html", f"<h1>{number}</h1>".encode())
    site.write_original(slug, picture(200 - number))


def missing_pictures(site, there):
    """The pages in the bucket that name a picture which is not there."""
    pages = [f"photos/2024/{slug}" for slug in site.slugs]
    named = {
        page: there.get(f"{page}/index.html", b"").decode().rpartition("=")[2].rstrip(">")
        for page in pages
    }
    return [
        page for page, name in named.items() if "webp" in name and f"{page}/{name}" not in there
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_publish_killed_at_any_moment_leaves_nothing_half_and_the_next_completes(
    run, site, server, seed
):
    moments, whole, early = random.Random(seed), set(), []

    def watch(request):
        if request.kind == "PUT" and request.key.endswith("index.html"):
            early.extend(missing_pictures(site, server.bodies("site")))

    run()
    server.delay, server.on_request = 0.002, watch
    whole.update(everything(server).items())
    for death in range(DEATHS):
        change(site, death)
        whole.update(site.bodies().items())
        number, later = moments.randrange(1, REQUESTS), moments.choice([0, 0.005])

        ended = publish_until(site, server, number, later=later, delete=True)

        assert ended.status in (-signal.SIGKILL, 0)  # it may have had less to do
        stored = everything(server)
        assert whole.issuperset(stored.items())
        assert not missing_pictures(site, stored)
    server.delay = 0

    assert run(delete=True).exit_status == 0
    assert not early
    assert everything(server).items() >= site.bodies().items()
    server.forget()
    run()
    assert server.counts == {"LIST": 2}


@pytest.mark.slow
def test_what_a_killed_publish_has_sent_is_not_sent_again(run, site, server):
    server.on_request = lambda request: request.kind != "PUT" or seen.append(request.key)
    seen = []
    ended = publish_until(site, server, 12, later=0.05)
    stored = everything(server)
    server.forget()

    run()

    assert ended.status == -signal.SIGKILL
    assert stored
    assert not {*server.keys_sent()} & stored.keys()
    assert everything(server) == site.bodies()


@pytest.mark.slow
def test_a_publish_killed_before_its_manifest_loses_nothing(run, site, server):
    manifests = []
    server.on_request = lambda request: request.key == MANIFEST and manifests.append(request)
    server.refuse(MANIFEST, kind="NOTE", status="503 Slow Down", code="SlowDown")
    everything_put = len(site.bodies())

    ended = publish_until(site, server, everything_put + 10, later=0.2)
    server.forget()
    run()

    assert ended.status == -signal.SIGKILL
    assert manifests
    assert server.keys_sent() == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 8, 18])
def test_ctrl_c_is_one_line_and_the_next_publish_goes_on(run, site, server, number):
    server.delay = 0.02

    ended = publish_until(site, server, number, sign=signal.SIGINT)

    assert ended.status == 130
    assert ended.complaints == "photostream: stopped; run it again to go on\n"
    stored = everything(server)
    assert stored.items() <= site.bodies().items()
    assert CLAIM not in {
        *server.objects("site", manifest=True),
        *server.objects("originals", manifest=True),
    }
    server.delay = 0
    server.forget()
    run()
    assert everything(server) == site.bodies()
    assert not {*server.keys_sent()} & stored.keys()
