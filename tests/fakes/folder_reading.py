"""Short ways to read a folder as the source does; a fake folder or a path will do."""

from fakes.instaloader_folder import FakeFolder
from pelican_photos.model import Post
from pelican_photos.sources.instaloader_folder import InstaloaderFolder


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
