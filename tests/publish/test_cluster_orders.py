"""Orders and answers travel between machines, and answers come from outside."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelican_photos.publish.cluster_orders import (
    Answer,
    Order,
    Recipe,
    Source,
    Storage,
    read,
    written,
)

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
ANSWERS = st.builds(
    Answer,
    colour=st.binary(min_size=3, max_size=3).map(lambda three: f"#{three.hex()}"),
    sha256=st.dictionaries(DIGESTS, DIGESTS),
)


def an_order(**wanted) -> Order:
    return Order(
        storage=Storage(bucket="b", prefix="", owner="", s3_endpoint="", s3_region=""),
        source=Source(key="photos/a.jpg", etag="e", size=1),
        digest="ab",
        wanted=wanted,
        recipe=Recipe(quality=78, formats=("webp",)),
        encoder="1 Pillow 0",
    )


@given(ANSWERS)
def test_an_answer_reads_back_as_it_was_written(answer):
    assert read(written(answer)) == answer


@given(st.binary() | ANSWERS.map(written).map(lambda text: text[:-1]))
def test_what_is_damaged_is_no_answer(content):
    with pytest.raises(ValueError, match="damaged"):
        read(content)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"colour": "red;}"},
        {"colour": None},
        {"sha256": {"k": "../../etc"}},
        {"sha256": {"k": 1}},
        {"sha256": "abc"},
    ],
)
def test_a_value_of_another_form_makes_it_damaged(changes):
    sound = json.loads(written(Answer(colour="#000000", sha256={"k": "0" * 64})))

    with pytest.raises(ValueError, match="damaged"):
        read(json.dumps(sound | changes).encode())


def test_an_answer_is_for_the_order_that_asked_for_just_that():
    order = an_order(one=((4, 3), "webp"), two=((8, 6), "avif"))

    assert Answer(colour="", sha256={"one": "", "two": ""}).is_for(order)
    assert not Answer(colour="", sha256={"one": ""}).is_for(order)
    assert not Answer(colour="", sha256={"one": "", "two": "", "three": ""}).is_for(order)


def test_everything_lies_in_the_private_folder_of_its_original():
    order = an_order(one=((4, 3), "webp"), two=((8, 6), "avif"))

    assert order.rendition_key("two") == ".pelican-photos/renditions/ab/two.avif"
    assert order.answer_key.startswith(".pelican-photos/renditions/ab/")
    assert order.answer_key != an_order(one=((4, 3), "webp")).answer_key


def test_an_order_travels_as_it_is_and_without_credentials():
    order = an_order(one=((4, 3), "webp"))

    assert pickle.loads(pickle.dumps(order)) == order
    assert {*Storage.__dataclass_fields__} == {
        *("bucket", "prefix", "owner", "s3_endpoint", "s3_region"),
    }
