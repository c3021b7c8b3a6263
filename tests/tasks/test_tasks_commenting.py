"""Hiding a comment, as it is typed."""

import pytest
from invoke import Context, Exit

from builders import a_comment, a_photo
from pelican_photos.comment_files import read_comments
from pelican_photos.library import Library
from pelican_photos.tasks.commenting import hide_comment


@pytest.fixture
def page_file(tmp_path, monkeypatch):
    """The page of a photo with two comments, in a site that is the working directory."""
    (tmp_path / "content").mkdir()
    (tmp_path / "pelicanconf.py").write_text('PATH = "content"\n')
    monkeypatch.chdir(tmp_path)
    library = Library(tmp_path / "content", "photos")
    file = library.add(a_photo("boats"))
    answer = a_comment(2, author="bob", text="\x1b[2J" + "long " * 40)
    library.add_comments(file, (a_comment(1, answers=(answer,)),))
    return file


def test_without_an_id_the_comments_are_listed(page_file, capsys):
    before = page_file.with_name("boats.comments.json").read_bytes()

    hide_comment(Context(), "boats")

    first, second = capsys.readouterr().out.splitlines()
    assert first == "1 2024-05-12 someone: Comment 1"
    assert second.startswith("2 2024-05-12 bob: [2J")
    assert len(second) < 120
    assert "\x1b" not in second
    assert page_file.with_name("boats.comments.json").read_bytes() == before


def test_a_comment_is_hidden_and_shown_again(page_file, capsys):
    hide_comment(Context(), "boats.md", "1")
    assert read_comments(page_file)[0].hidden
    hide_comment(Context(), "boats")
    hide_comment(Context(), "boats", "1", show=True)
    assert not read_comments(page_file)[0].hidden

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1 is hidden; build the site to see it so"
    assert said[1].startswith("1 (hidden) 2024-05-12")
    assert said[-1] == "1 is shown; build the site to see it so"


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("nowhere",), 2, "nowhere: no page below"),
        (("boats", "9"), 1, "boats has no comment '9'"),
    ],
)
def test_what_is_not_there_is_named(page_file, capsys, words, status, sentence):
    with pytest.raises(Exit) as ended:
        hide_comment(Context(), *words)

    assert ended.value.code == status
    assert sentence in capsys.readouterr().err
