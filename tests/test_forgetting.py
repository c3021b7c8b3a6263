"""Whoever forgets a photo never sees it again, and loses nothing else."""

import pytest

from builders import a_comment, a_post, a_video
from fakes.importing import files, names, site_of
from fakes.source import FakeSource
from pelican_photos.errors import SettingsError
from pelican_photos.forgetting import bring_back, doomed, forget

SLUG = "2024-05-12-boats-at-dusk"


def forgotten(photos, slug):
    site = site_of(photos)
    forget(site, doomed(site, slug))


def test_a_forgotten_photo_goes_with_all_that_belongs_to_it_and_stays_away(import_from, photos):
    comments = {"instagram:CxYz": (a_comment(),)}
    post = a_post(raw={"a": 1}, comment_count=1)
    source = FakeSource(post, a_post("B", caption="Other"), comments=comments)
    import_from(source)
    before = files(photos)

    forgotten(photos, SLUG)

    gone = {name for name in before if SLUG in name}
    assert len(gone) == 3
    assert set(names(photos)) == {n for n in before if ".import" not in n} - gone
    assert not list((photos.parent / ".photos/raw").glob("*CxYz*"))
    assert str(import_from(source)) == "2 posts: 1 unchanged, 1 deleted by you and left so"


def test_a_forgotten_album_goes_as_a_whole(import_from, photos):
    source = FakeSource(a_post(media=(a_video(1), *a_post(pictures=3).media[1:])))
    import_from(source)

    forgotten(photos, SLUG)

    assert names(photos) == []
    assert import_from(source).outcomes == {"instagram:CxYz": "deleted"}


def test_a_photo_of_an_album_goes_alone(import_from, photos):
    source = FakeSource(a_post(pictures=3))
    import_from(source)

    forgotten(photos, f"{SLUG}-2")

    assert [name for name in names(photos) if "-2." in name] == []
    assert len(names(photos)) == 5
    assert str(import_from(source)) == "1 post: 1 unchanged"


def test_a_file_that_another_page_shows_is_spared(import_from, photos):
    import_from(FakeSource(a_post()))
    page = photos / f"photos/2024/{SLUG}.md"
    page.with_name("again.md").write_text(page.read_text().replace("CxYz", "mine"))

    forgotten(photos, SLUG)

    assert names(photos) == [f"photos/2024/{SLUG}.jpg", "photos/2024/again.md"]


def test_a_page_made_by_hand_can_be_forgotten_too(photos):
    folder = photos / "photos"
    folder.mkdir()
    (folder / "mine.md").write_text("Title: Mine\nDate: 2024-05-12\nOriginal: mine.jpg\n")
    (folder / "mine.jpg").write_bytes(b"mine")

    forgotten(photos, "mine")

    assert names(photos) == []


def test_a_page_cannot_make_us_delete_what_lies_elsewhere(photos):
    folder = photos / "photos"
    folder.mkdir()
    (folder / "mine.md").write_text("Title: Mine\nDate: 2024-05-12\nOriginal: ../kept.jpg\n")
    (photos / "kept.jpg").write_bytes(b"kept")

    forgotten(photos, "mine")

    assert names(photos) == ["kept.jpg"]


def test_who_is_interrupted_asks_again(import_from, photos):
    source = FakeSource(a_post(pictures=2))
    import_from(source)
    site = site_of(photos)
    found = doomed(site, SLUG)
    for file in found.files[:3]:
        file.unlink()

    forgotten(photos, SLUG)

    assert names(photos) == []


def test_what_was_forgotten_can_be_brought_back(import_from, photos):
    source = FakeSource(a_post())
    import_from(source)
    before = files(photos)
    with pytest.raises(SettingsError, match="is here"):
        bring_back(site_of(photos), SLUG)
    forgotten(photos, SLUG)

    bring_back(site_of(photos), SLUG)

    assert str(import_from(source)) == "1 post: 1 new"
    assert files(photos) == before


@pytest.mark.parametrize("verb", [doomed, bring_back])
def test_a_name_that_nothing_has_is_said(photos, verb):
    with pytest.raises(SettingsError, match="nothing-here"):
        verb(site_of(photos), "nothing-here")
