"""What a caption names leads there: its hashtags to their lists, its mentions to people.  Pure.

Works on the HTML of a caption, and on its text alone: what is inside a tag, a link or code stays.
"""

import html
import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from pelican_photos.caption import Reference, references

# An address below the site, until a template knows how the page reaches it.
SITE = "photostream:"

Address = Callable[[Reference], str]  # where it leads; "" nowhere

_TAGS = re.compile(r"(<[^>]*>)")
_CLOSED = re.compile(r"<(?P<end>/?)(?:a|code|pre|script|style)\b", re.IGNORECASE)
_LAST_LINE = re.compile(r"(?P<start><br\s*/?>\s*|<p>)(?P<line>[^<]*)</p>\s*\Z")
# Lines that keep hashtags out of sight on Instagram: dots, dashes, an invisible letter.
_ORNAMENT = re.compile(r"[\s.\u00b7\u2022\u2800\u200b_*~|-]*")


def linked(caption: Markup, address: Address) -> Markup:
    """Make a link of every hashtag and mention that leads somewhere."""
    return Markup("").join(_parts(caption, address))


def at_site(caption: Markup, site: str) -> Markup:
    """Let the links of a caption lead below ``site``, which may be relative."""
    there = f'href="{escape(site)}/'
    return Markup(str(caption).replace(f'href="{SITE}', there))  # noqa: S704 - HTML before, and after


def without_closing_tags(caption: Markup, known: Callable[[str], bool]) -> Markup:
    """Leave out the last lines where they hold hashtags alone, all of them ``known``.

    The page lists its tags by themselves.  What stands before such lines for its looks goes too.
    """
    rest, dropped = str(caption), False
    while match := _LAST_LINE.search(rest):
        line = html.unescape(match["line"]).strip()
        ornament = dropped and bool(_ORNAMENT.fullmatch(line))
        if not ornament and not _is_tags(line, known):
            break
        dropped = True
        end = "" if match["start"] == "<p>" else "</p>"
        rest = rest[: match.start()].rstrip() + end
    return Markup(rest)  # noqa: S704 - whole lines of it


def _is_tags(line: str, known: Callable[[str], bool]) -> bool:
    found = list(references(line))
    if not found or not all(each.kind == "tag" and known(each.name) for each in found):
        return False
    ends = (0, *(each.end for each in found))
    starts = (*(each.start for each in found), len(line))
    between = (line[end:start] for end, start in zip(ends, starts, strict=True))
    return not any(text.strip(" ,") for text in between)


def _parts(caption: Markup, address: Address) -> Iterator[Markup]:
    closed = 0
    for number, part in enumerate(_TAGS.split(caption)):
        if number % 2:
            if match := _CLOSED.match(part):
                closed = max(0, closed - 1) if match["end"] else closed + 1
            yield Markup(part)  # noqa: S704 - as Markdown wrote it
        elif closed:
            yield Markup(part)  # noqa: S704 - the same
        else:
            yield from _text(part, address)


def _text(part: str, address: Address) -> Iterator[Markup]:
    text, at = html.unescape(part), 0
    leading = [(each, there) for each in references(text) if (there := address(each))]
    if not leading:
        yield Markup(part)  # noqa: S704 - nothing in it changes
        return
    for each, there in leading:
        if each.start < at:
            continue
        yield escape(text[at : each.start])
        away = Markup("") if there.startswith(SITE) else Markup(' rel="nofollow noopener"')
        words = text[each.start : each.end]
        yield Markup('<a href="{}"{}>{}</a>').format(there, away, words)
        at = each.end
    yield escape(text[at:])
