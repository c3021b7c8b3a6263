"""A session file is a pickle from somewhere: only plain cookies come out of it."""

import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.instagram import FakeInstagram
from pelican_photos.errors import LoginNeeded, SettingsError
from pelican_photos.sources.instagram_session import find_session, read_session

COOKIES = {"sessionid": "1%3Asecret", "ds_user_id": "1", "csrftoken": "token"}


class Poison:
    """Runs a command wherever it is unpickled by the book."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return (os.system, (f"touch {self.marker}",))


@pytest.fixture
def kept(tmp_path):
    def keep(content):
        path = tmp_path / "session-someone"
        path.write_bytes(content if isinstance(content, bytes) else pickle.dumps(content))
        return path

    return keep


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_session_of_any_python_is_read(kept, protocol):
    assert read_session(kept(pickle.dumps(COOKIES, protocol))) == COOKIES


def test_a_number_is_read_as_text(kept):
    assert read_session(kept(COOKIES | {"ds_user_id": 77}))["ds_user_id"] == "77"


def test_a_poisoned_session_is_refused_and_runs_nothing(kept, tmp_path):
    marker = tmp_path / "ran"
    path = kept(COOKIES | {"mid": Poison(marker)})
    with pytest.raises(SettingsError, match="is refused"):
        read_session(path)

    assert not marker.exists()
    by_the_book = "import pickle, sys; pickle.loads(open(sys.argv[1], 'rb').read())"
    subprocess.run([sys.executable, "-c", by_the_book, str(path)], check=True)
    assert marker.exists(), "the poison was no poison"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        b"\x80\x04.",
        pickle.dumps([COOKIES]),
        pickle.dumps(COOKIES | {"mid": ["list"]}),
        pickle.dumps(COOKIES | {"mid": None}),
        pickle.dumps(COOKIES | {"mid": b"bytes"}),
        pickle.dumps(COOKIES | {3: "number"}),
        pickle.dumps(COOKIES | {"mid": "line\r\nSet-Cookie: forged"}),
        pickle.dumps(COOKIES | {"mid": "é"}),
        pickle.dumps(COOKIES | {"mid": "x" * 1_000_001}),
        b"cos\nsystem\n(S'true'\ntR.",
    ],
)
def test_whatever_is_no_dict_of_cookies_is_refused(kept, content):
    with pytest.raises(SettingsError, match="session-someone is refused"):
        read_session(kept(content))


@pytest.mark.parametrize("name", COOKIES)
def test_a_session_of_nobody_asks_to_log_in(kept, name):
    with pytest.raises(LoginNeeded, match="of nobody who is logged in"):
        read_session(kept(COOKIES | {name: ""}))


def test_no_message_holds_a_cookie(kept):
    for content in (COOKIES | {"mid": []}, {**COOKIES, "csrftoken": ""}):
        with pytest.raises((SettingsError, LoginNeeded)) as caught:
            read_session(kept(content))
        assert "secret" not in str(caught.value)


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    with pytest.raises(SettingsError, match="No such file"):
        read_session(tmp_path / "missing")
    with pytest.raises(SettingsError, match="Is a directory"):
        read_session(tmp_path)


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_no_bytes_at_all_bring_it_down(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "session-any"
    path.write_bytes(pickle.dumps(COOKIES)[: len(content)] + content)
    try:
        cookies = read_session(path)
    except (SettingsError, LoginNeeded):
        return
    assert all(type(value) is str for value in cookies.values())


def test_instaloaders_own_session_is_found_by_name(monkeypatch):
    with FakeInstagram() as instagram:
        for name, value in instagram.environ.items():
            monkeypatch.setenv(name, value)
        assert find_session("someone") is None
        instagram.session_file(instagram.own_place)
        assert read_session(find_session("someone")) == instagram.cookies


def test_the_only_session_there_is_needs_no_name_and_one_of_several_does(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "instaloader"
    folder.mkdir()
    assert find_session("") is None

    (folder / "session-someone").touch()
    assert find_session("") == folder / "session-someone"

    (folder / "session-other").touch()
    assert find_session("") is None
