"""Publishes that are killed at any moment, and the next one that completes them."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fakes.built_site import BuiltSite, picture
from pelican_photos.publish import Options, publish
from pelican_photos.publish.private import MANIFEST

PROGRAM = Path(__file__).parents[1] / "fakes" / "publishing.py"
PHOTOS = 25


@pytest.fixture
def site(tmp_path):
    return BuiltSite(tmp_path, photos=PHOTOS)


def killed_after(puts, site, server):
    """Start a publish in its own process and kill it once the server saw so many puts."""
    server.forget()
    arguments = [sys.executable, str(PROGRAM), str(site.root), server.url]
    with subprocess.Popen(arguments, env=os.environ, stdout=subprocess.DEVNULL) as process:
        while len(server.keys_put()) < puts and process.poll() is None:
            time.sleep(0.001)
        process.kill()
    return process.returncode


def complete(site, server):
    return publish(
        site.settings(s3_endpoint=server.url),
        site.originals(),
        Options(),
        confirm=lambda _: False,
        say=lambda _: None,
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_publish_killed_again_and_again_is_completed_without_sending_twice(site, server, seed):
    moments = random.Random(seed)
    server.delay = 0.01
    killed = 0
    for _ in range(3):
        killed += killed_after(moments.randrange(1, 40), site, server) == -9
        stored = server.bodies("originals") | server.bodies("site")
        assert stored.items() <= site.bodies().items()  # whole objects only
    server.forget()
    server.delay = 0

    outcome = complete(site, server)

    assert killed == 3
    assert server.bodies("originals") | server.bodies("site") == site.bodies()
    assert not {*server.keys_sent()} & stored.keys()
    assert outcome.exit_status == 0
    server.forget()
    complete(site, server)
    assert server.counts == {"LIST": 2}


@pytest.mark.slow
def test_a_publish_killed_while_it_changes_a_site_shows_no_page_before_its_picture(site, server):
    complete(site, server)
    for number, slug in enumerate(site.slugs):
        site.write(f"photos/2024/{slug}/640-{number:07x}f.webp", picture(100 + number, "WEBP"))
        site.write(f"photos/2024/{slug}/index.html", f"640-{number:07x}f.webp".encode())
    server.delay = 0.01

    assert killed_after(PHOTOS + 8, site, server) == -9

    there = server.bodies("site")
    for number, slug in enumerate(site.slugs):
        if there[f"photos/2024/{slug}/index.html"].startswith(b"640"):
            assert f"photos/2024/{slug}/640-{number:07x}f.webp" in there
    server.delay = 0
    complete(site, server)
    assert (
        server.bodies("site").items()
        >= {key: body for key, body in site.bodies().items() if not key.endswith(".jpg")}.items()
    )


@pytest.mark.slow
def test_a_publish_killed_before_its_manifest_loses_nothing(site, server):
    server.on_request = lambda request: request.key == MANIFEST and time.sleep(30)
    arguments = [sys.executable, str(PROGRAM), str(site.root), server.url]
    everything = len(site.bodies())
    with subprocess.Popen(arguments, env=os.environ) as process:
        while len(server.bodies("originals") | server.bodies("site")) < everything:
            time.sleep(0.01)
        process.kill()
    server.on_request = lambda _: None
    server.forget()

    complete(site, server)

    assert server.keys_sent() == []
