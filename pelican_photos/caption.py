"""Captions: plain text in, title, tags, mentions and safe Markdown out.

A caption is never markup.  ``to_markdown`` writes it so that Python-Markdown, with
any of its own extensions but smarty, shows exactly the same characters again.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import regex

_TITLE_GRAPHEMES = 60
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# Everything that a text file, Markdown or HTML would take for something else than a character.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")

# Instagram's hashtags: letters, marks, digits, underscores and emoji, but not digits alone.
# One may follow another without a space, but none begins inside a word or an address.
_TAG = (
    r"(?:[\p{L}\p{N}\p{M}_]|\p{Extended_Pictographic}|[\u200d\ufe0f\U0001F3FB-\U0001F3FF]){1,150}"
)
_HASHTAG = regex.compile(
    rf"(?:(?<![\p{{L}}\p{{N}}\p{{M}}_&/#])|(?<=[#\uff03]{_TAG}))[#\uff03]({_TAG})"
)
_MENTION = re.compile(r"(?<![\w.@/])@([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)")
_LINK = re.compile(r"https?://\S+")

# The characters that Python-Markdown always lets a backslash escape (Markdown.ESCAPED_CHARS).
_ESCAPABLE = re.compile(r"([\\`*_{}\[\]()#+\-.!])")
# What a block or an extension (definition lists, tables, setext headings, fences) reads at
# some place, and what str.strip() would eat though a browser shows it: as entities.
_ENTITY = re.compile(r"[|~:=^]|[^\S \n]")


class Reference(NamedTuple):
    """What a caption names: ``name`` without its ``#`` or ``@``, from ``start`` to ``end``."""

    kind: str  # "tag" or "mention"
    name: str
    start: int
    end: int


def normalise(caption: str) -> str:
    """Give a caption its one form: NFC, newline its only line end, no control characters."""
    text = _LINE_ENDS.sub("\n", caption)
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Fold a text to one line, as a header of a page needs it."""
    return " ".join(normalise(text).split())


def tags(caption: str) -> tuple[str, ...]:
    """List the hashtags in the order of their first appearance, in their first spelling."""
    found: dict[str, str] = {}
    for tag in _HASHTAG.findall(normalise(caption)):
        if not tag.isdigit():
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


def references(text: str) -> Iterator[Reference]:
    """Yield the hashtags and mentions of a text, in order, where they stand."""
    tagged = (
        Reference("tag", match[1], match.start(), match.end())
        for match in _HASHTAG.finditer(text)
        if not match[1].isdigit()
    )
    mentioned = (
        Reference("mention", match[1], match.start(), match.end())
        for match in _MENTION.finditer(text)
    )
    yield from sorted((*tagged, *mentioned), key=lambda each: each.start)


def words(caption: str) -> Iterator[str]:
    """Yield the words of a caption; those of its hashtags only when there are no others."""
    text = _LINK.sub(" ", normalise(caption))
    plain = _MENTION.sub(" ", _HASHTAG.sub(" ", text))
    found = regex.findall(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}'\u2019]*", plain)
    yield from found or tags(caption)


def title(caption: str, published: datetime) -> str:
    """Cut the first line that says something to 60 graphemes; without one, name the day."""
    lines = [one_line(line) for line in normalise(caption).split("\n")]
    spoken = [line for line in lines if regex.search(r"[\p{L}\p{N}]", line)]
    for line in (
        *spoken,
        *(line for line in lines if regex.search(r"\p{Extended_Pictographic}", line)),
    ):
        return _cut(line)
    day = published.astimezone(UTC)
    return f"Photo, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def to_markdown(caption: str) -> str:
    """Write plain text so that Markdown shows it unchanged, line breaks included.

    White space is folded as a browser folds it: runs of spaces, and blank lines
    beyond one.
    """
    text = re.sub(r"[ \t]+", " ", normalise(caption))
    text = _ESCAPABLE.sub(r"\\\1", html.escape(text, quote=False))
    text = _ENTITY.sub(lambda match: f"&#{ord(match[0])};", text)
    lines = [line.strip(" ") for line in text.split("\n")]
    paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip("\n"))
    return "\n\n".join(paragraph.replace("\n", "  \n") for paragraph in paragraphs)


def _cut(line: str) -> str:
    graphemes = regex.findall(r"\X", line)
    if len(graphemes) <= _TITLE_GRAPHEMES:
        return line
    cut = "".join(graphemes[: _TITLE_GRAPHEMES - 1])
    at_word, _, rest = cut.rpartition(" ")
    return (at_word if at_word and len(rest) < 20 else cut).rstrip(" ,;:.-") + "…"
