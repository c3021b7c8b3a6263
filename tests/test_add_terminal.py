"""Photos added from a real terminal: what is asked, what Enter keeps, what Ctrl-C leaves."""

import re
from datetime import UTC, datetime

import pytest

from fakes import camera
from fakes.adding import AddingSite
from fakes.terminal import Terminal
from pelican_photos.model import Album

PROMPTS = ("Caption", "Alternative text", "Tags", "Place", r"Add it\? \[Y/n/e\]")


@pytest.fixture
def site(tmp_path):
    return AddingSite(tmp_path / "site")


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card").mkdir()
    return tmp_path / "card"


@pytest.mark.parametrize("suffix", ["jpg", "heic", "png", "webp"])
def test_enter_keeps_what_the_file_says(site, card, suffix):
    file = camera.photo(card / f"a.{suffix}", words="Boats at dusk #sea")
    with Terminal(site, file) as terminal:
        terminal.enters(*PROMPTS)
        assert terminal.ends() == 0

    page = site.page()
    assert (page.title, page.tags, page.alt) == ("Boats at dusk #sea", ("sea",), "")
    assert page.published == datetime(2024, 5, 12, 17, 3, tzinfo=UTC)
    assert site.originals()[page.original] == file.read_bytes()
    assert "  Boats at dusk #sea" in terminal.seen
    assert "Tags, with commas between [sea]" in terminal.seen
    assert "Added content/photos/2024/2024-05-12-boats-at-dusk-" not in terminal.seen
    assert "Added content/photos/2024/2024-05-12-boats-at-dusk.md" in terminal.seen


def test_what_is_typed_is_what_the_page_says(site, card):
    with Terminal(site, camera.photo(card / "a.jpg", words="Not this #no")) as terminal:
        terminal.answers("Caption", "Café, *two* lines")
        terminal.answers(">", "and another #sea")
        terminal.answers(">", "")
        terminal.answers("Alternative text", "Three boats")
        terminal.answers(r"Tags, with commas between \[sea\]", "boats, #nets")
        terminal.answers("Place", "Nazaré")
        terminal.answers("Add it", "y")
        assert terminal.ends() == 0

    page = site.page()
    assert page.content == "Café, \\*two\\* lines  \nand another \\#sea"
    assert (page.alt, page.tags, page.location.name) == ("Three boats", ("boats", "nets"), "Nazaré")


def test_a_dash_is_nothing(site, card):
    with Terminal(site, camera.photo(card / "a.jpg", words="Boats #sea")) as terminal:
        terminal.answers("Caption", "-")
        terminal.enters("Alternative text", "Tags", "Place", "Add it")
        assert terminal.ends() == 0

    assert (site.page().content, site.page().tags) == ("", ())


def test_only_what_no_option_says_is_asked(site, card):
    options = ("--caption", "Boats", "--alt", "Boats", "--tags", "", "--location", "")
    with Terminal(site, camera.photo(card / "a.jpg"), *options) as terminal:
        terminal.enters("Add it")
        assert terminal.ends() == 0

    assert not any(re.search(f"{prompt}.*:", terminal.seen) for prompt in ("Place", "Alternative"))
    assert site.page().title == "Boats"


def test_yes_asks_nothing(site, card):
    with Terminal(site, camera.photo(card / "a.jpg", words="Boats"), "--yes") as terminal:
        assert terminal.ends() == 0

    assert not any(re.search(prompt, terminal.seen) for prompt in PROMPTS)
    assert site.page().title == "Boats"


def test_e_asks_again_with_what_was_typed(site, card):
    with Terminal(site, camera.photo(card / "a.jpg"), "--caption", "Boots") as terminal:
        terminal.enters("Alternative text", "Tags")
        terminal.answers("Place", "Here")
        terminal.answers("Add it", "what")
        terminal.answers("e asks again", "e")
        terminal.answers("keep the above", "Boats")
        terminal.enters(">", "Alternative text", "Tags", r"Place \[Here\]", "Add it")
        assert terminal.ends() == 0

    assert (site.page().title, site.page().location.name) == ("Boats", "Here")


def test_no_adds_nothing(site, card):
    with Terminal(site, camera.photo(card / "a.jpg")) as terminal:
        terminal.enters(*PROMPTS[:-1])
        terminal.answers("Add it", "n")
        assert terminal.ends() == 0

    assert "Nothing was added" in terminal.seen
    assert not site.photos.exists()


@pytest.mark.parametrize("key", ["\x03", "\x04"])
@pytest.mark.parametrize("at", range(len(PROMPTS)))
def test_ctrl_c_and_ctrl_d_at_any_question_leave_nothing_but_a_line(site, card, at, key):
    with Terminal(site, camera.photo(card / "a.jpg")) as terminal:
        terminal.enters(*PROMPTS[:at])
        terminal.waits_for(PROMPTS[at])
        terminal.child.send(key)
        assert terminal.ends() == 130

    assert terminal.seen.count("photostream: stopped") == 1
    assert "Traceback" not in terminal.seen
    assert not site.photos.exists()


