"""What Instaloader itself has written is read back, whatever its layout."""

from datetime import UTC, datetime

import pytest

from fakes.folder_reading import fetched, only_post, source
from fakes.instaloader_folder import DATED, TAKEN_AT, FakeFolder, a_node, cdn, downloaded, jpeg, mp4
from pelican_photos.errors import MediaError
from pelican_photos.sources.instaloader_folder import detect


@pytest.fixture(scope="module")
def web():
    with cdn() as address:
        yield address


@pytest.mark.parametrize("compress", [True, False], ids=["json.xz", "json"])
@pytest.mark.parametrize(
    "kinds", [("image",), ("video",), ("image", "video", "square")], ids=["image", "video", "album"]
)
def test_what_instaloader_downloads_is_read_back(tmp_path, web, kinds, compress):
    node = a_node(kinds=kinds, cdn=web)
    folder = downloaded(tmp_path / "posts", node, compress_json=compress)

    post = only_post(folder)

    assert post.uid == "instagram:CxYz_12AbCd"
    assert post.caption == "Caption of CxYz_12AbCd"
    assert [item.kind == "video" for item in post.media] == [kind == "video" for kind in kinds]
    for item in post.media:
        assert fetched(folder, item.picture).startswith(b"\xff\xd8")
        assert not item.video or fetched(folder, item.video) == mp4()


@pytest.mark.parametrize(
    "options",
    [
        {"filename_pattern": "{shortcode}"},
        {"filename_pattern": "{filename}"},
        {"filename_pattern": "{profile} {filename} {mediaid}"},
        {"filename_pattern": "{caption}: {title}/{shortcode}", "sanitize_paths": True},
        {"dirname_pattern": "{folder}/{profile}/{shortcode}"},
        {"dirname_pattern": "{folder}/.hidden/{date_utc:%Y}", "filename_pattern": ".{shortcode}"},
    ],
    ids=lambda options: " ".join(map(str, options.values())),
)
@pytest.mark.parametrize("kinds", [("video",), ("image", "video", "square")])
def test_any_layout_is_read(tmp_path, web, options, kinds):
    options = dict(options)
    pattern = options.pop("dirname_pattern", "{folder}").replace("{folder}", str(tmp_path))
    node = a_node(kinds=kinds, cdn=web, caption={"text": 'a/b: "what?" <c>'})
    downloaded(tmp_path, node, dirname_pattern=pattern, **options)

    post = only_post(tmp_path)

    addresses = [a for item in post.media for a in (item.picture, item.video) if a]
    assert len(set(addresses)) == len(kinds) + 1
    assert all(fetched(tmp_path, address) for address in addresses)


def test_a_folder_without_json_gives_date_caption_and_pictures(tmp_path, web):
    album = a_node(kinds=("image", "video", "square"), cdn=web)
    picture = a_node("B", at=TAKEN_AT + 60, cdn=web, caption=None)
    downloaded(tmp_path, album, picture, save_metadata=False)

    newer, older = source(tmp_path).posts()

    assert newer.uid == "instaloader:2024-05-12_18-04-00_UTC"
    assert (newer.caption, [m.picture for m in newer.media]) == (
        "",
        ["2024-05-12_18-04-00_UTC.jpg"],
    )
    assert older.uid == f"instaloader:{DATED}"
    assert older.published == datetime(2024, 5, 12, 18, 3, tzinfo=UTC)
    assert older.caption == "Caption of CxYz_12AbCd"
    assert [(m.kind, m.picture, m.video, m.width, m.height) for m in older.media] == [
        ("image", f"{DATED}_1.jpg", "", 80, 100),
        ("video", f"{DATED}_2.jpg", f"{DATED}_2.mp4", 72, 128),
        ("image", f"{DATED}_3.jpg", "", 90, 90),
    ]


def test_the_picture_of_another_post_of_the_same_second_is_refused(tmp_path, web):
    first = a_node("A", ("square",), cdn=web)
    second = a_node("B", ("image",), cdn=web)
    downloaded(tmp_path, first, second)  # the JSON is B's now, the picture still A's

    folder = source(tmp_path)
    (post,) = folder.posts()

    assert post.uid == "instagram:B"
    with pytest.raises(MediaError, match=r"90x90.*80x100.*another post of the same second"):
        list(folder.fetch(post.media[0].picture))


def test_the_poster_of_a_video_of_the_same_second_is_refused(tmp_path, web):
    downloaded(tmp_path, a_node("A", ("video",), cdn=web), a_node("B", cdn=web))

    folder = source(tmp_path)
    (post,) = folder.posts()

    with pytest.raises(MediaError, match="belongs to the video beside it"):
        list(folder.fetch(post.media[0].picture))


@pytest.mark.parametrize(
    ("kinds", "lost"),
    [
        ((("image",), ("image", "image")), f"{DATED}.jpg"),
        ((("image", "image"), ("image",)), f"{DATED}_1.jpg"),
    ],
    ids=["picture", "album"],
)
def test_a_post_whose_json_another_of_the_same_second_took_is_said(tmp_path, web, kinds, lost):
    downloaded(tmp_path, *(a_node(code, k, cdn=web) for code, k in zip("AB", kinds, strict=True)))

    post, unreadable = source(tmp_path).posts()

    assert (post.uid, unreadable.uid) == ("instagram:B", f"instaloader:{lost}")
    assert "{shortcode}" in unreadable.reason
    assert all(fetched(tmp_path, item.picture) for item in post.media)


def test_a_folder_of_instaloaders_is_told_from_others(folder, tmp_path):
    assert not detect(folder.path)
    folder.write_json("posts_1.json", [{"media": []}]).write("broken.json", "{")
    folder.write_json("media.json", {"photos": []}).write("IMG_1.jpg", jpeg(8, 8))
    assert not detect(folder.path)
    assert not detect(folder.path / "broken.json")
    assert not detect(tmp_path / "nowhere")

    assert detect(FakeFolder(tmp_path / "one").add(a_node(), "deep/below/x").path)
    assert detect(FakeFolder(tmp_path / "two").write(f"x/{DATED}_3.webp", b"").path)
    assert detect(FakeFolder(tmp_path / "three").write_json("x.json", {"shortcode": "A"}).path)


def test_its_name_is_its_path_and_it_is_not_live(folder):
    reader = source(folder)

    assert (reader.name, reader.live) == (str(folder.path), False)
