"""Instagram's own export of an account ("Export your information"), of any year, as a source.

Zips, unzipped folders, and several of either: the parts of one export, or several exports.
Nothing is asked of Instagram, and nothing is unpacked.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from pelican_photos.errors import MediaError, PostMissing, SourceError
from pelican_photos.model import Comment, Media, Post, Unreadable
from pelican_photos.sources.export_detection import detect
from pelican_photos.sources.export_files import Contents
from pelican_photos.sources.export_names import key_of
from pelican_photos.sources.export_profile import newest_picture
from pelican_photos.sources.export_reading import Reading
from pelican_photos.sources.loose_json import as_line

__all__ = ["InstagramExport", "detect"]

HOW_TO_ASK = (
    "Accounts Centre → Your information and permissions → Export your information → JSON,"
    " high media quality, all time"
)


class InstagramExport:
    """The posts of one account, from its export; addresses are paths inside it.

    A post's uid is ``instagram:SHORTCODE`` where the export has a permalink, which it mostly
    has not; else ``instagram-export:`` and the number of the first medium.

    Args:
        paths: zips and folders, in any order: the newest export is read first, and what
            is said twice is taken from it.
        stories: whether to give stories too, as hidden posts.
    """

    live = False  # an export costs nothing to read again
    whole = False  # an export may be of some months only, or lack its other parts

    def __init__(self, paths: Sequence[Path], *, stories: bool = False) -> None:
        self._paths = tuple(paths)
        self._stories = stories
        self._skipped: Mapping[str, int] = {}
        self._count: int | None = None
        self._of_html: int | None = None

    @property
    def name(self) -> str:
        """The paths, as they were given."""
        return ", ".join(as_line(str(path)) for path in self._paths)

    @property
    def skipped(self) -> Mapping[str, int]:
        """How many things were passed over, by what they are; whole after ``posts``."""
        return self._skipped

    @property
    def advice(self) -> str:
        """What the owner should know of this export, in a sentence; "" when all is well."""
        has_html = self._contents.reads_html if self._of_html is None else self._of_html
        if not has_html:
            return ""
        return (
            "This export, or a part of it, is HTML: its dates have no seconds and no time zone"
            f" (they are read as UTC). Better ask for it as JSON: {HOW_TO_ASK}."
        )

    def expected(self) -> int | None:
        """Say how many posts there are; known when ``posts`` has been through once."""
        return self._count

    def posts(self) -> Iterator[Post | Unreadable]:
        """Yield the posts file by file, then what could not be read.

        Raises:
            SourceError: an archive is missing, damaged or hostile, or there are no posts.
                For one damaged file of posts it is raised at the end, after all others.
        """
        if not self._contents.has_posts:
            raise SourceError(
                f"{self.name}: no posts here; give all parts of the export together,"
                f" or ask for it: {HOW_TO_ASK}"
            )
        with ExitStack() as disk:
            reading = Reading(self._contents, disk, stories=self._stories)
            self._skipped = reading.skipped
            yield from reading.posts()
        self._count, self._of_html = reading.count, reading.of_html
        failures = list(reading.failures.values())
        if len(failures) > 1:
            raise SourceError(f"{failures[0]}; {len(failures) - 1} more could not be read")
        if failures:
            raise failures[0]

    def knows(self, uid: str) -> bool:
        """Whether the post is in the export; the first question reads all of it."""
        return key_of(uid) in self._uids

    def refresh(self, uid: str) -> Post | Unreadable:
        """Read one post again, which is as long as reading all up to it."""
        for post in self.posts():
            if post.uid == uid:
                return post
        raise PostMissing(f"{as_line(uid)}: not in {self.name}")

    def fetch(self, address: str) -> Iterator[bytes]:
        """Yield the bytes of a picture or video, in pieces."""
        member = self._contents.find(address)
        if member is None:
            raise MediaError(
                f"{as_line(address)}: is not in the export {self.name}; give all its parts"
                " together, or ask Instagram for it again"
            )
        try:
            yield from self._contents.pieces(member)
        except SourceError as error:
            raise MediaError(str(error)) from error

    def comments(self, post: Post) -> tuple[Comment, ...] | None:  # noqa: ARG002 - of any post
        """None: an export has only what its owner wrote, without saying where."""
        return None

    def profile_picture(self) -> Media | None:
        """Give the newest picture of the profile; None when the export has none."""
        return newest_picture(self._contents)

    @cached_property
    def _contents(self) -> Contents:
        return Contents(self._paths)

    @cached_property
    def _uids(self) -> frozenset[int]:
        return frozenset(key_of(post.uid) for post in self.posts())
