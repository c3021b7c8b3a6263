"""The addresses that posts had on Instagram, and what leads from them to their pages.  Pure.

Shortcodes differ by case alone, which some file systems do not see: every address of such a
group gets the same page, so that it does not matter whose file is the last one there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pelican_photos.plugin.entry import Entry

_CODE = r"(?P<code>[A-Za-z0-9_-]{5,40})"
_PERMALINK = re.compile(
    rf"https?://(?:www\.)?instagram\.com/(?:[\w.]+/)?(?P<kind>p|reel|tv)/{_CODE}/?(?:[?#].*)?",
    re.ASCII,
)
_UID = re.compile(rf"instagram:{_CODE}", re.ASCII)
# A name on Instagram; one of dots alone would lead out of the site, and some are a file's.
_PROFILE = re.compile(r"(?!\.+\Z)(?!.*\.html?\Z)[\w.]{1,30}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A post, and the shortcode that means it."""

    code: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAddress:
    """A folder of the built site, and where it leads.

    There are several choices where shortcodes differ by case alone.
    """

    folder: str
    choices: tuple[Choice, ...]

    @property
    def save_as(self) -> str:
        """The file below the output."""
        return f"{self.folder}/index.html"


def code_of(entry: Entry) -> str:
    """Give the shortcode that a post had on Instagram; "" where it was not there."""
    return _origin(entry)[1]


def short_addresses(posts: Iterable[Entry], profile: str = "") -> list[ShortAddress]:
    """List the addresses that lead to some posts, newest first.

    ``profile`` is the name below which Instagram shows the same addresses once more; they
    are made for the site's own posts where it is known.
    """
    groups: dict[str, dict[str, Choice]] = {}
    for post in posts:
        for folder, code in _folders(post, profile if _PROFILE.fullmatch(profile) else ""):
            group = groups.setdefault(folder.casefold(), {})
            group.setdefault(folder, Choice(code=code, entry=post))
    return [
        ShortAddress(folder=folder, choices=tuple(group[each] for each in sorted(group)))
        for group in groups.values()
        for folder in group
    ]


def shortlinks(addresses: Iterable[ShortAddress]) -> dict[str, str]:
    """Say which of some addresses is the short one of each post, by the folder of its page."""
    return {
        choice.entry.folder: address.folder
        for address in addresses
        for choice in address.choices
        if address.folder == f"p/{choice.code}"
    }


def _folders(post: Entry, profile: str) -> Iterator[tuple[str, str]]:
    kind, code = _origin(post)
    if not code:
        return
    is_video = not post.is_album and bool(post.photo.video)
    for each in dict.fromkeys(("p", kind, "reel" if is_video else "p")):
        yield f"{each}/{code}", code
        if profile and not post.owner:
            yield f"{profile}/{each}/{code}", code


def _origin(entry: Entry) -> tuple[str, str]:
    """Say what Instagram calls this kind of post in addresses, and its shortcode."""
    if match := _PERMALINK.fullmatch(entry.page.syndication):
        return match["kind"], match["code"]
    match = _UID.fullmatch(entry.page.uid)
    return "p", match["code"] if match else ""
