"""JSON files of any size, an element at a time."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.weighing import peak_of, scales
from pelican_photos.errors import SourceError, SourceOutdated
from pelican_photos.sources.json_stream import elements

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(), v, max_size=4)
)
FORMS = st.sampled_from([{}, {"indent": 2}, {"ensure_ascii": False}, {"separators": (",", ":")}])


def read(data, **options):
    return [tuple(element) for element in elements(iter([data]), "posts_1.json", **options)]


def count_of_many(count):
    """Read so many elements of a kilobyte each, and a number before them."""

    def pieces():
        yield b"[0"
        for _ in range(count):
            yield b', {"title": "' + b"a" * 1000 + b'"}'
        yield b"]"

    return sum(1 for _ in elements(pieces(), "x"))


@st.composite
def pieces_of(draw, data):
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


@given(value=st.lists(VALUES, max_size=6), form=FORMS, data=st.data())
def test_a_list_comes_out_as_the_whole_would_wherever_it_is_cut(value, form, data):
    whole = json.dumps(value, **form).encode("utf-8", "replace")
    pieces = data.draw(pieces_of(whole))

    found = [element.value for element in elements(pieces, "x")]

    assert found == json.loads(whole)


@given(value=st.dictionaries(st.text(), VALUES, max_size=4), form=FORMS, data=st.data())
def test_an_object_comes_out_list_by_list_wherever_it_is_cut(value, form, data):
    whole = json.dumps(value, **form).encode("utf-8", "replace")
    pieces = data.draw(pieces_of(whole))
    expected = [
        (key, item)
        for key, items in json.loads(whole).items()
        for item in (items if isinstance(items, list) else [items])
    ]

    assert [tuple(element) for element in elements(pieces, "x")] == expected


@pytest.mark.parametrize("number", ["1.5e10", "-1.5E-10", "0.25", "-0", "123456789012345678901234"])
def test_a_number_may_be_cut_at_each_of_its_characters(number):
    whole = f"[{number}, {number}]".encode()

    for cut in range(len(whole)):
        found = [element.value for element in elements([whole[:cut], whole[cut:]], "x")]
        assert found == json.loads(whole)


def test_a_single_post_where_a_list_should_be_is_one_element():
    post = {"media": [{"uri": "a"}, {"uri": "b"}], "title": "x", "other": [1]}

    assert read(json.dumps(post).encode(), own={"media", "title"}) == [
        ("other", 1),
        ("", {"media": [{"uri": "a"}, {"uri": "b"}], "title": "x"}),
    ]


@pytest.mark.parametrize("data", [b"[]", b" [ ] ", b"{}", b'{"a": []}', b"\xef\xbb\xbf[]\n"])
def test_nothing_is_no_error(data):
    assert read(data) == []


def test_raw_control_characters_and_bytes_that_are_no_text_do_not_stop_it():
    assert read(b'["a\nb\x01", "\xff"]') == [("", "a\nb\x01"), ("", "\ufffd")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[",
        b"[1x, " + b"1" * 100 + b"]",
        b'["a"x' + b"1" * 100 + b"]",
        b"[1",
        b"[1,",
        b"[1,]",
        b"[1 2]",
        b'["a',
        b"[tru",
        b"[1]x",
        b"{",
        b'{"a"',
        b'{"a":',
        b'{"a": [1',
        b'{"a": 1',
        b"{1: 2}",
        b'{"a" 1}',
        b"[" + b"[" * 100_000,
        b"[" + b"9" * 5000 + b"]",
        b"<html>",
    ],
)
def test_what_is_cut_short_or_no_json_is_named(data):
    with pytest.raises(SourceError, match=r"^posts_1\.json: .*; download the export again"):
        read(data)


@pytest.mark.parametrize("data", [b"1", b'"text"', b"null"])
def test_what_holds_no_list_is_of_no_dialect(data):
    with pytest.raises(SourceOutdated, match=r"posts_1\.json: holds no list"):
        read(data)


def test_the_elements_before_the_damage_come_out():
    found = []

    with pytest.raises(SourceError):
        found.extend(element.value for element in elements([b"[1, 2, {"], "x"))

    assert found == [1, 2]


def test_an_element_beyond_reason_is_refused_before_it_is_read_whole():
    taken = []

    def endless():
        yield b'["'
        while True:
            taken.append(1)
            yield b"a" * 1000

    with pytest.raises(SourceError, match="no post is as large"):
        list(elements(endless(), "x", largest=50_000))

    assert len(taken) < 200


def test_memory_holds_one_element_and_not_the_file():
    with scales() as process:
        peak = peak_of(process, count_of_many, 5_000, first=(2,))

    assert count_of_many(5_000) == 5_001
    assert peak < 2**20
