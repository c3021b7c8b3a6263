"""A source in memory: honest bytes, and faults where a test asks for them."""

import io
from collections.abc import Iterator, Mapping
from functools import cache

from PIL import Image

from pelican_photos.errors import MediaError, MediaExpired, PostMissing
from pelican_photos.model import Comment, Post

VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)


@cache
def picture(number: int) -> bytes:
    """Draw a small JPEG, another one for each number."""
    file = io.BytesIO()
    Image.new("RGB", (8, 10), (number * 40 % 256, number * 90 % 256, 80)).save(file, "JPEG")
    return file.getvalue()


class FakeSource:
    """Posts as given; ``broken`` addresses fail, ``expired`` ones until they are asked anew."""

    name = "a fake"

    def __init__(
        self,
        *posts: Post,
        live: bool = True,
        whole: bool | None = None,
        broken: Mapping[str, Exception | bytes] | None = None,
        expired: tuple[str, ...] = (),
        missing: tuple[str, ...] = (),
        comments: Mapping[str, tuple[Comment, ...] | Exception] | None = None,
    ) -> None:
        self.live = live
        self.whole = live if whole is None else whole
        self.skipped: dict[str, int] = {}
        self.asked: list[str] = []
        self._posts = posts
        self._broken = dict(broken or {})
        self._expired = set(expired)
        self._missing = missing
        self._comments = comments or {}

    def expected(self) -> int:
        return len(self._posts)

    def posts(self) -> Iterator[Post]:
        for post in self._posts:
            if isinstance(post, Exception):
                raise post
            yield post

    def knows(self, uid: str) -> bool:
        return uid.startswith("instagram:")

    def refresh(self, uid: str) -> Post:
        self.asked.append(f"refresh {uid}")
        if uid in self._missing:
            raise PostMissing(f"{uid} is deleted or private")
        self._expired.clear()
        for post in self._posts:
            if not isinstance(post, Exception) and post.uid == uid:
                return post
        raise PostMissing(f"{uid} is deleted or private")

    def fetch(self, address: str) -> Iterator[bytes]:
        self.asked.append(address)
        if address in self._expired:
            raise MediaExpired(f"{address} has expired")
        fault = self._broken.get(address)
        if isinstance(fault, Exception):
            yield b"\xff\xd8\xff half"
            raise fault
        yield fault or (VIDEO if address.endswith(".mp4") else picture(hash_of(address)))

    def comments(self, post: Post) -> tuple[Comment, ...] | None:
        self.asked.append(f"comments {post.uid}")
        comments = self._comments.get(post.uid)
        if isinstance(comments, Exception):
            raise comments
        return comments


def hash_of(address: str) -> int:
    return sum(address.encode()) % 100


def cut_short() -> MediaError:
    return MediaError("10 of 20 bytes came")
