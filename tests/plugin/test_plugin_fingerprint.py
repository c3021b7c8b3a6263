"""Equal fingerprints mean equal values, whatever they are made of."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from builders import a_photo
from pelican_photos.plugin.entry import Entry
from pelican_photos.plugin.fingerprint import Fingerprints, Later, Unprovable

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def alike(value) -> str:
    """Tell values apart as templates do: 1 and True print differently, lists and tuples do not."""
    if isinstance(value, list | tuple):
        return f"[{','.join(map(alike, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(alike(k) + ':' + alike(v) for k, v in value.items())}}}"
    return repr(value)


@given(values, values)
def test_two_values_are_alike_when_their_fingerprints_are(one, other):
    fingerprints = Fingerprints()

    assert (fingerprints.of(one) == fingerprints.of(other)) == (alike(one) == alike(other))


@given(values, values)
def test_values_side_by_side_are_not_mixed_up(one, other):
    apart = alike(one) != alike(other)

    assert (Fingerprints().of(one, other) != Fingerprints().of(other, one)) == apart


@pytest.mark.parametrize(
    "value", [len, object(), lambda: 0, {"key": [print]}, {1: {2: Fingerprints}}]
)
def test_what_may_do_anything_is_refused(value):
    with pytest.raises(Unprovable):
        Fingerprints().of(value)


def test_text_that_is_escaped_already_is_another_one():
    assert Fingerprints().of("<b>") != Fingerprints().of(Markup("<b>"))


def test_sets_have_no_order_and_dictionaries_do():
    assert Fingerprints().of({"a", "b", "c"}) == Fingerprints().of({"c", "b", "a"})
    assert Fingerprints().of({"a": 1, "b": 2}) != Fingerprints().of({"b": 2, "a": 1})


@pytest.mark.parametrize("view", [dict.keys, dict.values, dict.items])
def test_views_of_a_dictionary_have_its_order(view):
    one, other = {"a": 1, "b": 2}, {"b": 2, "a": 1}

    assert Fingerprints().of(view(one)) == Fingerprints().of(view(dict(one)))
    assert Fingerprints().of(view(one)) != Fingerprints().of(view(other))


def an_entry(**changes) -> Entry:
    known = {
        "page": a_photo(),
        "file": Path("a.md"),
        "folder": "a",
        "url": "a/",
        "status": "published",
    }
    return Entry(**known | changes)


def test_an_entry_is_what_templates_see_of_it():
    fingerprints = Fingerprints()
    known = fingerprints.of(an_entry())

    assert fingerprints.of(an_entry(file=Path("/elsewhere/a.md"))) == known
    assert fingerprints.of(an_entry(status="draft")) != known
    assert fingerprints.of(an_entry(page=a_photo(alt="Boats"))) != known
    assert fingerprints.of(an_entry(photos=(an_entry(folder="b"),))) != known


def test_what_is_dear_to_make_is_not_made():
    def fail():
        raise AssertionError

    assert Fingerprints().of(Later(("a", 1), fail)) == Fingerprints().of(Later(("a", 1), len))
    assert Fingerprints().of(Later("a", fail)) != Fingerprints().of(Later("b", fail))


def test_another_object_at_the_same_place_in_memory_is_another_one():
    fingerprints = Fingerprints()

    assert len({fingerprints.of(an_entry(folder=str(number))) for number in range(500)}) == 500


@dataclass(frozen=True)
class Box:
    inside: int
    hidden: int = field(default=0)


class Pair(NamedTuple):
    a: int
    b: int


def test_records_and_named_tuples_are_their_fields():
    box = Box(1)

    assert Fingerprints().of(box) != Fingerprints().of(replace(box, hidden=1))
    assert Fingerprints().of(Pair(1, 2)) != Fingerprints().of(Pair(2, 1))
