"""The import of a live profile, against a server that speaks Instagram's protocol.

Unmodified Instaloader asks it through a proxy.  Whatever goes wrong at whatever
moment: no traceback, no duplicate, and in the end the bytes of an undisturbed run.
"""

import os
import random
import signal
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

import pytest
from rich.console import Console

from fakes.instagram import FakeInstagram, Fault, sample_profile
from pelican_photos.errors import PhotosError, RateLimited
from pelican_photos.import_command import Request, run_import
from pelican_photos.importer import Wish
from pelican_photos.library import Library
from pelican_photos.settings import settings_of
from pelican_photos.terminal import Display


@pytest.fixture
def instagram():
    with FakeInstagram(sample_profile(count=40)) as fake:
        yield fake


@pytest.fixture
def site(tmp_path, instagram, monkeypatch):
    """An empty site whose requests all go to the fake."""
    for name, value in instagram.environ.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def run(site: Path, instagram: FakeInstagram, **wish):
    """Import as a new process would."""
    configuration = {
        "PHOTOS_INSTAGRAM_SESSION": str(instagram.session_file()),
        "PHOTOS_INSTAGRAM_DELAY": 0,
    }
    settings = settings_of(configuration, site, {})
    said = Console(file=(site / "said.txt").open("a"), width=200)
    try:
        return run_import(settings, Request(wish=Wish(**wish)), Display(said))
    finally:
        said.file.close()


def files(site: Path) -> dict[str, bytes]:
    folder = site / "content"
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """What a run without any trouble leaves."""
    site = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch, FakeInstagram(sample_profile(count=40)) as fake:
        for name, value in fake.environ.items():
            patch.setenv(name, value)
        report = run(site, fake)
    assert str(report).startswith("40 posts: 40 new")
    return files(site)


def test_forty_posts_arrive_complete_and_byte_for_byte(site, instagram, undisturbed):
    run(site, instagram)

    sent = sorted(content() for post in instagram.profile.posts for content in post.files.values())
    kept = [data for name, data in undisturbed.items() if not name.endswith((".md", ".json"))]
    assert sorted(kept) == sent
    assert files(site) == undisturbed
    pages = [stored.page for stored in Library(site / "content", "photos").stored()]
    assert {page.uid.partition("#")[0] for page in pages} == {
        f"instagram:{post.code}" for post in instagram.profile.posts
    }


def test_a_second_run_changes_nothing_and_asks_little(site, instagram):
    run(site, instagram)
    stamps = {file: file.stat().st_mtime_ns for file in (site / "content").rglob("*")}
    instagram.mend()

    report = run(site, instagram)

    assert str(report) == "40 posts: 40 unchanged"
    assert {file: file.stat().st_mtime_ns for file in (site / "content").rglob("*")} == stamps
    assert instagram.count("cdn") == 0
    assert instagram.count("api") <= 8


def test_the_latest_are_looked_for_only_after_one_import_reached_the_end(site, instagram):
    run(site, instagram, limit=15)

    assert run(site, instagram, latest=True).count("new") == 25

    assert len(run(site, instagram, latest=True).outcomes) == 12


def until_complete(site: Path, instagram: FakeInstagram, runs: int = 6) -> list[str]:
    """Run again and again, as its owner would; give what each run said."""
    said = []
    for _ in range(runs):
        try:
            report = run(site, instagram)
        except PhotosError as error:
            said.append(str(error))
            (site / ".photos/instagram.json").unlink(missing_ok=True)  # the pause is over
            continue
        said.append(str(report))
        if not report.incomplete:
            return said
    raise AssertionError(said)


API_FAULTS = ["401", "403", "429", "500", "503", "checkpoint", "login", "null", "odd"]
CDN_FAULTS = ["403", "429", "503", "truncated", "reset", "html", "empty", "expired", "404"]


def spread(kinds: list[str], places: list[int]) -> list[tuple[str, int]]:
    """Pair every kind with one of the places, in turn, so that each place meets several kinds."""
    return list(zip(kinds, cycle(places), strict=False))


