"""The HTML form of an export, read as well as can be.

A post is a ``<div class="… uiBoxWhite …">``: its caption in an element ``_a6-h``, which is
missing when it is empty; its media as links, ``<img>`` and ``<video>``; tables of labels
and values (``_a6-q``); and its date, the last text of all.  The classes are obfuscated and
may change: where they have, the first text before the media is the caption.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from itertools import chain, pairwise
from typing import Any, NamedTuple
from urllib.parse import unquote

from pelican_photos.errors import SourceError
from pelican_photos.model import Media, Person, Post, Unreadable
from pelican_photos.sources.export_dates import local_time
from pelican_photos.sources.export_details import permalink
from pelican_photos.sources.export_media import medium_of, place_of
from pelican_photos.sources.export_names import file_kind
from pelican_photos.sources.export_posts import Extras, Origin, signed, uid_of
from pelican_photos.sources.export_words import is_latitude_label, is_longitude_label
from pelican_photos.sources.loose_json import as_line, as_number, as_text

_BLOCK, _CAPTION, _TABLE = "uiBoxWhite", "_a6-h", "_a6-q"
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_INLINE = frozenset("a b br em i span strong u wbr".split())
_TABLE_TAGS = frozenset("table td th".split())
_MOST_TEXT = 2**18  # characters of a post; a caption has 2,200
_MOST_PARTS = 5_000  # of a piece of text, between tags
_MOST_MEDIA = 100  # of a post; Instagram allows 20
_LONGEST_TAG = 2**20  # characters that are read and belong to no whole tag or text
_DEEPEST = 500  # elements within elements
_SILENT = frozenset(("taken", "camera", "subtitles"))
# "some.user (Tagged, 0.50, 0.25)", in the words of any language.
_TAGGED = re.compile(
    r"(?P<name>[\w.]{1,30}) \([^()]*?(?P<x>\d[.,]\d+)[,;] ?(?P<y>\d[.,]\d+)\)", re.ASCII
)


class Text(NamedTuple):
    """A piece of text in a post: where it stands, and after how many media."""

    text: str
    place: str  # "caption", "table" or ""
    media: int


class Block:
    """What a post's element holds."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.uris: list[str] = []
        self.subtitles: dict[int, str] = {}  # by the position of the video, from 1
        self.code = ""
        self.room = _MOST_TEXT

    @property
    def is_empty(self) -> bool:
        """Whether nothing was met in it so far."""
        return not self.texts and not self.uris

    def add_text(self, text: str, place: str) -> None:
        """Add a piece of text, as long as there is room."""
        text = "\n".join(line.strip() for line in text.strip().splitlines())
        self.room -= len(text)
        if text and self.room > 0:
            self.texts.append(Text(text, place, len(self.uris)))

    def add_file(self, address: str) -> None:
        """Add a picture, a video, or the subtitles of the video before; other links are none."""
        uri = unquote(address).removeprefix("./")
        while uri.startswith("../"):
            uri = uri.removeprefix("../")
        kind = file_kind(uri)
        if "://" in uri or uri.startswith(("data:", "#", "//")):
            self.code = self.code or _code_in(address)
        elif kind == "subtitles":
            self.subtitles.setdefault(len(self.uris), uri)
        elif len(self.uris) == _MOST_MEDIA or uri in self.uris:
            return
        elif kind or "media/" in uri:
            self.uris.append(uri)


def posts_in(pieces: Iterable[bytes], origin: Origin) -> Iterator[Post | Unreadable]:
    """Yield the posts of a file; the bytes are UTF-8, cut anywhere.

    Raises:
        SourceError: it is no HTML.
    """
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    parser = _Blocks()
    number = 0
    for piece in chain(pieces, (b"",)):
        try:
            parser.feed(decode(piece, final=not piece))
            if not piece:
                parser.close()
        except AssertionError as error:  # the library's, of a declaration it does not know
            raise _broken(origin) from error
        if len(parser.rawdata) > _LONGEST_TAG:
            raise _broken(origin)
        for block in parser.take():
            number += 1
            if block.uris:
                yield _post_of(block, origin, number)


def _broken(origin: Origin) -> SourceError:
    return SourceError(f"{as_line(origin.file)}: is no HTML; ask for the export as JSON")


