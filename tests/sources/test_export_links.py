"""The posts that an export's owner liked or saved."""

from datetime import UTC, datetime

import pytest

from fakes.instagram_export import FRENCH, FakeExport
from pelican_photos.errors import SourceError
from pelican_photos.sources.export_links import Link, links

LIKED = "your_instagram_activity/likes/liked_posts.json"
SAVED = "your_instagram_activity/saved/saved_posts.json"


def at(seconds):
    return datetime.fromtimestamp(seconds, UTC)


def href(code, path="p"):
    return f"https://www.instagram.com/{path}/{code}/"


def liked(code, seconds=100, owner="some.one", **changes):
    part = {"href": href(code), "value": "👍", "timestamp": seconds} | changes
    return {"title": owner, "string_list_data": [part]}


def saved(code, seconds=100, key="Saved on"):
    return {
        "title": "some.one",
        "string_map_data": {key: {"href": href(code), "timestamp": seconds}},
    }


def labelled(code, seconds=100, labels=FRENCH, owner="some.one"):
    user = [
        {"label": labels["name"], "value": "Some One"},
        {"label": labels["username"], "value": owner},
    ]
    return {
        "timestamp": seconds,
        "media": [],
        "label_values": [
            {"label": "URL", "value": href(code), "href": href(code)},
            {"label": labels["caption"], "value": "word"},
            {"title": labels["owner"], "dict": [{"title": "", "dict": user}]},
        ],
        "fbid": "17900000000000001",
    }


def read(tmp_path, kind="liked", **files):
    export = FakeExport(None)
    for name, value in files.items():
        export.write_json({"liked": LIKED, "saved": SAVED}.get(name, f"likes/{name}.json"), value)
    return links([export.zip(tmp_path / "a.zip")], kind)


def test_liked_posts_are_listed_newest_first_each_once(tmp_path):
    value = {
        "likes_media_likes": [
            liked("AbCdEfGhIj1", 5),
            liked("B1234567890", 9),
            liked("AbCdEfGhIj1", 7),
        ]
    }

    assert read(tmp_path, liked=value) == [
        Link("B1234567890", "some.one", at(9)),
        Link("AbCdEfGhIj1", "some.one", at(7)),
    ]


@pytest.mark.parametrize("key", ["Saved on", "Enregistré le", "☃"])
def test_saved_posts_are_found_under_a_key_of_any_language(tmp_path, key):
    value = {"saved_saved_media": [saved("AbCdEfGhIj1", 5, key)]}

    assert read(tmp_path, "saved", saved=value) == [Link("AbCdEfGhIj1", "some.one", at(5))]


@pytest.mark.parametrize("kind", ["liked", "saved"])
def test_lists_of_labels_are_read_in_any_language(tmp_path, kind):
    unknown = {key: f"☃ {key}" for key in FRENCH}
    value = [labelled("AbCdEfGhIj1", 5), labelled("B1234567890", 9, unknown)]

    assert read(tmp_path, kind, **{kind: value}) == [
        Link("B1234567890", "some.one", at(9)),
        Link("AbCdEfGhIj1", "some.one", at(5)),
    ]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (href("AbCdEfGhIj1", "reel"), Link("AbCdEfGhIj1", "", at(100))),
        (href("AbCdEfGhIj1", "tv"), Link("AbCdEfGhIj1", "", at(100))),
        (href("AbCdEfGhIj1", "an.owner/p"), Link("AbCdEfGhIj1", "an.owner", at(100))),
        (href("AbCdEfGhIj1" + "x" * 28), Link("AbCdEfGhIj1", "", at(100))),
    ],
)
def test_links_of_every_form_lead_to_the_shortcode(tmp_path, address, link):
    value = {"likes_media_likes": [liked("x", owner="", href=address)]}

    assert read(tmp_path, liked=value) == [link]


def test_what_leads_to_no_post_is_left_out(tmp_path):
    others = ["https://www.instagram.com/stories/x/3/", "javascript:alert(1)", "", None, 5, []]
    value = {"likes_media_likes": [*(liked("x", href=other) for other in others), None, "x", {}]}

    assert read(tmp_path, liked=value) == []


def test_a_link_without_a_time_comes_last(tmp_path):
    value = {"likes_media_likes": [liked("AbCdEfGhIj1", None), liked("B1234567890", 9)]}

    assert [link.added for link in read(tmp_path, liked=value)] == [at(9), None]


def test_names_are_mended(tmp_path):
    value = {"likes_media_likes": [liked("AbCdEfGhIj1", owner="Café")]}

    assert read(tmp_path, liked=value)[0].owner == "Café"


def test_one_entry_may_stand_where_a_list_should_be(tmp_path):
    assert len(read(tmp_path, liked={"likes_media_likes": liked("AbCdEfGhIj1")})) == 1
    assert len(read(tmp_path, liked=labelled("AbCdEfGhIj1"))) == 1


@pytest.mark.parametrize(("kind", "name"), [("liked", "likes"), ("saved", "saved")])
def test_the_oldest_exports_have_none_and_say_so(tmp_path, kind, name):
    path = FakeExport(None).write(f"{name}.json", '{"media_likes": [["2019", "x"]]}')

    with pytest.raises(SourceError, match="only their owners; ask Instagram for a new export"):
        links([path.zip(tmp_path / "a.zip")], kind)


@pytest.mark.parametrize("kind", ["liked", "saved"])
def test_an_export_without_them_says_what_to_ask_for(tmp_path, kind):
    path = FakeExport(4).add().zip(tmp_path / "a.zip")

    with pytest.raises(SourceError, match=rf"a\.zip: has no {kind}_posts\.json"):
        links([path], kind)


def test_two_exports_are_one_list(tmp_path):
    first = FakeExport(None).write_json(LIKED, {"likes_media_likes": [liked("AbCdEfGhIj1")]})
    second = FakeExport(None).write_json(
        "liked_posts.json", [labelled("AbCdEfGhIj1"), labelled("B1234567890")]
    )

    found = links([first.zip(tmp_path / "1.zip"), second.folder(tmp_path / "f")], "liked")

    assert sorted(link.code for link in found) == ["AbCdEfGhIj1", "B1234567890"]
