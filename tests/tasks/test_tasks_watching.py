"""The watch as it is typed: real processes, a server that speaks Instagram's protocol, a bucket."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.instagram import FakeInstagram, Fault, sample_profile
from fakes.s3 import ENVIRONMENT, serving_s3

PUBLICATION = """\
from pelicanconf import *
SITEURL = "https://photos.example.org"
PHOTOS_BUCKET = PHOTOS_SITE_BUCKET = {bucket!r}
PHOTOS_S3_ENDPOINT = {url!r}
"""


@pytest.fixture
def instagram():
    with FakeInstagram(sample_profile(count=3)) as fake:
        yield fake


@pytest.fixture
def site(tmp_path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "pelicanconf.py").write_text(
        'SITENAME = "x"\nPATH = "content"\nPLUGINS = ["pelican_photos"]\nTIMEZONE = "UTC"\n'
    )
    return tmp_path


def started(site: Path, instagram: FakeInstagram, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-c", "from pelican_photos.tasks import main; main()"]
    environment = {**os.environ, **instagram.environ, **ENVIRONMENT, "PHOTOS_INSTAGRAM_DELAY": "0"}
    return subprocess.Popen(
        [*command, "watch-instagram", "--session", str(instagram.session_file()), *options],
        cwd=site,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(site: Path, instagram: FakeInstagram, *options: str) -> tuple[int, list[str], str]:
    with started(site, instagram, *options) as process:
        out, err = process.communicate(timeout=240)
    assert "Traceback" not in err
    return process.returncode, out.splitlines(), err


def make_due(site: Path) -> None:
    """Let the time of the next look come."""
    file = site / ".photos" / "watch.json"
    state = json.loads(file.read_text())
    file.write_text(json.dumps({**state, "next_check": state["last_check"]}))


def test_once_is_one_line_and_asks_nobody_before_it_is_time(site, instagram):
    status, out, err = run(site, instagram, "--once", "--no-comments")
    assert (status, err) == (0, "")
    assert len(out) == 1
    assert out[0].startswith("3 posts: 3 new; next look at ")
    instagram.mend()

    status, out, err = run(site, instagram, "--once")

    assert (status, len(out), err) == (0, 1, "")
    assert out[0].startswith("It is not time yet: next look at ")
    assert instagram.count() == 0


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_watch_ends_at_once_when_it_is_told_to(site, instagram, number, status):
    with started(site, instagram) as process:
        assert process.stdout.readline().startswith("3 posts: 3 new; next look at ")
        process.send_signal(number)
        out, err = process.communicate(timeout=20)

    assert process.returncode == status
    assert out == ""
    assert err == "photostream: stopped; run it again to go on\n"


def test_a_second_watch_is_refused(site, instagram):
    with started(site, instagram) as first:
        first.stdout.readline()
        status, out, err = run(site, instagram, "--once")
        first.terminate()

    assert (status, out) == (1, [])
    assert err == "photostream: a watch is already running here; wait until it ends\n"


def test_an_expired_session_ends_once_with_one_sentence(site, instagram):
    instagram.inject(Fault("login", api=1, times=0))

    status, out, err = run(site, instagram, "--once")

    assert (status, out) == (1, [])
    assert err.startswith("photostream: ")
    assert err.count("\n") == 1
    assert json.loads((site / ".photos" / "watch.json").read_text())["tier"] == "DAILY"


def test_two_ways_to_follow_are_wrong_use(site, instagram):
    status, _, err = run(site, instagram, "--build", "--publish")

    assert status == 2
    assert "give one" in err


def test_what_came_is_built(site, instagram):
    status, out, _ = run(site, instagram, "--once", "--build", "--no-comments")

    assert status == 0
    assert out[-1].startswith("3 posts: 3 new; the site follows; next look at ")
    assert len(list((site / "output" / "photos").rglob("index.html"))) >= 4


@pytest.mark.slow
def test_a_publish_that_failed_is_made_up_for_at_the_next_look(site, instagram):
    publication = site / "publishconf.py"
    with serving_s3() as s3:
        publication.write_text(PUBLICATION.format(bucket="nowhere", url=s3.url))
        status, _, err = run(site, instagram, "--once", "--publish", "--no-comments")
        assert status == 1
        assert "nowhere" in err

        publication.write_text(PUBLICATION.format(bucket="originals", url=s3.url))
        make_due(site)
        status, out, err = run(site, instagram, "--once", "--publish", "--no-comments")

        assert (status, err) == (0, "")
        assert "3 unchanged; the site follows; next look" in out[-1]
        pages = [key for key in s3.objects("originals") if key.endswith("index.html")]
        assert len(pages) > 4

        make_due(site)
        status, out, _ = run(site, instagram, "--once", "--publish", "--no-comments")
        assert "follows" not in out[-1]
