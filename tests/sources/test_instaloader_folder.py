import json
import lzma
import os
import tracemalloc
from datetime import UTC, datetime

import pytest

from fakes.instaloader_folder import DATED, TAKEN_AT, FakeFolder, a_node, cdn, downloaded, jpeg, mp4
from pelican_photos.errors import MediaError, PostMissing, SourceError
from pelican_photos.model import Post, Unreadable
from pelican_photos.sources.instaloader_folder import InstaloaderFolder, detect

# Instaloader 4.16 still calls it; Python deprecates it since 3.12.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp")


@pytest.fixture
def folder(tmp_path):
    return FakeFolder(tmp_path / "someone")


@pytest.fixture(scope="module")
def web():
    with cdn() as address:
        yield address


def source(folder, **options) -> InstaloaderFolder:
    return InstaloaderFolder(folder.path if isinstance(folder, FakeFolder) else folder, **options)


def only_post(folder, **options) -> Post:
    (post,) = source(folder, **options).posts()
    assert isinstance(post, Post)
    return post


def uids(folder, **options):
    return [post.uid for post in source(folder, **options).posts()]


def fetched(folder, address):
    return b"".join(source(folder).fetch(address))


# -- what Instaloader itself has written ---------------------------------------------------


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


# -- what lies among the posts -------------------------------------------------------------


def test_posts_come_newest_first_whatever_their_names(folder):
    for number, code in enumerate(("B", "C", "A")):
        folder.add(a_node(code, at=TAKEN_AT + number), f"{code}")

    assert uids(folder) == ["instagram:A", "instagram:C", "instagram:B"]
    assert source(folder).expected() == 3


def test_what_is_no_post_is_passed_over_and_counted(folder):
    folder.add(a_node())
    folder.add_json("2024-05-12_19-00-00_UTC.json.xz", a_node("S"), kind="StoryItem")
    folder.write("2024-05-12_19-00-00_UTC.jpg", jpeg(9, 16))
    folder.add_json("someone_115.json.xz", {"username": "someone"}, kind="Profile")
    folder.add_json("iterator_Xy.json.xz", {}, kind="FrozenNodeIterator")
    folder.write("iterator_Zz.json.xz", b"half")
    folder.write_json("notes.json", {"mine": True})
    folder.write_json("list.json", [1])
    folder.write("id", "115\n")
    folder.write("2024-05-12_18-03-00_UTC_profile_pic.jpg", jpeg(5, 5))
    folder.write("2024-05-12_18-05-00_UTC.jpg.temp", b"half a picture")
    folder.write("2024-05-12_18-05-00_UTC.json.xz.temp", b"half a file")

    reader = source(folder)

    assert [post.uid for post in reader.posts()] == ["instagram:CxYz_12AbCd"]
    assert reader.skipped == {
        "story items": 1,
        "profiles": 1,
        "resume files": 1,
        "damaged files that hold no post": 1,
        "other JSON files": 2,
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xz",
        lzma.compress(b'{"node": {"shortcode": "A"'),
        lzma.compress(b'{"node": {}}' * 99)[:-9],
        lzma.compress(b"[" * 50_000),
        lzma.compress(b"\xff\xfe\xfd"),
        lzma.compress(b" " * (65 * 2**20) + b"{}"),
    ],
    ids=["empty", "not packed", "cut json", "cut xz", "deep", "not text", "a bomb"],
)
def test_a_damaged_file_is_named_and_the_rest_is_read(folder, data):
    folder.add(a_node("A"), "a").write("b.json.xz", data)

    post, unreadable = source(folder).posts()

    assert post.uid == "instagram:A"
    assert unreadable.uid == "instaloader:b"
    assert unreadable.reason.startswith("b.json.xz: ")


def test_a_node_that_lacks_its_media_is_unreadable_under_its_own_uid(folder):
    album = a_node("A", ("image", "image"))
    del album["carousel_media"]
    folder.add(album, "sub/x", files=False)

    (unreadable,) = source(folder).posts()

    assert isinstance(unreadable, Unreadable)
    assert unreadable.uid == "instagram:A"
    assert unreadable.reason.startswith("sub/x.json.xz: A: no picture")
    assert unreadable.raw == album


def test_a_damaged_copy_of_a_post_that_is_read_elsewhere_is_no_matter(folder):
    folder.add(a_node("A"), "a").write("a.json", b"{")
    lacking = a_node("A")
    del lacking["taken_at"]
    folder.add(lacking, "old/a")

    assert uids(folder) == ["instagram:A"]


def test_pictures_whose_json_is_missing_are_said_among_posts_that_have_theirs(folder):
    folder.add(a_node("A"), "a")
    folder.write(f"{DATED}_1.jpg", jpeg(8, 10)).write(f"{DATED}_2.jpg", jpeg(8, 10))

    post, unreadable = source(folder).posts()

    assert (post.uid, unreadable.uid) == ("instagram:A", f"instaloader:{DATED}")
    assert "without a JSON file" in unreadable.reason


