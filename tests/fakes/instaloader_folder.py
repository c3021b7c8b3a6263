"""Folders as Instaloader leaves them: written by our own hand, or by Instaloader itself.

``FakeFolder`` writes any state a folder can be in.  ``downloaded`` lets the real
Instaloader download posts from a server on this machine, with its own naming.
"""

import json
import lzma
import struct
from collections.abc import Sequence
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from fakes.loopback import Answer, answering

DATED = "2024-05-12_18-03-00_UTC"
TAKEN_AT = 1715536980  # 2024-05-12 18:03:00 UTC
SHAPES = {"image": (80, 100), "square": (90, 90), "video": (72, 128)}


def jpeg(width: int, height: int, colour: str = "teal", form: str = "JPEG") -> bytes:
    stream = BytesIO()
    Image.new("RGB", (width, height), colour).save(stream, form)
    return stream.getvalue()


def mp4(seed: int = 0) -> bytes:
    return struct.pack(">I", 24) + b"ftypmp42" + bytes(12) + bytes([seed]) * 100


def a_node(
    code: str = "CxYz_12AbCd",
    kinds: Sequence[str] = ("image",),
    *,
    at: int = TAKEN_AT,
    owner: str = "someone",
    cdn: str = "https://scontent.cdninstagram.com",
    **changes: Any,
) -> dict[str, Any]:
    """Build a raw media object; ``kinds`` are image, square (another shape) and video."""
    items = [_item(f"{code}{number}", kind, cdn) for number, kind in enumerate(kinds, 1)]
    user = {
        "pk": str(sum(ord(letter) for letter in owner)),
        "username": owner,
        "full_name": owner.title(),
        "is_private": False,
        "profile_pic_url": f"{cdn}/square/{owner}.jpg",
    }
    whole = {
        "pk": "3366000000000000009",
        "code": code,
        "taken_at": at,
        "user": user,
        "caption": {"text": f"Caption of {code}"},
        "has_liked": False,
        "like_count": 3,
        "comment_count": 2,
        "accessibility_caption": None,
    }
    if len(items) == 1:
        return whole | items[0] | changes
    cover = {"image_versions2": items[0]["image_versions2"]}
    return whole | cover | {"media_type": 8, "carousel_media": items} | changes


def _item(name: str, kind: str, cdn: str) -> dict[str, Any]:
    width, height = SHAPES[kind]
    picture = {"url": f"{cdn}/{kind}/{name}_n.jpg?oe=6AAA", "width": width, "height": height}
    item = {
        "media_type": 2 if kind == "video" else 1,
        "image_versions2": {"candidates": [picture]},
        "original_width": width,
        "original_height": height,
    }
    if kind == "video":
        version = {"url": f"{cdn}/mp4/{name}.mp4?oe=6AAA", "width": width, "height": height}
        item |= {"video_versions": [version], "video_duration": 1.5, "view_count": 1}
    return item


class FakeFolder:
    """A folder to fill; every verb gives the folder back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def add(
        self, node: dict[str, Any], stem: str = DATED, *, files: bool = True, **json_like: Any
    ) -> "FakeFolder":
        """Add a post as Instaloader would, its pictures and videos included."""
        self.add_json(f"{stem}.json.xz", node, **json_like)
        if not files:
            return self
        items = node.get("carousel_media") or [node]
        for number, item in enumerate(items, 1):
            self.add_item(f"{stem}_{number}" if len(items) > 1 else stem, item)
        return self

    def add_item(self, stem: str, item: dict[str, Any]) -> "FakeFolder":
        self.write(f"{stem}.jpg", jpeg(item["original_width"], item["original_height"]))
        if item["media_type"] == 2:
            self.write(f"{stem}.mp4", mp4())
        return self

    def add_json(
        self, name: str, node: object, *, kind: str = "Post", version: str = "4.16"
    ) -> "FakeFolder":
        meta = {"version": version, "node_type": kind}
        return self.write_json(name, {"node": node, "instaloader": meta})

    def write_json(self, name: str, structure: object) -> "FakeFolder":
        data = json.dumps(structure).encode()
        packed = lzma.compress(data, check=lzma.CHECK_NONE) if name.endswith(".xz") else data
        return self.write(name, packed)

    def write(self, name: str, data: bytes | str) -> "FakeFolder":
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return self


def _from_cdn(request: BaseHTTPRequestHandler) -> Answer:
    """Answer ``/<kind>/<name>`` with a picture of the kind's shape, or a video."""
    kind = request.path.split("/")[1]
    if kind == "mp4":
        return 200, mp4(), {"Content-Type": "video/mp4"}
    return 200, jpeg(*SHAPES[kind]), {"Content-Type": "image/jpeg"}


def cdn() -> AbstractContextManager[str]:
    """Serve pictures and videos from this machine; the value is the address to begin with."""
    return answering(_from_cdn)


def downloaded(folder: Path, *nodes: dict[str, Any], **options: Any) -> Path:
    """Let Instaloader download posts; ``options`` are those of ``Instaloader``."""
    from instaloader import Instaloader, Post  # noqa: PLC0415 - heavy

    defaults = {"dirname_pattern": str(folder), "download_comments": False, "quiet": True}
    loader = Instaloader(**defaults | options)
    try:
        for node in nodes:
            loader.download_post(Post.from_iphone_struct(loader.context, node), target="someone")
    finally:
        loader.close()
    return folder
