"""What is asked on a terminal about a new photo: each question with its default, kept by Enter."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from rich.text import Text

from pelican_photos import caption as captions
from pelican_photos.adding.chosen import Chosen
from pelican_photos.adding.wording import Said, Wording, tags_in
from pelican_photos.terminal import Display

_NOTHING = "-"  # what one types instead of a default to have none
_SHOWN = 60  # characters of a default


def ask_words(
    wording: Wording,
    chosen: Sequence[Chosen],
    said: Said,
    drawings: Sequence[Text | None],
    display: Display,
) -> Wording:
    """Ask for what no option gave: caption, alternative texts, tags, place, coordinates.

    ``drawings`` are the pictures of an album, to be seen while one writes about each.
    """
    _load_line_editing()
    display.say(f"Enter keeps what is in brackets; {_NOTHING} stands for nothing.")
    if said.caption is None:
        wording = replace(wording, caption=_ask_lines(display, wording.caption))
    wording = replace(wording, alts=tuple(_ask_alts(wording, chosen, said, drawings, display)))
    if said.tags is None:
        tags = wording.all_tags
        answer = _ask(display, "Tags, with commas between", ", ".join(tags))
        wording = replace(wording, tags=tags if answer is None else tags_in(answer))
    if said.location is None:
        answer = _ask(display, "Place", wording.place)
        place = wording.place if answer is None else captions.one_line(answer)
        wording = replace(wording, place=place)
    if said.with_coordinates is None and wording.coordinates:
        shown = "{:.4f}, {:.4f}".format(*wording.coordinates)
        question = f"The file holds its coordinates, {shown}. Show them on the page?"
        wording = replace(wording, with_coordinates=display.confirm(question))
    return wording


def ask_again(said: Said) -> Said:
    """Turn every option into a question, for who wants to edit."""
    return replace(said, caption=None, alts=(), tags=None, location=None, with_coordinates=None)


def _ask(display: Display, question: str, default: str) -> str | None:
    """Ask for one line; None keeps the default."""
    shown = default if len(default) <= _SHOWN else f"{default[: _SHOWN - 1]}…"
    answer = display.ask(f"{question} [{shown}]:" if default else f"{question}:")
    if not answer:
        return None
    return "" if answer == _NOTHING else answer


def _ask_lines(display: Display, default: str) -> str:
    """Ask for several lines, up to an empty one."""
    for line in default.splitlines():
        display.say(f"  {line}")
    kept = " [keep the above]" if default else ""
    line = display.ask(f"Caption, an empty line ends it{kept}:")
    if not line:
        return default
    if line == _NOTHING:
        return ""
    lines = []
    while line:
        lines.append(line)
        line = display.ask(">")
    return captions.normalise("\n".join(lines))


def _ask_alts(
    wording: Wording,
    chosen: Sequence[Chosen],
    said: Said,
    drawings: Sequence[Text | None],
    display: Display,
) -> list[str]:
    answers = list(wording.alts)
    if len(said.alts) < len(chosen):
        display.say(
            "What is in the picture? For those who cannot see it; Enter leaves it for later."
        )
    for number in range(len(said.alts), len(chosen)):
        of_several = f" of {chosen[number].name}" if len(chosen) > 1 else ""
        drawing = drawings[number] if drawings else None
        if drawing is not None:
            display.console.print(drawing, end="")
        answer = _ask(display, f"Alternative text{of_several}", answers[number])
        if answer is not None:
            answers[number] = captions.one_line(answer)
    return answers


def _load_line_editing() -> None:
    """Let arrow keys move in a line instead of becoming part of it; Windows does so by itself."""
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - imported for what it does to input()