@pytest.mark.parametrize(("kind", "at"), spread(API_FAULTS, [2, 5, 8, 3]))
def test_a_fault_in_an_answer_is_overcome(site, instagram, undisturbed, kind, at):
    instagram.inject(Fault(kind, api=at, times=4))

    said = until_complete(site, instagram)

    assert files(site) == undisturbed
    assert all("\n" not in sentence for sentence in said)


@pytest.mark.parametrize(("kind", "at"), spread(CDN_FAULTS, [1, 20, 55, 33]))
def test_a_fault_in_a_download_is_overcome(site, instagram, undisturbed, kind, at):
    instagram.inject(Fault(kind, cdn=at, times=4))

    until_complete(site, instagram)

    assert files(site) == undisturbed


def test_addresses_that_expire_on_the_way_are_asked_anew(site, instagram, undisturbed):
    instagram.stale = {post.code for post in instagram.profile.posts[::3]}

    until_complete(site, instagram)

    assert files(site) == undisturbed


def test_a_post_that_is_deleted_before_it_was_fetched_is_said_and_ends_no_run(site, instagram):
    gone = instagram.profile.posts[10]
    instagram.inject(Fault("403", part=next(iter(gone.files)), times=0))
    instagram.deleted = {gone.code}
    run(site, instagram)
    del instagram.profile.posts[10]

    report = run(site, instagram)

    assert not report.incomplete
    assert report.outcomes[f"instagram:{gone.code}"] == "gone"
    assert "deleted or private" in report.reasons[f"instagram:{gone.code}"]


def test_a_refusal_is_remembered_by_the_next_run(site, instagram):
    instagram.inject(Fault("429", api=4, times=0))
    with pytest.raises(RateLimited, match="run again after"):
        run(site, instagram)
    instagram.mend()

    with pytest.raises(RateLimited, match="asked for a pause"):
        run(site, instagram)
    assert instagram.count() == 0


def command(site: Path, instagram: FakeInstagram, *options: str) -> list[str]:
    (site / "pelicanconf.py").write_text('SITENAME = "x"\nPATH = "content"\n')
    (site / "content").mkdir(exist_ok=True)
    return [
        *(sys.executable, "-c", "from pelican_photos.tasks import main; main()"),
        *("import-instagram", "--session", str(instagram.session_file()), *options),
    ]


def environment(instagram: FakeInstagram) -> dict[str, str]:
    return {**os.environ, **instagram.environ, "PHOTOS_INSTAGRAM_DELAY": "0"}


def test_the_command_ends_with_one_sentence_and_the_right_status(site, instagram):
    instagram.inject(Fault("truncated", cdn=1, times=0, part=""))

    ended = subprocess.run(
        command(site, instagram, "--limit", "2"),
        cwd=site,
        env=environment(instagram),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 1
    assert "pending" in ended.stdout.splitlines()[-1]
    assert ended.stderr == ""


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        (["--source", "nowhere"], 2, "there is no such file or folder"),
        (["--limit", "-1"], 2, "should be 1 or more"),
        (["--profile", "nobody.here"], 1, "does not exist"),
    ],
)
def test_wrong_use_is_one_line(site, instagram, options, status, sentence):
    ended = subprocess.run(
        command(site, instagram, *options),
        cwd=site,
        env=environment(instagram),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == status
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.slow
def test_kill_at_ten_random_moments_ends_in_the_same_bytes(site, instagram, undisturbed):
    chance = random.Random(7)
    for _ in range(10):
        # Somewhere between its start and its end; most moments fall among the downloads.
        before = instagram.count("cdn")
        until = before + chance.randrange(0, 6)
        with subprocess.Popen(
            command(site, instagram),
            cwd=site,
            env=environment(instagram),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            deadline = time.monotonic() + 60
            while process.poll() is None and instagram.count("cdn") < until:
                assert time.monotonic() < deadline
                time.sleep(0.002)
            time.sleep(chance.random() * 0.02)
            process.send_signal(signal.SIGKILL)
            assert "Traceback" not in process.communicate()[1]

    until_complete(site, instagram)

    assert files(site) == undisturbed
