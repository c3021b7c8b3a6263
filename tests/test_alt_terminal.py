"""Alternative texts written at a real terminal, and by scripts."""

import subprocess
from datetime import timedelta

import pytest

from builders import NOON, a_photo
from fakes.adding import COMMAND, AddingSite
from fakes.site import draw
from fakes.terminal import Terminal
from pelican_photos import atomic
from pelican_photos.library import Library

QUESTION = "Alternative text:"


@pytest.fixture
def site(tmp_path):
    """Three photos without a text, the newest with a draft; and one that has a text."""
    site = AddingSite(tmp_path / "site")
    library = Library(site.root / "content", "photos")
    auto = "Photo by Ana on May 12, 2024. May be an image of boats and sky."
    photos = [
        a_photo("c", alt_auto=auto, content="Back before the wind\\.", width=40, height=30),
        a_photo("b", published=NOON - timedelta(days=1)),
        a_photo("a", published=NOON - timedelta(days=400)),
        a_photo("told", alt="Told"),
    ]
    for photo in photos:
        file = library.add(photo)
        draw(file.with_name(photo.original), (photo.width, photo.height), photo.slug)
    return site


def command(site, *words):
    return subprocess.run(
        [*COMMAND[:-1], "alt", *words],
        cwd=site.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def alts(site) -> dict:
    return {slug: page.alt for slug, page in site.pages().items() if slug != "told"}


def test_what_is_typed_is_written_and_enter_leaves_one_for_later(site):
    with Terminal(site, task="alt") as terminal:
        terminal.answers(QUESTION, "Three boats, the sand still wet")
        terminal.answers(QUESTION, "")
        terminal.answers(QUESTION, "A gull")
        assert terminal.ends() == 0

    assert alts(site) == {"c": "Three boats, the sand still wet", "b": "", "a": "A gull"}
    assert "1 of 3  content/photos/2024/c.jpg" in terminal.seen
    assert "https://example.org/photos/2024/c/" in terminal.seen
    assert "Caption  Back before the wind." in terminal.seen
    assert "Draft    Boats and sky" in terminal.seen
    assert "▀" in terminal.seen
    assert "2 written; 1 photo without alternative text" in terminal.seen


def test_the_draft_is_taken_and_stays_known_as_a_machines(site):
    with Terminal(site, task="alt") as terminal:
        terminal.answers(QUESTION, "=")
        terminal.answers(QUESTION, "=")  # there is none for this one
        terminal.answers("no draft", "q")
        assert terminal.ends() == 0

    page = site.pages()["c"]
    assert page.alt == "Boats and sky"
    assert page.alt_auto.endswith("May be an image of boats and sky.")


def test_the_draft_is_edited_in_its_line(site):
    with Terminal(site, task="alt") as terminal:
        terminal.answers(QUESTION, "e")
        terminal.answers("Text: Boats and sky", " at dusk")
        terminal.answers(QUESTION, "q")
        assert terminal.ends() == 0

    assert alts(site)["c"] == "Boats and sky at dusk"


def test_a_step_back_mends_what_was_written(site):
    with Terminal(site, task="alt") as terminal:
        terminal.answers(QUESTION, "Boots")
        terminal.answers(QUESTION, "<")
        terminal.waits_for("Draft    Boots")
        terminal.answers(QUESTION, "Boats")
        terminal.answers(QUESTION, "q")
        assert terminal.ends() == 0

    assert alts(site)["c"] == "Boats"


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_keep_what_was_written_and_the_next_run_goes_on(site, key):
    with Terminal(site, task="alt") as terminal:
        terminal.answers(QUESTION, "Boats")
        terminal.waits_for(QUESTION)
        terminal.child.send(key)
        assert terminal.ends() == 130
    assert "1 written; 2 photos without alternative text" in terminal.seen
    assert "Traceback" not in terminal.seen

    with Terminal(site, task="alt") as terminal:
        terminal.waits_for("1 of 2  content/photos/2024/b.jpg")
        terminal.answers(QUESTION, "q")
        assert terminal.ends() == 0
    assert alts(site) == {"c": "Boats", "b": "", "a": ""}


def test_only_the_one_key_of_the_page_changes(site):
    file = site.photos / "2024" / "c.md"
    before = file.read_text().replace("Title", "title").replace("\n", "\r\n") + "Odd:  \r\nend"
    file.write_bytes(before.encode())

    assert command(site, "--slug", "c", "--text", "Boats").returncode == 0

    assert file.read_bytes().decode().replace("Alt: Boats\r\n", "") == before


def test_a_name_of_a_file_is_remarked_on(site):
    with Terminal(site, task="alt") as terminal:
        terminal.answers(QUESTION, "IMG_1234.jpg")
        terminal.waits_for("Written, but it reads like the name of a file")
        terminal.answers(QUESTION, "q")
        assert terminal.ends() == 0


def test_an_import_that_is_running_is_waited_for(site):
    with Terminal(site, task="alt") as terminal:
        terminal.waits_for(QUESTION)
        with atomic.lock(site.root / ".photos" / "import.lock", "a test"):
            terminal.child.sendline("Boats")
            terminal.waits_for("Not written: an import is already running")
            terminal.waits_for(QUESTION)
        terminal.child.sendline("Boats")
        terminal.answers(QUESTION, "q")
        assert terminal.ends() == 0

    assert alts(site)["c"] == "Boats"


def test_a_text_that_came_meanwhile_stays(site):
    with Terminal(site, task="alt") as terminal:
        terminal.waits_for(QUESTION)
        Library(site.root / "content", "photos").edit(
            site.photos / "2024" / "c.md", {"Alt": "Theirs"}
        )
        terminal.child.sendline("Mine")
        terminal.waits_for("It has a text by now, which stays")
        terminal.answers(QUESTION, "q")
        assert terminal.ends() == 0

    assert alts(site)["c"] == "Theirs"


def test_the_list_is_plain_lines_and_the_count_stands_beside_it(site):
    for words in (("--list",), ()):  # and so it is without a terminal
        ended = command(site, *words)

        assert ended.returncode == 0
        assert [line.split("\t") for line in ended.stdout.splitlines()] == [
            [
                "c",
                "content/photos/2024/c.jpg",
                "https://example.org/photos/2024/c/",
                "Boats and sky",
            ],
            ["b", "content/photos/2024/b.jpg", "https://example.org/photos/2024/b/", ""],
            ["a", "content/photos/2023/a.jpg", "https://example.org/photos/2023/a/", ""],
        ]
        assert ended.stderr == "3 photos without alternative text\n"
    assert command(site, "--list", "--year", "2023").stdout.startswith("a\t")
    assert command(site, "--list", "--limit", "2").stdout.count("\n") == 2


def test_a_page_that_was_moved_is_found_where_it_is(site):
    (site.photos / "best").mkdir()
    for kind in ("md", "jpg"):
        (site.photos / "2024" / f"c.{kind}").rename(site.photos / "best" / f"c.{kind}")

    assert "c\tcontent/photos/best/c.jpg\t" in command(site, "--list").stdout
    assert command(site, "--slug", "c", "--text", "Boats").returncode == 0
    assert alts(site)["c"] == "Boats"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--slug", "c"), "belong together"),
        (("--text", "x"), "belong together"),
        (("--slug", "nowhere", "--text", "x"), "no page below"),
        (("--slug", "c", "--text", "a\nb"), "one line"),
        (("--slug", "c", "--text", ""), "cannot be empty"),
        (("--slug", "c", "--text", "x" * 1001), "1,000 characters at most; this one has 1,001"),
        (("--limit", "0"), "--limit 0: should be 1 or more"),
    ],
)
def test_wrong_use_is_refused_in_a_sentence(site, words, sentence):
    ended = command(site, *words)

    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert set(alts(site).values()) == {""}
