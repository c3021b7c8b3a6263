"""Taking back, as it is typed: one line at the end, and the status that says what came of it."""

import pytest
from invoke import Context, Exit

from fakes.built_site import BuiltSite
from fakes.publisher import PAGE, Publisher
from fakes.s3 import ENVIRONMENT, serving_s3
from pelican_photos.tasks.taking_back import purge, undo

PUBLICATION = """\
SITEURL, PATH = "https://example.org", "content"
PHOTOS_BUCKET, PHOTOS_SITE_BUCKET = "originals", "site"
PHOTOS_S3_ENDPOINT = {url!r}
"""


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A site that was published twice, whose folder is the working directory."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with serving_s3() as server:
        server.keep_versions("originals", "site")
        run = Publisher(BuiltSite(tmp_path, photos=1), server)
        (tmp_path / "pelicanconf.py").touch()
        (tmp_path / "publishconf.py").write_text(PUBLICATION.format(url=server.url))
        monkeypatch.chdir(tmp_path)
        run()
        run.site.write(PAGE, b"changed")
        run()
        yield server


def test_undo_says_what_it_did_and_purge_what_it_does_not_know(published, capsys):
    undo(Context(), yes=True)

    *_, last = capsys.readouterr().out.splitlines()
    assert last.startswith("the publish of 20")
    assert "1 brought back, 0 deleted; the site on this machine is as it was" in last
    assert published.bodies("site")[PAGE] != b"changed"

    for task, words in ((purge, ("2024-05-01",)), (undo, ())):
        with pytest.raises(Exit) as ended:
            task(Context(), *words)
        assert ended.value.code == 2
    unknown, refused = capsys.readouterr().err.splitlines()
    assert unknown.startswith("photostream: 2024-05-01: no photo or album is called so, here or")
    assert refused == "photostream: nothing was taken back"
