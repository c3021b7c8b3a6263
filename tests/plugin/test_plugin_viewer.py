"""What a page offers to the viewer, and the library that shows it."""

import hashlib
from datetime import timedelta

import pytest

from builders import NOON, a_photo, an_album
from captions import HOSTILE
from fakes.site import OUR_THEME, Built, Site
from pelican_photos import caption

_VENDORED = OUR_THEME / "assets" / "vendor" / "photoswipe"
# Of photoswipe 5.4.4: after an update, the new files' own.
_DIGESTS = {
    "LICENSE": "2c223af0b21d32240087ee189eb70fd315907b6ade8b561e24265baccd6a98e7",
    "photoswipe.css": "b0eaaae0b9de064d25e2f18517b9011a526d9b2142376e1c0febd096cebab9f3",
    "photoswipe.esm.min.js": "542069771beb34dc461cdb9374da8af643c591ebf65d8ec36331dd9a0681ebd4",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    site = Site(tmp_path_factory.mktemp("viewer"))
    site.add(
        a_photo("boats", title="Boats at dusk"),
        an_album("trip", title="A trip", published=NOON - timedelta(days=1)),
        *(
            a_photo(
                f"trip-{number}",
                title="The <b>bay</b>" if number == 1 else f"A trip ({number})",
                album="trip",
                position=number,
                published=NOON - timedelta(days=1),
                video="trip-2.mp4" if number == 2 else "",
                subtitles="trip-2.srt" if number == 2 else "",
            )
            for number in (1, 2, 3)
        ),
    )
    gone = an_album("gone", title="Gone", published=NOON - timedelta(days=2))
    site.add(gone, a_photo("gone-1", album="gone", position=1, published=gone.published))
    folder = site.content / "photos" / "2024"
    (folder / "gone-1.jpg").unlink()
    (folder / "trip-2.mp4").write_bytes(b"film")
    (folder / "trip-2.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nWaves\n")
    (folder / "trip-3.jpg").unlink()
    return site.build()


def test_an_album_whose_pictures_are_all_lost_opens_no_empty_viewer(built):
    assert len(built.page("photos/2024/trip/").all("a.view")) == 1
    assert built.page("photos/2024/gone/").all("a.view") == []


@pytest.mark.parametrize("name", sorted(_DIGESTS))
def test_the_library_is_as_it_was_published(name):
    assert hashlib.sha256((_VENDORED / name).read_bytes()).hexdigest() == _DIGESTS[name]


@pytest.mark.parametrize("name", ["photoswipe.css", "photoswipe.esm.min.js"])
def test_the_site_carries_the_library_byte_for_byte(built, name):
    stem, _, ending = name.rpartition(".")
    (file,) = (built.folder / "photos" / "assets").glob(f"{stem}-*.{ending}")

    assert file.read_bytes() == (_VENDORED / name).read_bytes()


def test_the_picture_of_a_page_leads_to_its_largest_rendition(built):
    link = built.page("photos/2024/boats/").one("a.view")
    widest = link.one("img").get("srcset").split(", ")[-1]

    assert widest.startswith(f"{link.get('href')} ")
    assert built.has(link.get("href"))
    assert link.text.strip() == ", large"
    assert link.get("data-view") == link.one("img").get("srcset")


def test_an_album_leads_to_its_first_photo_enlarged(built):
    link = built.page("photos/2024/trip/").one("a.view")

    assert link.get("href") == "https://example.org/photos/2024/trip-1/#view"
    assert link.text == "View large"


@pytest.mark.parametrize(("page", "part"), [("trip", "li.tile"), ("trip-2", ".strip li")])
def test_all_pictures_of_an_album_are_offered_and_a_lost_one_is_not(built, page, part):
    first, film, lost = _parts(built.page(f"photos/2024/{page}/"), part)

    assert all(map(built.has, _addresses(first.get("data-view"))))
    assert first.get("data-title") == "The <b>bay</b>"
    assert first.get("data-video") is None
    assert film.get("data-title") is None
    for name in ("data-video", "data-poster", "data-track"):
        assert built.has(film.get(name)), name
    assert lost.get("data-view") is None


def test_a_title_stays_a_title_whatever_it_says(tmp_path):
    """In albums of twenty: the page of each photo shows its whole album."""
    site = Site(tmp_path)
    titles = [caption.title(text, NOON) for text in HOSTILE]
    albums = {f"trip{n}": titles[n : n + 20] for n in range(0, len(titles), 20)}
    for album, some in albums.items():
        site.add(an_album(album, title="A trip"))
        for n, title in enumerate(some, start=1):
            slug = f"{album}-{n}"
            site.add(a_photo(slug, title=title, album=album, position=n, published=NOON))
    built = site.build()

    tiles = [
        tile for album in albums for tile in built.page(f"photos/2024/{album}/").all("li.tile")
    ]
    told = [tile.get("data-title") for tile in tiles]
    assert [" ".join((title or "").split()) for title in told] == [
        "" if title.startswith("Photo, ") else " ".join(title.split()) for title in titles
    ]


def test_pages_are_prepared_ahead_only_where_that_is_asked_for(tmp_path):
    site = Site(tmp_path)
    site.add(a_photo("boats"))

    assert "speculationrules" not in site.build().text("photos/")
    (rules,) = (
        site.build(PHOTOS_PRERENDER=True).page("photos/").all("script", type="speculationrules")
    )
    assert '"prerender"' in rules.text
    assert ".tile > a" in rules.text


def _parts(page, part: str) -> list:
    if part == "li.tile":
        return page.all(part)
    return page.one("nav.strip").all("li")


def _addresses(srcset: str) -> list[str]:
    return [each.split(" ")[0] for each in srcset.split(", ")]