def test_the_preview_shows_the_picture_upright_and_says_what_is_kept_out(site, card):
    file = camera.photo(card / "a.jpg", orientation=6, placed=True, words="Boats")
    with Terminal(site, file) as terminal:
        terminal.enters(*PROMPTS[:-1])
        terminal.answers("39.6000, -9.0708. Show them on the page", "")
        terminal.enters("Add it")
        assert terminal.ends() == 0

    rows = [line for line in terminal.seen.splitlines() if "▀" in line]
    assert rows
    assert all(row.count("▀") / len(rows) == pytest.approx(2 * 160 / 120, rel=0.1) for row in rows)
    assert re.search(r"\x1b\[38;2;\d+;\d+;\d+;48;2;\d+;\d+;\d+m▀", terminal.seen)
    assert "Title     Boats" in terminal.seen
    assert "Date      2024-05-12 18:03:00 +0100" in terminal.seen
    assert "Address   https://example.org/photos/2024/2024-05-12-boats/" in terminal.seen
    assert "Size      160 x 120" in terminal.seen
    assert "Kept out  the coordinates: neither page nor published file holds them" in terminal.seen
    assert site.page().location is None


def test_coordinates_are_shown_for_a_yes(site, card):
    with Terminal(site, camera.photo(card / "a.jpg", placed=True)) as terminal:
        terminal.enters(*PROMPTS[:-1])
        terminal.answers("Show them on the page", "y")
        terminal.enters("Add it")
        assert terminal.ends() == 0

    location = site.page().location
    assert (location.latitude, location.longitude) == camera.COORDINATES


def test_a_terminal_without_colours_has_no_picture(site, card):
    with Terminal(site, camera.photo(card / "a.jpg"), colours="") as terminal:
        terminal.enters(*PROMPTS)
        assert terminal.ends() == 0

    assert "▀" not in terminal.seen
    assert len(site.pages()) == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_drawn_upright_whatever_its_orientation(site, card, orientation):
    file = camera.photo(card / "a.jpg", orientation=orientation)
    with Terminal(site, file, "--caption", "Boats") as terminal:
        terminal.enters(*PROMPTS[1:])
        assert terminal.ends() == 0

    rows = [line for line in terminal.seen.splitlines() if "▀" in line]
    assert {row.count("▀") for row in rows} == {rows[0].count("▀")}
    assert rows[0].count("▀") > len(rows)
    assert (site.page().width, site.page().height) == (160, 120)


def test_each_picture_of_an_album_is_shown_to_be_described(site, card):
    files = [camera.photo(card / f"{n}.jpg", n) for n in (1, 2)]
    with Terminal(site, *files) as terminal:
        terminal.answers("Caption", "Harbour")
        terminal.enters(">")
        terminal.answers("Alternative text of 1.jpg", "one")
        assert "▀" in terminal.seen
        terminal.answers("Alternative text of 2.jpg", "two")
        terminal.enters("Tags", "Place", "Add it")
        assert terminal.ends() == 0

    album, *photos = sorted(site.pages().values(), key=lambda page: page.slug)
    assert isinstance(album, Album)
    assert [photo.alt for photo in photos] == ["one", "two"]
    assert "Alt text  2 of them" in terminal.seen


def test_a_film_is_added(site, card):
    with Terminal(site, camera.film(card / "a.mp4")) as terminal:
        terminal.answers("Caption", "Waves")
        terminal.enters(">", *PROMPTS[1:])
        assert terminal.ends() == 0

    assert site.page().video.endswith("-waves.mp4")
    assert site.page().duration > 0


def test_a_folder_is_asked_about(site, card):
    for seed in (1, 2):
        camera.photo(card / f"{seed}.jpg", seed)
    with Terminal(site, card) as terminal:
        terminal.answers(r"2 pictures or films, by capture time. Make one album of them\?", "n")
        assert terminal.ends() == 2

    assert not site.photos.exists()


def test_what_looks_alike_is_asked_about(site, card):
    site.add(camera.photo(card / "a.jpg", words="Boats"))
    again = camera.photo(card / "b.jpg", size=(90, 68))
    with Terminal(site, again) as terminal:
        terminal.answers(r"b.jpg looks like content/photos/2024/2024-05-12-boats.md", "")
        assert terminal.ends() == 0
    assert len(site.pages()) == 1

    with Terminal(site, again) as terminal:
        terminal.answers("Add it all the same", "y")
        terminal.enters(*PROMPTS)
        assert terminal.ends() == 0
    assert len(site.pages()) == 2


def test_words_from_a_hostile_file_move_no_cursor(site, card):
    file = camera.photo(card / "a\x1b[2J.jpg", words="Boats\x1b]0;owned\x07\u202e")
    with Terminal(site, file, colours="") as terminal:
        terminal.enters(*PROMPTS)
        assert terminal.ends() == 0

    assert "\x1b[2J" not in terminal.seen
    assert "\x1b]0;" not in terminal.seen


def test_what_was_added_before_a_stop_is_said(site, card):
    files = [camera.photo(card / f"{n}.jpg", n, words=f"Boat {n}") for n in (1, 2)]
    with Terminal(site, *files, "--separately") as terminal:
        terminal.enters(*PROMPTS)
        terminal.waits_for("Caption")
        terminal.child.send("\x03")
        assert terminal.ends() == 130

    assert "Added content/photos/2024/2024-05-12-boat-1.md" in terminal.seen
    assert len(site.pages()) == 1
