"""One account as every door shows it: Instagram itself, Instaloader's folder, its exports.

What differs is what differs in truth: an export has larger pictures, encoded anew, knows the
camera, no posters, and a caption as it was before it was edited; its films have other names.
"""

import io
import json
import random
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from fakes.instagram import FakeInstagram, FakeProfile
from fakes.instagram_export import FakeExport, cdn_name, film
from fakes.instagram_export import Item as ExportItem
from fakes.instagram_posts import FakePost, Item, a_post
from fakes.instaloader_folder import downloaded

LIVE_WIDTH, EXPORT_WIDTH = 108, 144  # 1080 and 1440 in truth
MAKE, MODEL = "Apple", "iPhone 12"


class Told(NamedTuple):
    """One post; ``media`` has a letter for each medium: a picture or a video."""

    caption: str  # as the exports have it
    at: int  # seconds since 1970
    media: str = "p"
    edited: str | None = None  # what stands on Instagram by now; None is the same

    @property
    def now(self) -> str:
        """What stands on Instagram by now."""
        return self.caption if self.edited is None else self.edited


NOON = 1_715_515_200  # 2024-05-12 12:00:00 UTC
DAY = 86_400
ACCOUNT = (
    Told("Boats at dusk\n#boats #sea", NOON + 17),
    Told("Three from the island", NOON + DAY + 5, "pvp"),
    Told("Waves, with sound", NOON + 2 * DAY + 11, "v"),
    Told("🌅🌊", NOON + 3 * DAY + 31),
    Told("", NOON + 4 * DAY + 8),
    Told("Same second, first", NOON + 5 * DAY + 2),
    Told("Same second, second", NOON + 5 * DAY + 2),
    Told("Ferry at noon", NOON + 6 * DAY + 40, edited="Ferry at noon, late as ever #ferry"),
    Told("Good morning", NOON + 7 * DAY + 3),
    Told("Good morning", NOON + 8 * DAY + 3),
    Told("", NOON + 9 * DAY + 44, "vpp"),
)


def profile_of(account: Sequence[Told | None] = ACCOUNT) -> FakeProfile:
    """Show an account live, the newest post first; None is a post that is not there."""
    posts = [_live(number, told) for number, told in enumerate(account, start=1) if told]
    return FakeProfile(posts=sorted(posts, key=lambda post: -post.media["taken_at"]))


def export_of(
    era: int | str, account: Sequence[Told | None] = ACCOUNT, *, form: str = "JPEG"
) -> FakeExport:
    """Write an account as an export of an era has it, its pictures in a form of Pillow's."""
    export = FakeExport(era)
    for number, told in enumerate(account, start=1):
        if told is None:
            continue
        items = [_exported(number, place, kind, form) for place, kind in enumerate(told.media)]
        _, taken = camera_of(number)
        exif = {"lens_make": MAKE, "lens_model": MODEL, "iso": 64}
        exif["date_time_original"] = taken.replace("-", ":")
        export.add(code_of_post(number, told), told.at, told.caption, items, exif=exif)
    return export


def folder_of(instagram: FakeInstagram, folder: Path) -> Path:
    """Let Instaloader download the profile; the environment has to lead to the fake."""
    posts = [instagram.node_of(post) for post in instagram.profile.posts]
    return downloaded(folder, *posts, filename_pattern="{date_utc}_UTC_{shortcode}")


@cache
def drawn(number: int, width: int, quality: int, form: str = "JPEG") -> bytes:
    """Draw a picture of its own for each number, the same at any width."""
    chance = random.Random(number)
    tile = Image.new("RGB", (9, 8))
    tile.putdata([tuple(chance.randrange(256) for _ in "rgb") for _ in range(72)])
    stream = io.BytesIO()
    size = (width, width * 8 // 9)
    picture = tile.resize(size, Image.Resampling.NEAREST)
    picture.save(stream, form, quality=quality, comment=f"{number}".encode())
    return stream.getvalue()


def number_in(original: Path) -> int:
    """Tell which picture a file shows."""
    with Image.open(original) as picture:
        return int(picture.info["comment"])


def camera_of(number: int) -> tuple[str, str]:
    """Give with what the pictures of a post were taken, and when, as a page has both."""
    return f"{MAKE} {MODEL}", f"2024-05-01 10:00:{number % 60:02}"


def code_of_post(number: int, told: Told) -> str:
    """Give the shortcode of a post, by its place in the account, from 1."""
    return _live(number, told).code


def alt_of(number: int) -> str:
    """What somebody wrote on Instagram of a picture, for those who do not see it."""
    return f"Many fields of colour, number {number}"


def _live(number: int, told: Told) -> FakePost:
    kinds = {"p": "image", "v": "video"}
    size = {"width": LIVE_WIDTH, "height": LIVE_WIDTH * 8 // 9}
    items = [
        Item(kind=kinds[kind], alt=alt_of(_picture_number(number, place)), **size)
        for place, kind in enumerate(told.media)
    ]
    post = a_post(number, taken_at=told.at, caption=told.now or None, items=items)
    renamed = json.dumps(post.media)
    files = {}
    for place, kind in enumerate(told.media):
        stem = f"{int(post.media['pk']) // 10**10}_{int(post.media['pk']) % 10**10:010}{place:02}_n"
        own = cdn_name(_picture_number(number, place))
        renamed = renamed.replace(stem, own)
        files[f"{own}.jpg"] = partial(drawn, _picture_number(number, place), LIVE_WIDTH, 88)
        if kind == "v":
            files[f"{own}.mp4"] = partial(film, _picture_number(number, place))
    return FakePost(media=json.loads(renamed), files=files, comments=post.comments)


def _exported(number: int, place: int, kind: str, form: str) -> ExportItem:
    which = _picture_number(number, place)
    if kind == "v":
        return ("video", film(which), f"AQM{which}dQw4w9")
    return ("image", drawn(which, EXPORT_WIDTH, 93, form), cdn_name(which))


def _picture_number(number: int, place: int) -> int:
    return 100 * number + place
