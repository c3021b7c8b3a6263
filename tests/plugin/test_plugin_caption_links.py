from pathlib import PurePath

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from builders import a_photo
from captions import HOSTILE
from pelican_photos.caption import to_markdown
from pelican_photos.model import Person
from pelican_photos.plugin.caption_links import at_site, linked, without_closing_tags
from pelican_photos.plugin.captions import Captions
from pelican_photos.plugin.gallery import Rules, gallery_of

MARKDOWN = {"extensions": [], "extension_configs": {}, "output_format": "html5"}


def caption_of(text, *, title="A title", **changes):
    page = a_photo(content=to_markdown(text), title=title, **changes)
    gallery = gallery_of([(PurePath("a.md"), page)], {}, Rules(path="photos"))
    return Captions(MARKDOWN, gallery.people).caption(gallery.entries[0])


def test_a_hashtag_leads_to_the_list_of_its_tag():
    found = caption_of("Down at the #sea again", tags=("sea",)).rest

    assert found == '<p>Down at the <a href="photostream:photos/tags/sea/">#sea</a> again</p>'
    assert at_site(found, "../..").count('href="../../photos/tags/sea/"') == 1


def test_a_hashtag_that_is_no_tag_of_the_page_stays_text():
    assert caption_of("Down at the #sea again").rest == "<p>Down at the #sea again</p>"


def test_a_mention_leads_to_the_photos_of_that_person_else_to_the_profile():
    found = caption_of(
        "With @Ana and @bob", people=(Person(username="ana"),), uid="instagram:Cx"
    ).rest

    assert '<a href="photostream:photos/people/ana/">@Ana</a>' in found
    assert '<a href="https://www.instagram.com/bob/" rel="nofollow noopener">@bob</a>' in found


def test_a_mention_on_a_photo_from_elsewhere_is_text():
    assert caption_of("With @bob", uid="file:1").rest == "<p>With @bob</p>"


def test_links_and_code_of_the_owners_own_are_left_alone():
    body = Markup('<p><a href="/x">#sea</a> <code>#sea</code> #sea</p>')

    assert linked(body, lambda each: "photostream:there").count("photostream:") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Back soon.\n\n#sea #boats", "<p>Back soon.</p>"),
        ("Back soon.\n#sea\n#boats", "<p>Back soon.</p>"),
        ("Back soon.\n.\n.\n#sea#boats", "<p>Back soon.</p>"),
        ("Back soon.\n\n\u2022\n\n#sea, #boats", "<p>Back soon.</p>"),
        ("#sea #boats", ""),
    ],
)
def test_hashtags_at_the_end_are_left_to_the_list_of_tags(text, shown):
    assert caption_of(text, tags=("sea", "boats")).rest == shown


@pytest.mark.parametrize(
    "text", ["Back soon.\n\n#sea #cats", "#sea and no more", "Back soon.\n.\n.", "Back #sea"]
)
def test_a_last_line_that_says_more_stays(text):
    body = Markup("<p>{}</p>").format(text)

    assert without_closing_tags(body, lambda name: name == "sea") == body


def _words(caption: str) -> str:
    tree = html5lib.parseFragment(caption, namespaceHTMLElements=False)
    return "".join(tree.itertext())


@given(st.sampled_from(HOSTILE) | st.text())
def test_whatever_is_linked_reads_as_before(text):
    body = Captions(MARKDOWN).html(
        gallery_of(
            [(PurePath("a.md"), a_photo(content=to_markdown(text)))], {}, Rules(path="p")
        ).entries[0]
    )

    found = linked(body, lambda each: f'photostream:"><script>{each.name}')

    assert _words(found) == _words(body)
    assert "<script" not in found
