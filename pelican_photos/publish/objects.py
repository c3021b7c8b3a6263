"""What lies in a bucket, what should, and what is remembered of it.

Pure.  Keys are relative to ``PHOTOS_BUCKET_PREFIX``.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

# Parts of a big object, in bytes; fixed, as the ETag of the whole depends on it.  S3 takes
# parts of 5 MiB and more, and 10,000 of them: 80 GiB.
PART = 8 << 20


class Role(StrEnum):
    """Which side a file comes from; a publish of the originals alone leaves the site be."""

    ORIGINAL = "original"  # as the public may see it
    UNTOUCHED = "untouched"  # byte for byte, where the public may not see all of it
    SITE = "site"

    @property
    def is_original(self) -> bool:
        """Whether it comes from beside a page."""
        return self is not Role.SITE


class Stage(IntEnum):
    """When a file goes up: a stage begins when the one before is complete in every bucket.

    So a page is never seen before its pictures, nor a listing before its pages, nor the page of
    the search before the files that it reads.
    """

    ORIGINALS = 1
    ASSETS = 2
    PAGES = 3
    INDEXES = 4
    LISTINGS = 5


class Reason(StrEnum):
    """Why something goes up."""

    MISSING = "not in the bucket"
    SIZE = "size differs"
    CONTENT = "content differs"
    HEADERS = "headers differ"  # the bytes stay: the bucket copies the object onto itself
    MOVED = "in the bucket under another name"  # likewise, from there


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """A file on this machine, as it will lie in the bucket."""

    size: int  # bytes
    sha256: str  # hexadecimal
    content_type: str
    cache_control: str
    role: Role
    stage: Stage
    modified: int = 0  # of an original: when the file here changed last, nanoseconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """An object as the listing of the bucket shows it."""

    size: int  # bytes
    etag: str  # without quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an object, as a bucket that keeps them lists it."""

    key: str
    id: str  # "null" where it was put while the bucket kept none
    etag: str  # without quotes; "" is a delete marker
    size: int  # bytes
    is_latest: bool  # what a plain request gets


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An object as we put it; it is still so while the bucket lists the same ``etag``."""

    size: int  # bytes
    sha256: str  # hexadecimal
    etag: str  # what the bucket answered, without quotes; never taken for a digest
    content_type: str
    cache_control: str
    role: Role
    modified: int = 0  # as of ``Local``

    def row(self) -> tuple[int | str, ...]:
        """Give the fields in their order, as notes have them; quicker than ``astuple``."""
        return (
            self.size,
            self.sha256,
            self.etag,
            self.content_type,
            self.cache_control,
            self.role,
            self.modified,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One object to put, or to repair."""

    key: str
    reason: Reason
    stage: Stage
    size: int  # bytes to send
    weight: int = 0  # bytes of the object
    source: str = ""  # the key to copy from
