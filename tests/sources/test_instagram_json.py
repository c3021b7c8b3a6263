"""Each pair of files in data/instagram_nodes is a case: a node, and the post that it is."""

import copy
import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pelican_photos.errors import SourceOutdated
from pelican_photos.sources.instagram_json import (
    comment_of,
    comments_of,
    owner_id_of,
    post_of,
    shortcode_of,
    speaks_of_caption,
    uid_of,
)

CASES = Path(__file__).parent.parent / "data" / "instagram_nodes"
NODES = {file.name.removesuffix(".node.json"): file for file in sorted(CASES.glob("*.node.json"))}


def node(case):
    return json.loads(NODES[case].read_text("utf-8"))


def shown(value):
    """Write a dataclass as JSON would, without what is as it is by default."""
    if dataclasses.is_dataclass(value):
        fields = [field for field in dataclasses.fields(value) if field.compare]
        said = {field.name: (getattr(value, field.name), field.default) for field in fields}
        return {name: shown(is_) for name, (is_, default) in said.items() if is_ != default}
    if isinstance(value, tuple):
        return [shown(entry) for entry in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("case", NODES)
def test_a_node_reads_as_its_post(case):
    expected = json.loads((CASES / f"{case}.post.json").read_text("utf-8"))

    assert shown(post_of(node(case))) == expected


@pytest.mark.parametrize("case", NODES)
def test_the_raw_node_stays_with_the_post_untouched(case):
    before = node(case)

    post = post_of(before)

    assert post.raw is before
    assert json.dumps(before) == json.dumps(node(case))  # as text: one of them holds a NaN


@pytest.mark.parametrize(
    ("lacking", "what"),
    [
        (("shortcode", "code", "pk", "id"), "shortcode"),
        (("date", "taken_at", "taken_at_timestamp"), "time"),
        (("image_versions2", "display_url"), "address of picture 1"),
    ],
)
def test_what_is_missing_is_named(lacking, what):
    picture = node("raw_reel")
    for key in lacking:
        picture.pop(key, None)

    with pytest.raises(SourceOutdated, match=f"no {what} in"):
        post_of(picture)


def test_an_album_without_its_items_is_refused_rather_than_shown_by_its_cover():
    album = node("raw_album")
    del album["carousel_media"], album["edge_sidecar_to_children"]

    with pytest.raises(SourceOutdated, match="no picture"):
        post_of(album)


def test_a_video_without_an_address_is_refused():
    video = node("graphql_video")
    del video["video_url"]

    with pytest.raises(SourceOutdated, match="address of video 1"):
        post_of(video)
    assert post_of(video, with_addresses=False).media[0].video == ""


def test_a_lost_item_of_an_album_is_found_in_the_other_dialect():
    album = node("feed_album")
    album["iphone_struct"]["carousel_media"][0] = None
    album["iphone_struct"]["carousel_media"][2]["image_versions2"] = None

    media = post_of(album).media

    assert len(media) == 3
    assert all(item.picture for item in media)


def test_a_lost_item_of_an_album_in_one_dialect_is_an_error():
    album = node("feed_album")["iphone_struct"]
    album["carousel_media"][1] = "gone"

    with pytest.raises(SourceOutdated, match="picture 2"):
        post_of(album)


def test_without_a_shortcode_the_number_gives_it():
    picture = node("feed_picture")
    uid = post_of(picture).uid
    del picture["shortcode"], picture["iphone_struct"]["code"]

    assert post_of(picture).uid == uid_of(picture) == uid


@given(st.integers(min_value=1, max_value=2**64 - 1))
def test_a_shortcode_is_the_number_as_instaloader_writes_it(pk):
    from instaloader import Post  # noqa: PLC0415 - heavy

    assert shortcode_of(pk) == Post.mediaid_to_shortcode(pk)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://cdn/v/t51.29350-15/31_22_13_n.jpg?stp=dst&oe=6A", "31_22_13_n"),
        ("https://cdn/v/12345678_2_3_n.webp", "12345678_2_3_n"),
        ("https://cdn/o1/v/AQMx-9_tZ.mp4?_nc_cat=1", "AQMx-9_tZ"),
        ("https://cdn/v/1_2_3_4_n", "1_2_3_4_n"),
        ("https://cdn/v/short.mp4?name=/long_enough.mp4", None),
        ("https://cdn/v/long%20name.jpg", None),
        ("https://cdn/v/" + "x" * 201 + ".jpg", None),
        ("cdn/v/11111111_2_3_n.jpg", None),
        ("https://cdn/v/\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661.jpg", None),
    ],
)
def test_a_file_is_known_by_what_the_cdn_calls_it(address, name):
    picture = node("raw_reel") | {"media_type": 1, "display_url": None, "image_versions2": None}
    picture |= {"video_versions": None, "video_url": address}

    assert post_of(picture, with_addresses=False).media[0].names == ((name,) if name else ())