def test_folders_with_and_without_json_lie_side_by_side(folder):
    folder.add(a_node("A"), "new/a")
    folder.write(f"old/{DATED}.jpg", jpeg(8, 10)).write(f"older/{DATED}.jpg", jpeg(8, 10))

    found = source(folder)

    assert {post.uid for post in found.posts()} == {
        "instagram:A",
        f"instaloader:{DATED}",
        f"instaloader:older/{DATED}",
    }
    assert found.refresh(f"instaloader:older/{DATED}").media[0].picture == f"older/{DATED}.jpg"


def test_an_impossible_date_is_no_date(folder):
    folder.add(a_node("A"), "a").write("2024-02-30_00-00-00_UTC.jpg", jpeg(8, 10))

    assert uids(folder) == ["instagram:A"]


# -- one post ------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["webp", "png", "heic", "jpeg"])
def test_a_picture_may_have_any_suffix(folder, suffix):
    form = {"webp": "WEBP", "png": "PNG", "jpeg": "JPEG"}.get(suffix, "JPEG")
    folder.add(a_node(), files=False).write(f"{DATED}.{suffix}", jpeg(80, 100, form=form))

    (item,) = only_post(folder).media

    assert item.picture == f"{DATED}.{suffix}"
    assert fetched(folder, item.picture)


