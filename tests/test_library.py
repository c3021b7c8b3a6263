"""The pages on disk: found by Uid, edited line by line, never overwritten."""

import pytest

from builders import a_photo, an_album
from pelican_photos.errors import PageError
from pelican_photos.library import Library


@pytest.fixture
def library(photos):
    return Library(photos, "photos")


def test_a_page_is_found_by_its_uid_wherever_it_lies(library, photos):
    file = library.add(a_photo())
    moved = file.rename(photos / "photos" / "elsewhere.md")

    assert Library(photos, "photos").find("instagram:2024-05-12-boats") == moved
    assert [stored.page.slug for stored in library.stored()] == ["elsewhere"]


def test_a_page_that_exists_is_never_overwritten(library):
    library.add(a_photo(uid="instagram:A"))

    with pytest.raises(PageError, match="exists already"):
        library.add(an_album(uid="instagram:B"))


def test_a_page_that_cannot_be_read_is_named_and_harms_no_other(library, photos):
    library.add(a_photo())
    (photos / "photos/2024/broken.md").write_text("Title: x\nDate: never\nOriginal: x.jpg\n")
    (photos / "photos/2024/latin.md").write_bytes(b"Title: caf\xe9\n")

    assert [stored.page.title for stored in library.stored()] == ["Boats"]
    assert len(library.problems) == 2
    assert "photos/2024/broken.md: Date is 'never'" in library.problems[0]


def test_hidden_folders_hold_no_pages(library, photos):
    (photos / "photos/.import").mkdir(parents=True)
    (photos / "photos/.import/x.md").write_text("Title: x\n")

    assert library.files() == []


def test_an_edit_that_changes_nothing_does_not_touch_the_file(library):
    file = library.add(a_photo(alt="Boats"))
    before = file.stat().st_mtime_ns

    library.edit(file, {"Alt": "Boats"})
    assert file.stat().st_mtime_ns == before

    library.edit(file, {"Alt": "Two boats"})
    assert "Alt: Two boats\n" in file.read_text()
