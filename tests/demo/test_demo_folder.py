import json
import lzma

import pytest
from instaloader import Instaloader, Post, load_structure_from_file

from pelican_photos.demo.folder import write_sample
from pelican_photos.demo.node import structure_of
from pelican_photos.demo.posts import read_sample
from pelican_photos.errors import PhotosError
from pelican_photos.sources.instaloader_folder import InstaloaderFolder

ALBUM = "2025-04-12_19-20-00_UTC"


def bytes_below(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_same_count_gives_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        write_sample(tmp_path / name, count=2)

    assert bytes_below(tmp_path / "one") == bytes_below(tmp_path / "other")


def test_a_file_has_the_time_of_its_post(sample):
    taken = read_sample()[1][7].taken.timestamp()

    assert {file.stat().st_mtime for file in sample.glob(f"{ALBUM}*")} == {taken}


def test_an_album_has_numbered_files_and_its_video_a_poster(sample):
    assert (sample / f"{ALBUM}_4.mp4").read_bytes()[4:8] == b"ftyp"
    assert (sample / f"{ALBUM}_4.jpg").read_bytes()[:2] == b"\xff\xd8"
    assert len(list(sample.glob(f"{ALBUM}_*.jpg"))) == 10


def test_progress_counts_every_drawing(tmp_path):
    heard = []

    write_sample(tmp_path, count=2, progress=lambda done, total: heard.append((done, total)))

    assert heard == [(1, 2), (2, 2)]


def test_instaloader_reads_its_own_posts_back(sample):
    with Instaloader(quiet=True, max_connection_attempts=1) as loader:
        post = load_structure_from_file(loader.context, str(sample / f"{ALBUM}.json.xz"))

    assert isinstance(post, Post)
    assert Post.shortcode_to_mediaid(post.shortcode) == post.mediaid
    assert f"{post.date_utc:%Y-%m-%d_%H-%M-%S}" == ALBUM.removesuffix("_UTC")
    assert (post.typename, post.mediacount) == ("GraphSidecar", 10)
    assert post.owner_username == "sample.photos"
    assert "coast" in post.caption_hashtags
    assert "someone" in post.caption_mentions
    assert [node.is_video for node in post.get_sidecar_nodes()].index(True) == 3


def test_the_importers_source_reads_every_post_with_all_that_belongs_to_it(sample):
    source = InstaloaderFolder(sample)
    posts = list(source.posts())
    album = posts[7]

    assert [len(post.media) for post in posts[:8]] == [1, 1, 1, 3, 1, 1, 1, 10]
    assert [post.caption.partition("\n")[0] for post in posts][6] == "Noon has only two colours."
    assert posts[0].location.name == "Nazaré"
    assert album.coauthors == ("someone",)
    assert album.media[0].people[0].username == "someone"
    assert album.media[3].kind == "video"
    assert album.media[3].duration == 2.5
    assert album.media[8].alt_auto.startswith("Photo by")
    assert all(b"".join(source.fetch(item.picture)) for post in posts for item in post.media)


@pytest.mark.parametrize("post", read_sample()[1], ids=lambda post: f"{post.taken:%Y-%m-%d}")
def test_a_posts_comment_count_is_what_its_comments_make(post, tmp_path):
    node = structure_of(read_sample()[0], post)["node"]

    assert node["comments"] == sum(1 + len(remark.answers) for remark in post.remarks)


def test_comments_and_their_answers_are_beside_the_post(sample):
    comments = json.loads((sample / f"{ALBUM}_comments.json").read_text())

    assert comments[0]["text"] == "The lemons were mine 🍋"
    assert isinstance(comments[0]["id"], str)
    assert isinstance(comments[0]["answers"][0]["id"], int)
    assert comments[0]["created_at"] < comments[0]["answers"][0]["created_at"]


def test_the_json_is_compressed_without_a_checksum_as_instaloader_does(sample):
    data = (sample / f"{ALBUM}.json.xz").read_bytes()

    assert lzma.LZMADecompressor().decompress(data)
    assert data[7] == lzma.CHECK_NONE  # the stream flags of the .xz header


@pytest.mark.parametrize("count", [0, 41])
def test_a_count_that_the_sample_does_not_have_is_refused(count, tmp_path):
    with pytest.raises(PhotosError, match="1 to 40"):
        write_sample(tmp_path, count=count)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(PhotosError, match="cannot be written"):
        write_sample(tmp_path / "file", count=1)
