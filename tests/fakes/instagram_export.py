"""Exports as Instagram makes them, of any year, written by our own hand.

The same posts can be written as any era: 1 (until February 2021), 2 (2021-22), 3 (2023-24),
4 (since April 2025), 5 (2026, with the detailed ``posts.json``) or "html"; None writes the
given files alone.  As a zip, as several, or as a folder.  From era 2 on each byte of a text's
UTF-8 is a character, as there.
"""

import hashlib
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from PIL import Image

from fakes.export_files import json_of, page_of, zipped

TAKEN_AT = 1715536980  # 2024-05-12 18:03:00 UTC
WRITTEN_AT = datetime(2026, 5, 1, 10, 0, 2, tzinfo=UTC)
ERAS = (1, 2, 3, 4, 5, "html")

FOLDERS = {
    2: "content/",
    3: "your_instagram_activity/content/",
    4: "your_instagram_activity/media/",
    5: "your_instagram_activity/media/",
    "html": "your_instagram_activity/media/",
}
LISTS = {
    "reel": ("reels", "ig_reels_media"),
    "igtv": ("igtv_videos", "ig_igtv_media"),
    "other": ("other_content", "ig_other_media"),
    "archived": ("archived_posts", "ig_archived_post_media"),
    "deleted": ("recently_deleted_content", "ig_recently_deleted_media"),
    "story": ("stories", "ig_stories"),
    "profile": ("profile_photos", "ig_profile_picture"),
}
# Labels as two languages have them; what Instagram writes for true and false as well.
ENGLISH = {
    "caption": "Caption",
    "media": "Media",
    "draft": "Draft",
    "true": "True",
    "false": "False",
    "owner": "Owner",
    "username": "Username",
    "place": "Location",
    "name": "Name",
}
FRENCH = {
    "caption": "Légende",
    "media": "Contenu multimédia",
    "draft": "Brouillon",
    "true": "Vrai",
    "false": "Faux",
    "owner": "Propriétaire",
    "username": "Nom d’utilisateur",
    "place": "Lieu",
    "name": "Nom",
}
Item = tuple[str, bytes, str]  # "image" or "video", its bytes, its name on the CDN


@cache
def _drawn() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (80, 100), "teal").save(stream, "JPEG")
    return stream.getvalue()


