"""In a theme that is not ours, hostile words are words too."""

import json

import pytest

from builders import a_photo, an_album
from fakes.site import Site

EVIL = '"><script>alert(1)</script>{{ 7 * 7 }}'


@pytest.fixture(params=["simple", "notmyidea"])
def built(request, tmp_path):
    site = Site(tmp_path, THEME=request.param)
    site.add(
        a_photo("trip-1", album="trip", title=EVIL, alt=EVIL),
        an_album("trip", title=EVIL, tags=(EVIL.replace(";", ""),)),
        a_photo("alone", title=EVIL, alt=EVIL, tags=("sea",)),
    )
    comment = {"id": "1", "author": EVIL, "time": "2024-05-12T10:00:00+00:00", "text": EVIL}
    for page in site.content.rglob("*.md"):
        page.with_suffix(".comments.json").write_text(json.dumps([comment]))
    return site.build()


def test_no_page_of_the_gallery_runs_what_a_stranger_wrote(built):
    pages = list((built.folder / "photos").rglob("*.html"))

    assert len(pages) >= 5
    for file in pages:
        text = file.read_text("utf-8")
        assert "<script>alert" not in text, file
        assert '"><script>' not in text, file
    assert any("alert(1)" in file.read_text("utf-8") for file in pages)
