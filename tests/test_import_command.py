"""The import as people type it: what is said, the status at the end, and what is written down."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pexpect
import pytest

from fakes.doors import shown
from fakes.export_files import zipped
from fakes.importing import files, names, stamps
from fakes.instagram import FakeProfile, Fault
from fakes.instagram_export import FakeExport
from fakes.instagram_posts import BOB, a_comment, a_post
from fakes.one_account import export_of
from pelican_photos.comment_files import read_comments
from pelican_photos.page import header_value

COMMAND = [sys.executable, "-c", "from pelican_photos.tasks import main; main()"]
BOATS = "2024-05-12-boats-at-dusk"
MANY_DAYS = "9000"


@pytest.fixture(autouse=True)
def _configuration(doors):
    (doors.site / "pelicanconf.py").write_text('SITENAME = "x"\nPATH = "content"\n')


def environment(doors, **more):
    session = {"PHOTOS_INSTAGRAM_SESSION": str(doors.instagram.session_file())}
    return {**os.environ, **session, "PHOTOS_INSTAGRAM_DELAY": "0", "NO_COLOR": "1", **more}


def run(doors, *words, status=0, **more):
    """Type a command; gives what it said, which is on stderr where it failed."""
    ended = subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=doors.site,
        env=environment(doors, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == status, ended.stdout + ended.stderr
    assert ended.stderr.count("\n") == (1 if ended.stderr else 0)
    assert "Traceback" not in ended.stderr
    return [*ended.stdout.splitlines(), *ended.stderr.splitlines()]


def imported(doors, *words, **more):
    return run(doors, "import-instagram", *words, **more)


def written_down(doors):
    return json.loads((doors.site / ".photos" / "last-import.json").read_text())


def page(doors, slug):
    return next(doors.content.rglob(f"{slug}.md")).read_text()


# What lies on this machine


def test_the_parts_of_an_export_are_one_however_they_are_named(doors, another):
    export = export_of(4).add(role="profile", caption="")
    parts = export.zips(doors.site.with_name("parts"), parts=2)
    (another.site / "pelicanconf.py").write_text('PATH = "content"\n')

    said = imported(doors, "--source", parts[0], "--source", parts[1])
    imported(another, "--source", parts[0].parent)

    assert said[-1] == "11 posts: 11 new"
    assert "the profile's picture is profile.jpg" in said
    assert (doors.content / "photos/profile.jpg").is_file()
    assert files(doors.content) == files(another.content)
    told = written_down(doors)
    assert told["sentence"] == "11 posts: 11 new"
    assert told["complete"] is True
    assert told["failure"] == ""
    assert len(told["posts"]["new"]) == 11
    assert {each["page"] for each in told["posts"]["new"]} >= {BOATS}
    assert datetime.fromisoformat(told["begun"]) <= datetime.fromisoformat(told["ended"])
    assert datetime.fromisoformat(told["ended"]) <= datetime.now(UTC)


def test_a_folder_of_instaloaders_and_an_export_go_in_together(doors):
    said = imported(doors, "--source", doors.source("folder"), "--source", doors.source(4))

    assert said[-1] == "11 posts: 11 new"
    assert len(shown(doors.site)) == 11
    before = stamps(doors.content)
    again = imported(doors, "--source", doors.source("folder"), "--source", doors.source(4))
    assert again[-1] == "11 posts: 11 unchanged"
    assert stamps(doors.content) == before
    assert written_down(doors)["unchanged"] == 11


def test_an_export_as_html_comes_in_with_advice(doors):
    said = imported(doors, "--source", doors.source("html"))

    assert said[-1] == "11 posts: 11 new"
    assert "Better ask for it as JSON: Accounts Centre →" in said[-2]
    assert written_down(doors)["notes"] == [said[-2]]


def test_a_dry_run_says_what_would_come_and_writes_nothing(doors):
    before = files(doors.site)

    said = imported(doors, "--source", doors.source(4), "--dry-run")

    assert said[-1] == "would be 11 posts: 11 new"
    assert f"new {BOATS}" in said
    assert {name for name in files(doors.site) if not name.endswith("import.lock")} == set(before)


@pytest.fixture(scope="module")
def holidays(tmp_path_factory):
    """A zip that is no export."""
    at = datetime(2024, 5, 12, tzinfo=UTC)
    return zipped(tmp_path_factory.mktemp("zip") / "holidays.zip", [("beach.jpg", b"x")], at)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--source", "{zip}"], "is no export of Instagram's; name its zip, or a folder"),
        (["--source", "nowhere"], "there is no such file or folder"),
        (["--liked"], "name it with --source"),
        (["--stories"], "only Instagram's export has them"),
        (["--post", "https://www.instagram.com/p/CxYz_12AbCd/", "--saved"], "goes without"),
        (["--comments-only", "--source", "{zip}"], "goes without a source"),
        (["--comments-only", "--days", "0"], "should be 1 or more"),
        (["--post", "https://example.org/p/CxYz_12AbCd/"], "example.org"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(doors, holidays, words, sentence):
    *_, said = imported(doors, *(word.format(zip=holidays) for word in words), status=2)

    assert said.startswith("photostream: ")
    assert sentence in said
    assert names(doors.content) == []
    assert doors.instagram.count() == 0


# What Instagram is asked for


def of_bob(doors, count):
    posts = [a_post(50 + number, caption=f"Bob's {number}", owner=BOB) for number in range(count)]
    doors.instagram.profiles.append(FakeProfile(BOB, posts))
    return posts


def address(post):
    return f"https://www.instagram.com/p/{post.code}/"


def test_single_posts_come_own_ones_as_own_and_others_hidden(doors):
    (his,) = of_bob(doors, 1)
    (mine,) = (post for post in doors.instagram.profile.posts if "Boats" in str(post.media))
    gone = "https://www.instagram.com/p/CxGone_1234/"

    said = imported(
        doors, *("--post", address(mine)), *("--post", address(his)), *("--post", gone), status=1
    )

    assert said[-1] == "2 posts: 2 new, 1 not there"
    assert said[-2].startswith(f"not there: {gone}: ")
    assert not header_value(page(doors, BOATS), "Status")
    assert not header_value(page(doors, BOATS), "Owner")
    his_page = page(doors, "2024-02-20-bobs-0")
    assert header_value(his_page, "Status") == "hidden"
    assert header_value(his_page, "Owner") == "bob"
    assert list(written_down(doors)["not_there"]) == [gone]
    assert written_down(doors)["complete"] is False


def test_what_was_saved_comes_and_is_asked_for_once(doors):
    doors.instagram.saved = of_bob(doors, 2)

    assert imported(doors, "--saved")[-1] == "2 posts: 2 new"
    assert {header_value(file.read_text(), "Owner") for file in doors.pages()} == {"bob"}
    before = stamps(doors.content)
    doors.instagram.mend()

    assert "Instagram: saved posts that are here already left out: 2" in imported(doors, "--saved")
    assert doors.instagram.count("cdn") == 0
    assert stamps(doors.content) == before


def test_what_was_liked_comes_day_by_day_within_the_budget(doors):
    liked = [
        {
            "title": "bob",
            "string_list_data": [{"href": address(post), "timestamp": 1_758_821_701 + number}],
        }
        for number, post in enumerate(of_bob(doors, 3))
    ]
    export = FakeExport(None).write_json("likes/liked_posts.json", {"likes_media_likes": liked})
    words = ["--source", export.zip(doors.site.with_name("export.zip")), "--liked"]

    first = imported(doors, *words, PHOTOS_INSTAGRAM_BUDGET="2")
    assert first[-1] == "2 posts: 2 new"
    assert "liked posts: 1 link left, to go on with after " in first[-2]
    doors.instagram.mend()

    last = imported(doors, *words, PHOTOS_INSTAGRAM_BUDGET="3")

    assert last[-1] == "1 post: 1 new"
    assert "liked posts: 0 links left" in last
    assert doors.instagram.count(part="single post") == 1
    assert {header_value(file.read_text(), "Status") for file in doors.pages()} == {"hidden"}
    assert len(doors.pages()) == 3


def test_comments_alone_are_brought_and_nothing_else_changes(doors):
    doors.enter("live")
    pages = {file: file.read_text() for file in doors.pages()}
    for post in doors.instagram.profile.posts:
        post.comments.append(a_comment(1, "Lovely"))
        post.media["comment_count"] = 1
    doors.instagram.mend()

    said = imported(doors, "--comments-only", "--days", MANY_DAYS)

    assert said[-1] == "11 posts: 11 unchanged, 11 with new comments"
    assert [
        comment.text for comment in read_comments(next(doors.content.rglob(f"{BOATS}.md")))
    ] == ["Lovely"]
    assert {file: file.read_text() for file in doors.pages()} == pages
    assert doors.instagram.count("cdn") == 0


# What stops a run


def test_a_run_that_instagram_ends_is_written_down(doors):
    doors.instagram.inject(Fault("checkpoint", api=3, times=0))

    *_, said = imported(doors, status=1)

    assert written_down(doors)["failure"] == said.removeprefix("photostream: ")
    assert datetime.fromisoformat(written_down(doors)["ended"])


def test_a_run_that_its_owner_stops_is_written_down_and_can_go_on(doors):
    doors.instagram.inject(Fault("stall", cdn=5))
    with subprocess.Popen(
        [*COMMAND, "import-instagram"],
        cwd=doors.site,
        env=environment(doors),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert doors.instagram.wait_for_stall()
        process.send_signal(signal.SIGINT)
        said, error = process.communicate(timeout=60)

    assert process.returncode == 130
    assert error == "photostream: stopped; run it again to go on\n"
    assert written_down(doors)["failure"] == "stopped by its owner"
    stored = len(written_down(doors)["posts"]["new"])
    assert 0 < stored < 11
    assert f": {stored} new" in said.splitlines()[-1]
    assert str(doors.enter("live")).startswith("11 posts: ")
    assert len(shown(doors.site)) == 11


# To forget, and to think again


def at_a_terminal(doors, *words):
    return pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], *words],
        cwd=str(doors.site),
        env=environment(doors, TERM="xterm", COLUMNS="200"),
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 200),
    )


def test_a_photo_is_forgotten_at_a_terminal_and_brought_back(doors):
    doors.enter(4)
    before = files(doors.content)
    terminal = at_a_terminal(doors, "forget", BOATS)
    terminal.expect("for good")
    assert files(doors.content) == before
    terminal.sendline("y")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert [name for name in names(doors.content) if BOATS in name] == []
    assert doors.enter(4).count("deleted") == 1

    assert run(doors, "forget", BOATS, "--bring-back") == [
        f"{BOATS}: the next import brings it back"
    ]

    assert doors.enter(4).count("new") == 1
    assert files(doors.content) == before
