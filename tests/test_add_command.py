"""Photos added without a terminal: what the page says, and what is kept of the file."""

import hashlib
import time
from datetime import UTC, datetime

import pytest
from PIL import Image

from fakes import camera
from fakes.adding import AddingSite
from fakes.tagged_files import jpeg, segment
from pelican_photos import images
from pelican_photos.model import Album


@pytest.fixture
def site(tmp_path):
    return AddingSite(tmp_path / "site")


def test_a_photo_brings_its_own_date_camera_and_words(site, card):
    file = camera.photo(card / "IMG_1.jpg", words="Boats at dusk #sea")

    said = site.add(file)
    page = site.page()

    assert said == "Added content/photos/2024/2024-05-12-boats-at-dusk.md\n"
    assert page.title == "Boats at dusk #sea"
    assert page.published == datetime(2024, 5, 12, 17, 3, tzinfo=UTC)
    assert (page.camera, page.taken, page.tags) == ("Foo 1", "", ("sea",))
    assert (page.width, page.height) == (160, 120)
    assert site.originals() == {"2024-05-12-boats-at-dusk.jpg": file.read_bytes()}
    assert page.uid == f"file:{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"


def test_options_say_what_the_page_says(site, card):
    site.add(
        camera.photo(card / "a.jpg", words="Not this"),
        caption="Two lines\nof *mine*",
        alts=("What it shows",),
        tags="sea, boats",
        location="North beach",
        date="2025-01-02T03:04:05+01:00",
        draft=True,
    )
    page = site.page()

    assert page.title == "Two lines"
    assert page.content == "Two lines  \nof \\*mine\\*"
    assert (page.alt, page.tags, page.location.name) == (
        "What it shows",
        ("sea", "boats"),
        "North beach",
    )
    assert page.published == datetime(2025, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert page.taken == "2024-05-12 18:03:00"
    assert page.status == "draft"


@pytest.mark.parametrize("keep_gps", [False, True])
def test_coordinates_reach_neither_page_nor_ledger_unasked(tmp_path, card, keep_gps):
    site = AddingSite(tmp_path / "site", PHOTOS_KEEP_GPS=keep_gps)
    said = site.add(camera.photo(card / "a.jpg", placed=True))

    assert "coordinates are kept out of the page; --geo shows them" in said
    assert site.page().location is None
    assert "39.6" not in site.text()
    assert "9.07" not in site.text()


def test_coordinates_are_shown_when_the_owner_says_so(site, card):
    site.add(camera.photo(card / "a.jpg", placed=True), with_coordinates=True)
    location = site.page().location

    assert (location.latitude, location.longitude) == camera.COORDINATES


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "heic", "avif"])
def test_every_format_is_kept_byte_for_byte(site, card, suffix):
    file = camera.photo(card / f"a.{suffix}", words="Boats")
    site.add(file)
    page = site.page()

    assert page.original == f"2024-05-12-boats.{suffix}"
    assert site.originals()[page.original] == file.read_bytes()
    assert page.camera == "Foo 1"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_size_is_that_of_the_picture_as_it_is_seen(site, card, orientation):
    site.add(camera.photo(card / "a.jpg", orientation=orientation))

    assert (site.page().width, site.page().height) == (160, 120)


def test_a_photo_without_a_word_is_of_today(site, card):
    before = datetime.now(UTC).replace(microsecond=0)
    site.add(camera.plain(card / "a.png"))
    page = site.page()

    assert before <= page.published <= datetime.now(UTC)
    assert (page.camera, page.taken, page.tags, page.content) == ("", "", (), "")
    assert page.title.startswith("Photo, ")


@pytest.mark.parametrize(
    "taken", ["1980:01:01 00:00:00", "0000:00:00 00:00:00", "2199:01:01 00:00:00"]
)
def test_a_clock_that_was_never_set_dates_nothing(site, card, taken):
    before = datetime.now(UTC).replace(microsecond=0)

    site.add(camera.photo(card / "a.jpg", taken=taken))

    assert before <= site.page().published <= datetime.now(UTC)
    assert site.page().taken == ""


def test_several_files_are_one_album_in_the_order_given(site, card):
    files = [camera.photo(card / f"{name}.jpg", seed) for seed, name in enumerate("bca", 1)]
    said = site.add(*files, caption="Harbour", alts=("one", "two"))
    album, *photos = sorted(site.pages().values(), key=lambda page: page.slug)

    assert isinstance(album, Album)
    assert album.title == "Harbour"
    assert [photo.alt for photo in photos] == ["one", "two", ""]
    assert list(site.originals().values()) == [file.read_bytes() for file in files]
    assert said.endswith("Added content/photos/2024/2024-05-12-harbour.md\n")


def test_separately_each_file_has_a_page_of_its_own(site, card):
    files = [camera.photo(card / f"{n}.jpg", n) for n in (1, 2)]
    said = site.add(*files, separately=True, caption="Harbour", alts=("one", "two"))

    assert sorted(page.alt for page in site.pages().values()) == ["one", "two"]
    assert len({page.slug for page in site.pages().values()}) == 2
    assert "Added content/photos/2024/2024-05-12-harbour.md, content/photos/2024/" in said


