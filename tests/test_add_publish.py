"""A photo from the camera to the bucket, by one command of Invoke."""

import os
import subprocess
import sys

import pytest

from fakes import camera
from fakes.adding import AddingSite
from fakes.s3 import ENVIRONMENT, serving_s3

PUBLICATION = """\
from pelicanconf import *
PHOTOS_BUCKET, PHOTOS_SITE_BUCKET = "originals", "site"
PHOTOS_S3_ENDPOINT = {url!r}
"""


@pytest.fixture(scope="module")
def s3():
    with serving_s3() as server:
        yield server


@pytest.fixture
def site(tmp_path, s3):
    s3.begin()  # no two sites share a bucket
    site = AddingSite(tmp_path / "site", PHOTOS_RENDITIONS=["320h"])
    (site.root / "publishconf.py").write_text(PUBLICATION.format(url=s3.url))
    (site.root / "tasks.py").write_text("from pelican_photos.tasks import namespace\n")
    return site


def invoke(site, *words):
    return subprocess.run(
        [sys.executable, "-m", "invoke", "add", *map(str, words)],
        cwd=site.root,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_a_photo_is_added_and_published_without_its_coordinates(site, s3, tmp_path):
    file = camera.photo(tmp_path / "IMG_1.jpg", 1, placed=True, words="Boats at dusk")
    ended = invoke(site, file, "--alt", "Three boats", "--publish")

    assert (ended.returncode, ended.stderr.count("Traceback")) == (0, 0)
    assert ended.stdout.splitlines()[-1] == (
        "Added content/photos/2024/2024-05-12-boats-at-dusk.md; it is at"
        " https://example.org/photos/2024/2024-05-12-boats-at-dusk/"
    )
    published = s3.bodies("originals")["photos/2024/2024-05-12-boats-at-dusk.jpg"]
    page = s3.bodies("site")["photos/2024/2024-05-12-boats-at-dusk/index.html"].decode()
    assert len(published) == len(file.read_bytes())
    assert published != file.read_bytes()
    assert "Three boats" in page
    assert "39.6" not in page


def test_a_draft_is_published_where_only_its_owner_looks(site, s3, tmp_path):
    file = camera.photo(tmp_path / "IMG_2.jpg", 2, words="Secret nets")
    ended = invoke(site, file, "--draft", "--publish")

    assert ended.returncode == 0
    assert "it is at https://example.org/drafts/photos/2024/2024-05-12-secret-nets/" in ended.stdout
    site_keys = [key for key in s3.bodies("site") if "secret-nets" in key]
    assert site_keys
    assert all(key.startswith("drafts/") for key in site_keys)


def test_a_bucket_of_strangers_stops_it_as_it_stops_a_publish(site, s3, tmp_path):
    s3.put("site", "holiday.zip", b"a backup")
    ended = invoke(site, camera.photo(tmp_path / "IMG_4.jpg", 4), "--alt", "Nets", "--publish")

    assert ended.returncode == 2
    assert "1 objects that no publish put there. Go on? Not without --yes." in ended.stdout
    assert s3.bodies("site").keys() == {"holiday.zip"}


def test_where_to_publish_is_asked_before_anything_is_added(site, tmp_path):
    (site.root / "publishconf.py").write_text("from pelicanconf import *\n")
    ended = invoke(site, camera.photo(tmp_path / "IMG_3.jpg", 3), "--publish")

    assert ended.returncode == 2
    assert "PHOTOS_BUCKET is not set" in ended.stderr
    assert not site.photos.exists()
