import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.errors import PublishError
from pelican_photos.publish.keys import check_keys, collapsed, key_of, paths_to_invalidate


@pytest.mark.parametrize(
    "key",
    [
        "index.html",
        "photos/2024/2024-05-12-boats.jpg",
        ".well-known/webfinger",
        "naïve 100% café & co.jpg",
        "日本.webp",
        "😀.html",
        "a" * 1024,
    ],
)
def test_an_ordinary_name_is_a_key(key):
    check_keys([key])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "./a",
        "a/../b",
        "..",
        "a\nb",
        "a\x00b",
        "a\x7fb",
        "a\x9bb",
        "a\udcffb",
        "a\\b",
        "cafe\u0301.jpg",
        "a" * 1025,
        "é" * 513,
    ],
)
def test_a_treacherous_name_is_refused(key):
    with pytest.raises(PublishError, match="cannot be published"):
        check_keys(["good.html", key])


def test_the_prefix_counts_for_the_length():
    check_keys(["a" * 1020])
    with pytest.raises(PublishError, match=r"1,025 bytes"):
        check_keys(["a" * 1020], "blog/")


def test_two_keys_that_differ_only_in_case_are_refused():
    with pytest.raises(PublishError, match="upper and lower case"):
        check_keys(["tag/Sea.html", "tag/sea.html"])


def test_a_decomposed_name_is_composed():
    assert key_of("cafe\u0301.jpg") == "café.jpg"


@given(st.text(max_size=30))
def test_a_name_that_is_accepted_has_no_letter_that_cannot_be_seen_or_sent(name):
    key = key_of(name)
    with suppress(PublishError):
        check_keys([key])
        assert key == key.encode().decode()
        assert not {"", ".", ".."} & set(key.split("/"))
        assert not any(unicodedata.category(letter) == "Cc" for letter in key)


@pytest.mark.parametrize(
    ("key", "base", "paths"),
    [
        ("index.html", "", {"/", "/index.html"}),
        ("photos/2024/a/index.html", "", {"/photos/2024/a/", "/photos/2024/a/index.html"}),
        ("feed.atom", "/blog", {"/blog/feed.atom"}),
        ("a b+é~%.jpg", "", {"/a%20b+%C3%A9%7E%25.jpg"}),
        ("notindex.html", "", {"/notindex.html"}),
    ],
)
def test_a_key_is_invalidated_under_each_of_its_addresses_encoded_once(key, base, paths):
    assert paths_to_invalidate([key], base) == paths


def test_many_paths_become_one_wildcard():
    paths = frozenset(f"/{number:02}" for number in range(15))

    assert collapsed(paths) == tuple(sorted(paths))
    assert collapsed(paths | {"/one-more"}) == ("/*",)
