"""The main job from end to end, by the commands that people type."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from fakes.s3 import ENVIRONMENT, serving_s3
from pelican_photos.demo.check import check
from pelican_photos.serving import Folder, running

CONFIGURATION = """\
import pelican_photos
SITENAME = "Sample"
PATH = "content"
TIMEZONE = "UTC"
THEME = pelican_photos.theme()
PLUGINS = ["pelican_photos"]
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""
PUBLICATION = """\
from pelicanconf import *
SITEURL = "https://photos.example.org"
DELETE_OUTPUT_DIRECTORY = True
PHOTOS_BUCKET, PHOTOS_SITE_BUCKET = "originals", "site"
PHOTOS_S3_ENDPOINT = {url!r}
"""


@pytest.fixture(scope="module")
def s3():
    with serving_s3() as server:
        server.begin()
        yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory, sample, s3) -> Path:
    """A site into which fifteen sample posts were imported."""
    root = tmp_path_factory.mktemp("main-job") / "site"
    (root / "content").mkdir(parents=True)
    (root / "pelicanconf.py").write_text(CONFIGURATION)
    (root / "publishconf.py").write_text(PUBLICATION.format(url=s3.url))
    (root / "tasks.py").write_text("from pelican_photos.tasks import namespace\n")
    ended = invoke(root, "import-instagram", "--source", str(sample))
    assert ended.stdout.splitlines()[-1].startswith("15 posts: 15 new")
    return root


def invoke(site: Path, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PHOTOS_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "invoke", *words],
        cwd=site,
        env={**kept, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == status, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def test_the_built_site_has_no_broken_address_and_carries_its_originals(site):
    invoke(site, "build")

    with running(Folder(site / "output"), 0) as url:
        checked = check(url)

    assert checked.broken == ()
    assert checked.count > 60


@pytest.mark.usefixtures("one_moment")
def test_a_publish_brings_every_original_and_page_and_a_second_one_only_lists(site, s3):
    invoke(site, "publish", "--dry-run")
    assert s3.counts["PUT"] == 0

    invoke(site, "publish", "--yes")

    originals = {
        f"photos/{file.relative_to(site / 'content/photos')}"
        for file in (site / "content/photos").rglob("20*.*")
        if file.suffix in (".jpg", ".mp4")
    }
    assert set(s3.objects("originals")) == originals
    built = {
        str(file.relative_to(site / "output"))
        for file in (site / "output").rglob("*")
        if file.is_file()
    }
    assert set(s3.objects("site")) == built
    assert not built & originals
    s3.forget()

    second = invoke(site, "publish")

    assert "0 uploaded" in second.stdout.splitlines()[-1]
    assert set(s3.counts) <= {"LIST", "HEAD"}


def test_no_coordinates_reach_the_bucket(site, s3):
    here = (site / "content/photos").rglob("*.jpg")
    assert any(gps_of(file.read_bytes()) for file in here), "or this test says nothing"
    for key, stored in s3.objects("originals").items():
        if key.endswith(".jpg"):
            assert gps_of(stored.body) == {}, key


def gps_of(data: bytes) -> dict[int, object]:
    with Image.open(io.BytesIO(data)) as picture:
        return dict(picture.getexif().get_ifd(0x8825))


def test_a_second_import_changes_nothing_that_git_would_see(site, sample):
    before = {file: file.stat().st_mtime_ns for file in (site / "content").rglob("*")}

    ended = invoke(site, "import-instagram", "--source", str(sample))

    assert ended.stdout.splitlines()[-1] == "15 posts: 15 unchanged"
    assert {file: file.stat().st_mtime_ns for file in (site / "content").rglob("*")} == before


def test_a_publish_without_a_bucket_is_wrong_use(site):
    ended = subprocess.run(
        [sys.executable, "-m", "invoke", "publish"],
        cwd=site,
        env={**os.environ, "PHOTOS_BUCKET": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr == (
        "photostream: PHOTOS_BUCKET is not set: name your bucket in publishconf.py\n"
    )


@pytest.mark.slow
@pytest.mark.alone  # beside the budgets, for which its site is made anyway
def test_the_demo_runs_the_whole_job_and_checks_every_address(demo):
    assert "addresses of the site answer, its originals included" in demo.said.splitlines()[-1]
    assert "40 posts: 40 new" in demo.said
