"""A login keeps a session that unmodified Instaloader reads back, and never shows a part of it."""

import io
import os
import pickle
import stat
import subprocess
import sys

import instaloader
import pexpect
import pytest
from rich.console import Console

from fakes.firefox import cookies_sqlite, install_firefox
from fakes.instagram import FakeInstagram, Fault
from pelican_photos.errors import CheckpointNeeded, LoginNeeded, RateLimited, SettingsError
from pelican_photos.login_command import RISK, Login, run_login
from pelican_photos.settings import settings_of
from pelican_photos.sources.instagram_session import read_session
from pelican_photos.terminal import Display


@pytest.fixture
def instagram(monkeypatch):
    with FakeInstagram() as fake:
        for name, value in fake.environ.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def log_in(tmp_path):
    """Log in as a new process without a terminal would; gives what was said."""

    def run(configuration=None, **options):
        said = io.StringIO()
        settings = settings_of(configuration or {}, tmp_path, {})
        run_login(settings, Login(**options), Display(Console(file=said, width=300)))
        return said.getvalue().splitlines()

    return run


@pytest.fixture
def cookies_txt(instagram, tmp_path):
    path = tmp_path / "cookies.txt"
    lines = [
        f".instagram.com\tTRUE\t/\tTRUE\t4102444800\t{name}\t{value}"
        for name, value in instagram.cookies.items()
    ]
    path.write_text("\n".join(["# Netscape HTTP Cookie File", *lines]) + "\n")
    return path


def kept(instagram):
    return instagram.own_place / "session-someone"


def firefox(instagram, folder):
    return cookies_sqlite(folder / "cookies.sqlite", (".instagram.com", instagram.cookies))


def test_a_cookies_txt_becomes_a_session_with_one_request(instagram, log_in, cookies_txt):
    said = log_in(cookies=str(cookies_txt))

    assert instagram.names() == ["own profile"]
    assert read_session(kept(instagram)) == instagram.cookies
    assert said == [
        RISK,
        f"Logged in as someone; the session is in {kept(instagram)}",
        (
            'Put PHOTOS_INSTAGRAM_PROFILE = "someone" into pelicanconf.py, and '
            "invoke import-instagram finds the session"
        ),
    ]


def test_a_browser_becomes_a_session(instagram, log_in, tmp_path):
    said = log_in(cookies="Firefox", cookie_file=firefox(instagram, tmp_path))

    assert "Logged in as someone" in said[1]
    assert read_session(kept(instagram)) == instagram.cookies


def test_a_session_file_is_checked_and_copied(instagram, log_in, tmp_path):
    log_in(session=instagram.session_file(tmp_path / "elsewhere"))

    assert read_session(kept(instagram)) == instagram.cookies


def test_unmodified_instaloader_reads_it_back(instagram, log_in, cookies_txt):
    log_in(cookies=str(cookies_txt))

    loader = instaloader.Instaloader(sleep=False, quiet=True)
    loader.load_session_from_file("someone")
    assert loader.test_login() == "someone"
    loader.close()
    assert type(pickle.loads(kept(instagram).read_bytes())) is dict


def test_nobody_else_may_read_it(instagram, log_in, cookies_txt):
    before = os.umask(0)
    try:
        log_in(cookies=str(cookies_txt))
    finally:
        os.umask(before)

    assert stat.S_IMODE(kept(instagram).stat().st_mode) == 0o600
    assert stat.S_IMODE(instagram.own_place.stat().st_mode) == 0o700
    assert [file.name for file in instagram.own_place.iterdir()] == ["session-someone"]


def test_a_renewed_session_takes_the_place_of_the_old_one(instagram, log_in, cookies_txt):
    instagram.own_place.mkdir()
    kept(instagram).write_bytes(pickle.dumps({**instagram.cookies, "sessionid": "old"}))

    log_in(cookies=str(cookies_txt))

    assert read_session(kept(instagram)) == instagram.cookies


@pytest.mark.parametrize("content", ["another", b"no session"])
def test_what_is_somebody_elses_is_overwritten_only_when_asked(
    instagram, log_in, cookies_txt, content
):
    if content == "another":
        content = pickle.dumps({**instagram.cookies, "ds_user_id": "5"})
    instagram.own_place.mkdir()
    kept(instagram).write_bytes(content)

    with pytest.raises(SettingsError, match="session-someone is in the way: move it"):
        log_in(cookies=str(cookies_txt))
    assert kept(instagram).read_bytes() == content

    log_in(cookies=str(cookies_txt), overwrite=True)
    assert read_session(kept(instagram)) == instagram.cookies


