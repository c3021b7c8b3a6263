"""Builders of what the fake Instagram holds: posts as raw MEDIA objects, and their bytes.

Every address inside a MEDIA object reads ``cdn:<file name>``; the server signs
it, with an expiry, each time it answers.  The same arguments give the same
bytes, on every machine and in every run.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

FIRST_DAY = 1_704_103_200  # 2024-01-01 10:00:00 UTC
FIRST_PK = 3_270_000_000_000_000_000  # about what a post of January 2024 has


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    pk: str = "1234567890"
    username: str = "someone"
    full_name: str = "Some One"

    def user(self) -> dict[str, Any]:
        return {
            "pk": self.pk,
            "id": self.pk,
            "username": self.username,
            "full_name": self.full_name,
            "is_private": False,
            "is_verified": False,
            "profile_pic_url": f"cdn:{self.pk}_profile.jpg",
        }


SOMEONE = Account()
BOB = Account(pk="77", username="bob", full_name="Bob")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One picture, or one video with its poster, of a post to build."""

    kind: str = "image"
    width: int = 240
    height: int = 300
    alt: str | None = None
    people: tuple[tuple[str, float, float], ...] = ()
    duration: float = 3.5


@dataclass(slots=True)
class FakePost:
    """A raw MEDIA object, the files it names, and its comments.

    ``files`` are what a complete import has, in order: each picture or poster,
    then its video; ``previews`` are the smaller pictures that nobody should take.
    """

    media: dict[str, Any]
    files: dict[str, Callable[[], bytes]] = field(default_factory=dict)
    previews: dict[str, Callable[[], bytes]] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.media["code"]

    def originals(self) -> list[bytes]:
        return [make() for make in self.files.values()]


def code_of(pk: int) -> str:
    """Write a media id as its shortcode: base64url of the number, without leading zeros."""
    text = base64.urlsafe_b64encode(pk.to_bytes(9, "big")).decode()
    return text.lstrip("A")


def pk_of(code: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(code.rjust(12, "A")), "big")


@lru_cache(maxsize=1024)
def jpeg(seed: str, width: int, height: int) -> bytes:
    """Draw a small valid JPEG that no other seed gives: two gradients in two colours."""
    digest = hashlib.sha256(seed.encode()).digest()
    ramp = Image.linear_gradient("L").rotate(digest[0] % 4 * 90).resize((width, height))
    ring = Image.radial_gradient("L").resize((width, height))
    flat = Image.new("L", (width, height), digest[1])
    bands = [(ramp, ring, flat), (ring, flat, ramp), (flat, ramp, ring)][digest[2] % 3]
    picture = Image.merge("RGB", bands)
    for index in range(8):  # a row of squares that spells the seed
        box = (index * width // 8, 0, (index + 1) * width // 8, height // 8)
        picture.paste(tuple(digest[3 + index : 6 + index]), box)
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=82)
    return stream.getvalue()


@lru_cache(maxsize=256)
def mp4(seed: str, size: int = 6000) -> bytes:
    """Give something that begins as an MP4 does; no player would show it."""
    brand = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    body = hashlib.shake_256(seed.encode()).digest(size)
    return brand + (len(body) + 8).to_bytes(4, "big") + b"mdat" + body