def picture(number: int = 1) -> bytes:
    """One drawn picture, in a file that is different for each number."""
    comment = f"picture {number}".encode()
    whole = _drawn()
    return whole[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + whole[2:]


def film(number: int = 1) -> bytes:
    """The beginning of a video, which is all that a source looks at."""
    return b"\x00\x00\x00\x18ftypmp42" + bytes(12) + f"film {number}".encode()


def cdn_name(number: int) -> str:
    return f"{400000000 + number}_{800000000000000 + number}_{1000000000000000000 + number}_n"


def image(number: int = 1) -> Item:
    return ("image", picture(number), cdn_name(number))


def video(number: int = 1) -> Item:
    return ("video", film(number), cdn_name(number))


def number_of(name: str) -> str:
    """Instagram's number for a medium: seventeen digits."""
    return str(
        17_800_000_000_000_000 + int(hashlib.md5(name.encode()).hexdigest()[:12], 16) % 10**14
    )


@dataclass(kw_only=True)
class Sample:
    """One post in plain values, to be written in any form."""

    code: str
    at: int
    caption: str
    items: Sequence[Item]
    role: str = "post"  # or a key of LISTS, "draft", "detailed only", "direct"
    exif: dict[str, Any] = field(default_factory=dict)
    place: str = ""
    owner: str = "someone"
    extension: str | None = None  # of its files, in place of the usual
    missing: bool = False  # its files are not in the archive
    changes: dict[str, Any] = field(default_factory=dict)  # to the element
    medium_changes: dict[str, Any] = field(default_factory=dict)
    linked: bool = True  # the detailed file has its permalink

    @property
    def month(self) -> str:
        return f"{datetime.fromtimestamp(self.at, UTC):%Y%m}"


class FakeExport:
    """An export to fill, then to write; every verb but the writing gives the export back."""

    def __init__(
        self,
        era: int | str | None = 4,
        *,
        labels: dict[str, str] = ENGLISH,
        per_file: int = 10**9,
        written_at: datetime = WRITTEN_AT,
    ) -> None:
        self.era = era
        self.labels = labels
        self.per_file = per_file
        self.written_at = written_at
        self.samples: list[Sample] = []
        self.files: dict[str, bytes] = {}  # written as they are

    def add(
        self,
        code: str = "CxYz_12AbCd",
        at: int = TAKEN_AT,
        caption: str = "Boats at dusk",
        items: Sequence[Item] | None = None,
        **more: Any,
    ) -> Self:
        sample = Sample(code=code, at=at, caption=caption, items=items or [image()], **more)
        self.samples.append(sample)
        return self

    def write(self, name: str, data: bytes | str) -> Self:
        self.files[name] = data if isinstance(data, bytes) else data.encode()
        return self

    def write_json(self, name: str, value: object, *, garbled: bool = True) -> Self:
        return self.write(name, json_of(value, garbled=garbled))

    # As what it is written

    def folder(self, path: Path, prefix: str = "") -> Path:
        for name, data in self.members():
            file = path / prefix / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return path

    def zip(self, path: Path, prefix: str = "") -> Path:
        return zipped(
            path, ((prefix + name, data) for name, data in self.members()), self.written_at
        )

    def zips(self, folder: Path, parts: int = 3, prefix: str = "") -> list[Path]:
        """Spread the files over parts, as they come."""
        folder.mkdir(parents=True, exist_ok=True)
        members = [(prefix + name, data) for name, data in self.members()]
        return [
            zipped(folder / f"export_part_{n + 1}.zip", members[n::parts], self.written_at)
            for n in range(parts)
        ]

    def members(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files: those with posts, then the media."""
        if self.era == 1:
            yield "media.json", json_of(self._early(), garbled=False)
        elif self.era == "html":
            yield f"{FOLDERS['html']}posts_1.html", page_of(map(self._block, self.samples)).encode()
        elif self.era is not None:
            yield from self._lists()
        yield from self.files.items()
        yield from self._media().items()

    def _media(self) -> dict[str, bytes]:
        present = [sample for sample in self.samples if not sample.missing]
        return {self.uri(sample, item): item[1] for sample in present for item in sample.items}

    def uri(self, sample: Sample, item: Item) -> str:
        kind, data, name = item
        suffix = {"image": ".jpg", "video": ".mp4"}[kind]
        if sample.extension is not None:
            suffix = sample.extension
        if self.era == 1:
            digest = hashlib.md5(data + name.encode()).hexdigest()
            return f"{kind.replace('image', 'photo')}s/{sample.month}/{digest}{suffix}"
        number = number_of(name)
        stem = number if self.era in (4, 5, "html") else f"{name}_{number}"
        return f"media/posts/{sample.month}/{stem}{suffix}"

    # How each era says it

    def _early(self) -> dict[str, list[Any]]:
        lists: dict[str, list[Any]] = {"photos": [], "videos": [], "stories": []}
        lists |= {"profile": [], "direct": []}
        for sample in self.samples:
            for item in sample.items:
                where = {"story": "stories", "profile": "profile", "direct": "direct"}
                name = where.get(sample.role, "videos" if item[0] == "video" else "photos")
                entry = {
                    "caption": sample.caption,
                    "taken_at": datetime.fromtimestamp(sample.at, UTC).isoformat(),
                    "path": self.uri(sample, item),
                }
                entry |= {"location": sample.place} if sample.place else {}
                lists[name].append(entry | sample.medium_changes)
        return lists

    def _lists(self) -> Iterator[tuple[str, bytes]]:
        folder = FOLDERS[self.era]
        posts = [self.element(sample) for sample in self.samples if sample.role == "post"]
        for start in range(0, len(posts), self.per_file):
            name = f"{folder}posts_{start // self.per_file + 1}.json"
            yield name, json_of(posts[start : start + self.per_file])
        for role, (name, key) in LISTS.items():
            entries = [self.element(sample) for sample in self.samples if sample.role == role]
            if role in ("story", "profile"):
                entries = [entry["media"][0] for entry in entries]
            if entries:
                yield f"{folder}{name}.json", json_of({key: entries})
        if self.era == 5:
            detailed = [s for s in self.samples if s.role in ("post", "draft", "detailed only")]
            yield f"{folder}posts.json", json_of([self.detailed(sample) for sample in detailed])

    def element(self, sample: Sample) -> dict[str, Any]:
        """A post of ``posts_1.json``: a caption alone is the medium's, an album's its own."""
        media = [self._medium(sample, item) for item in sample.items]
        if len(media) == 1:
            media[0]["title"] = sample.caption
            return {"media": media} | sample.changes
        whole = {"media": media, "title": sample.caption, "creation_timestamp": sample.at}
        return whole | sample.changes

    def _medium(self, sample: Sample, item: Item) -> dict[str, Any]:
        kind = "photo_metadata" if item[0] == "image" else "video_metadata"
        exif = {"exif_data": [sample.exif]} if sample.exif else {}
        medium: dict[str, Any] = {
            "uri": self.uri(sample, item),
            "creation_timestamp": sample.at,
            "media_metadata": {kind: exif, "camera_metadata": {"has_camera_metadata": False}},
            "title": "",
            "cross_post_source": {"source_app": "FB"},
        }
        if self.era in (4, 5):
            host = "https://interncache-all.fbcdn.net/v/t51"
            medium["backup_uri"] = f"{host}/{item[2]}.webp?stp=dst&oe=67AD75C8"
        return medium | sample.medium_changes

    def detailed(self, sample: Sample) -> dict[str, Any]:
        """A post of ``posts.json``: only labels, its media down below and backwards."""
        said, draft = self.labels, sample.role == "draft"
        media = [self._medium(sample, item) for item in sample.items]
        values: list[dict[str, Any]] = [
            {"label": said["caption"], "value": sample.caption},
            {"label": said["draft"], "value": said["true" if draft else "false"]},
            {"label": said["media"], "media": media[::-1]},
            {
                "title": said["owner"],
                "dict": [
                    {"title": "", "dict": [{"label": said["username"], "value": sample.owner}]}
                ],
            },
        ]
        if sample.linked and not draft:
            href = f"https://www.instagram.com/p/{sample.code}/"
            values.append({"label": "URL", "value": href, "href": href})
        if sample.owner != "someone" or sample.linked:
            profile = f"https://www.instagram.com/{sample.owner}"
            values[3]["dict"][0]["dict"].append({"label": "URL", "value": profile, "href": profile})
        if sample.place:
            name = {"label": said["name"], "value": sample.place}
            values.append({"title": said["place"], "dict": [{"title": "", "dict": [name]}]})
        return {
            "timestamp": 0 if draft else sample.at,
            "media": media[:1],
            "label_values": values,
            "fbid": number_of(sample.items[0][2]),
        }

    def _block(self, sample: Sample) -> str:
        caption = html.escape(sample.caption).replace("\n", "<br />")
        parts = [f'<h2 class="_3-95 _2pim _a6-h _a6-i">{caption}</h2>'] if caption else []
        parts.append('<div class="_3-95 _a6-p">')
        for item in sample.items:
            uri = self.uri(sample, item)
            shown = f'<img src="{uri}" class="_a6_o _3-96" />'
            if item[0] == "video":
                shown = f'<video src="{uri}" controls="1" class="_a6_o"></video>'
            parts.append(f'<div><a target="_blank" href="{uri}">{shown}</a></div>')
        parts.append("</div>")
        when = datetime.fromtimestamp(sample.at, UTC)
        clock = f"{when:%b %d, %Y} {when.hour % 12 or 12}:{when:%M} {when:%p}"
        parts.append(f'<div class="_3-94 _a6-o">{sample.changes.get("date", clock)}</div>')
        block = "pam _3-95 _2ph- _a6-g uiBoxWhite noborder"
        return f'<div class="{block}">{"".join(parts)}</div>'
