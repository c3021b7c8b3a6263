"""A cache that goes along: to another name, another folder, another machine."""

import shutil
from datetime import timedelta

import pytest

from builders import NOON, a_comment, a_photo, an_album
from fakes import counting
from fakes.site import Site, draw
from pelican_photos.naming import page_path

pytestmark = pytest.mark.usefixtures("one_moment")

BOATS = a_photo("boats", tags=("sea",), width=40, height=80, content="Boats  \nby @ana")
PAGES = (
    BOATS,
    an_album("walk", published=NOON - timedelta(days=2)),
    a_photo("walk-1", published=NOON - timedelta(days=2), album="walk", position=1),
)


@pytest.fixture
def site(tmp_path):
    # The feed of Pelican's own has the time of day.
    site = Site(tmp_path / "site", DELETE_OUTPUT_DIRECTORY=True, FEED_ALL_ATOM=None)
    site.add(*PAGES)
    site.comment(BOATS, a_comment(text="How far?"))
    draw(site.content / "photos" / "profile.jpg", (200, 200))
    return site


def files(folder):
    found = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def test_a_photo_that_was_renamed_with_its_page_is_not_encoded_again(site, monkeypatch):
    site.build()
    file = site.content / page_path("photos", BOATS)
    text = file.read_text("utf-8").replace("boats.jpg", "nets.jpg")
    file.with_name("nets.md").write_text(text, "utf-8")
    file.with_name("boats.jpg").rename(file.with_name("nets.jpg"))
    file.unlink()
    encoded = counting.encoded(monkeypatch)

    built = site.build()

    assert encoded == []
    assert len(list(built.file("photos/2024/nets/").parent.glob("*.webp"))) == 2


def test_a_cache_from_another_machine_saves_all_encoding_and_rendering(site, tmp_path, monkeypatch):
    """As CI restores it: other folders, times and inodes, and nothing built yet."""
    expected = files(site.build().folder)
    for name in ("content", ".cache"):
        shutil.copytree(site.folder / name, tmp_path / "ci" / name, copy_function=shutil.copyfile)
    shutil.rmtree(site.folder)
    elsewhere = Site(tmp_path / "ci", **site.settings)
    encoded, rendered = counting.encoded(monkeypatch), counting.rendered(monkeypatch)

    built = elsewhere.build()

    assert encoded == []
    assert [name for name in rendered if name.startswith("photos/")] == []
    assert files(built.folder) == expected
