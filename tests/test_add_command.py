"""Photos added without a terminal: what the page says, what is refused, what survives."""

import hashlib
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from filelock import FileLock
from PIL import Image

from fakes import camera, pictures
from fakes.adding import AddingSite
from pelican_photos import images
from pelican_photos.errors import Busy, ImageError, PhotosError, SettingsError
from pelican_photos.model import Album


@pytest.fixture
def site(tmp_path):
    return AddingSite(tmp_path / "site")


@pytest.fixture
def card(tmp_path):
    """The folder of a camera."""
    (tmp_path / "card").mkdir()
    return tmp_path / "card"


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
    site.add(camera.photo(card / "a.jpg", taken=taken))

    assert site.page().published.year == datetime.now(UTC).year
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


def test_a_file_that_is_on_the_site_is_refused_with_its_page(site, card):
    file = camera.photo(card / "a.jpg", words="Boats")
    site.add(file)
    before = site.text()

    for anyway in (False, True):
        with pytest.raises(SettingsError) as refused:
            site.add(file, anyway=anyway)
        assert "is on the site already: content/photos/2024/2024-05-12-boats.md" in str(
            refused.value
        )
    assert site.text() == before


def test_a_file_that_is_in_an_album_here_is_refused_too(site, card):
    files = [camera.photo(card / f"{n}.jpg", n) for n in (1, 2)]
    site.add(*files, caption="Harbour")

    with pytest.raises(SettingsError, match=r"2024-05-12-harbour-2\.md"):
        site.add(files[1])


def test_among_separate_files_those_that_are_here_are_left_out(site, card):
    files = [camera.photo(card / f"{n}.jpg", n) for n in (1, 2)]
    site.add(files[0])

    said = site.add(*files, separately=True)

    assert "1.jpg is on the site already" in said
    assert len(site.pages()) == 2


def test_the_same_file_twice_is_refused(site, card):
    file = camera.photo(card / "a.jpg")
    (card / "b.jpg").write_bytes(file.read_bytes())

    with pytest.raises(SettingsError, match="are the same"):
        site.add(file, card / "b.jpg")
    assert site.pages() == {}


def test_what_looks_alike_is_refused_unless_it_is_wanted(site, card):
    site.add(camera.photo(card / "a.jpg", words="Boats"))
    smaller = camera.photo(card / "b.jpg", size=(90, 68), words="Boats")

    with pytest.raises(SettingsError, match=r"b\.jpg looks like content/.*; --anyway adds it"):
        site.add(smaller)
    site.add(smaller, anyway=True)

    assert len(site.pages()) == 2
    assert len(site.originals()) == 2


def test_what_was_deleted_comes_back_only_when_it_is_wanted(site, card):
    file = camera.photo(card / "a.jpg", words="Boats")
    site.add(file)
    uid = site.page().uid
    for left in site.photos.rglob("*boats*"):
        left.unlink()

    with pytest.raises(SettingsError, match="and you deleted it; --anyway"):
        site.add(file)
    site.add(file, anyway=True)

    assert site.page().uid == f"{uid}-2"
    assert site.ledger().get(uid) is not None


def test_an_unreadable_file_among_good_ones_stops_all_of_them(site, card):
    good = camera.photo(card / "a.jpg", 1)
    bad = pictures.truncated(card / "b.jpg", camera.photo(card / "c.jpg", 2))

    with pytest.raises(ImageError, match=r"b\.jpg is truncated"):
        site.add(good, bad)
    assert not site.photos.exists()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.write_text("words"), "is of no kind that is known here"),
        (lambda path: path.touch(), "is empty"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: Image.new("RGB", (8, 8)).save(path, "TIFF"), "is of no kind"),
        (lambda path: path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(99)), "was cut short"),
        (lambda path: path.symlink_to("nowhere"), "cannot be read"),
    ],
)
def test_what_is_no_picture_or_film_is_refused_in_one_line(site, card, make, why):
    make(card / "a\n\x1b[31m.jpg")

    with pytest.raises(SettingsError, match=why) as refused:
        site.add(camera.photo(card / "good.jpg"), card / "a\n\x1b[31m.jpg")
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_more_than_an_album_holds_is_refused_with_a_way_out(site, card):
    files = [camera.plain(card / f"{n}.png", n, (16, 16)) for n in range(21)]

    with pytest.raises(SettingsError, match=r"21 files: an album holds 20 at most; .*--separately"):
        site.add(*files)
    site.add(*files, separately=True)
    assert len(site.pages()) == 21


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


