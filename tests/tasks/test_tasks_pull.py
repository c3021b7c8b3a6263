"""`invoke pull` as it is typed: an empty clone, damage, and what is said and returned."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from builders import a_photo
from fakes.built_site import picture_with_gps
from fakes.s3 import ENVIRONMENT, serving_s3
from fakes.site import Site
from pelican_photos.publish import Options, publish
from pelican_photos.settings import Settings

CONFIGURATION = 'SITENAME, PATH, TIMEZONE = "A site", "content", "UTC"\n'
PUBLICATION = """\
from pelicanconf import *
PHOTOS_BUCKET, PHOTOS_S3_ENDPOINT = "originals", {url!r}
"""
NO_FEED = {"FEED_ALL_ATOM": None}  # Pelican's own tells when it was built
NAMES = ("boats", "tram", "roofs")


@pytest.fixture(scope="module")
def s3():
    with serving_s3() as server:
        yield server


@pytest.fixture
def published(tmp_path, s3, monkeypatch):
    """A site of three photos, one of which says where it was taken, and its build."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    s3.begin()
    site = Site(tmp_path / "site", **NO_FEED)
    day = datetime(2024, 5, 12, 12, tzinfo=UTC)
    site.add(*(a_photo(slug=f"2024-05-12-{name}", uid=name, published=day) for name in NAMES))
    (site.content / "photos/2024/2024-05-12-boats.jpg").write_bytes(picture_with_gps())
    configure(site.folder, s3)
    settings = Settings(
        root=site.folder,
        content=site.content,
        output=site.output,
        bucket="originals",
        s3_endpoint=s3.url,
    )
    folder = site.content / "photos/2024"
    originals = [(f"photos/2024/{file.name}", file) for file in folder.glob("*.jpg")]
    publish(settings, originals, Options(), confirm=lambda _: False, say=lambda _: None)
    return site


def configure(folder, s3):
    (folder / "pelicanconf.py").write_text(CONFIGURATION)
    (folder / "publishconf.py").write_text(PUBLICATION.format(url=s3.url))
    (folder / "tasks.py").write_text("from pelican_photos.tasks import namespace\n")


def clone(site, folder, s3):
    """Copy what git has of a site: no original, and nothing of the machine's own."""
    ignored = shutil.ignore_patterns("*.jpg", ".photos", "output")
    shutil.copytree(site.folder, folder, ignore=ignored)
    cloned = Site(folder, **NO_FEED)
    configure(folder, s3)
    return cloned


def pull(site, *options):
    return subprocess.run(
        [sys.executable, "-m", "invoke", "pull", *options],
        cwd=site.folder,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.usefixtures("one_moment")
def test_a_clone_builds_the_same_site_once_it_has_pulled(published, tmp_path, s3):
    built = files(published.build().folder)
    cloned = clone(published, tmp_path / "clone", s3)

    ended = pull(cloned)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith("3 fetched (")
    assert "fetching: 3 of 3" in ended.stdout
    assert files(cloned.content) == files(published.content)
    assert files(cloned.build().folder) == built


def test_verifying_ends_with_three_where_the_two_sides_differ(published):
    (published.content / "photos/2024/2024-05-12-tram.jpg").unlink()

    ended = pull(published, "--verify")

    assert ended.returncode == 3
    assert "  photos/2024/2024-05-12-tram.jpg: not here" in ended.stdout.splitlines()
    assert ended.stdout.splitlines()[-1] == "1 not here, 2 the same here and in the bucket"


def test_a_page_that_cannot_be_read_is_said_and_the_others_are_pulled(published):
    published.write("photos/2024/broken.md", "Date: never\nTemplate: photo\n\n")
    (published.content / "photos/2024/2024-05-12-tram.jpg").unlink()

    ended = pull(published)

    assert ended.returncode == 1
    assert "not every page can be read: photos/2024/broken.md" in ended.stdout
    assert (published.content / "photos/2024/2024-05-12-tram.jpg").is_file()


def test_a_refusal_is_one_line(published, s3):
    s3.refuse(kind="LIST")

    ended = pull(published, "--dry-run")

    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("photostream: the bucket 'originals' cannot be listed: access denied;")
