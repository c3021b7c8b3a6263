"""What a search reads: every published word, by year, and nothing that is kept back."""

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOON, a_comment, a_photo, an_album
from fakes.site import Built, Site
from pelican_photos.model import Location, Person
from pelican_photos.plugin.assets import Assets, theme_folder
from pelican_photos.plugin.entry import Picture, Source
from pelican_photos.plugin.gallery import Gallery, Rules, gallery_of
from pelican_photos.plugin.search_index import FIELDS, search_file
from pelican_photos.publish.classify import stage_of
from pelican_photos.publish.objects import Role, Stage

A_YEAR = timedelta(days=365)


def index(gallery: Gallery, **captions: str) -> dict[int, list[dict]]:
    """Read the files of a gallery: by year, a dictionary for each post."""
    found = {year: file_of(gallery, posts, captions) for year, posts in gallery.years.items()}
    return {year: [rows_of(row) for row in json.loads(text)] for year, text in found.items()}


def file_of(gallery: Gallery, posts, captions=None) -> str:
    return search_file(posts, gallery.url, lambda entry: (captions or {}).get(entry.folder, ""))


def rows_of(row: list) -> dict:
    return dict(zip(FIELDS, row, strict=False))


def gallery(*pages, rules: Rules | None = None, pictures=None) -> Gallery:
    files = [(Path(f"{page.slug}.md"), page) for page in pages]
    return gallery_of(files, pictures or {}, rules or Rules(path="photos"))


def all_files(built: Built) -> str:
    files = sorted((built.folder / "photos" / "assets").glob("search-*.json"))
    return "".join(file.read_text("utf-8") for file in files)


def test_each_year_has_a_file_and_the_newest_post_is_first():
    found = index(
        gallery(
            a_photo("old", published=NOON - A_YEAR),
            a_photo("new"),
            a_photo("newer", published=NOON + timedelta(hours=1)),
        )
    )

    assert list(found) == [2024, 2023]
    assert [post["address"] for post in found[2024]] == ["2024/newer", "2024/new"]


def test_a_post_is_found_by_all_that_its_page_shows():
    photo = a_photo(
        title="Boats at dusk",
        alt="Three boats",
        tags=("sea", "boats"),
        location=Location(name="Nazaré", latitude=39.6, longitude=-9.07),
        people=(Person(username="ana"),),
        coauthors=("bob",),
        camera="Sample Compact",
    )
    [post] = index(
        gallery(photo), **{"photos/2024/2024-05-12-boats": "Boats at dusk Back before the wind"}
    )[2024]

    assert (post["title"], post["alt"]) == ("Boats at dusk", "Three boats")
    assert (post["tags"], post["people"], post["place"]) == (
        ["sea", "boats"],
        ["ana", "bob"],
        "Nazaré",
    )
    assert post["words"] == "Back before the wind Sample Compact"
    assert (post["day"], post["date"]) == ("12 May 2024", "2024-05-12")


def test_an_album_is_found_by_the_words_of_its_photos():
    album = an_album("trip", title="A trip")
    photos = [
        a_photo(
            f"trip-{number}",
            album="trip",
            position=number,
            alt=f"View {number}",
            people=(Person(username=f"p{number}"),),
        )
        for number in (1, 2)
    ]
    [post] = index(gallery(album, *photos))[2024]

    assert post["album"] == 2
    assert post["alt"] == "View 1"
    assert "View 2" in post["words"]
    assert post["people"] == ["p1", "p2"]
    assert (post["address"], post["folder"]) == ("2024/trip", "2024/trip-1")


def test_a_film_says_how_long_it_is():
    films = [
        a_photo("a", video="a.mp4", duration=62.0),
        a_photo("b", video="b.mp4", published=NOON - timedelta(hours=1)),
    ]

    assert [post["clock"] for post in index(gallery(*films))[2024]] == ["1:02", " "]


def test_renditions_for_a_row_are_named_with_their_widths():
    sources = tuple(
        Source(width=height, height=height, name=f"{height}.webp") for height in (320, 640, 1280)
    )
    picture = Picture(width=1280, height=1280, colour="#a1b2c3", sources=sources)
    [post] = index(gallery(a_photo("a"), pictures={Path("a.md"): picture}))[2024]

    assert post["sources"] == [[320, "320.webp"], [640, "640.webp"]]
    assert (post["colour"], post["ratio"]) == ("#a1b2c3", 1.0)


