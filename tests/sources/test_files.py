"""The owner's own files as a source: what is chosen, byte for byte, or a plain word."""

import hashlib
import os

import pytest

from builders import a_media, a_post
from pelican_photos.errors import MediaError, PostMissing
from pelican_photos.sources.files import Files, uid_of


def fetched(source, file):
    return b"".join(source.fetch(str(file)))


def test_a_post_is_named_by_what_is_in_its_files():
    one, two = (hashlib.sha256(data).hexdigest() for data in (b"one", b"two"))
    both = hashlib.sha256((one + two).encode()).hexdigest()

    assert uid_of([one]) == f"file:{one[:16]}"
    assert uid_of([one, two]) == f"file:{both[:16]}"
    assert uid_of([two, one]) != uid_of([one, two])


def test_the_posts_are_those_that_were_chosen():
    posts = [a_post(uid="file:b"), a_post(uid="file:a")]
    source = Files(*posts)

    assert list(source.posts()) == posts
    assert source.expected() == 2
    assert source.knows("file:a")
    assert not source.knows("file:c")
    assert source.refresh("file:a") is posts[1]
    assert not source.live
    assert not source.whole
    assert source.comments(posts[0]) is None
    with pytest.raises(PostMissing, match="file:c: not among your files"):
        source.refresh("file:c")


def test_a_file_comes_whole_and_in_pieces(tmp_path):
    file = tmp_path / "large.jpg"
    file.write_bytes(os.urandom(600_000))
    pieces = list(Files().fetch(str(file)))

    assert b"".join(pieces) == file.read_bytes()
    assert len(pieces) > 1


def test_a_link_is_followed_for_the_owner_named_it(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"picture")
    (tmp_path / "link.jpg").symlink_to("a.jpg")

    assert fetched(Files(), tmp_path / "link.jpg") == b"picture"


def test_what_is_no_whole_file_is_refused_in_one_line(tmp_path):
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "dangling.jpg").symlink_to("nowhere")
    (tmp_path / "line\nend.jpg").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")
    for name, why in (
        ("empty.jpg", "is empty"),
        ("dangling.jpg", "cannot be read"),
        ("gone.jpg", "No such file"),
        ("line\nend.jpg", "is no file"),
        ("pipe.jpg", "is no file"),
    ):
        with pytest.raises(MediaError, match=why) as refused:
            fetched(Files(), tmp_path / name)
        assert "\n" not in str(refused.value)


def test_a_file_that_changed_since_it_was_looked_at_is_refused(tmp_path):
    file = tmp_path / "a.jpg"
    file.write_bytes(b"before")
    digest = hashlib.sha256(b"before").hexdigest()
    post = a_post(uid="file:a", media=(a_media(picture=str(file)),))
    source = Files(post, digests={str(file): digest})

    assert fetched(source, file) == b"before"
    file.write_bytes(b"after")
    with pytest.raises(MediaError, match="has changed since"):
        fetched(source, file)
