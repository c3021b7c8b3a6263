"""The comments beside a page: none is lost, and what the owner hid stays hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_comment, a_photo
from pelican_photos.comment_files import (
    all_comments,
    comments_text,
    merge_comments,
    read_comments,
)
from pelican_photos.errors import PageError
from pelican_photos.library import Library


@pytest.fixture
def library(photos):
    return Library(photos, "photos")


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


def test_a_folder_in_place_of_comments_is_named(library):
    file = library.folder / "2024" / "2024-05-12-boats.md"
    file.with_name("2024-05-12-boats.comments.json").mkdir(parents=True)

    for read in (read_comments, comments_text):
        with pytest.raises(PageError, match=r"boats\.comments\.json cannot be read"):
            read(file)


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
