"""A film without a poster gets a still of itself, until a source has the real one."""

import shutil
from dataclasses import replace

import pytest

from builders import a_post, a_video
from fakes.camera import film as drawn_film
from fakes.importing import files, names, stamps
from fakes.pictures import saved_scene
from fakes.source import FakeSource
from pelican_photos import film_still, images
from pelican_photos.ledger import Item, Ledger
from pelican_photos.model import Edition
from pelican_photos.page import header_value

pytestmark = pytest.mark.skipif(
    shutil.which("ffmpeg") is None, reason="ffmpeg, which draws stills of films, is not here"
)

SLUG = "2024-05-12-boats-at-dusk"
VIDEO = replace(a_video(1), id="30CxYz", picture="")
BARE = a_post(media=(VIDEO,), edition=Edition(1))
WITH_POSTER = replace(
    BARE, media=(replace(VIDEO, picture="https://cdn/poster.jpg"),), edition=Edition(3)
)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return drawn_film(tmp_path_factory.mktemp("film") / "film.mp4").read_bytes()


@pytest.fixture
def export(film):
    """An export, which has no posters."""
    return lambda: FakeSource(BARE, live=False, broken={"https://cdn/1.mp4": film})


@pytest.fixture
def live(film):
    answers = {"https://cdn/1.mp4": film, "https://cdn/poster.jpg": saved_scene(40)}
    return lambda: FakeSource(WITH_POSTER, broken=answers)


@pytest.fixture
def without_ffmpeg(monkeypatch):
    """Hide ffmpeg for as long as asked."""

    def hidden(import_from, source):
        with monkeypatch.context() as hiding:
            hiding.setenv("PATH", "/nowhere")
            return import_from(source)

    return hidden


def page(photos):
    return (photos / f"photos/2024/{SLUG}.md").read_text()


def still(photos):
    return photos / f"photos/2024/{SLUG}.jpg"


def test_a_film_without_a_poster_gets_a_still(import_from, photos, export):
    report = import_from(export())

    assert names(photos) == [f"photos/2024/{SLUG}.{kind}" for kind in ("jpg", "md", "mp4")]
    assert header_value(page(photos), "Original") == f"{SLUG}.jpg"
    assert film_still.is_ours(still(photos))
    assert images.check(still(photos))[:2] == (64, 48)
    assert report.posterless == 0


def test_a_second_import_changes_neither_a_byte_nor_a_time(import_from, photos, export):
    import_from(export())
    before, times = files(photos.parent), stamps(photos.parent)

    assert str(import_from(export())) == "1 post: 1 unchanged"
    assert files(photos.parent) == before
    assert stamps(photos.parent) == times


def test_a_still_that_a_killed_run_left_is_taken_as_it_is(import_from, photos, export):
    import_from(export())
    before = files(photos)
    (photos / f"photos/2024/{SLUG}.md").unlink()
    ledger = Ledger(photos / "photos" / ".import")
    [entry] = ledger
    ledger.put(replace(entry, items=(Item(media_id="30CxYz"),)))

    import_from(export())

    assert files(photos) == before


def test_the_real_poster_takes_the_place_of_a_still(import_from, photos, export, live):
    import_from(export())
    drawn = still(photos).read_bytes()

    import_from(live())

    assert still(photos).read_bytes() == saved_scene(40)
    assert header_value(page(photos), "Size") == "40x30"
    [kept] = (photos.parent / ".photos" / "replaced").iterdir()
    assert kept.read_bytes() == drawn
    assert str(import_from(export())) == "1 post: 1 unchanged"
    assert still(photos).read_bytes() == saved_scene(40)


def test_the_owners_own_picture_stays(import_from, photos, export, live):
    import_from(export())
    still(photos).write_bytes(saved_scene(200))

    import_from(live())

    assert still(photos).read_bytes() == saved_scene(200)


def test_a_film_that_came_without_one_gets_its_still_as_soon_as_ffmpeg_is_here(
    import_from, photos, export, without_ffmpeg
):
    without_ffmpeg(import_from, export())
    assert header_value(page(photos), "Original") == ""

    report = import_from(export())

    assert str(report) == "1 post: 1 merged"
    assert header_value(page(photos), "Original") == f"{SLUG}.jpg"
    assert film_still.is_ours(still(photos))
    assert str(import_from(export())) == "1 post: 1 unchanged"


def test_without_ffmpeg_the_report_counts_the_films(import_from, export, without_ffmpeg):
    report = without_ffmpeg(import_from, export())

    assert report.posterless == 1
    assert list(report.lines()) == ["1 film has no poster: `invoke doctor` says what to do"]


def test_a_still_is_nobodys_picture_to_recognise_a_post_by(import_from, photos, export):
    import_from(export())

    assert '"look"' not in "".join(
        file.read_text() for file in (photos / "photos/.import").glob("*.json")
    )


def test_an_edited_still_is_not_ours_any_more(tmp_path):
    still = tmp_path / "still.jpg"
    still.write_bytes(saved_scene(40))
    assert not film_still.is_ours(still)
    film_still.sign(still)
    assert film_still.is_ours(still)
    assert images.check(still)[:2] == (40, 30)

    still.write_bytes(saved_scene(41))

    assert not film_still.is_ours(still)
    assert not film_still.is_ours(tmp_path / "gone.jpg")


def test_a_picture_that_no_page_names_yet_stays_and_stops_no_import(
    import_from, photos, export, without_ffmpeg
):
    without_ffmpeg(import_from, export())
    still(photos).write_bytes(saved_scene(200))

    report = import_from(export())

    assert still(photos).read_bytes() == saved_scene(200)
    assert header_value(page(photos), "Original") == ""
    assert str(report) == "1 post: 1 unchanged, 1 with edits of yours kept"
    assert f"Original: {SLUG}.jpg" in str(report.kept)


@pytest.mark.parametrize("rest", [b"", b"version https://git-lfs.github.com/spec/v1\n"])
def test_a_film_that_is_not_whole_any_more_gets_no_still_and_stops_no_import(
    import_from, photos, export, without_ffmpeg, rest
):
    without_ffmpeg(import_from, export())
    still(photos).with_suffix(".mp4").write_bytes(rest)

    assert str(import_from(export())) == "1 post: 1 unchanged"
    assert not still(photos).exists()
