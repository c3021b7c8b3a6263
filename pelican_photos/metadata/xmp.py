"""XMP packets: what must go becomes spaces, so the packet stays well-formed and as long."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pelican_photos.errors import MetadataError
from pelican_photos.metadata.patch import Extent, Patch, without
from pelican_photos.metadata.rules import Rules

_NAME = rb"[^\s<>/\"'=!?]+"
_TAG = re.compile(rb"<(/?)(" + _NAME + rb")((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>")
_ATTRIBUTE = re.compile(rb"(?<=[\s\"'])(" + _NAME + rb"+)\s*+=\s*+(?:\"[^\"]*\"|'[^']*')")
# The last part of a UUID of version 1 is the network address of the computer that made it, unless
# the lowest bit of its first byte is set (RFC 9562, 6.10).
_NODE = re.compile(
    rb"\b[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-1[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}"
    rb"-([0-9A-Fa-f][02468ACEace][0-9A-Fa-f]{10})\b"
)
_NO_NODE = b"010000000000"
_SKIPPED = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_STARTS = (b"<?xpacket", b"<x:xmpmeta", b"<rdf:RDF", b"<?xml", b"<x:xapmeta")


class _Tag(NamedTuple):
    start: int
    end: int
    name: bytes
    body: Extent  # between the name and the closing bracket
    opens: bool
    closes: bool


def is_packet(block: bytes) -> bool:
    """Tell whether a block begins as an XMP packet does."""
    return block[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_STARTS)


def patches(packet: bytes, rules: Rules) -> list[Patch]:
    """Blank every property that says where the picture was taken, on which device, or whose it is.

    Raises:
        MetadataError: it seems to say so, and is not well-formed.
    """
    if packet[:2] in {b"\xfe\xff", b"\xff\xfe", b"<\0", b"\0<", b"\0\0"} and packet.strip(b"\0"):
        raise MetadataError("its XMP is not UTF-8")
    try:
        blank = list(_secrets(packet, rules))
    except _MalformedError as error:
        if rules.hint(packet):
            raise MetadataError("its XMP is not well-formed") from error
        return []
    nodes = without((Extent(*node.span(1)) for node in _NODE.finditer(packet)), blank)
    return [
        *(Patch(start, b" " * (end - start)) for start, end in blank),
        *(Patch(start, _NO_NODE) for start, _ in nodes),
    ]


class _MalformedError(Exception):
    """The packet is not well-formed XML."""


def _secrets(packet: bytes, rules: Rules) -> Iterator[Extent]:
    stack: list[bytes] = []
    blank: tuple[int, int] | None = None  # where a secret begins, and how deep it lies
    for tag in _tags(packet):
        if tag.closes and not tag.opens:
            if not stack or stack.pop() != tag.name:
                raise _MalformedError
            if blank and blank[1] == len(stack):
                yield Extent(blank[0], tag.end)
                blank = None
            continue
        if not blank and rules.hide_name(tag.name):
            if tag.closes:
                yield Extent(tag.start, tag.end)
            else:
                blank = tag.start, len(stack)
        elif not blank:
            yield from _attributes(packet, tag.body, rules)
        if not tag.closes:
            stack.append(tag.name)
    if stack:
        raise _MalformedError


def _attributes(packet: bytes, body: Extent, rules: Rules) -> Iterator[Extent]:
    for attribute in _ATTRIBUTE.finditer(packet, body.start, body.end):
        if rules.hide_name(attribute[1]) and not attribute[1].startswith(b"xmlns"):
            yield Extent(*attribute.span())


def _tags(packet: bytes) -> Iterator[_Tag]:
    """Walk the tags once, from left to right: nothing is looked at twice."""
    at = packet.find(b"<")
    while at >= 0:
        end = _after_skipped(packet, at)
        if end is None:
            match = _TAG.match(packet, at)
            if not match:
                raise _MalformedError
            end = match.end()
            body = Extent(*match.span(3))
            empty = packet[body.start : body.end].endswith(b"/")
            closing = bool(match[1])
            yield _Tag(at, end, match[2], body, opens=not closing, closes=closing or empty)
        at = packet.find(b"<", end)


def _after_skipped(packet: bytes, at: int) -> int | None:
    """Give the end of a comment, CDATA or instruction; None when a tag begins here."""
    for opening, closing in _SKIPPED:
        if packet.startswith(opening, at):
            end = packet.find(closing, at + len(opening))
            if end < 0:
                raise _MalformedError
            return end + len(closing)
    return None
