"""Whose a post is, its caption and its comments."""

import pytest

from fakes.folder_reading import only_post, source, uids
from fakes.instaloader_folder import DATED, TAKEN_AT, a_node, jpeg
from pelican_photos.errors import SourceError


def test_of_two_files_the_one_that_says_more_is_read(folder):
    bare = {
        "__typename": "GraphImage",
        "shortcode": "CxYz_12AbCd",
        "taken_at_timestamp": TAKEN_AT,
        "edge_media_to_caption": {"edges": []},
    }
    folder.add(a_node()).add_json(f"{DATED}.json", bare)

    assert only_post(folder).caption == "Caption of CxYz_12AbCd"


def test_a_version_3_file_is_its_own_node(folder):
    node = {"shortcode": "BTREg17FgAJ", "date": 1493000000, "display_src": "https://x/y.jpg"}
    folder.write_json("x.json", node).write("x.jpg", jpeg(8, 8)).write("x.txt", "Long ago\r\n…\n")

    post = only_post(folder)

    assert post.uid == "instagram:BTREg17FgAJ"
    assert post.caption == "Long ago\n…"


def test_a_text_beside_is_the_caption_only_when_the_json_knows_nothing_of_one(folder):
    folder.add(a_node(caption=None))
    folder.write(f"{DATED}.txt", "of a post of the same second\n")
    folder.write(f"{DATED}_old_01.txt", "older\n")

    assert only_post(folder).caption == ""


def test_comments_are_read_with_ids_of_both_kinds_and_answers(folder):
    answers = [{"id": 4, "created_at": 30, "text": "c"}, {"id": "3", "created_at": 20, "text": "b"}]
    comments = [
        {"id": 9, "created_at": 40, "text": "d", "owner": {"username": "bob"}, "likes_count": 1},
        {"id": "2", "created_at": 10, "text": "a", "owner": None, "answers": answers},
    ]
    folder.add(a_node()).write_json(f"{DATED}_comments.json", comments)

    reader = source(folder)
    (post,) = reader.posts()
    first, second = reader.comments(post)

    assert (first.id, first.text, [a.text for a in first.answers]) == ("2", "a", ["b", "c"])
    assert (second.id, second.author, second.likes) == ("9", "bob", 1)
    assert reader.skipped == {}


def test_no_comments_file_is_none_and_a_damaged_one_is_counted(folder):
    folder.add(a_node("A"), "a").add(a_node("B"), "b").write("b_comments.json", "[{")

    reader = source(folder)

    assert [reader.comments(post) for post in reader.posts()] == [None, None]
    assert reader.skipped == {"comments that cannot be read": 1}


def test_comments_lie_beside_pictures_without_json_too(folder):
    folder.write(f"{DATED}_1.jpg", jpeg(8, 10))
    folder.write_json(f"{DATED}_comments.json", [{"id": 1, "created_at": 5, "text": "Hi"}])

    reader = source(folder)
    (post,) = reader.posts()

    assert [comment.text for comment in reader.comments(post)] == ["Hi"]


@pytest.fixture
def mixed(folder):
    folder.add(a_node("A", at=TAKEN_AT + 4), "a")
    folder.add(a_node("B", at=TAKEN_AT + 3, user={"pk": "762", "username": "old_name"}), "b")
    folder.add(a_node("C", at=TAKEN_AT + 2, user=None), "c")
    folder.add(a_node("D", owner="bob", at=TAKEN_AT + 1), "d")
    folder.add(a_node("E", owner="carol", coauthor_producers=[{"username": "old_name"}]), "e")
    return folder


def test_without_a_name_the_owner_is_whoever_has_most_posts(mixed):
    mixed.add(a_node("F", at=TAKEN_AT + 5, owner="someone"), "f")
    pk = a_node()["user"]["pk"]
    mixed.add(a_node("B", at=TAKEN_AT + 3, user={"pk": pk, "username": "old_name"}), "b")

    reader = source(mixed)

    assert [post.uid[-1] for post in reader.posts()] == ["F", "A", "B", "C", "E"]
    assert reader.skipped == {"posts of others": 1}
    assert reader.expected() == 5


@pytest.mark.parametrize(
    ("owner", "expected"), [("bob", "CD"), ("BOB", "CD"), ("762", "BCE"), ("old_name", "BCE")]
)
def test_the_owner_may_be_named_or_numbered(mixed, owner, expected):
    assert "".join(uid[-1] for uid in uids(mixed, owner=owner)) == expected


def test_an_owner_who_is_not_here_is_an_error_that_says_who_is(folder):
    folder.add(a_node("A"), "a").add(a_node("D", owner="bob"), "d")

    with pytest.raises(SourceError, match=r"no posts of dave; there are bob, someone"):
        uids(folder, owner="dave")
