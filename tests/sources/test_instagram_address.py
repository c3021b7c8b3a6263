"""Whatever is pasted is the address of a post on Instagram, or one sentence."""

from urllib.parse import urlsplit

import pytest
import urllib3
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pelican_photos.errors import SettingsError
from pelican_photos.sources.instagram_address import Address, cut_code, path_of, read_address

CODE = "CxYz_12-bCd"
HOSTS = ["instagram.com", "www.instagram.com", "m.instagram.com", "instagr.am", "www.instagr.am"]


@pytest.mark.parametrize(
    "path",
    [
        f"/p/{CODE}/",
        f"/p/{CODE}",
        f"/reel/{CODE}/",
        f"/reels/{CODE}/",
        f"/tv/{CODE}/",
        f"/some.one_2/p/{CODE}/",
        f"/some.one_2/reel/{CODE}/",
        f"/p/{CODE}/?igsh=MzRlODBiNWFlZA==",
        f"/p/{CODE}/?img_index=3&utm_source=ig%20web",
        f"/p/{CODE}?img_index=1#comments",
        f"/p/{CODE}/#",
        f"/p/{CODE}{'x' * 28}/",
        f"/shared/reel/{CODE}/",
        f"/p/{CODE}/embed/captioned/?cr=1",
        f"/p/{CODE}/c/17900000000000001/",
        f"/p/{CODE}/comments",
    ],
)
@pytest.mark.parametrize("host", [*HOSTS, "WWW.Instagram.COM", "www.instagram.com:443"])
def test_every_form_of_an_address_gives_the_shortcode(host, path):
    assert read_address(f"https://{host}{path}") == Address(code=CODE)


def test_the_scheme_may_be_shouted_and_spaces_may_surround_it():
    assert read_address(f"  HTTPS://www.instagram.com/p/{CODE}/ ") == Address(code=CODE)


@pytest.mark.parametrize(
    "path", ["/share/p/BAx-1_", "/share/reel/BAx/", "/share/BAx", "/share/r/B"]
)
def test_a_share_link_has_to_be_asked(path):
    found = read_address(f"https://instagram.com{path}?igsh=1")

    assert found == Address(share=f"https://www.instagram.com{path}")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"http://www.instagram.com/p/{CODE}/", "should begin with https://"),
        (f"www.instagram.com/p/{CODE}/", "should begin with https://"),
        ("", "this address should begin with https://"),
        ("javascript:alert(1)", "should begin with https://"),
        (f"https://instagram.com.elsewhere.example/p/{CODE}/", "is not on instagram.com"),
        (f"https://fakeinstagram.com/p/{CODE}/", "is not on instagram.com"),
        (f"https://i.instagram.com/p/{CODE}/", "is not on instagram.com"),
        (f"https://www.instagram.com./p/{CODE}/", "is not on instagram.com"),
        (f"https://instagrám.com/p/{CODE}/", "is no plain address"),
        (f"https://\u0456nstagram.com/p/{CODE}/", "is no plain address"),
        (f"https://xn--nstagram-9uf.com/p/{CODE}/", "is not on instagram.com"),
        (f"https://www.instagram.com:8443/p/{CODE}/", "is no plain address"),
        (f"https://www.instagram.com:/p/{CODE}/", "is no plain address"),
        (f"https://www.instagram.com\\@elsewhere.example/p/{CODE}/", "is no plain address"),
        (f"https:/\\www.instagram.com/p/{CODE}/", "is no plain address"),
        (f"https:www.instagram.com/p/{CODE}/", "is no plain address"),
        (f"https:///www.instagram.com/p/{CODE}/", "is no plain address"),
        (f"https://www.instagram.com/p/{CODE}/\n", "is no plain address"),
        (f"https://www.insta\tgram.com/p/{CODE}/", "is no plain address"),
        (f"https://www.instagram.com/%70/{CODE}/", "is no plain address"),
        (f"https://www.instagram.com%2f@elsewhere.example/p/{CODE}", "is no plain address"),
        (f"https://www.instagram.com/p/{CODE}/?a=\x00", "is no plain address"),
        (f"https://www.instagram.com/p/{CODE}/?{'a' * 500}", "longer than 512"),
        (f"https://www.instagram.com/p/../p/{CODE}/", "is no address of a post"),
        (f"https://www.instagram.com//p/{CODE}/", "is no address of a post"),
        ("https://www.instagram.com/someone/", "is no address of a post"),
        ("https://www.instagram.com", "is no address of a post"),
        ("https://www.instagram.com/p/abc/", "is no address of a post"),
        (f"https://www.instagram.com/p/{CODE}x/", "is no address of a post"),
        (f"https://www.instagram.com/p/{CODE}/c/x/", "is no address of a post"),
        (f"https://www.instagram.com/stories/someone/{CODE}/", "is no address of a post"),
        ("https://www.instagram.com/share/", "is no address of a post"),
        ("https://www.instagram.com/share/p/a/b/", "is no address of a post"),
    ],
)
def test_anything_else_is_refused_with_one_sentence(url, why):
    with pytest.raises(SettingsError, match=why) as caught:
        read_address(url)

    said = str(caught.value)
    assert said.isprintable()
    assert said.isascii()
    assert len(said) < 200


def test_a_password_in_an_address_is_never_repeated():
    with pytest.raises(SettingsError) as caught:
        read_address(f"https://someone:secret@www.instagram.com/p/{CODE}/")

    assert "secret" not in str(caught.value)


def test_a_private_link_is_cut_after_the_code():
    assert cut_code(CODE + "x" * 28) == CODE
    assert cut_code("oldCode_10" + "x" * 28) == "oldCode_10"
    assert cut_code(CODE + "x" * 29) == ""
    assert cut_code("x" * 28) == ""


PARTS = st.sampled_from(
    [
        *("https://", "HTTPS:", "//", "/", "\\", "@", ":", ":443", ":80", "?", "#", "%2f", "%40"),
        *(".", "..", " ", "\t", "\n", "\x00", "\u200b", "\uff0f", "\u3002", "\u0456", ";", "&"),
        *("instagram.com", "www.instagram.com", "instagr.am", "elsewhere.example", "[::1]"),
        *("p/", "reel/", "share/", f"{CODE}/", "someone", "xn--"),
    ]
)


@settings(max_examples=1500)
@given(st.one_of(st.lists(PARTS, max_size=10).map("".join), st.text(max_size=40)))
@example(f"https://www.instagram.com/p/{CODE}/")
@example("https://www.instagram.com/share/p/BAx")
def test_what_is_taken_is_instagrams_to_every_parser(url):
    try:
        path = path_of(url)
    except SettingsError:
        return
    url = url.strip(" ")
    ours = urlsplit(url)
    theirs = urllib3.util.parse_url(url)
    assert ours.hostname in HOSTS
    assert theirs.host in HOSTS
    assert theirs.host == ours.hostname
    assert (theirs.path or "/") == (ours.path or "/") == path or "/." in path
    assert ours.port in (None, 443)
    assert theirs.auth is None


@settings(max_examples=500)
@given(st.lists(PARTS, max_size=8).map("".join))
def test_a_code_that_is_read_is_a_code(tail):
    try:
        found = read_address(f"https://www.instagram.com/{tail}")
    except SettingsError as error:
        assert len(str(error)) < 250  # noqa: PT017 - either outcome is right
        return
    assert bool(found.code) != bool(found.share)
    assert cut_code(found.code) == found.code
    assert not found.share or found.share.startswith("https://www.instagram.com/share/")
