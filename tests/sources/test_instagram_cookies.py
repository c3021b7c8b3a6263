"""Cookies come from files of other programs', and no message ever repeats one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.errors import LoginNeeded, SettingsError
from pelican_photos.sources.instagram_cookies import Cookie, of_instagram, read_cookies_txt

COOKIES = {"sessionid": "1%3Asecret", "ds_user_id": "1", "csrftoken": "secret-token"}
HEAD = "# Netscape HTTP Cookie File\n\n"


def line(name, value, domain=".instagram.com", prefix=""):
    return f"{prefix}{domain}\tTRUE\t/\tTRUE\t4102444800\t{name}\t{value}\n"


def lines(cookies=None, **options):
    return "".join(line(*cookie, **options) for cookie in (cookies or COOKIES).items())


@pytest.fixture
def kept(tmp_path):
    def keep(text):
        path = tmp_path / "cookies.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return keep


@pytest.mark.parametrize(
    "text",
    [
        HEAD + lines(),
        lines(),
        HEAD + lines(prefix="#HttpOnly_"),
        (HEAD + lines()).replace("\n", "\r\n"),
        lines(domain="www.instagram.com"),
        "# a remark\tTRUE\t/\tTRUE\t0\tsessionid\tx\n" + lines(),
        lines() + lines({"sessionid": "other"}, domain=".elsewhere.example"),
        lines({"sessionid": "other"}, domain=".notinstagram.com") + lines(),
        lines() + lines({"sessionid": "other"}, domain=".business.instagram.com"),
        lines({"bad name": "x", "mid": "é", "ig": "a\x00b"}) + lines(),
        b"\xff\xfe\n" + lines().encode(),
    ],
)
def test_the_cookies_of_instagram_are_read(kept, text):
    assert read_cookies_txt(kept(text)) == COOKIES


def test_other_cookies_of_instagram_come_along(kept):
    found = read_cookies_txt(kept(lines({**COOKIES, "mid": "Z", "rur": '"CCO\\0541"'})))

    assert found == {**COOKIES, "mid": "Z", "rur": '"CCO\\0541"'}


@pytest.mark.parametrize("name", COOKIES)
def test_a_file_of_nobody_who_is_logged_in_asks_to_log_in(kept, name):
    with pytest.raises(LoginNeeded, match=r"nobody is logged in to Instagram in .*cookies\.txt"):
        read_cookies_txt(kept(lines({**COOKIES, name: ""})))


@pytest.mark.parametrize("text", ["", "# only a remark\n", '[{"name": "sessionid"}]', "a\tb\tc"])
def test_another_format_is_refused(kept, text):
    with pytest.raises(SettingsError, match=r"no cookies\.txt in Netscape's format"):
        read_cookies_txt(kept(text))


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    with pytest.raises(SettingsError, match="No such file"):
        read_cookies_txt(tmp_path / "missing")
    with pytest.raises(SettingsError, match="Is a directory"):
        read_cookies_txt(tmp_path)


def test_a_cookie_shows_no_value():
    cookie = Cookie("instagram.com", "sessionid", "secret")

    assert "secret" not in f"{cookie} {cookie!r} {[cookie]}"


def test_no_message_holds_a_cookie(kept):
    for cookies in ({**COOKIES, "csrftoken": ""}, {**COOKIES, "sessionid": "secret\x7f"}):
        with pytest.raises(LoginNeeded) as caught:
            read_cookies_txt(kept(lines(cookies)))
        assert "secret" not in str(caught.value)


@given(st.text(st.sampled_from("\t\n\r#._ abinstgrmco é\x00"), max_size=120))
def test_no_text_at_all_brings_it_down(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "cookies.txt"
    path.write_text(lines() + text, "utf-8")

    assert read_cookies_txt(path).items() >= COOKIES.items()


def test_the_sites_own_cookie_wins_wherever_it_stands():
    ours = [Cookie(".instagram.com", *cookie) for cookie in COOKIES.items()]
    other = Cookie("www.instagram.com", "sessionid", "other")

    assert of_instagram([*ours, other], "x") == of_instagram([other, *ours], "x") == COOKIES
