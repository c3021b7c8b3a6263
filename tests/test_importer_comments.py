"""Comments are merged, never deleted, and asked for no more often than needed."""

import json
from dataclasses import replace

from builders import a_comment, a_post
from fakes.source import FakeSource
from pelican_photos.errors import CommentsError


def test_comments_are_merged_and_never_deleted(import_from, photos):
    old, new = a_comment(1, answers=(a_comment(3),)), a_comment(2)
    import_from(FakeSource(a_post(comment_count=2), comments={"instagram:CxYz": (old,)}))

    report = import_from(FakeSource(a_post(comment_count=3), comments={"instagram:CxYz": (new,)}))

    assert report.commented == 1
    text = (photos / "photos/2024/2024-05-12-boats-at-dusk.comments.json").read_text()
    assert [comment["id"] for comment in json.loads(text)] == ["1", "2"]
    assert json.loads(text)[0]["answers"][0]["id"] == "3"


def test_comments_are_asked_for_only_when_their_number_changed(import_from):
    source = FakeSource(a_post(comment_count=1), comments={"instagram:CxYz": (a_comment(),)})
    import_from(source)
    import_from(source)

    assert source.asked.count("comments instagram:CxYz") == 1


def test_comments_that_cannot_be_had_are_missing_and_said_so(import_from):
    posts = [a_post(f"P{n}", caption=f"Post {n}", comment_count=1) for n in range(6)]
    silent = {post.uid: CommentsError("no answer") for post in posts}
    source = FakeSource(*posts, comments=silent)

    report = import_from(source)

    assert str(report) == "6 posts: 6 new, 6 without their comments"
    assert report.incomplete
    assert sum(asked.startswith("comments") for asked in source.asked) == 3

    there = {post.uid: (a_comment(),) for post in posts}
    assert str(import_from(FakeSource(*posts, comments=there))) == (
        "6 posts: 6 unchanged, 6 with new comments"
    )


def test_comments_can_be_left_out(import_from):
    source = FakeSource(a_post(comment_count=1))

    import_from(source, comments=False)

    assert "comments instagram:CxYz" not in source.asked


def test_comments_that_nobody_can_read_end_no_run(import_from, photos):
    posts = [a_post("A", caption="A", comment_count=1), a_post("B", caption="B", comment_count=1)]
    there = {post.uid: (a_comment(),) for post in posts}
    import_from(FakeSource(*posts, comments=there))
    broken = photos / "photos/2024/2024-05-12-a.comments.json"
    broken.write_text("<<<<<<< HEAD")
    more = [replace(post, comment_count=2) for post in posts]
    both = {post.uid: (a_comment(), a_comment(2)) for post in posts}

    report = import_from(FakeSource(*more, comments=both))

    assert str(report) == ("2 posts: 2 unchanged, 1 with new comments, 1 without their comments")
    assert broken.read_text() == "<<<<<<< HEAD"


def test_comments_of_a_renamed_page_are_fetched_anew(import_from, photos):
    post, there = a_post(comment_count=1), {"instagram:CxYz": (a_comment(),)}
    import_from(FakeSource(post, comments=there))
    page = photos / "photos/2024/2024-05-12-boats-at-dusk.md"
    page.rename(page.with_name("dusk.md"))

    import_from(FakeSource(post, comments=there))

    assert page.with_name("dusk.comments.json").is_file()