def test_every_version_gives_its_name_once_in_order():
    versions = [{"url": f"https://cdn/{n}_640_480_n.jpg?oe=1"} for n in (3, 1, 3)]
    picture = node("graphql_picture") | {"image_versions2": {"candidates": versions}}
    picture |= {"display_url": "https://cdn/1_640_480_n.jpg", "display_resources": None}

    assert post_of(picture).media[0].names == ("3_640_480_n", "1_640_480_n")


def test_only_an_address_on_the_web_is_an_address():
    picture = node("graphql_picture")
    picture |= {"display_url": "file:///etc/passwd", "display_resources": None}

    with pytest.raises(SourceOutdated, match="picture 1"):
        post_of(picture)


def test_a_node_says_whether_it_knows_the_caption():
    assert speaks_of_caption(node("raw_album"))
    assert speaks_of_caption(node("graphql_album"))
    assert not speaks_of_caption({"shortcode": "Cx"})


def test_the_number_of_the_owner_is_read_in_every_dialect():
    assert owner_id_of(node("graphql_xdt_album")) == "1234567890"
    assert owner_id_of(node("raw_album")) == "1234567890"
    assert owner_id_of({}) == ""


ANSWERS = [
    {"id": 18000000000000003, "created_at": 1715540002, "text": "b"},
    {"id": "18000000000000002", "created_at": 1715540001, "text": "a", "likes_count": None},
]


@pytest.mark.parametrize(
    "dialect",
    [
        {
            "id": "18000000000000001",
            "owner": {"id": "77", "username": "bob"},
            "likes_count": 2,
            "answers": ANSWERS,
        },
        {
            "id": 18000000000000001,
            "owner": {"username": "bob"},
            "edge_liked_by": {"count": 2},
            "edge_threaded_comments": {"edges": [{"node": answer} for answer in ANSWERS]},
        },
        {
            "pk": "18000000000000001",
            "user": {"pk": "77", "username": "bob"},
            "comment_like_count": 2,
            "preview_child_comments": [{**answer, "pk": answer["id"]} for answer in ANSWERS],
        },
    ],
    ids=["instaloader", "graphql", "mobile"],
)
def test_a_comment_reads_alike_in_every_dialect(dialect):
    comment = comment_of(dialect | {"created_at": 1715540000, "text": "Lovely"})

    assert (comment.id, comment.author, comment.likes) == ("18000000000000001", "bob", 2)
    assert comment.published == datetime(2024, 5, 12, 18, 53, 20, tzinfo=UTC)
    assert [answer.text for answer in comment.answers] == ["a", "b"]


def test_a_comment_without_a_time_is_named_alone_and_left_out_of_many():
    timeless = {"id": "1", "text": "when?"}

    with pytest.raises(SourceOutdated, match="no time"):
        comment_of(timeless)
    found = comments_of([timeless, None, {"created_at": 5}, {"id": 2, "created_at": 5}])
    assert [comment.id for comment in found] == ["2"]


def test_a_comment_seen_twice_is_one_with_its_answers():
    bare = {"id": "1", "created_at": 9}
    full = bare | {"answers": [{"id": 2, "created_at": 10}]}

    found = comments_of([bare, full, bare])

    assert [len(comment.answers) for comment in found] == [1]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=5),
    st.sampled_from([[], {}, [None, {"node": 5}, {"user": []}], "\ud83d", 10**400]),
)


def places(value, path=()):
    """List the way to each value of a JSON document."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


@st.composite
def mutilated_nodes(draw):
    broken = node(draw(st.sampled_from(sorted(NODES))))
    for _ in range(draw(st.integers(1, 4))):
        *above, last = draw(st.sampled_from(list(places(broken))))
        parent = broken
        for key in above:
            parent = parent[key]
        if draw(st.booleans()):
            del parent[last]
        else:
            parent[last] = copy.deepcopy(draw(JUNK))
    return broken


@settings(max_examples=400)
@given(mutilated_nodes())
def test_a_mutilated_node_is_a_sound_post_or_outdated_and_never_a_crash(broken):
    try:
        post = post_of(broken)
    except SourceOutdated as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
        return
    assert post.published.tzinfo is UTC
    assert post.published.microsecond == 0
    assert all(item.picture.startswith("https://") for item in post.media)
    assert all(item.video for item in post.media if item.kind == "video")
    assert not any(item.alt and item.alt_auto for item in post.media)
    said = json.dumps(shown(post), ensure_ascii=False, allow_nan=False)
    assert said.encode()  # which half a surrogate pair would refuse


@settings(max_examples=150)
@given(st.recursive(JUNK, lambda inner: st.dictionaries(st.text(max_size=8), inner), max_leaves=8))
def test_anything_is_a_comment_or_none(entry):
    assert len(comments_of([entry])) <= 1
