"""A takedown from the site to the buckets, with real builds: asked once, and nothing is left."""

import gzip
import io

import pytest
from rich.console import Console

from builders import a_comment, a_post
from fakes.importing import imported, names
from fakes.public_cdn import serving_the_public
from fakes.s3 import ENVIRONMENT, serving_s3
from fakes.source import FakeSource
from pelican_photos import pelican_site
from pelican_photos.clock import build_time
from pelican_photos.errors import Guarded, PageError, SettingsError
from pelican_photos.publish.purge import Purging
from pelican_photos.publish_command import run_publish
from pelican_photos.publish_options import Options
from pelican_photos.purge_command import Request, run_purge
from pelican_photos.terminal import Display

SLUG = "2024-05-12-boats-at-dusk"
CONFIGURATION = """\
SITENAME = "x"
PATH = "content"
PLUGINS = ["pelican_photos"]
TIMEZONE = "UTC"
PHOTOS_RENDITIONS = ["32h"]
"""
PUBLICATION = """\
from pelicanconf import *
SITEURL = {cdn!r}
PHOTOS_BUCKET, PHOTOS_SITE_BUCKET = "originals", "site"
PHOTOS_S3_ENDPOINT = {s3!r}
"""


def plain(body):
    """Read what our own notes say, too."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


@pytest.fixture(scope="module")
def running():
    with serving_s3() as server, serving_the_public(server) as cdn:
        yield server, cdn


class Owner:
    """Somebody with two posts, an album and a photo whose names begin alike, both published."""

    def __init__(self, root, server, cdn):
        self.root, self.server, self.cdn = root, server, cdn
        self.content = root / "content"
        (root / "pelicanconf.py").write_text(CONFIGURATION)
        (root / "publishconf.py").write_text(PUBLICATION.format(cdn=cdn.url, s3=server.url))
        self.source = FakeSource(
            a_post("Secret1", pictures=2, caption="Boats at dusk #sea", raw={"a": 1}),
            a_post("Other22", caption="Boats at dusk 3 #land"),
            comments={"instagram:Secret1": (a_comment(),)},
        )
        imported(self.content, self.source)
        self.said = io.StringIO()
        self.display = Display(Console(file=self.said, width=200))
        self.settings = pelican_site.read_settings(pelican_site.PRODUCTION, root)

    def publish(self):
        return run_publish(self.settings, self.display, Options(), yes=True)

    def purge(self, slug=SLUG, **request):
        how = Purging(settings=self.settings, now=build_time(), progress=lambda *_: None)
        return run_purge(how, self.display, Request(slug=slug, **request))

    def versions(self):
        """Every version of everything, by bucket and key."""
        return {
            (bucket, key): [body for body in bodies if body is not None]
            for bucket in ("originals", "site")
            for key, bodies in self.server.versions(bucket).items()
        }


@pytest.fixture
def owner(running, tmp_path, monkeypatch):
    server, cdn = running
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    server.begin()
    server.keep_versions("originals", "site")
    cdn.cached.clear()
    (tmp_path / "content").mkdir()
    return Owner(tmp_path, server, cdn)


def test_an_album_is_taken_down_with_its_photos_and_all_that_ever_told_of_them(owner):
    owner.publish()
    assert owner.cdn.answer(f"/photos/2024/{SLUG}-1/")
    before = owner.versions()
    assert owner.purge(dry_run=True)
    with pytest.raises(Guarded, match="nothing was taken down"):
        owner.purge()
    assert owner.versions() == before
    assert f"  delete content/photos/2024/{SLUG}.md" in owner.said.getvalue()
    assert f"  destroy photos/2024/{SLUG}-2.jpg in originals" in owner.said.getvalue()

    page = owner.content / f"photos/2024/{SLUG}-1.md"
    whole = page.read_bytes()
    for text, error, said in (
        (
            "Title: x\n",
            SettingsError,
            rf"{SLUG}-1\.md is of {SLUG} by its name, but not by its Uid",
        ),
        ("Uid: instagram:Secret1#1\n", PageError, rf"2024/{SLUG}-1\.md: .*; correct it first"),
    ):
        page.write_text(text)
        with pytest.raises(error, match=said):
            owner.purge(yes=True)
    page.write_bytes(whole)
    broken = owner.content / "photos/2024/broken.md"
    broken.write_text("Title: It may name the same picture\n")
    with pytest.raises(Guarded, match=r"broken\.md: .*; mend that first"):
        owner.purge(yes=True)
    broken.unlink()
    assert owner.versions() == before
    owner.cdn.cached[f"/photos/2024/{SLUG}-1.jpg"] = b"as it was"

    assert not owner.purge(yes=True)
    assert f"still there: {owner.cdn.url}/photos/2024/{SLUG}-1.jpg" in owner.said.getvalue()
    owner.cdn.cached.clear()
    assert owner.purge(yes=True)  # though no page of it is here any more

    left = {place: bodies for place, bodies in owner.versions().items() if bodies}
    told = {place: b"".join(map(plain, bodies)) for place, bodies in left.items()}
    for trace in (b"Secret1", f"{SLUG}/".encode(), f"{SLUG}-1".encode(), f"{SLUG}.md".encode()):
        assert [place for place, text in told.items() if trace in text] == []
    assert {key for _, key in left if SLUG in key and f"{SLUG}-3" not in key} == set()
    assert owner.cdn.answer(f"/photos/2024/{SLUG}-3/")
    assert ("originals", f"photos/2024/{SLUG}-3.jpg") in left
    assert names(owner.content) == [f"photos/2024/{SLUG}-3.jpg", f"photos/2024/{SLUG}-3.md"]
    assert not list((owner.root / ".photos" / "publish").glob("purge-*"))
    assert owner.said.getvalue().splitlines()[-1].endswith("no address of it answers any more")
    assert imported(owner.content, owner.source).outcomes["instagram:Secret1"] == "deleted"
    with pytest.raises(SettingsError, match="nothing-here: no photo or album"):
        owner.purge("nothing-here")
