"""Several exports and parts given together."""

from datetime import timedelta

import pytest

from fakes.export_reading import bytes_of, only_post, posts, source
from fakes.instagram_export import TAKEN_AT, WRITTEN_AT, FakeExport, image, picture, video

EARLIER = WRITTEN_AT - timedelta(days=400)


def two_exports(older, newer, tmp_path):
    older.written_at = EARLIER
    return [older.zip(tmp_path / "older.zip"), newer.zip(tmp_path / "newer.zip")]


@pytest.mark.parametrize("old", [2, 3, 4, 5, "html"])
@pytest.mark.parametrize("new", [3, 4])
def test_a_post_of_two_exports_is_one_and_the_newest_speaks(tmp_path, old, new):
    older = FakeExport(old).add("A1234567890", caption="As it was", items=[image(1), image(2)])
    newer = FakeExport(new).add("A1234567890", caption="As it is", items=[image(1), image(2)])

    post = only_post(two_exports(older, newer, tmp_path), tmp_path)

    assert post.caption == "As it is"
    assert post.edition.as_of == "2026-05-01T10:00:02+00:00"


def test_the_oldest_form_meets_a_newer_one_by_time_and_caption(tmp_path):
    exports = [FakeExport(era).add(items=[image(1), video(2)]) for era in (1, 4)]

    assert len(posts(two_exports(*exports, tmp_path), tmp_path)) == 1


def test_two_posts_of_one_second_in_one_export_stay_two(tmp_path):
    export = FakeExport(4).add("A", caption="", items=[image(1)]).add("B", items=[image(2)])
    export.samples[1].caption = ""

    assert len(posts(two_exports(FakeExport(4), export, tmp_path), tmp_path)) == 2


def test_what_only_one_of_them_has_comes_too(tmp_path):
    older = FakeExport(3).add("A", TAKEN_AT, "Old", [image(1)])
    newer = FakeExport(4).add("B", TAKEN_AT + 5, "New", [image(2)])

    found = posts(two_exports(older, newer, tmp_path), tmp_path)

    assert [(post.caption, post.edition.as_of[:4]) for post in found] == [
        ("Old", "2025"),
        ("New", "2026"),
    ]


def test_a_picture_that_the_newest_lacks_is_taken_from_the_older_under_its_name_there(tmp_path):
    older = FakeExport(3).add(items=[image(1)])
    newer = FakeExport(4).add(items=[image(1)], missing=True)
    reader = source(two_exports(older, newer, tmp_path), tmp_path)

    (post,) = reader.posts()

    assert bytes_of(reader, post) == [picture(1)]
    assert post.media[0].file_size == len(picture(1))


def test_a_picture_of_three_exports_is_taken_from_the_newest_that_has_it(tmp_path):
    paths = []
    for years, number in ((2, 7), (1, 8), (0, 9)):
        export = FakeExport(4, written_at=WRITTEN_AT - timedelta(days=400 * years))
        data = b"" if years == 0 else picture(number)
        export.add(items=[("image", data, image(1)[2])])
        paths.append(export.zip(tmp_path / f"{years}.zip"))
    reader = source(paths, tmp_path)

    (post,) = reader.posts()

    assert bytes_of(reader, post) == [picture(8)]


@pytest.mark.parametrize("order", [1, -1])
def test_the_newest_file_is_taken_whatever_the_order_they_are_given_in(tmp_path, order):
    older = FakeExport(4).add(items=[("image", picture(8), image(1)[2])])
    newer = FakeExport(4).add(items=[("image", picture(9), image(1)[2])])
    reader = source(two_exports(older, newer, tmp_path)[::order], tmp_path)

    (post,) = reader.posts()

    assert bytes_of(reader, post) == [picture(9)]


def test_what_is_deleted_or_archived_now_is_so_whatever_an_older_export_says(tmp_path):
    older = FakeExport(4).add("A", items=[image(1)]).add("B", TAKEN_AT + 1, "B", [image(2)])
    newer = FakeExport(4).add("A", items=[image(1)], role="deleted")
    newer.add("B", TAKEN_AT + 1, "B", [image(2)], role="archived")

    (post,) = posts(two_exports(older, newer, tmp_path), tmp_path)

    assert (post.caption, post.status) == ("B", "hidden")


def test_what_was_deleted_then_and_is_there_now_comes(tmp_path):
    older = FakeExport(4).add("A", role="deleted")

    assert len(posts(two_exports(older, FakeExport(4).add("A"), tmp_path), tmp_path)) == 1


def test_a_detailed_file_alone_does_not_make_drafts_of_posts_of_another_export(tmp_path):
    export = FakeExport(5).add("A", items=[image(2)], caption="Only here", linked=False)
    detailed = FakeExport(None).write_json("posts.json", [export.detailed(export.samples[0])])
    other = FakeExport(4).add("B", items=[image(1)])

    found = posts(two_exports(other, detailed, tmp_path), tmp_path)

    assert {post.caption for post in found} == {"Boats at dusk", "Only here"}


def test_json_wins_over_html_of_the_same_export(tmp_path):
    both = FakeExport(4).add("A", TAKEN_AT + 7)
    name, page = next(FakeExport("html").add("A", TAKEN_AT + 7).members())
    both.write(name, page)
    reader = source(both, tmp_path)

    (post,) = reader.posts()

    assert post.published.timestamp() == TAKEN_AT + 7
    assert reader.advice == ""


def test_advice_is_for_those_whose_posts_were_had_from_html_alone(tmp_path):
    page = FakeExport("html").add("A", TAKEN_AT, "Café", [image(1)])
    reader = source(two_exports(page, FakeExport(4).add("A", TAKEN_AT), tmp_path), tmp_path)

    assert "HTML" in reader.advice
    assert len(list(reader.posts())) == 1
    assert reader.advice == ""


def test_two_unzipped_exports_in_one_folder_are_two(tmp_path):
    folder = FakeExport(3).add("A", caption="Old", items=[image(1)]).folder(tmp_path / "f", "old/")
    FakeExport(4).add("B", TAKEN_AT + 5, "New", [image(2)]).folder(tmp_path / "f", "new/")

    assert [post.caption for post in posts(folder, tmp_path)] == ["Old", "New"]
