"""Captions read on the site as they read on Instagram."""

import re
from datetime import UTC, datetime

import html5lib
import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from captions import HOSTILE
from pelican_photos import caption

# Pelican's own defaults, every extension Markdown brings along but smarty, and none.
EXTENSIONS = {
    "pelican": ["markdown.extensions.codehilite", "markdown.extensions.extra"],
    "none": [],
    "all": [
        f"markdown.extensions.{name}"
        for name in (
            *("abbr", "admonition", "attr_list", "codehilite", "def_list", "fenced_code"),
            *("footnotes", "md_in_html", "nl2br", "sane_lists", "tables", "toc", "wikilinks"),
        )
    ],
}


# To load the extensions takes ten times as long as to convert a caption.
CONVERTERS = {
    name: markdown.Markdown(extensions=extensions) for name, extensions in EXTENSIONS.items()
}


def read(text: str, extensions: str) -> tuple[str, set[str]]:
    """What a browser shows of a caption, ASCII white space folded, and its elements."""
    html = CONVERTERS[extensions].reset().convert(caption.to_markdown(text))
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    elements = {str(element.tag) for element in tree.iter()} - {"DOCUMENT_FRAGMENT"}
    return folded("".join(tree.itertext())), elements


def folded(text: str) -> str:
    return " ".join(part for part in re.split("[ \t\n\f\r]+", text) if part)


@pytest.mark.parametrize("extensions", EXTENSIONS)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_caption_reads_the_same_after_markdown(text, extensions):
    words, elements = read(text, extensions)

    assert words == folded(caption.normalise(text))
    assert elements <= {"p", "br"}


def test_there_are_at_least_two_hundred_hostile_captions():
    assert len(set(HOSTILE)) >= 200


_PIECES = st.one_of(
    st.sampled_from(list("\\`*_{}[]()#+-.!<>&|~:=^\"'@$%/ \t\n\n01a")),
    st.sampled_from(
        ["\n\n", "    ", "```", "~~~", "---", "===", "1. ", "* ", "[^1]", "&amp;", "\r\n"]
    ),
    st.text(max_size=3),
)


@settings(max_examples=400)
@given(st.lists(_PIECES, max_size=25).map("".join))
@example("\u3000Indented as in Japan")
@example("a\n=\nb\n-")
@example("*[HTML]: x")
@example("Term\n: definition")
@example("|a|b|\n|-|-|\n|c|d|")
def test_any_caption_reads_the_same_after_markdown(text):
    for extensions in EXTENSIONS:
        words, elements = read(text, extensions)
        assert words == folded(caption.normalise(text))
        assert elements <= {"p", "br"}


def test_lines_and_paragraphs_stay_lines_and_paragraphs():
    html = markdown.markdown(caption.to_markdown("one\ntwo\n\n\nthree"))

    assert html == "<p>one<br />\ntwo</p>\n<p>three</p>"


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(text):
    once = caption.normalise(text)

    assert caption.normalise(once) == once
    once.encode()  # no lone surrogate is left


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Back #Sea and #sea again #BOATS", ("Sea", "BOATS")),
        ("#été #北京 #пляж #חוף", ("été", "北京", "пляж", "חוף")),
        ("#day1#day12", ("day1", "day12")),
        ("#1 is no tag, #1st is", ("1st",)),
        ("a#b, c&#39; https://example.org/#top", ()),
        ("＃全角", ("全角",)),
        ("#❤️ #sea🌊", ("❤️", "sea🌊")),
        ("#under_score.", ("under_score",)),
        ("#हिन्दी", ("हिन्दी",)),
    ],
)
def test_hashtags_are_found_as_instagram_finds_them(text, tags):
    assert caption.tags(text) == tags


def test_mentions_are_told_from_addresses():
    text = "Thanks @Some.One, and @bob_2. Mail me@example.org"
    found = list(caption.references(text))

    assert [(each.kind, each.name) for each in found] == [
        ("mention", "Some.One"),
        ("mention", "bob_2"),
    ]
    assert [text[each.start : each.end] for each in found] == ["@Some.One", "@bob_2"]


DAY = datetime(2024, 5, 12, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Boats at dusk\nand more", "Boats at dusk"),
        (".\n.\n\nBoats", "Boats"),
        ("🌅", "🌅"),
        ("🌅\nSunrise", "Sunrise"),
        ("", "Photo, 12 May 2024"),
        ("...", "Photo, 12 May 2024"),
        ("#sea #boats", "#sea #boats"),
        ("word " * 30, "word " * 10 + "word…"),
        ("x" * 80, "x" * 59 + "…"),
        ("👩‍👩‍👧‍👦" * 61 + "a", "👩‍👩‍👧‍👦" * 59 + "…"),
    ],
)
def test_the_title_is_the_first_line_that_says_something(text, title):
    assert caption.title(text, DAY) == title


@given(st.text())
def test_a_title_is_one_line_of_at_most_sixty_graphemes(text):
    title = caption.title(text, DAY)

    assert title
    assert title == caption.one_line(title)
    assert len(title) <= 60 or "\u200d" in title or not title.isascii()


def test_words_come_from_hashtags_only_when_there_are_no_others():
    assert list(caption.words("#sea @bob Boats, https://x.y/z")) == ["Boats"]
    assert list(caption.words("#sea #boats")) == ["sea", "boats"]
