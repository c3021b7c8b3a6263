"""What the owner edited, moved, deleted or put there stays as the owner left it."""

from dataclasses import replace

import pytest

from builders import a_post
from fakes.importing import names
from fakes.source import FakeSource, cut_short
from pelican_photos.library import Library


def test_an_edited_page_keeps_its_edits(import_from, photos):
    import_from(FakeSource(a_post()))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    page.write_text("Title: Mine\nUid: instagram:CxYz\nDate: 2024-05-12\nOriginal: x.jpg\n")

    import_from(FakeSource(a_post(caption="Edited upstream")))

    assert page.read_text().startswith("Title: Mine\n")


def test_a_page_that_its_owner_broke_is_still_that_photos_page(import_from, photos):
    import_from(FakeSource(a_post()))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    broken = page.read_text().replace("Date: ", "Date: some day in ")
    page.write_text(broken)

    assert str(import_from(FakeSource(a_post()))) == "1 post: 1 unchanged"
    assert page.read_text() == broken


def test_a_page_without_its_uid_is_not_taken_for_deleted(import_from, photos):
    import_from(FakeSource(a_post()))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    page.write_text(page.read_text().replace("Uid: ", "Old-Uid: "))

    assert str(import_from(FakeSource(a_post()))) == "1 post: 1 unchanged"


def test_a_deleted_page_stays_deleted(import_from, photos):
    import_from(FakeSource(a_post()))
    (photos / "photos/2024/2024-05-12-boats-at-dusk.md").unlink()

    report = import_from(FakeSource(a_post()))

    assert str(report) == "1 post: 1 deleted by you and left so"
    assert names(photos) == ["photos/2024/2024-05-12-boats-at-dusk.jpg"]


def test_a_moved_page_is_found_by_its_uid(import_from, photos):
    import_from(FakeSource(a_post()))
    moved = photos / "photos" / "favourites" / "boats.md"
    moved.parent.mkdir()
    (photos / "photos/2024/2024-05-12-boats-at-dusk.md").rename(moved)

    assert str(import_from(FakeSource(a_post()))) == "1 post: 1 unchanged"
    assert list(photos.rglob("*.md")) == [moved]


def test_a_year_that_lies_on_another_disk_is_found(import_from, photos, tmp_path):
    import_from(FakeSource(a_post(pictures=2)))
    elsewhere = tmp_path / "elsewhere"
    (photos / "photos/2024").rename(elsewhere)
    (photos / "photos/2024").symlink_to(elsewhere)
    (elsewhere / "loop").symlink_to(photos)

    assert str(import_from(FakeSource(a_post(pictures=2)))) == "1 post: 1 unchanged"


def test_two_pages_with_one_uid_are_said(import_from, photos):
    import_from(FakeSource(a_post()))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    page.with_name("copy.md").write_text(page.read_text())
    library = Library(photos, "photos")

    assert library.find("instagram:CxYz") == page
    assert "has the Uid of 2024-05-12-boats-at-dusk.md" in library.problems[0]


def test_a_file_that_lies_there_already_is_never_overwritten(import_from, photos):
    mine = photos / "photos" / "2024" / "2024-05-12-boats-at-dusk.jpg"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")

    import_from(FakeSource(a_post()))

    assert mine.read_bytes() == b"mine"
    assert len(list(photos.rglob("*.md"))) == 1


def test_a_picture_of_the_owners_with_a_reserved_name_is_left_alone(import_from, photos):
    import_from(FakeSource(a_post(), broken={"https://cdn/1.jpg": cut_short()}))
    mine = photos / "photos/2024/2024-05-12-boats-at-dusk.jpg"
    mine.parent.mkdir(exist_ok=True)
    mine.write_bytes(b"mine")

    report = import_from(FakeSource(a_post(), a_post("B", caption="Behind it")))

    assert mine.read_bytes() == b"mine"
    assert report.outcomes == {"instagram:CxYz": "pending", "instagram:B": "new"}
    assert "is there already and is another one" in report.reasons["instagram:CxYz"]


def test_a_page_of_the_owners_with_a_reserved_name_ends_no_run(import_from, photos):
    import_from(FakeSource(a_post(), broken={"https://cdn/1.jpg": cut_short()}))
    mine = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("Title: Mine\nUid: mine\nDate: 2024-05-12\nOriginal: mine.jpg\n")

    report = import_from(FakeSource(a_post(), a_post("B", caption="Behind it")))

    assert report.outcomes == {"instagram:CxYz": "pending", "instagram:B": "new"}


class WhileItRuns(FakeSource):
    """A source before whose last post the owner does something."""

    def __init__(self, *posts, owner) -> None:
        super().__init__(*posts)
        self._owner = owner

    def posts(self):
        *posts, last = super().posts()
        yield from posts
        self._owner()
        yield last


@pytest.mark.parametrize("pictures", [1, 2])
def test_a_page_that_is_moved_while_an_import_runs_is_merged_where_it_is_now(
    import_from, photos, pictures
):
    posts = [a_post("A", caption="A"), a_post("B", pictures, caption="B")]
    import_from(FakeSource(*posts))
    moved = photos / "photos/favourites/mine.md"
    moved.parent.mkdir()

    def move():
        (photos / "photos/2024/2024-05-12-b.md").rename(moved)

    report = import_from(WhileItRuns(posts[0], replace(posts[1], caption="Ships"), owner=move))

    assert report.outcomes["instagram:B"] == "merged"
    assert "Title: Ships\n" in moved.read_text()


def test_a_page_that_is_deleted_while_an_import_runs_stays_deleted(import_from, photos):
    posts = [a_post("A", caption="A"), a_post("B", caption="B")]
    import_from(FakeSource(*posts))
    page = photos / "photos/2024/2024-05-12-b.md"

    report = import_from(
        WhileItRuns(posts[0], replace(posts[1], caption="Ships"), owner=page.unlink)
    )

    assert report.outcomes["instagram:B"] == "deleted"
    assert not page.exists()


@pytest.mark.parametrize("name", ["x" * 300, "../x.jpg", "..", "a\0b"])
def test_a_page_that_names_what_is_no_file_name_ends_no_run(import_from, photos, name):
    import_from(FakeSource(a_post()))
    [page] = photos.rglob("*.md")
    mine = page.read_text().replace(f"Original: {page.stem}.jpg", f"Original: {name}")
    page.write_text(mine)

    report = import_from(FakeSource(a_post(), a_post("B", caption="B")), missing=True)

    assert report.outcomes == {"instagram:CxYz": "unchanged", "instagram:B": "new"}
    assert page.read_text() == mine
