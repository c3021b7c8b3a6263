"""Whoever forgets a photo never sees it again, and loses nothing else."""

from dataclasses import replace

import pytest

from builders import a_comment, a_media, a_post, a_video
from fakes.importing import files, names, site_of
from fakes.pictures import saved_scene
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


def larger(photos, import_from, pictures, form):
    """Import a post live, then larger pictures of it from a folder; gives where the first are."""
    post = a_post(media=tuple(a_media(n, id=f"9{n}") for n in range(1, pictures + 1)))
    import_from(FakeSource(post, broken={m.picture: saved_scene(108) for m in post.media}))
    media = tuple(replace(m, picture=f"{m.id}.jpg", width=0) for m in post.media)
    offered = {m.picture: saved_scene(144, form) for m in media}
    import_from(FakeSource(replace(post, media=media), live=False, broken=offered))
    return photos.parent / ".photos/replaced"


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_a_picture_that_a_larger_one_replaced_goes_too(import_from, photos, form):
    replaced = larger(photos, import_from, 1, form)
    assert len(list(replaced.iterdir())) == 1

    forgotten(photos, SLUG)

    assert list(replaced.iterdir()) == []


def test_of_an_album_only_the_replaced_picture_of_the_photo_goes(import_from, photos):
    replaced = larger(photos, import_from, 2, "JPEG")

    forgotten(photos, f"{SLUG}-1")

    assert [file.name.partition("-")[2] for file in replaced.iterdir()] == [f"{SLUG}-2.jpg"]


def test_of_two_pages_of_one_name_none_is_taken_for_the_other(photos):
    for year in ("2023", "2024"):
        page = photos / f"photos/{year}/mine.md"
        page.parent.mkdir(parents=True)
        page.write_text(f"Title: Mine\nDate: {year}-05-12\nOriginal: mine.jpg\n")

    with pytest.raises(SettingsError, match=r"several pages .*2023/mine\.md, .*2024/mine\.md"):
        forgotten(photos, "mine")

    assert len(names(photos)) == 2


def test_a_link_goes_whether_or_not_it_leads_somewhere(import_from, photos, tmp_path):
    import_from(FakeSource(a_post()))
    original = photos / f"photos/2024/{SLUG}.jpg"
    original.unlink()
    original.symlink_to(tmp_path / "on-another-disk.jpg")

    forgotten(photos, SLUG)

    assert not original.is_symlink()
