"""Whatever strangers typed reads on the site as they typed it, and does nothing else."""

import re
from datetime import timedelta

import feedparser
import pytest

from builders import NOON, a_comment, a_photo
from captions import HOSTILE
from fakes.site import Built, Element, Site
from pelican_photos import caption
from pelican_photos.model import Location, Person


def folded(text: str) -> str:
    return " ".join(part for part in re.split("[ \t\n\f\r]+", text) if part)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> tuple[Built, dict]:
    site = Site(tmp_path_factory.mktemp("hostile"), DEFAULT_PAGINATION=False)
    pages = {}
    for number, text in enumerate(HOSTILE):
        line = caption.one_line(text)
        word = re.sub(r"[\s@;,]", "", line) or "x"
        page = a_photo(
            f"p{number:03}",
            published=NOON - timedelta(hours=number),
            title=caption.title(text, NOON),
            content=caption.to_markdown(text),
            alt=line,
            tags=(word,),
            location=Location(name=line, latitude=1.5, longitude=2.5),
            people=(Person(username=word[:40]),),
            coauthors=(word[:40],),
            music=line,
            camera=line,
            syndication=line,
        )
        site.add(page)
        site.comment(page, a_comment(1, author=line, text=caption.normalise(text)))
        pages[page.slug] = (text, page)
    return site.build(), pages


@pytest.fixture(scope="module")
def shown(hostile) -> dict[str, Element]:
    """The page of each photo, as a browser reads it."""
    built, pages = hostile
    return {slug: built.page(f"photos/2024/{slug}/") for slug in pages}


@pytest.fixture(scope="module")
def harmless(tmp_path_factory) -> Built:
    site = Site(tmp_path_factory.mktemp("harmless"))
    page = a_photo(
        "p",
        content="a  \nb\n\nc",
        alt="a",
        tags=("a",),
        people=(Person(username="a"),),
        location=Location(name="a", latitude=1.5, longitude=2.5),
        coauthors=("a",),
        music="a",
        camera="a",
        syndication="https://example.org/a",
    )
    site.add(page)
    site.comment(page, a_comment())
    return site.build()


def elements(page: Element) -> set[tuple[str, str]]:
    """Name every element of a page with the names of its attributes."""
    nodes = page.one("body").node.iter()
    return {(str(node.tag), " ".join(sorted(node.keys()))) for node in nodes}


def test_hostile_words_read_as_they_were_written(hostile, shown):
    for slug, (text, page) in hostile[1].items():
        read = shown[slug]
        told = read.all("div.e-content")
        assert folded(told[0].text if told else "") == folded(caption.normalise(text))
        assert folded(read.one("h1").text) == folded(page.title)
        assert read.one("title").text.strip() == f"{page.title} – A site".strip()
        assert folded(read.one("p.said").text) == folded(caption.normalise(text))
        if page.alt:
            assert read.one("img.u-photo").get("alt") == page.alt
        assert read.one("a.p-category").text == page.tags[0]
        assert page.people[0].username in [x.text for x in read.all("a.u-category")]


def test_hostile_words_forge_no_element_no_attribute_and_no_link(shown, harmless):
    allowed = elements(harmless.page("photos/2024/p/")) | {
        ("a", "aria-label href rel"),
        ("h1", "class"),
    }
    names = {name for name, _ in allowed} | {"nav", "img", "a"}
    handlers = {"class", "href", "rel", "loading", "decoding", "src", "alt", "width", "height"}
    for page in shown.values():
        for name, attributes in elements(page):
            assert name in names
            assert (name, attributes) in allowed or set(attributes.split()) <= handlers | {
                *("aria-label", "data-view", "data-title")
            }
        for link in page.all("a"):
            assert link.get("href").startswith(("https://", "http://", "#content"))


def test_hostile_tags_have_listings_of_their_own(hostile, shown):
    built, _ = hostile
    linked = {link.get("href") for page in shown.values() for link in page.all("a.p-category")}

    assert all(built.has(link) for link in linked)
    assert built.log.said() == []


def test_hostile_words_leave_the_feed_readable(hostile):
    built, _ = hostile
    feed = feedparser.parse(built.file("photos/feed.atom").read_bytes())

    assert not feed.bozo
    assert len(feed.entries) == 100


def test_half_a_character_in_a_comment_harms_nothing(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo("day-1", published=NOON + timedelta(days=1)))
    site.write(
        "photos/2024/day-1.comments.json",
        r'[{"id": "1", "author": "a", "time": "2024-05-12T12:00:00+00:00", "text": "half \ud83d"}]',
    )

    assert site.build().page("photos/2024/day-1/").one("p.said").text == "half \ufffd"


def test_somebody_who_is_called_like_a_file_of_the_list_of_people_ends_no_build(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo(people=(Person(username="index.html"), Person(username="bob"))))

    built = site.build()

    links = built.page("photos/people/").one("ul.topics").all("a")
    assert [built.page(link.get("href")).one("h1").text for link in links] == ["bob", "index.html"]
