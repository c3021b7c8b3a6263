"""What our own theme promises: markup, microformats, colours, weight."""

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path

import html5lib
import pytest

from builders import NOON, a_comment, a_photo, an_album
from fakes.site import OUR_THEME, Built, Site
from pelican_photos.model import Location, Person
from pelican_photos.plugin.assets import style

MF2 = Path(__file__).parent / "data" / "mf2"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    site = Site(tmp_path_factory.mktemp("theme"), SITESUBTITLE="Pictures", DEFAULT_PAGINATION=2)
    boats = a_photo(
        "boats",
        title="Boats at dusk",
        content="Boats at dusk  \nBack before the wind\\.  \n\\#sea",
        alt="Fishing boats on the sand",
        tags=("sea", "boats"),
        location=Location(name="Nazaré", latitude=39.6012, longitude=-9.071),
        people=(Person(username="someone", x=0.3, y=0.5),),
        uid="instagram:CxYz",
        syndication="https://www.instagram.com/p/CxYz/",
        width=120,
        height=90,
    )
    earlier = NOON - timedelta(days=1)
    site.add(
        boats,
        an_album("trip", title="A trip", published=earlier, content="Three days\\.", uid="x:1"),
        a_photo("trip-1", title="A trip (1)", album="trip", position=1, published=earlier),
        a_photo(
            *("trip-2",),
            title="A trip (2)",
            album="trip",
            position=2,
            published=earlier,
            video="trip-2.mp4",
            duration=12.4,
        ),
        *(a_photo(f"p{n}", published=NOON - timedelta(days=n)) for n in range(2, 14)),
    )
    answer = a_comment(11, author="someone", text="Behind the market.")
    site.comment(boats, a_comment(1, author="bob", text="Where?\nHere?", answers=(answer,)))
    site.write("words.md", "Title: Words\nDate: 2024-05-01\nTags: web\nAuthor: Me\n\nSome *words*.")
    site.write("more.md", "Title: More\nDate: 2024-05-02\nCategory: notes\n\nSome.")
    site.write("third.md", "Title: Third\nDate: 2024-05-03\n\nSome.")
    site.write("pages/about.md", "Title: About\n\nWho.")
    return site.build()


def every_page(built: Built) -> list[str]:
    return [file.relative_to(built.folder).as_posix() for file in built.folder.rglob("*.html")]


def test_every_page_is_valid_and_whole(built):
    assert built.log.said() == []
    for address in every_page(built):
        parser = html5lib.HTMLParser()
        parser.parse(built.text(address))
        assert parser.errors == [], address


def test_every_page_has_one_title_a_language_and_named_landmarks(built):
    for address in every_page(built):
        page = built.page(address)
        names = [nav.get("aria-label") for nav in page.all("nav")]
        assert len(page.all("h1")) == 1, address
        assert page.one("html").get("lang") == "en"
        assert page.one("main").get("id") == "content"
        assert all(names), address
        assert len(set(names)) == len(names), address
        assert page.one("body").all("a")[0].get("href") == "#content"
        assert len(page.all("meta", name="description")) <= 1


def test_headings_leave_no_level_out(built):
    for address in every_page(built):
        levels = [
            int(node.tag[1])
            for node in built.page(address).node.iter()
            if re.fullmatch("h[1-6]", str(node.tag))
        ]
        assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False))


def test_every_picture_has_its_size_and_every_linked_one_its_words(built):
    for address in every_page(built):
        page = built.page(address)
        for image in page.all("img"):
            assert int(image.get("width")) > 0
            assert int(image.get("height")) > 0
        for link in page.all("a"):
            words = link.text.strip() + "".join(image.get("alt") for image in link.all("img"))
            assert words, address


def test_the_first_pictures_are_fetched_at_once_and_the_others_when_they_come_near(built):
    images = [tile.one("img") for tile in built.page("photos/").all("li.tile")]

    assert [image.get("fetchpriority") for image in images] == ["high"] * 2 + [None] * 12
    assert [image.get("loading") for image in images] == [None] * 8 + ["lazy"] * 6
    assert [image.get("sizes").startswith("auto, ") for image in images] == [False] * 8 + [True] * 6


