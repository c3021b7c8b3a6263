"""SubRip subtitles (.srt) → WebVTT, which browsers read.  Pure.

SubRip has no specification; this reads what its editor writes and Instagram exports: blocks of
a number, a line ``00:00:01,000 --> 00:00:02,500`` and the text, an empty line between two.
WebVTT is W3C's (https://www.w3.org/TR/webvtt1/): a header, full stops before the milliseconds,
markup that has to be escaped, cues in the order of their beginnings.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_CLOCK = r"(\d{1,4}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
# Behind the times some editors write where on the picture the text should be.
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?", re.ASCII)
_MARKUP = re.compile(r"<(/?)([biu])>|</?[a-z][^<>]*>|\{\\[^{}]*\}", re.IGNORECASE)
# What no text of a page holds: most controls, and halves of surrogate pairs.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Cue(NamedTuple):
    """One text, from ``start`` to ``end`` in milliseconds."""

    start: int
    end: int
    text: str  # in WebVTT's markup; no empty line


class Subtitles(NamedTuple):
    """The text of a .vtt file, and how many cues of the .srt could not be read."""

    text: str
    cues: int
    broken: int


def webvtt_of(srt: bytes) -> Subtitles:
    """Convert an .srt file in UTF-8 or UTF-16, else in Windows' old Latin alphabet."""
    cues, broken = [], 0
    for cue in _cues(_decoded(srt)):
        if cue is None:
            broken += 1
        else:
            cues.append(cue)
    cues.sort(key=lambda cue: cue.start)
    blocks = (f"{_clock(cue.start)} --> {_clock(cue.end)}\n{cue.text}\n" for cue in cues)
    return Subtitles("\n".join(("WEBVTT\n", *blocks)), len(cues), broken)


def _decoded(srt: bytes) -> str:
    encoding = "utf-16" if srt[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = srt.decode(encoding)
    except UnicodeDecodeError:
        text = srt.decode("cp1252", "replace")
    return _NO_TEXT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _cues(text: str) -> Iterator[Cue | None]:
    """Yield each cue; None for what should be one and is not."""
    for block in re.split(r"\n[ \t]*\n", text):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        starts = [number for number, line in enumerate(lines) if _TIMES.fullmatch(line)]
        if lines and not starts:
            yield None
        # A block holds several where the empty line between them is missing.
        for start, end in zip(starts, (*starts[1:], len(lines)), strict=False):
            followed = end < len(lines) and lines[end - 1].isdecimal()
            yield _cue(lines[start], lines[start + 1 : end - 1 if followed else end])


def _cue(times: str, lines: Iterable[str]) -> Cue | None:
    found = _TIMES.fullmatch(times)
    text = "\n".join(filter(None, map(str.strip, _marked_up("\n".join(lines)).split("\n"))))
    if found is None or not text:
        return None
    start, end = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:])
    return Cue(start, end, text) if 0 <= start < end else None


def _milliseconds(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    """Add up a time; -1 when it is none."""
    if int(minutes) > 59 or int(seconds) > 59:
        return -1
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(fraction.ljust(3, "0"))


def _marked_up(text: str) -> str:
    """Escape a text, but for bold, italics and underlines that are closed as they were opened."""
    parts, opened, at = [], list[str](), 0
    for found in _MARKUP.finditer(text):
        parts.append(_escaped(text[at : found.start()]))
        at, closing, name = found.end(), found[1], (found[2] or "").lower()
        if name and not closing:
            opened.append(name)
            parts.append(f"<{name}>")
        elif name and opened and opened[-1] == name:
            parts.append(f"</{opened.pop()}>")
    parts.append(_escaped(text[at:]))
    return "".join([*parts, *(f"</{name}>" for name in reversed(opened))])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