@pytest.mark.parametrize(
    ("form", "options"),
    [("WEBP", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("JPEG", {"progressive": True})],
)
def test_the_shape_is_read_in_every_format(folder, form, options):
    from io import BytesIO  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    stream = BytesIO()
    picture = Image.new("RGBA" if options.get("lossless") else "RGB", (90, 90))
    picture.save(stream, form, exif=b"Exif\0\0" + bytes(4000), **options)
    folder.add(a_node(), files=False).write(f"{DATED}.{form.lower()}", stream.getvalue())
    if form == "JPEG":
        (folder.path / f"{DATED}.jpeg").rename(folder.path / f"{DATED}.jpg")

    reader = source(folder)
    (post,) = reader.posts()

    with pytest.raises(MediaError, match="90x90"):
        list(reader.fetch(post.media[0].picture))


def test_a_smaller_rendition_of_the_same_shape_is_the_picture(folder):
    node = a_node(original_width=1440, original_height=1800)
    node["image_versions2"]["candidates"][0] |= {"width": 1440, "height": 1800}
    folder.add(node, files=False).write(f"{DATED}.jpg", jpeg(321, 400))

    assert fetched(folder, only_post(folder).media[0].picture)


def test_a_missing_file_is_named_when_it_is_fetched(folder):
    folder.add(a_node(kinds=("image", "video")))
    (folder.path / f"{DATED}_1.jpg").unlink()
    (folder.path / f"{DATED}_2.mp4").unlink()

    first, second = only_post(folder).media

    for address in (first.picture, second.video):
        with pytest.raises(MediaError, match=f"{address} in .*no such file"):
            fetched(folder, address)
    assert fetched(folder, second.picture)


def test_a_node_without_addresses_is_enough_when_the_files_are_there(folder):
    node = a_node(kinds=("image", "video"))
    for item in node["carousel_media"]:
        del item["image_versions2"]
        item.pop("video_versions", None)
    folder.add(node)

    assert all(fetched(folder, item.picture) for item in only_post(folder).media)


def test_an_album_of_one_has_a_number(folder):
    item = a_node()
    album = a_node(media_type=8, carousel_media=[item])
    folder.add_json(f"{DATED}.json.xz", album).add_item(f"{DATED}_1", item)

    assert only_post(folder).media[0].picture == f"{DATED}_1.jpg"


def test_the_same_post_twice_comes_once_and_from_where_it_is_whole(folder):
    node = a_node(kinds=("image", "image"))
    folder.add(node, "a/x").add(node, "b/x").add(node, "c/x")
    (folder.path / "a/x_2.jpg").unlink()
    (folder.path / "c/x_1.jpg").unlink()

    assert [item.picture for item in only_post(folder).media] == ["b/x_1.jpg", "b/x_2.jpg"]


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


# -- whose -----------------------------------------------------------------------------------


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


# -- refusals ----------------------------------------------------------------------------------


def test_its_name_is_its_path_and_it_is_not_live(folder):
    reader = source(folder)

    assert (reader.name, reader.live) == (str(folder.path), False)


def test_refresh_reads_one_post_again_and_knows_no_stranger(folder):
    folder.add(a_node())
    reader = source(folder)
    (post,) = reader.posts()

    assert reader.refresh(post.uid) == post
    with pytest.raises(PostMissing, match="instagram:Other"):
        reader.refresh("instagram:Other")


def test_a_post_that_goes_while_we_read_is_unreadable(folder):
    folder.add(a_node("A"), "a").add(a_node("B", at=5), "b")
    posts = source(folder).posts()
    assert next(posts).uid == "instagram:A"
    (folder.path / "b.json.xz").unlink()

    (gone,) = posts

    assert isinstance(gone, Unreadable)
    assert "b.json.xz" in gone.reason


@pytest.mark.parametrize("address", ["../secret.jpg", "/etc/passwd", "link.jpg", "loop.jpg", ""])
def test_what_lies_outside_the_folder_stays_there(folder, address):
    folder.add(a_node("A"), "a")
    (folder.path.parent / "secret.jpg").write_bytes(b"secret")
    (folder.path / "link.jpg").symlink_to("../secret.jpg")
    (folder.path / "loop.jpg").symlink_to("loop.jpg")

    with pytest.raises(MediaError):
        fetched(folder, address)


def test_links_that_leave_the_folder_are_refused_whatever_they_stand_for(folder):
    outside = FakeFolder(folder.path.parent / "outside")
    outside.add(a_node("B"), "b").write("c.txt", "secret").write("d.jpg", jpeg(80, 100))
    folder.add({"shortcode": "C", "taken_at": 5, "media_type": 1}, "c", files=False)
    folder.add(a_node("D"), "d", files=False)
    (folder.path / "b.json.xz").symlink_to(outside.path / "b.json.xz")
    (folder.path / "c.txt").symlink_to(outside.path / "c.txt")
    (folder.path / "d.jpg").symlink_to(outside.path / "d.jpg")
    (folder.path / "all").symlink_to(outside.path)

    post, without_caption, unreadable = source(folder, owner="someone").posts()

    assert (post.uid, without_caption.caption) == ("instagram:D", "")
    assert "leads out of the folder" in unreadable.reason
    with pytest.raises(MediaError, match="leads out of the folder"):
        fetched(folder, post.media[0].picture)


def test_a_link_within_the_folder_is_followed(folder):
    folder.add(a_node(), files=False).write("elsewhere.jpg", jpeg(80, 100))
    (folder.path / f"{DATED}.jpg").symlink_to("elsewhere.jpg")

    assert fetched(folder, only_post(folder).media[0].picture) == jpeg(80, 100)


def test_the_folder_itself_may_be_a_link(folder):
    folder.add(a_node())
    link = folder.path.parent / "link"
    link.symlink_to(folder.path)

    assert fetched(link, only_post(link).media[0].picture)


def test_an_empty_file_and_a_pipe_are_no_pictures(folder):
    folder.write("empty.jpg", b"").add(a_node("A"), "a")
    os.mkfifo(folder.path / "pipe.jpg")
    os.mkfifo(folder.path / "pipe.json")

    with pytest.raises(MediaError, match="is empty"):
        fetched(folder, "empty.jpg")
    with pytest.raises(MediaError, match="no such file"):
        fetched(folder, "pipe.jpg")
    assert uids(folder) == ["instagram:A", "instaloader:pipe"]


def test_a_file_is_fetched_in_pieces(folder):
    folder.add(a_node("A"), "a").write("big.mp4", bytes(700_000))

    pieces = list(source(folder).fetch("big.mp4"))

    assert len(pieces) == 3
    assert b"".join(pieces) == bytes(700_000)


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(SourceError, match="nowhere: there is no such folder"):
        source(tmp_path / "nowhere").expected()


def test_a_folder_without_posts_says_what_was_looked_for(folder):
    folder.add_json("someone_115.json.xz", {}, kind="Profile")

    with pytest.raises(SourceError, match=r"no posts here.*json\.xz.*2023-07-30_09-15-37_UTC\.jpg"):
        list(source(folder).posts())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_is_said(folder):
    folder.add(a_node()).write("closed/x", b"")
    (folder.path / "closed").chmod(0)

    with pytest.raises(SourceError, match="closed: cannot be read"):
        source(folder).expected()


def test_hostile_names_reach_no_message_unwashed(folder):
    name = "a\nb\x1b[31m\udcff"
    folder.add(a_node("A"), "a").write(f"{name}.json", b"{")

    _, unreadable = source(folder).posts()

    assert "\n" not in unreadable.reason + unreadable.uid
    assert (unreadable.reason + unreadable.uid).encode()


# -- is it one? --------------------------------------------------------------------------------


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


def test_memory_stays_flat(folder):
    def peak(posts):
        for number in range(posts):
            node = a_node(f"Code{number}", at=TAKEN_AT + number, ballast="x" * 20_000)
            folder.add(node, f"p{number}", files=False)
        reader = source(folder)
        tracemalloc.start()
        assert sum(1 for _ in reader.posts()) == posts
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(20), peak(200)

    assert many - few < 180 * 4_000  # a post's JSON alone is five times that


def test_the_nodes_kept_by_the_posts_are_those_in_the_files(folder):
    folder.add(a_node())

    with lzma.open(folder.path / f"{DATED}.json.xz") as file:
        assert only_post(folder).raw == json.load(file)["node"]