def test_a_tile_brings_its_ratio_and_its_colour(built):
    tile = built.page("photos/").all("li.tile")[0]

    assert re.fullmatch(r"--r:1\.3333;--c:#[0-9a-f]{6}", tile.get("style"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("photos/2024/boats/", "photo"),
        ("photos/2024/trip/", "album"),
        ("photos/2024/trip-2/", "video"),
        ("photos/", "listing"),
    ],
)
def test_microformats_say_what_the_page_says(built, address, expected):
    found = built.microformats(address)["items"]
    told = json.dumps(_plain(found), ensure_ascii=False, indent=1, sort_keys=True)
    # Names of renditions depend on the encoder's version.
    told = re.sub(r"-[0-9a-f]{8}\.webp", ".webp", told)

    assert told + "\n" == (MF2 / f"{expected}.json").read_text("utf-8")


def _plain(items: list) -> list:
    """Keep what a reader of microformats uses; of a long feed, its first two entries."""
    for item in items:
        item.get("children", [])[2:] = []
        for content in item["properties"].get("content", []):
            if isinstance(content, dict):
                content.pop("html", None)
                content.pop("lang", None)
    return items


def test_a_caption_that_begins_with_the_title_shows_it_once(built):
    text = built.page("photos/2024/boats/").one("main").text

    assert text.count("Boats at dusk") == 1
    assert "Back before the wind.\n" in text


def test_our_theme_needs_no_style_sheet_and_one_script_to_show_photos(built):
    listing = built.page("photos/")

    assert not listing.all("link", rel="stylesheet")
    for page in (listing, built.page("photos/2024/boats/"), built.page("")):
        assert [script.get("src") for script in _programs(page)] == [_script(built)]


def _programs(page) -> list:
    """The scripts of a page that a browser would run."""
    return [each for each in page.all("script") if each.get("type") != "application/ld+json"]


def _script(built: Built) -> str:
    (file,) = (built.folder / "photos" / "assets").glob("gallery-*.js")
    return f"https://example.org/photos/assets/{file.name}"


def test_our_theme_leaves_no_request_to_others(built):
    for address in every_page(built):
        for element in built.page(address).node.iter():
            fetched = [element.get("src"), element.get("poster")]
            fetched += [element.get("href")] if element.tag == "link" else []
            # A link to a place on the page itself fetches nothing.
            asked = [x for x in fetched if x and not x.startswith("#")]
            assert all(x.startswith("https://example.org/") for x in asked), address


def test_pages_are_light(built):
    sheet = style("gallery.css") + style("frame.css")

    assert "</" not in sheet
    assert "url(" not in sheet
    assert len(gzip.compress(sheet.encode())) <= 8_000
    assert len(gzip.compress(built.file("photos/").read_bytes())) <= 20_000
    assert len(gzip.compress(built.file("photos/2024/boats/").read_bytes())) <= 8_000


def test_a_shorter_style_sheet_means_the_same():
    assert style("gallery.css").count("{") == (
        re.sub(r"/\*.*?\*/", "", _source("gallery.css"), flags=re.DOTALL).count("{")
    )
    assert "clamp(6.5rem,min(33vw,6rem + 12vw),17.5rem)" in style("gallery.css")
    assert ".facts>*+*" not in style("gallery.css")


def _source(name: str) -> str:
    return (OUR_THEME / "assets" / name).read_text("utf-8")


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        ("text", "bg", 7),
        ("muted", "bg", 4.5),
        ("muted", "sunken", 4.5),
        ("accent", "bg", 4.5),
        ("accent", "sunken", 4.5),
        ("control", "bg", 3),
        ("focus", "bg", 3),
    ],
)
def test_colours_can_be_told_apart(ink, paper, least, scheme):
    tokens = {
        name: pair.split(", ")[scheme]
        for name, pair in re.findall(r"--(\w+): light-dark\(([^)]+)\)", _source("frame.css"))
    }
    lighter, darker = sorted((_luminance(tokens[ink]), _luminance(tokens[paper])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= least


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    wide = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(wide[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