class _Blocks(HTMLParser):
    """Cuts a file into the blocks of its posts, and lets each go as it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []  # tags, and the place of text in them
        self._block: Block | None = None
        self._depth = 0  # of the block's element
        self._text: list[str] = []
        self._linked = 0  # how deep the link to a file is that we are in
        self._done: list[Block] = []

    def take(self) -> list[Block]:
        """Give the blocks that have ended since the last time."""
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """End the file; a block that was not closed counts all the same."""
        super().close()
        self._end_block()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag opens."""
        values = {name: value or "" for name, value in attrs}
        classes = values.get("class", "").split()
        if tag == "br":
            self._text.append("\n")
        elif tag not in _INLINE:
            self._end_text()
        if _BLOCK in classes and (self._block is None or self._block.is_empty):
            self._block, self._depth = Block(), len(self._open) + 1
        if self._block is not None:
            self._look_at_files(tag, values)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append((tag, _place(tag, classes) or self._place))

    def handle_endtag(self, tag: str) -> None:
        """Note what a tag closes, and with it all that was left open inside."""
        if tag not in _INLINE:
            self._end_text()
        depth = next((n for n in range(len(self._open), 0, -1) if self._open[n - 1][0] == tag), 0)
        if depth:
            del self._open[depth - 1 :]
            if self._linked >= depth:
                self._linked = 0
            if self._block is not None and depth <= self._depth:
                self._end_block()

    def handle_data(self, data: str) -> None:
        """Gather text; a line end in the source is a space."""
        if self._block is not None:
            self._text.append(re.sub(r"\s+", " ", data))
        if len(self._text) > _MOST_PARTS:
            self._end_text()

    @property
    def _place(self) -> str:
        return self._open[-1][1] if self._open else ""

    def _look_at_files(self, tag: str, values: Mapping[str, str]) -> None:
        assert self._block is not None
        if tag == "a" and values.get("href"):
            before = len(self._block.uris)
            self._block.add_file(values["href"])
            if len(self._block.uris) > before:
                self._linked = len(self._open) + 1
        elif tag in ("img", "video", "source", "track") and values.get("src"):
            # A picture inside a link to a picture is its thumbnail.
            self._block.add_file(values["src"] if tag == "track" or not self._linked else "")

    def _end_text(self) -> None:
        if self._block is not None:
            self._block.add_text("".join(self._text), self._place)
        self._text.clear()

    def _end_block(self) -> None:
        self._end_text()
        if self._block is not None:
            self._done.append(self._block)
        self._block, self._linked = None, 0


def _place(tag: str, classes: list[str]) -> str:
    if _CAPTION in classes:
        return "caption"
    return "table" if _TABLE in classes or tag in _TABLE_TAGS else ""


def _code_in(address: str) -> str:
    link = permalink(address)
    return link.code if link else ""


def _post_of(block: Block, origin: Origin, number: int) -> Post | Unreadable:
    caption = _caption(block)
    dates = (local_time(text.text) for text in reversed(block.texts) if text.place != "caption")
    published = next(filter(None, dates), None)
    raw: dict[str, Any] = {
        "media": [{"uri": uri} for uri in block.uris],
        "texts": [text.text for text in block.texts],
    }
    uid = uid_of(block.uris[0], block.code)
    if published is None:
        reason = (
            f"{origin.file}: post {number} has no date that can be read for sure;"
            " ask for the export as JSON"
        )
        return Unreadable(uid=uid, reason=reason, raw={"file": origin.file, "element": raw})
    media = [
        _with_table(medium_of({"uri": uri}, origin.look), block, position)
        for position, uri in enumerate(block.uris, start=1)
    ]
    silent = _SILENT - ({"subtitles"} if block.subtitles else set())
    silent |= {"place"} if not any(medium.place for medium in media) else set()
    post = Post(uid=uid, published=published, caption=caption, media=tuple(media))
    return signed(post, raw, origin, Extras(block.code), also_silent=frozenset(silent))


def _caption(block: Block) -> str:
    marked = [text.text for text in block.texts if text.place == "caption"]
    if not marked:
        first = [text for text in block.texts if text.media == 0 and not text.place][:1]
        marked = [text.text for text in first if local_time(text.text) is None]
    return as_text("\n".join(marked))


def _with_table(medium: Media, block: Block, position: int) -> Media:
    """Add what stands in the tables after a medium, or before the first."""
    texts = [
        text.text
        for text in block.texts
        if text.place != "caption" and max(text.media, 1) == position
    ]
    pairs = list(pairwise(texts))
    north = next((value for label, value in pairs if is_latitude_label(label)), "")
    east = next((value for label, value in pairs if is_longitude_label(label)), "")
    return replace(
        medium,
        subtitles=block.subtitles.get(position, ""),
        place=place_of(north.replace(",", "."), east.replace(",", ".")),
        people=tuple(_person(match) for text in texts for match in _TAGGED.finditer(text)),
    )


def _person(match: re.Match[str]) -> Person:
    x, y = (as_number(match[name].replace(",", ".")) for name in ("x", "y"))
    unplaced = not x and not y  # "0.00, 0.00" is written for want of a place
    return Person(username=match["name"], x=None if unplaced else x, y=None if unplaced else y)