def test_a_machines_guess_is_not_searched():
    [post] = index(gallery(a_photo(alt_auto="May be an image of a whale")))[2024]

    assert "whale" not in json.dumps(post)


@pytest.mark.parametrize("status", ["draft", "hidden", "skip"])
def test_what_is_not_published_is_in_no_file(status):
    pages = gallery(a_photo("secret", status=status), a_photo("shown", published=NOON - A_YEAR))

    assert {post["address"] for posts in index(pages).values() for post in posts} == {"2023/shown"}


def test_a_draft_among_the_photos_of_an_album_lends_no_word():
    pages = gallery(
        an_album("trip"),
        a_photo("trip-1", album="trip", position=1),
        a_photo("trip-2", album="trip", position=2, status="draft", alt="Unready"),
    )

    assert "Unready" not in json.dumps(index(pages))


def test_places_and_people_that_the_site_keeps_back_are_in_no_file():
    photo = a_photo(location=Location(name="Nazaré"), people=(Person(username="ana"),))
    text = json.dumps(
        index(gallery(photo, rules=Rules(path="photos", places=False, people=False))),
        ensure_ascii=False,
    )

    assert "Nazaré" not in text
    assert "ana" not in text


def test_a_year_keeps_its_file_when_another_one_changes(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo("old", published=NOON - A_YEAR), a_photo("new"))
    before = names(site.build())
    site.add(a_photo("newer", published=NOON + timedelta(hours=1)))
    after = names(site.build(DELETE_OUTPUT_DIRECTORY=True))

    assert [name for name in before if "2023" in name] == [name for name in after if "2023" in name]
    assert [name for name in before if "2024" in name] != [name for name in after if "2024" in name]


def names(built: Built) -> list[str]:
    return sorted(file.name for file in (built.folder / "photos" / "assets").glob("*.json"))


def test_the_page_names_the_files_newest_first_and_no_other_page_has_the_script(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo("old", published=NOON - A_YEAR), a_photo("new"))
    built = site.build()

    form = built.page("photos/search/").one("form.search")
    assert form.get("data-gallery") == "https://example.org/photos/"
    files = form.get("data-files").split()
    assert [name.split("-")[1] for name in files] == ["2024", "2023"]
    assert all(built.has(f"photos/{name}") for name in files)
    assert all(stage_of(f"photos/{name}", Role.SITE, "photos") is Stage.INDEXES for name in files)
    with_script = [each for each in built.addresses() if "ask-" in scripts(built, each)]
    assert with_script == ["photos/search/"]
    assert built.page("photos/").one("a", href="https://example.org/photos/search/").text


def scripts(built: Built, address: str) -> str:
    return " ".join(each.get("src") or "" for each in built.page(address).all("script"))


def test_the_script_is_served_without_what_only_people_need():
    assets = Assets("photos")
    served, written = assets["search.js"].text, (theme_folder() / "assets/search.js").read_text()

    assert not [line for line in served.splitlines() if not line or line[0] in "/ "]
    assert len(served.splitlines()) > 100
    assert "".join(served.split()) in "".join(re.sub(r"(?m)^//.*$", "", written).split())


def test_an_empty_gallery_has_no_search(tmp_path):
    assert not Site(tmp_path).build().has("photos/search/")


def test_comments_and_markup_stay_out_and_a_caption_reads_as_its_page(tmp_path):
    site = Site(tmp_path)
    photo = a_photo(
        "a", title="Boats", content="Boats  \n&lt;b&gt; \\*loud\\* & [a link](x)\n\nMore."
    )
    site.add(photo)
    site.comment(photo, a_comment(1, text="Unsearched"))
    text = all_files(site.build())

    [post] = json.loads(text)
    assert rows_of(post)["words"] == "<b> *loud* & a link More."
    assert "Unsearched" not in text


def test_a_thousand_posts_cost_little():
    sources = tuple(
        Source(width=height, height=height, name=f"{height}-{height * 7919:08x}.webp")
        for height in (320, 480, 640)
    )
    pages = [
        a_photo(
            f"p{number}",
            published=NOON - timedelta(hours=number),
            title=f"Number {number * 7919}",
            tags=("sea", f"t{number % 50}"),
        )
        for number in range(1000)
    ]
    pictures = {Path(f"{page.slug}.md"): Picture(sources=sources) for page in pages}
    found = gallery(*pages, pictures=pictures)
    text = file_of(found, found.posts)

    assert len(gzip.compress(text.encode())) < 60 * len(pages)
