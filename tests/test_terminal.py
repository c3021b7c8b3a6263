"""What a task shows, with a terminal and without."""

import io
import sys

import pexpect
import pytest
from invoke import Exit
from rich.console import Console

from pelican_photos.errors import PhotosError, SettingsError
from pelican_photos.terminal import Display, display


def shown_on(*, terminal: bool):
    text = io.StringIO()
    return text, Display(Console(file=text, force_terminal=terminal, width=120, color_system=None))


def test_without_a_terminal_progress_is_a_line_now_and_then():
    text, shown = shown_on(terminal=False)
    with shown:
        for done in range(1, 121):
            shown.advance("Importing", done, 120, "x")

    assert text.getvalue().splitlines() == [
        "Importing: 50 of 120",
        "Importing: 100 of 120",
        "Importing: 120 of 120",
    ]


def test_a_total_that_nobody_knows_is_left_out():
    text, shown = shown_on(terminal=False)
    with shown:
        shown.advance("Importing", 50, None)

    assert text.getvalue() == "Importing: 50\n"


def test_on_a_terminal_there_is_a_bar():
    text, shown = shown_on(terminal=True)
    with shown:
        shown.advance("Importing", 1, 2, "new 2024-05-12-boats")
        shown._progress.refresh()

    assert "1/2" in text.getvalue()
    assert "2024-05-12-boats" in text.getvalue()


def test_hostile_words_are_text_and_not_markup():
    text, shown = shown_on(terminal=True)
    with shown:
        shown.say("[red]a[/red] [link=x]")
        shown.advance("Importing", 1, 2, "[/red]\x1b[31m[bold")

    assert "[red]a[/red] [link=x]" in text.getvalue()
    assert "\x1b[31m" not in text.getvalue()


def test_a_name_from_elsewhere_steers_no_terminal(capsys):
    name = "a\x1b[2J\r\x9b\udcff.jpg\tb\nc"
    text, shown = shown_on(terminal=True)
    with shown:
        shown.say(name)
    with pytest.raises(Exit), display():
        raise PhotosError(name)

    assert "a [2J   .jpg" in text.getvalue()
    assert capsys.readouterr().err == "photostream: a [2J   .jpg\tb\nc\n"


def test_a_line_that_changes_is_for_a_terminal_alone():
    for terminal, seen in ((True, True), (False, False)):
        text, shown = shown_on(terminal=terminal)
        with shown, shown.ticker() as tick:
            tick("in 3 [red]seconds")
        shown.say("done")

        assert ("in 3 [red]seconds" in text.getvalue()) == seen
        assert text.getvalue().endswith("done\n")


def test_without_a_terminal_a_question_is_answered_no():
    text, shown = shown_on(terminal=False)

    assert not shown.confirm("Delete 99 objects?")
    assert text.getvalue() == "Delete 99 objects? Not without --yes.\n"


@pytest.mark.parametrize(("error", "status"), [(PhotosError("a"), 1), (SettingsError("b"), 2)])
def test_an_error_is_one_line_and_a_status(capsys, error, status):
    with pytest.raises(Exit) as ended, display():
        raise error

    assert ended.value.code == status
    assert capsys.readouterr().err == f"photostream: {error}\n"


def test_an_interruption_says_how_to_go_on(capsys):
    with pytest.raises(Exit) as ended, display():
        raise KeyboardInterrupt

    assert ended.value.code == 130
    assert "run it again to go on" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "chosen"), [("2", "chrome"), (" Firefox ", "firefox"), ("3", ""), ("", "")]
)
def test_a_choice_is_made_by_number_or_by_name(typed, chosen):
    code = (
        "from rich.console import Console\n"
        "from pelican_photos.terminal import Display\n"
        "shown = Display(Console(force_terminal=True))\n"
        "print('chosen:', repr(shown.choose('Which?', ['firefox', 'chrome'])))\n"
    )
    terminal = pexpect.spawn(sys.executable, ["-c", code], encoding="utf-8", timeout=30)
    terminal.expect("2  chrome.*> ")
    terminal.sendline(typed)
    terminal.expect(f"chosen: '{chosen}'\r")
    terminal.expect(pexpect.EOF)
    terminal.close()


def test_without_a_terminal_nothing_is_chosen():
    text, shown = shown_on(terminal=False)

    assert shown.choose("Which?", ["firefox"]) == ""
    assert text.getvalue() == ""
