"""Short ways to read an export as the source does; a fake export or paths will do."""

from pathlib import Path

from fakes.instagram_export import FakeExport
from pelican_photos.model import Post, Unreadable
from pelican_photos.sources.instagram_export import InstagramExport


def source(given: FakeExport | Path | list[Path], tmp_path: Path, **options) -> InstagramExport:
    if isinstance(given, FakeExport):
        given = given.zip(tmp_path / "export.zip")
    return InstagramExport(given if isinstance(given, list) else [given], **options)


def posts(given, tmp_path, **options) -> list[Post]:
    """The posts, all of which can be read, oldest first."""
    found = list(source(given, tmp_path, **options).posts())
    assert not [post for post in found if isinstance(post, Unreadable)]
    return sorted(found, key=lambda post: (post.published, post.uid))


def only_post(given, tmp_path, **options) -> Post:
    (post,) = posts(given, tmp_path, **options)
    return post


def unreadable(given, tmp_path) -> Unreadable:
    (found,) = source(given, tmp_path).posts()
    assert isinstance(found, Unreadable)
    return found


def bytes_of(export: InstagramExport, post: Post) -> list[bytes]:
    """What is behind each medium's address, in their order."""
    return [b"".join(export.fetch(medium.video or medium.picture)) for medium in post.media]