def test_photos_of_one_second_and_one_name_do_not_meet(site, card):
    first = camera.photo(card / "one" / "IMG_1.jpg", 1, words="Dusk")
    second = camera.photo(card / "two" / "IMG_1.jpg", 2, words="Dusk")
    site.add(first)
    site.add(second)

    assert sorted(site.originals().values()) == sorted([first.read_bytes(), second.read_bytes()])
    assert len(site.pages()) == 2


def test_a_folder_gives_its_pictures_by_capture_time(site, card):
    for seed, hour in enumerate((19, 17, 18)):
        camera.photo(card / f"{seed}.jpg", seed, taken=f"2024:05:12 {hour}:00:00")
    camera.plain(card / "3.png", 3)
    (card / "notes.txt").write_text("x")
    (card / ".hidden.jpg").touch()

    said = site.add(card)

    order = [(card / name).read_bytes() for name in ("1.jpg", "2.jpg", "0.jpg", "3.png")]
    assert "1 other files" in said
    assert list(site.originals().values()) == order


def test_a_film_has_its_length_and_a_still_for_a_poster(site, card):
    said = site.add(camera.film(card / "a.mp4"), caption="Waves", date="2024-05-12")
    page = site.page()

    assert page.video == "2024-05-12-waves.mp4"
    assert page.duration > 0
    if "gets no poster" in said:
        assert page.original == ""
    else:
        assert (page.width, page.height) == (64, 48)


def test_a_poster_can_be_named(site, card):
    poster = camera.plain(card / "poster.png")
    site.add(camera.film(card / "a.mp4"), posters=(poster,), caption="Waves")

    assert site.originals()[site.page().original] == poster.read_bytes()


def test_without_ffmpeg_a_film_has_no_poster_and_a_sentence_says_how(site, card, monkeypatch):
    monkeypatch.setenv("PATH", str(card))
    said = site.add(camera.film(card / "a.mp4"), caption="Waves")

    assert "a.mp4 gets no poster: install ffmpeg, or name a picture with --poster" in said
    assert site.page().original == ""


def test_a_dry_run_says_all_and_writes_nothing(site, card):
    said = site.add(camera.photo(card / "a.jpg", words="Boats", placed=True), dry_run=True)

    assert "Page      content/photos/2024/2024-05-12-boats.md" in said
    assert "Address   https://example.org/photos/2024/2024-05-12-boats/" in said
    assert "Kept out  the coordinates" in said
    assert "would be added" in said
    assert not site.photos.exists()
    assert not (site.root / ".photos").exists()


def test_fifty_megapixels_are_no_trouble(site, card):
    Image.new("RGB", (8700, 5800), (90, 120, 150)).save(card / "a.jpg")
    site.add(card / "a.jpg")

    assert (site.page().width, site.page().height) == (8700, 5800)


def test_the_command_reads_options_alone(site, card):
    one = camera.photo(card / "a b.jpg", 1)
    two = camera.photo(card / "c.jpg", 2)

    ended = site.command(
        "--caption", "-", one, "--alt", "left", two, "--alt=right", said="From\nafar"
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "Added content/photos/2024/2024-05-12-from-afar.md\n"
    album, *photos = sorted(site.pages().values(), key=lambda page: page.slug)
    assert album.content == "From  \nafar"
    assert [photo.alt for photo in photos] == ["left", "right"]


def test_rendition_of_a_heic_is_webp_and_its_original_untouched(site, card):
    file = camera.photo(card / "a.heic")
    site.add(file)
    [(name, data)] = site.originals().items()
    original = next(site.photos.rglob(name))
    _, [rendition] = images.encode(original, [(80, 60)], quality=80)

    assert data == file.read_bytes()
    assert rendition.data[8:12] == b"WEBP"
    assert original.stat().st_mtime <= time.time()


def test_coordinates_of_each_photo_of_an_album_are_shown_when_wished(site, card):
    files = [camera.photo(card / f"{n}.jpg", n, placed=n != 2) for n in (1, 2, 3)]
    site.add(*files, caption="Harbour", location="Foo", with_coordinates=True)
    album = next(page for page in site.pages().values() if isinstance(page, Album))
    assert album.location.name == "Foo"
    assert (album.location.latitude, album.location.longitude) == camera.COORDINATES
    photos = sorted((page for page in site.pages().values() if page != album), key=_slug)
    assert [photo.location is not None for photo in photos] == [True, False, True]


def test_metadata_that_cannot_be_cleaned_are_told_before_they_are_published(site, card):
    file = card / "a.jpg"
    file.write_bytes(jpeg(segment(0xE1, b"Exif\0\0not a TIFF header")))
    said = site.add(file, caption="Boats")

    assert "a.jpg may say where it was taken, or with whose camera, and cannot be" in said
    assert "published so: its EXIF is not readable; save it again without metadata" in said
    assert len(site.pages()) == 1


def test_a_draft_of_an_album_is_a_draft(site, card):
    files = [camera.photo(card / f"{n}.jpg", n) for n in (1, 2)]
    site.add(*files, caption="Harbour", draft=True)

    album = next(page for page in site.pages().values() if isinstance(page, Album))
    assert album.status == "draft"


def _slug(page):
    return page.slug
