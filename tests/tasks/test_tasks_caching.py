"""The task that looks at the cache: what it says, and how it ends."""

import pytest
from invoke import Context, Exit

from fakes.site import Site
from pelican_photos.tasks.caching import cache


@pytest.fixture
def _inside(tmp_path, monkeypatch):
    site = Site(tmp_path / "site")
    (site.folder / "pelicanconf.py").write_text('PATH = "content"\n')
    monkeypatch.chdir(site.folder)


@pytest.mark.usefixtures("_inside")
@pytest.mark.parametrize("request_", [{}, {"gc": True, "yes": True}, {"gc": True, "dry_run": True}])
def test_a_site_that_was_never_built_has_no_cache(capsys, request_):
    cache(Context(), **request_)

    assert "no build has used it yet" in capsys.readouterr().out


@pytest.mark.usefixtures("_inside")
@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"why": "boats"}, "boats: no page is called so; name one without its .md"),
        ({"why": "boats", "gc": True}, "--why looks at one page, and removes nothing"),
    ],
)
def test_what_cannot_be_asked_is_one_line(capsys, request_, said):
    with pytest.raises(Exit) as ended:
        cache(Context(), **request_)

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(f"photostream: {said}")
