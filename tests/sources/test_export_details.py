"""The detailed ``posts.json`` of 2026, alone and beside ``posts_1.json``."""

import pytest

from fakes.export_files import json_of
from fakes.export_reading import bytes_of, only_post, posts, source
from fakes.instagram_export import (
    ENGLISH,
    FRENCH,
    TAKEN_AT,
    FakeExport,
    cdn_name,
    image,
    number_of,
    picture,
    video,
)
from pelican_photos.model import Location
from pelican_photos.sources.export_details import permalink

POSTS = "your_instagram_activity/media/posts.json"
# A language that no table of ours knows.
UNKNOWN = {key: f"☃ {key}" for key in ENGLISH} | {"true": "☃ yes", "false": "☃ no"}
LANGUAGES = pytest.mark.parametrize("labels", [ENGLISH, FRENCH, UNKNOWN], ids=["en", "fr", "?"])


def detailed(**changes):
    """An element as it stands in the file, in plain values."""
    export = FakeExport(5).add("AbCdEfGhIj1")
    return export.detailed(export.samples[0]) | changes


def with_details(*elements):
    return FakeExport(None).write(POSTS, json_of(list(elements))).write(uri(), picture(1))


def uri(number=1):
    return f"media/posts/202405/{number_of(cdn_name(number))}.jpg"


@LANGUAGES
def test_a_post_of_both_files_is_one_post_in_the_order_of_the_plain_one(tmp_path, labels):
    export = FakeExport(5, labels=labels).add("AbCdEfGhIj1", items=[image(1), image(2), video(3)])
    reader = source(export, tmp_path)

    (post,) = reader.posts()

    assert post.uid == "instagram:AbCdEfGhIj1"
    assert bytes_of(reader, post)[:2] == [picture(1), picture(2)]
    assert len(post.media) == 3


@LANGUAGES
def test_drafts_never_come(tmp_path, labels):
    export = FakeExport(5, labels=labels).add("A1234567890")
    export.add("B", caption="Not yet", items=[image(2)], role="draft")
    reader = source(export, tmp_path)

    assert [post.uid for post in reader.posts()] == ["instagram:A1234567890"]
    assert reader.skipped == {"drafts": 1}