def test_a_session_of_nobody_is_in_nobodys_way(instagram, log_in, cookies_txt):
    instagram.own_place.mkdir()
    kept(instagram).write_bytes(pickle.dumps({}))

    log_in(cookies=str(cookies_txt))

    assert read_session(kept(instagram)) == instagram.cookies


def test_the_advice_fits_the_configuration(instagram, log_in, cookies_txt):
    def advice(**configuration):
        return log_in(configuration, cookies=str(cookies_txt))[2:]

    assert advice(PHOTOS_INSTAGRAM_PROFILE="Someone") == []
    (other,) = advice(PHOTOS_INSTAGRAM_PROFILE="bob")
    assert f'PHOTOS_INSTAGRAM_SESSION = "{kept(instagram)}"' in other
    (elsewhere,) = advice(PHOTOS_INSTAGRAM_SESSION="old-session")
    assert "PHOTOS_INSTAGRAM_SESSION is old-session" in elsewhere
    assert advice(PHOTOS_INSTAGRAM_SESSION=str(kept(instagram)), PHOTOS_INSTAGRAM_PROFILE="x") == []


def test_a_session_that_has_expired_is_not_kept(instagram, log_in, cookies_txt):
    instagram.logged_out = True

    with pytest.raises(LoginNeeded, match=r"does not accept the session of .*cookies\.txt"):
        log_in(cookies=str(cookies_txt))
    assert not kept(instagram).exists()


@pytest.mark.parametrize(
    ("fault", "kind"), [("429", RateLimited), ("checkpoint", CheckpointNeeded)]
)
def test_a_refusal_is_not_an_expired_session(instagram, log_in, cookies_txt, fault, kind):
    instagram.inject(Fault(fault, part="own profile", times=0))

    with pytest.raises(kind):
        log_in(cookies=str(cookies_txt))
    assert not kept(instagram).exists()


def test_a_full_disk_is_one_sentence(instagram, log_in, cookies_txt):
    instagram.own_place.write_text("a file where the folder should be")

    with pytest.raises(Exception, match="cannot be written") as caught:
        log_in(cookies=str(cookies_txt))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "say where the session is: invoke login --cookies firefox"),
        ({"cookies": "netscape"}, "neither a file nor one of firefox, chrome"),
        ({"cookies": "firefox", "cookie_file": "missing"}, "there is no such file"),
        ({"cookies": "cookies.txt", "cookie_file": "x"}, "--cookie-file needs a browser"),
        ({"cookies": "firefox", "session": "x"}, "either --session or --cookies"),
        ({"session": "missing"}, "No such file"),
    ],
)
def test_wrong_use_is_said_before_anything_is_asked(instagram, log_in, tmp_path, options, why):
    paths = {key: tmp_path / value for key, value in options.items() if key != "cookies"}

    with pytest.raises(SettingsError, match=why):
        log_in(**{**options, **paths})
    assert instagram.requests == []


COMMAND = [sys.executable, "-c", "from pelican_photos.tasks import main; main()", "login"]


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "content").mkdir(parents=True)
    (folder / "pelicanconf.py").write_text('SITENAME = "x"\nPATH = "content"\n')
    return folder


def test_no_part_of_a_session_is_ever_seen(instagram, site, cookies_txt):
    instagram.inject(Fault("odd", part="own profile"))
    for arguments in (["--cookies", str(cookies_txt)], ["--session", str(cookies_txt)]):
        for debug in ([], ["--debug"]):
            ended = subprocess.run(
                [*COMMAND[:3], *debug, "login", *arguments],
                cwd=site,
                env={**os.environ, **instagram.environ},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            said = ended.stdout + ended.stderr
            assert "photostream: " in said or "Logged in" in said
            assert not [value for value in instagram.cookies.values() if value in said]


def test_without_options_a_terminal_is_asked_for_the_browser(instagram, site, tmp_path):
    home = tmp_path / "home"
    install_firefox(home, (".instagram.com", instagram.cookies))
    (home / ".config" / "vivaldi").mkdir(parents=True)
    terminal = pexpect.spawn(
        COMMAND[0],
        COMMAND[1:],
        cwd=str(site),
        env={**os.environ, **instagram.environ, "HOME": str(home), "COLUMNS": "200"},
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 200),
    )
    terminal.expect("In which browser are you logged in")
    terminal.expect("1  firefox.*2  vivaldi")
    terminal.sendline("1")
    terminal.expect("Logged in as someone; the session is in")
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 0
    assert read_session(kept(instagram)) == instagram.cookies


def test_without_a_terminal_it_says_what_to_type_and_ends_with_2(instagram, site):
    ended = subprocess.run(
        COMMAND,
        cwd=site,
        env={**os.environ, **instagram.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("photostream: say where the session is: invoke login")
    assert ended.stderr.count("\n") == 1
