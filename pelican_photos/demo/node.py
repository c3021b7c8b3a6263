"""A sample post as the node that Instaloader 4.16 keeps of a post from a feed.

That is a small GraphQL-like node made by Instaloader, with Instagram's own media object
under ``iphone_struct``; its numbers and shortcodes are true pairs (base 64 of each other).
Pure.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pelican_photos.demo.pictures import SIZES
from pelican_photos.demo.posts import Account, Drawing, Remark, SamplePost
from pelican_photos.demo.video import SECONDS
from pelican_photos.demo.video import SIZE as VIDEO_SIZE
from pelican_photos.sources.instagram_json import shortcode_of

_EPOCH = 1314220021721  # milliseconds; the upper bits of Instagram's numbers count from here
_TYPES = {1: "GraphImage", 2: "GraphVideo", 8: "GraphSidecar"}
_CDN = "https://scontent.cdninstagram.com/v/t51.82787-15"


def structure_of(account: Account, post: SamplePost) -> dict[str, Any]:
    """Everything that goes into a post's ``.json.xz``."""
    raw = _media_object(account, post)
    children = raw["carousel_media"]
    node = {
        "shortcode": raw["code"],
        "id": raw["pk"],
        "__typename": _TYPES[raw["media_type"]],
        "is_video": raw["media_type"] == 2,
        "date": raw["taken_at"],
        "caption": post.caption or None,
        "title": None,
        "viewer_has_liked": False,
        "edge_media_preview_like": {"count": post.likes},
        "accessibility_caption": raw["accessibility_caption"],
        "comments": raw["comment_count"],
        "iphone_struct": raw,
        "display_url": raw["image_versions2"]["candidates"][0]["url"],
        "owner": {"id": raw["user"]["pk"], "iphone_struct": raw["user"], **raw["user"]},
    }
    if raw["video_versions"]:
        node["video_url"] = raw["video_versions"][-1]["url"]
        node["video_duration"] = raw["video_duration"]
        node["video_view_count"] = raw["view_count"]
    if children:
        node["edge_sidecar_to_children"] = {"edges": [{"node": _child(c)} for c in children]}
    return {"node": node, "instaloader": {"version": "4.16", "node_type": "Post"}}


def comments_of(account: Account, post: SamplePost) -> list[dict[str, Any]]:
    """What goes into a post's ``_comments.json``: each an hour after the last."""
    entries, moment = [], int(post.taken.timestamp())
    for number, remark in enumerate(post.remarks):
        moment += 3600
        name = f"{account.username} {post.taken} {number}"
        answers = [
            _comment(answer, f"{name} {index}", moment + 600 * (index + 1))
            for index, answer in enumerate(remark.answers)
        ]
        entry = _comment(remark, name, moment)
        # Instaloader writes a comment's number as a text, and an answer's as a number.
        entries.append({**entry, "id": str(entry["id"]), "answers": answers})
    return entries


def _comment(remark: Remark, name: str, moment: int) -> dict[str, Any]:
    owner = {
        "id": str(_number(remark.author, 10)),
        "username": remark.author,
        "is_verified": False,
        "profile_pic_url": f"{_CDN}/{_number(remark.author, 10)}_s.jpg",
    }
    return {
        "id": _number(name, 17),
        "created_at": moment,
        "text": remark.text,
        "owner": owner,
        "likes_count": remark.likes,
    }


def _media_object(account: Account, post: SamplePost) -> dict[str, Any]:
    """Instagram's own object for a post."""
    is_album = len(post.drawings) > 1
    pk = _pk(post.taken)
    items = [_item(d, pk + index) for index, d in enumerate(post.drawings)]
    caption = {"text": post.caption, "created_at": int(post.taken.timestamp())}
    replies = sum(1 + len(remark.answers) for remark in post.remarks)
    return {
        **items[0],
        "pk": str(pk),
        "id": f"{pk}_{_user(account.username)['pk']}",
        "code": shortcode_of(pk),
        "taken_at": int(post.taken.timestamp()),
        "media_type": 8 if is_album else items[0]["media_type"],
        "product_type": "carousel_container" if is_album else "feed",
        "user": _user(account.username, account.name),
        "caption": caption if post.caption else None,
        "has_liked": False,
        "like_count": post.likes,
        "comment_count": replies,
        "title": None,
        "coauthor_producers": [_user(name) for name in post.coauthors],
        "carousel_media": items if is_album else None,
        "usertags": None if is_album else items[0]["usertags"],
        "video_versions": None if is_album else items[0]["video_versions"],
        "video_duration": None if is_album else items[0]["video_duration"],
        "accessibility_caption": None if is_album else items[0]["accessibility_caption"],
        "view_count": 10 * post.likes if items[0]["media_type"] == 2 else None,
        "location": _location(post),
    }


def _item(drawing: Drawing, pk: int) -> dict[str, Any]:
    """One picture or video of a post."""
    width, height = SIZES.get(drawing.shape, VIDEO_SIZE)
    if drawing.metadata.sideways:
        width, height = height, width  # as it is stored
    size = {"width": width, "height": height}
    # Instagram keeps a person's alt text and its machine's under the same key.
    said = drawing.alt or drawing.auto or None
    tags = [
        {
            "user": _user(person.username),
            "position": None if person.x is None else [person.x, person.y],
        }
        for person in drawing.people
    ]
    video = [{"type": 101, "url": f"{_CDN}/{pk}_n.mp4", **size}] if drawing.is_video else None
    return {
        "pk": str(pk),
        "media_type": 2 if drawing.is_video else 1,
        "accessibility_caption": said,
        "original_width": width,
        "original_height": height,
        "image_versions2": {"candidates": [{"url": f"{_CDN}/{pk}_n.jpg?oe=6A000000", **size}]},
        "video_versions": video,
        "video_duration": SECONDS if drawing.is_video else None,
        "usertags": {"in": tags} if tags else None,
    }


def _child(item: Mapping[str, Any]) -> dict[str, Any]:
    child = {
        "display_url": item["image_versions2"]["candidates"][0]["url"],
        "is_video": item["media_type"] == 2,
    }
    return child | ({"video_url": item["video_versions"][0]["url"]} if child["is_video"] else {})


def _location(post: SamplePost) -> dict[str, Any] | None:
    place = post.place
    if place is None:
        return None
    return {
        "pk": str(_number(place.name, 9)),
        "name": place.name,
        "lat": place.latitude,
        "lng": place.longitude,
        "short_name": place.name,
        "address": "",
        "city": "",
    }


def _user(username: str, name: str = "") -> dict[str, Any]:
    pk = str(_number(username, 10))
    return {
        "pk": pk,
        "username": username,
        "full_name": name,
        "is_private": False,
        "profile_pic_url": f"{_CDN}/{pk}_s.jpg",
    }


def _pk(taken: datetime) -> int:
    return (int(taken.timestamp() * 1000) - _EPOCH) << 23


def _number(text: str, digits: int) -> int:
    """A number that always is the same for a text, of so many digits."""
    low: int = 10 ** (digits - 1)
    return low + int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % (9 * low)
