"""The pages on disk: found by Uid, edited line by line, never overwritten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_comment, a_photo, an_album
from pelican_photos.errors import PageError
from pelican_photos.library import Library, all_comments, merge_comments, read_comments


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


def test_comments_come_back_as_they_were_stored(library):
    file = library.add(a_photo())
    comments = (a_comment(1, text="<b>Hi</b>\n🌅", answers=(a_comment(2, likes=3),)),)

    assert library.add_comments(file, comments)
    assert read_comments(file) == comments
    assert not library.add_comments(file, comments)


def test_comments_that_cannot_be_read_are_named(library):
    file = library.add(a_photo())
    file.with_name("2024-05-12-boats.comments.json").write_text("[{]")

    with pytest.raises(PageError, match=r"boats\.comments\.json cannot be read"):
        read_comments(file)


def test_a_hidden_comment_stays_hidden_whatever_upstream_says(library):
    file = library.add(a_photo())
    said = (a_comment(1, answers=(a_comment(2),)), a_comment(3))
    library.add_comments(file, said)
    before = file.with_name("2024-05-12-boats.comments.json").read_text()
    assert "hidden" not in before

    assert library.hide_comment(file, "2", hidden=True)
    assert not library.hide_comment(file, "2", hidden=True)
    library.add_comments(file, (a_comment(1, likes=9, answers=(a_comment(2, text="Edited"),)),))

    hidden = {comment.id: comment.hidden for comment in all_comments(read_comments(file))}
    assert hidden == {"1": False, "2": True, "3": False}
    assert library.hide_comment(file, "2", hidden=False)
    library.add_comments(file, said)
    assert file.with_name("2024-05-12-boats.comments.json").read_text() == before


def test_hiding_a_comment_that_is_not_there_says_so(library):
    file = library.add(a_photo())

    with pytest.raises(PageError, match="2024-05-12-boats has no comment '9'"):
        library.hide_comment(file, "9", hidden=True)


_COMMENTS = st.lists(
    st.builds(
        lambda number, text, second: a_comment(
            number, text=text, published=NOON.replace(second=second)
        ),
        st.integers(1, 6),
        st.text(max_size=3),
        st.integers(0, 59),
    ),
    max_size=6,
)


@given(_COMMENTS, _COMMENTS)
def test_merging_loses_no_comment_and_doubles_none(kept, new):
    merged = merge_comments(kept, new)

    ids = [comment.id for comment in merged]
    assert set(ids) == {comment.id for comment in (*kept, *new)}
    assert len(ids) == len(set(ids))
    assert merge_comments(merged, new) == merged
    assert list(merged) == sorted(merged, key=lambda comment: (comment.published, comment.id))
