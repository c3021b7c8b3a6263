"""Values laid aside on disk."""

from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.sources.spill import Spill

VALUES = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda v: st.lists(v) | st.dictionaries(st.text(), v),
    max_leaves=10,
)


@given(st.lists(VALUES))
def test_what_was_laid_aside_comes_back_from_where_it_is(values):
    with Spill() as spill:
        places = [spill.add(value) for value in values]

        assert [spill.get(where) for where in reversed(places)] == values[::-1]
        assert list(spill.all()) == list(zip(places, values, strict=True))


def test_taking_one_back_does_not_disturb_a_look_at_all():
    with Spill() as spill:
        first = spill.add("a")
        spill.add("b")
        looking = spill.all()

        assert next(looking) == (first, "a")
        assert spill.get(first) == "a"
        spill.add("c")
        assert [value for _, value in looking] == ["b"]
