"""A browser's cookies, read by the real browser_cookie3 out of files shaped like the browser's."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from fakes.firefox import add_cookies, cookies_sqlite, install_firefox
from pelican_photos.errors import LoginNeeded, SettingsError
from pelican_photos.sources.instagram_browsers import BROWSERS, installed, read_browser

COOKIES = {"sessionid": "1%3Asecret", "ds_user_id": "1", "csrftoken": "secret-token"}
OTHERS = {"sessionid": "of another site", "mid": "x"}


def test_the_default_profile_of_firefox_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    install_firefox(
        tmp_path,
        (".instagram.com", COOKIES),
        (".instagram.com.elsewhere.example", OTHERS),
        (".example.org", OTHERS),
    )

    assert read_browser("firefox") == COOKIES


def test_another_profile_is_read_by_its_file(tmp_path):
    path = cookies_sqlite(tmp_path / "other" / "cookies.sqlite", (".instagram.com", COOKIES))

    assert read_browser("firefox", path) == COOKIES


@pytest.mark.parametrize("browser", ["firefox", "librewolf"])
def test_a_login_of_this_minute_is_found_while_the_browser_is_open(tmp_path, browser):
    path = cookies_sqlite(tmp_path / "cookies.sqlite", (".instagram.com", OTHERS))
    with closing(sqlite3.connect(path)) as running:
        running.execute("PRAGMA journal_mode = WAL")
        with running:
            running.execute("DELETE FROM moz_cookies")
            add_cookies(running, ".instagram.com", COOKIES)
        before = path.read_bytes()

        assert read_browser(browser, path) == COOKIES
        assert path.read_bytes() == before


def test_a_browser_in_which_nobody_is_logged_in_says_so(tmp_path):
    path = cookies_sqlite(tmp_path / "cookies.sqlite", (".instagram.com", {"csrftoken": "x"}))

    with pytest.raises(LoginNeeded, match="nobody is logged in to Instagram in firefox"):
        read_browser("firefox", path)


def test_a_browser_that_is_not_there_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(SettingsError, match="the cookies of firefox cannot be read"):
        read_browser("firefox")


@pytest.mark.parametrize("browser", [name for name in BROWSERS if name != "safari"])
def test_a_file_of_something_else_is_one_sentence(tmp_path, browser, capfd):
    path = tmp_path / "cookies.sqlite"
    path.write_bytes(b"secret" * 1000)

    with pytest.raises(SettingsError, match=f"the cookies of {browser} cannot be read") as caught:
        read_browser(browser, path)
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None
    assert capfd.readouterr() == ("", "")


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "browser_cookie3", None)

    with pytest.raises(SettingsError, match=r"pip install 'pelican-photostream\[browser\]'"):
        read_browser("firefox")


def test_the_umask_is_as_before(tmp_path):
    before = os.umask(0o022)
    try:
        read_browser(
            "firefox", cookies_sqlite(tmp_path / "cookies.sqlite", (".instagram.com", COOKIES))
        )
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


WATCHED = """
import os, sys
from pathlib import Path
from pelican_photos.sources.instagram_browsers import read_browser

modes = []

def note(event, arguments):
    if event == "sqlite3.connect" and os.path.exists(arguments[0]):
        modes.append(oct(os.stat(arguments[0]).st_mode & 0o777))

sys.addaudithook(note)
os.umask(0)
read_browser("firefox", Path(sys.argv[1]))
print(*modes)
"""


def test_no_copy_of_the_cookies_is_ever_readable_by_others(tmp_path):
    path = cookies_sqlite(tmp_path / "cookies.sqlite", (".instagram.com", COOKIES))
    path.chmod(0o644)

    ended = subprocess.run(
        [sys.executable, "-c", WATCHED, str(path)], capture_output=True, text=True, check=True
    )

    assert set(ended.stdout.split()) == {"0o600"}


def test_every_browser_is_one_that_the_library_reads():
    browser_cookie3 = pytest.importorskip("browser_cookie3")

    assert all(callable(getattr(browser_cookie3, name)) for name in BROWSERS)


def test_the_browsers_of_a_home_are_those_that_were_used(tmp_path):
    assert installed(tmp_path) == ()
    for folder in (
        "Library/Application Support/Google/Chrome",
        "snap/firefox/common/.mozilla/firefox",
    ):
        (tmp_path / folder).mkdir(parents=True)

    assert installed(tmp_path) == ("firefox", "chrome")