def a_comment(
    number: int,
    text: str = "",
    *,
    author: Account = BOB,
    at: int = FIRST_DAY,
    likes: int = 0,
    answers: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    return {
        "pk": str(18_000_000_000_000_000 + number),
        "text": text or f"comment {number}",
        "created_at": at + number * 60,
        "user": author.user(),
        "likes": likes,
        "answers": list(answers),
    }


def a_post(
    number: int = 1,
    *,
    code: str = "",
    taken_at: int = 0,
    caption: str | None = "A caption",
    items: Sequence[Item] = (Item(),),
    reel: bool = False,
    music: tuple[str, str] | None = None,
    location: dict[str, Any] | None = None,
    coauthors: Sequence[Account] = (),
    comments: Sequence[dict[str, Any]] = (),
    pinned: bool = False,
    nameless: bool = False,
    owner: Account = SOMEONE,
) -> FakePost:
    """Build a post of one to twenty items; ``number`` decides everything that is not given."""
    pk = pk_of(code) if code else FIRST_PK + number * 1_000_003_000_000
    post = FakePost(media={}, comments=list(comments))
    taken = taken_at or FIRST_DAY + number * 86_400
    built = [_item(post, pk, index, item) for index, item in enumerate(items)]
    album = len(items) > 1
    post.media = {
        **_head(pk, taken, caption, owner),
        **(dict.fromkeys(built[0]) if album else built[0]),
        "product_type": "carousel_container" if album else "clips" if reel else "feed",
        "coauthor_producers": [account.user() for account in coauthors],
        "location": location,
        "comment_count": sum(1 + len(comment["answers"]) for comment in comments),
        "carousel_media": built if album else None,
        "carousel_media_count": len(items) if album else None,
        "timeline_pinned_user_ids": [owner.pk] if pinned else [],
        "clips_metadata": _clips(music) if reel else None,
    }
    if album:  # as Instagram does: the post shows its first item
        cover = {"media_type": 8, "usertags": None, "accessibility_caption": None}
        post.media |= {key: built[0][key] for key in ("image_versions2", *_SIZE)} | cover
    post.media |= {"pk": str(pk), "id": f"{pk}_{owner.pk}"}
    post.media |= {"nameless": True} if nameless else {}
    return post


_SIZE = ("original_width", "original_height")


def _head(pk: int, taken: int, caption: str | None, owner: Account) -> dict[str, Any]:
    written = None if caption is None else {"pk": f"17{pk % 10**15}", "text": caption}
    return {
        "code": code_of(pk),
        "taken_at": taken,
        "user": owner.user(),
        "owner": owner.user(),
        "caption": written and {**written, "created_at": taken},
        "caption_is_edited": False,
        "title": None,
        "has_liked": False,
        "like_count": pk // 1_000_003 % 400,
        "like_and_view_counts_disabled": False,
    }


def _item(post: FakePost, pk: int, index: int, item: Item) -> dict[str, Any]:
    """Build one item, and give the post the files that it names."""
    seed = f"{pk}_{index}"
    stem = f"{pk // 10**10}_{pk % 10**10:010}{index:02}_n"
    picture, small, video = f"{stem}.jpg", f"{stem}_s.jpg", f"{stem}.mp4"
    half = (item.width // 2, item.height // 2)
    post.files[picture] = lambda: jpeg(seed, item.width, item.height)
    is_video = item.kind == "video"
    if is_video:
        post.files[video] = lambda: mp4(seed)
    post.previews[small] = lambda: jpeg(seed, *half)
    size = {"width": item.width, "height": item.height}
    return {
        "pk": str(pk + index),
        "media_type": 2 if is_video else 1,
        "original_width": item.width,
        "original_height": item.height,
        "accessibility_caption": item.alt,
        "image_versions2": {
            "candidates": [
                {"url": f"cdn:{picture}", **size},
                {"url": f"cdn:{small}", "width": half[0], "height": half[1]},
            ]
        },
        "video_versions": [{"type": 101, "url": f"cdn:{video}", **size}] if is_video else None,
        "video_duration": item.duration if is_video else None,
        "view_count": None,
        "usertags": {"in": [_tag(*person) for person in item.people]} if item.people else None,
    }


def _tag(username: str, x: float, y: float) -> dict[str, Any]:
    user = Account(pk=str(sum(username.encode())), username=username, full_name=username.title())
    return {"user": user.user(), "position": [x, y]}


def _clips(music: tuple[str, str] | None) -> dict[str, Any]:
    if music is None:
        return {"music_info": None}
    title, artist = music
    return {"music_info": {"music_asset_info": {"title": title, "display_artist": artist}}}


def stub_of(post: FakePost) -> dict[str, Any]:
    """Shape a post for the list of saved ones: GraphQL, without films and an album's items.

    A post that was given ``nameless`` names its owner by number alone, as Instagram does at times.
    """
    media = post.media
    kinds = {1: "GraphImage", 2: "GraphVideo", 8: "GraphSidecar"}
    text = media["caption"] and media["caption"]["text"]
    owner = {"id": media["user"]["pk"], "username": media["user"]["username"]}
    size = {"height": media["original_height"], "width": media["original_width"]}
    return {
        "__typename": kinds[media["media_type"]],
        "id": media["id"],
        "shortcode": media["code"],
        "taken_at_timestamp": media["taken_at"],
        "edge_media_to_caption": {"edges": [] if text is None else [{"node": {"text": text}}]},
        "edge_media_to_comment": {"count": media["comment_count"]},
        "dimensions": size,
        "display_url": media["image_versions2"]["candidates"][0]["url"],
        "is_video": media["media_type"] == 2,
        "accessibility_caption": media["accessibility_caption"],
        "owner": {"id": owner["id"]} if media.get("nameless") else owner,
    }
