import re
from pathlib import PurePath

import pytest
from markdown.extensions import Extension

from builders import a_photo
from pelican_photos.plugin.captions import Captions
from pelican_photos.plugin.gallery import Rules, gallery_of

PELICANS_OWN = {
    "extensions": ["markdown.extensions.meta"],
    "extension_configs": {"markdown.extensions.extra": {}, "markdown.extensions.meta": {}},
    "output_format": "html5",
}


def entry_of(content: str, title: str = "Boats at dusk", **changes):
    page = a_photo(content=content, title=title, **changes)
    return gallery_of([(PurePath("a.md"), page)], {}, Rules(path="photos")).entries[0]


def caption_of(content: str, title: str = "Boats at dusk", **changes):
    return Captions(PELICANS_OWN).caption(entry_of(content, title, **changes))


@pytest.mark.parametrize(
    ("content", "first", "rest"),
    [
        ("Boats at dusk", "Boats at dusk", ""),
        ("Boats at dusk  \nBack soon", "Boats at dusk", "<p>Back soon</p>"),
        ("Boats at dusk\n\nBack soon", "Boats at dusk", "<p>Back soon</p>"),
    ],
)
def test_a_first_line_that_is_the_title_becomes_the_heading(content, first, rest):
    caption = caption_of(content)

    assert (caption.first, caption.rest) == (first, rest)
    assert not caption.needs_title


@pytest.mark.parametrize(
    "content", ["*Boats* at dusk", "Boats at dusk, again", "## Boats at dusk", "<b>x\n\ny</b>"]
)
def test_another_first_line_stays_where_it_is(content):
    assert not caption_of(content).first


@pytest.mark.parametrize(
    ("content", "title", "needed"),
    [
        ("Back soon", "Boats at dusk", True),
        ("", "Boats at dusk", True),
        ("Boats at dusk, again", "Boats at…", False),
        ("Back soon", "Photo, 12 May 2024", False),
    ],
)
def test_a_title_is_shown_unless_the_caption_says_it(content, title, needed):
    assert caption_of(content, title).needs_title is needed


def test_a_line_that_looks_like_a_header_stays_in_the_caption():
    assert caption_of("Status: draft\n\nSo it was.").text == "Status: draft So it was."


def test_one_caption_leaves_nothing_behind_for_the_next():
    captions = Captions(PELICANS_OWN)
    pages = [a_photo("a", content="See [x][1]\n\n[1]: /there"), a_photo("b", content="See [x][1]")]
    placed = [(PurePath(page.slug), page) for page in pages]
    entries = gallery_of(placed, {}, Rules(path="photos")).entries
    read = {entry.page.slug: captions.html(entry) for entry in entries}

    assert read == {
        "a": '<p>See <a href="/there">x</a></p>',
        "b": "<p>See [x][1]</p>",
    }


FOOTNOTES = {"markdown.extensions.footnotes": {"UNIQUE_IDS": True}}


@pytest.mark.parametrize("before", [[], ["Nets"], ["Nets[^1]\n\n[^1]: Wet."]])
def test_a_footnote_has_the_same_id_whatever_was_converted_before(before):
    ids = {"extension_configs": {**FOOTNOTES, "markdown.extensions.toc": {"marker": str(before)}}}
    captions = Captions(ids)  # that nothing is known of, as a process keeps what it converted
    for text in before:
        captions.html(entry_of(text))
    note = "Boats[^1]\n\n[^1]: At dusk."

    assert captions.html(entry_of(note)) == Captions({"extension_configs": FOOTNOTES}).html(
        entry_of(note)
    )


def test_two_captions_share_no_ids_of_footnotes():
    captions = Captions({"extension_configs": FOOTNOTES})
    texts = [f"{name}[^1]\n\n[^1]: At dusk." for name in ("Boats", "Nets")]
    one, other = (set(re.findall(r'id="([^"]+)"', captions.html(entry_of(t)))) for t in texts)

    assert one
    assert one.isdisjoint(other)


def test_the_sites_own_settings_are_not_changed():
    settings = {"extensions": ["markdown.extensions.meta"], "extension_configs": {}}
    Captions(settings)

    assert settings == {"extensions": ["markdown.extensions.meta"], "extension_configs": {}}


def test_a_caption_is_converted_once_for_all_builds_with_the_same_settings():
    first, second = (Captions(PELICANS_OWN).html(entry_of("*Boats*")) for _ in range(2))

    assert first is second


def test_other_settings_convert_the_same_caption_anew():
    lines = {**PELICANS_OWN, "extensions": ["markdown.extensions.nl2br"]}
    entry = entry_of("Boats\nat dusk")

    found = [Captions(settings).html(entry) for settings in (PELICANS_OWN, lines, PELICANS_OWN)]

    assert found == [
        "<p>Boats\nat dusk</p>",
        "<p>Boats<br>\nat dusk</p>",
        "<p>Boats\nat dusk</p>",
    ]


def test_what_a_setting_makes_is_not_kept_where_nobody_can_compare_it():
    calls = []

    class Counting(Extension):
        def extendMarkdown(self, md):  # noqa: N802 - Markdown's own name
            calls.append(md)

    settings = {"extensions": [Counting()]}
    for _ in range(2):
        Captions(settings).html(entry_of("Boats"))

    assert len(calls) == 2