@pytest.mark.parametrize("labels", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_a_draft_is_known_by_its_label_where_nothing_else_tells(tmp_path, labels):
    export = FakeExport(5, labels=labels)
    published = export.add("A", linked=False).samples[-1]
    draft = export.add("B", items=[image(2)], role="draft").samples[-1]
    alone = with_details(export.detailed(published), export.detailed(draft))
    reader = source(alone, tmp_path)

    assert [post.caption for post in reader.posts()] == ["Boats at dusk"]
    assert reader.skipped == {"drafts": 1}


@LANGUAGES
def test_a_post_that_only_the_detailed_file_has_comes_with_all_it_says(tmp_path, labels):
    export = FakeExport(5, labels=labels).add("A1234567890", caption="Known")
    items = [image(2), image(3), image(4)]
    export.add("B1234567890", TAKEN_AT + 5, "Été\nà la mer", items, role="detailed only")
    reader = source(export, tmp_path)

    _, post = sorted(reader.posts(), key=lambda post: post.published)

    assert post.uid == "instagram:B1234567890"
    assert post.published.timestamp() == TAKEN_AT + 5
    assert post.caption == "Été\nà la mer"
    assert bytes_of(reader, post) == [picture(2), picture(3), picture(4)]


def test_posts_of_somebody_else_are_counted(tmp_path):
    export = FakeExport(5).add("A1234567890").add("C1234567890", TAKEN_AT + 1, items=[image(3)])
    export.add("B1234567890", items=[image(2)], role="detailed only", owner="another")
    reader = source(export, tmp_path)

    assert len(list(reader.posts())) == 2
    assert reader.skipped == {"posts of others": 1}


def test_a_post_with_people_in_it_is_nobody_elses(tmp_path):
    export = FakeExport(5).add("A1234567890")
    export.add("B1234567890", items=[image(2)], role="detailed only", caption="Both of us")
    element = export.detailed(export.samples[1])
    friend = {"label": "URL", "value": "", "href": "https://www.instagram.com/a.friend/"}
    element["label_values"].insert(0, {"title": "Tagged users", "dict": [{"dict": [friend]}]})
    first = export.detailed(export.samples[0])

    found = posts(with_details(first, element), tmp_path)

    assert {post.caption for post in found} == {"Boats at dusk", "Both of us"}


def test_a_caption_that_is_an_address_is_not_the_posts_own(tmp_path):
    address = "https://www.instagram.com/p/OthersPost1/"
    export = FakeExport(5).add("A1234567890", caption=address)

    post = only_post(export, tmp_path)

    assert (post.uid, post.caption) == ("instagram:A1234567890", address)


def test_a_link_at_the_top_goes_before_one_further_down(tmp_path):
    href = "https://www.instagram.com/p/OthersPost1/"
    element = detailed()
    link = {"label": "URL", "value": href, "href": href}
    element["label_values"].insert(0, {"title": "Remix of", "dict": [link]})

    assert only_post(with_details(element), tmp_path).uid == "instagram:AbCdEfGhIj1"


@pytest.mark.parametrize("linked", [True, False])
def test_a_false_in_words_that_we_do_not_know_makes_no_draft_of_what_was_published(
    tmp_path, linked
):
    labels = ENGLISH | {"false": "☃ no"}
    joined = FakeExport(5, labels=labels).add("A1234567890", linked=linked)
    alone = with_details(joined.detailed(joined.samples[0]))

    assert len(posts(joined, tmp_path)) == 1
    assert len(posts(alone, tmp_path)) == (1 if linked else 0)


def test_what_a_label_calls_a_draft_is_none_of_the_posts_wherever_it_stands(tmp_path):
    export = FakeExport(5).add("A1234567890")
    export.samples[0].role = "draft"
    draft = export.detailed(export.samples[0])
    export.samples[0].role = "post"
    folder = POSTS.removesuffix("posts.json")
    joined = with_details(draft).write_json(
        f"{folder}posts_1.json", [export.element(export.samples[0])]
    )
    inline = FakeExport(None).write_json(f"{folder}archived_posts.json", [draft])

    for given in (joined, inline):
        reader = source(given, tmp_path)
        assert list(reader.posts()) == []
        assert reader.skipped == {"drafts": 1}


def test_an_address_may_be_a_value_without_a_link(tmp_path):
    value = {"label": "URL", "value": "https://www.instagram.com/p/AbCdEfGhIj1/"}

    post = only_post(with_details(detailed(label_values=[value])), tmp_path)

    assert post.uid == "instagram:AbCdEfGhIj1"


def test_a_value_without_a_label_is_no_caption(tmp_path):
    values = [{"label": "", "value": "Iris"}, {"label": "Caption", "value": "Boats"}]

    assert only_post(with_details(detailed(label_values=values)), tmp_path).caption == "Boats"


def test_the_cover_is_not_doubled_and_the_order_is_turned_where_it_tells(tmp_path):
    members = [{"uri": uri(number), "creation_timestamp": TAKEN_AT} for number in (3, 2, 1)]
    element = detailed(media=members[2:], label_values=[{"label": "Media", "media": members}])

    post = only_post(with_details(element), tmp_path)

    assert [medium.picture for medium in post.media] == [uri(1), uri(2), uri(3)]


def test_a_cover_that_no_list_has_comes_first(tmp_path):
    members = [{"uri": uri(2)}]
    element = detailed(media=[{"uri": uri(1)}], label_values=[{"label": "?", "media": members}])

    post = only_post(with_details(element), tmp_path)

    assert [medium.picture for medium in post.media] == [uri(1), uri(2)]


@pytest.mark.parametrize("title", ["", "Media"])
def test_what_is_nested_under_empty_titles_is_found(tmp_path, title):
    link = {"label": "", "value": "", "href": "https://www.instagram.com/reel/AbCdEfGhIj1/"}
    nested = {"title": title, "dict": [{"title": "", "dict": [{"uri": uri(1)}, link]}]}
    element = detailed(media=[], label_values=[nested])

    post = only_post(with_details(element), tmp_path)

    assert (post.uid, post.media[0].picture) == ("instagram:AbCdEfGhIj1", uri(1))


def test_without_a_time_of_its_own_a_media_s_counts(tmp_path):
    media = [{"uri": uri(1), "creation_timestamp": TAKEN_AT}]

    post = only_post(with_details(detailed(timestamp=0, media=media)), tmp_path)

    assert post.published.timestamp() == TAKEN_AT


def test_a_place_has_coordinates_where_its_group_has(tmp_path):
    place = [
        {"label": "Name", "value": "Nazaré"},
        {"label": "Latitude", "value": "39.6012"},
        {"label": "Longitude", "value": "-9.0710"},
    ]
    element = detailed()
    element["label_values"].append({"title": "Place", "dict": [{"title": "", "dict": place}]})

    post = only_post(with_details(element), tmp_path)

    assert post.location == Location(name="Nazaré", latitude=39.6012, longitude=-9.071)


def test_coordinates_of_the_camera_are_no_place_of_the_post(tmp_path):
    element = detailed()
    element["label_values"] += [
        {"label": "Latitude", "value": "39.6"},
        {"label": "Longitude", "value": "-9.1"},
    ]

    post = only_post(with_details(element), tmp_path)

    assert post.location is None
    assert "location" in post.silent


def test_hashtags_of_their_own_leave_the_caption_alone(tmp_path):
    element = detailed()
    element["label_values"].append({"label": "Hashtags", "vec": [{"value": "#sea"}]})

    assert only_post(with_details(element), tmp_path).caption == "Boats at dusk"


def test_other_lists_may_speak_in_labels_too(tmp_path):
    folder = POSTS.removesuffix("posts.json")
    export = FakeExport(None).write(uri(), picture(1))
    export.write_json(f"{folder}archived_posts.json", [detailed()])
    export.write_json(f"{folder}stories.json", [detailed(media=[{"uri": uri(2)}])])
    reader = source(export, tmp_path)

    (post,) = reader.posts()

    assert (post.uid, post.status) == ("instagram:AbCdEfGhIj1", "hidden")
    assert reader.skipped == {"story items": 1}


@pytest.mark.parametrize("labels", [None, "x", [None], [[]], [{"label": 1}], [{"dict": {"a": 1}}]])
def test_labels_that_make_no_sense_are_no_traceback(tmp_path, labels):
    (found,) = source(with_details(detailed(label_values=labels)), tmp_path).posts()

    assert found.media[0].picture == uri(1)


@pytest.mark.parametrize(
    ("address", "code", "owner"),
    [
        ("https://www.instagram.com/p/CxYz_12AbCd/", "CxYz_12AbCd", ""),
        ("https://www.instagram.com/reel/CxYz_12AbCd/", "CxYz_12AbCd", ""),
        ("https://www.instagram.com/reels/CxYz_12AbCd", "CxYz_12AbCd", ""),
        ("http://instagram.com/tv/CxYz_12AbCd/?igsh=x", "CxYz_12AbCd", ""),
        ("https://www.instagram.com/some.one/p/CxYz_12AbCd/", "CxYz_12AbCd", "some.one"),
        ("https://www.instagram.com/p/CxYz_12AbCd" + "e" * 28 + "/", "CxYz_12AbCd", ""),
        ("https://www.instagram.com/p/AbCdEfGhIj/", "AbCdEfGhIj", ""),
    ],
)
def test_a_permalink_of_any_form_is_read(address, code, owner):
    assert permalink(address) == (code, owner)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://www.instagram.com/stories/someone/3366/",
        "https://www.instagram.com/someone/",
        "https://www.instagram.com/reels/audio/1234567890/",
        "https://www.threads.net/p/CxYz_12AbCd/",
        "https://evil.example/https://www.instagram.com/p/CxYz_12AbCd/",
        "https://www.instagram.com.evil.example/p/CxYz_12AbCd/",
        "https://www.instagram.com/p/Cx Yz/",
    ],
)
def test_another_address_is_none(address):
    assert permalink(address) is None