def test_a_poster_without_a_film_is_refused(site, card):
    with pytest.raises(SettingsError, match="there are 0 films"):
        site.add(camera.photo(card / "a.jpg"), posters=(card / "a.jpg",))


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


def test_it_waits_for_no_other_import(site, card):
    (site.root / ".photos").mkdir()
    with FileLock(site.root / ".photos" / "import.lock"), pytest.raises(Busy, match="an import"):
        site.add(camera.photo(card / "a.jpg"))


def test_a_folder_that_cannot_be_written_is_one_sentence(site, card):
    site.photos.write_text("in the way")

    with pytest.raises(PhotosError, match="cannot be written"):
        site.add(camera.photo(card / "a.jpg"))


def test_a_run_that_was_killed_behind_its_last_photo_is_completed(site, card):
    file = camera.photo(card / "a.jpg", words="Boats")
    site.add(file, caption="Mine")
    site.interrupt(site.page().uid)

    said = site.add(file, tags="sea")

    assert said == "Added content/photos/2024/2024-05-12-mine.md\n"
    assert site.page().tags == ("sea",)
    with pytest.raises(SettingsError, match="on the site already"):
        site.add(file)


KILLED = """
import os, signal, sys
written, at = 0, int(sys.argv[1])
rename = os.replace
def replace(source, target):
    global written
    written += 1
    if written == at:
        os.kill(os.getpid(), signal.SIGKILL)
    rename(source, target)
os.replace = replace
sys.argv = ["photostream", "add", *sys.argv[2:]]
from pelican_photos.tasks import main
main()
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    """The words of a command, and a site where it was not disturbed."""
    folder = tmp_path_factory.mktemp("harbour")
    files = [str(camera.photo(folder / f"{n}.jpg", n)) for n in (1, 2)]
    words = [*files, "--caption", "Harbour", "--tags", "sea"]
    whole = AddingSite(folder / "whole")
    assert whole.command(*words).returncode == 0
    return words, whole


@pytest.mark.slow
@pytest.mark.parametrize("at", range(1, 15))
def test_a_run_that_was_killed_anywhere_is_completed_by_the_same_command(tmp_path, harbour, at):
    words, whole = harbour
    killed = AddingSite(tmp_path / "killed")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(at), *words], cwd=killed.root, check=False
    )
    assert ended.returncode in (-signal.SIGKILL, 0)

    again = killed.command(*words)

    if ended.returncode:
        assert (again.returncode, again.stderr) == (0, "")
    assert killed.pages() == whole.pages()
    assert killed.originals() == whole.originals()
    assert killed.text() == whole.text()


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


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["nowhere.jpg"], 2, "photostream: "),
        (["a.jpg", "--date", "soon"], 2, "photostream: --date 'soon': should read like"),
        (["a.jpg", "--publish"], 2, "photostream: "),
    ],
)
def test_a_mistake_is_one_line_and_a_status(site, words, status, sentence):
    camera.photo(site.root / "a.jpg")
    ended = site.command(*words)

    assert ended.returncode == status
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1
    assert not site.photos.exists()


def test_rendition_of_a_heic_is_webp_and_its_original_untouched(site, card):
    file = camera.photo(card / "a.heic")
    site.add(file)
    [(name, data)] = site.originals().items()
    original = next(site.photos.rglob(name))
    _, [rendition] = images.encode(original, [(80, 60)], quality=80)

    assert data == file.read_bytes()
    assert rendition.data[8:12] == b"WEBP"
    assert original.stat().st_mtime <= time.time()
