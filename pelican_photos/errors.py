"""Everything this package raises on purpose.

PhotosError              one line for a person: what, which, and what to do
├── SettingsError        a setting or an argument is missing or wrong
├── Busy                 another run holds the lock
├── SourceError          a source cannot go on; what is stored stays stored
│   ├── LoginNeeded      the session is missing, wrong or expired
│   ├── CheckpointNeeded the owner has to confirm something in a browser
│   ├── ProfileMissing   no such profile, hidden, or private
│   ├── RateLimited      .retry_at says when to come back
│   └── SourceOutdated   the source speaks a dialect that we do not know
├── PostMissing          one post is deleted or private upstream
├── MediaError           one picture or video could not be fetched whole
│   ├── MediaExpired     its address has expired; ask the source for a fresh one
│   └── MediaSmaller     it is not the larger picture that was asked for
├── CommentsError        the comments of one post could not be had this time
├── PageError            a page cannot be written or read back
├── LedgerError          an entry of the ledger cannot be read
├── ImageError           a picture cannot be decoded
├── ReadOnly             a cache can be read, but not written
├── MetadataError        a file's metadata cannot be cleaned
├── ClusterError         the machines that make renditions cannot be had
└── PublishError         the bucket or the CDN refused
    ├── BrokenOff        an object came in part; the rest of it may be asked for
    ├── Damaged          an object holds other bytes than were published
    ├── Overtaken        another machine has published what this one would take back
    └── Guarded          it would do what is seldom meant, and was not said to be
"""

from datetime import datetime


class PhotosError(Exception):
    """The root; ``exit_status`` is what the process ends with."""

    exit_status = 1


class SettingsError(PhotosError):
    """A setting or an argument is missing or wrong."""

    exit_status = 2


class Busy(PhotosError):
    """Another run holds the lock."""


class SourceError(PhotosError):
    """A source cannot go on; what is stored stays stored."""


class LoginNeeded(SourceError):
    """The session is missing, wrong or expired."""


class CheckpointNeeded(SourceError):
    """The owner has to confirm something in a browser first."""


class ProfileMissing(SourceError):
    """The profile does not exist, is hidden, or is private."""


class RateLimited(SourceError):
    """The source asks us to come back later."""

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class SourceOutdated(SourceError):
    """The source answers in a way that this version does not understand."""


class PostMissing(PhotosError):
    """One post is deleted or private upstream."""


class MediaError(PhotosError):
    """One picture or video could not be fetched whole."""


class MediaExpired(MediaError):
    """The address of a picture or video has expired; a fresh one may work."""


class MediaSmaller(MediaError):
    """A picture is not the larger one that was asked for."""


class CommentsError(PhotosError):
    """The comments of one post could not be had this time; the photo is none the worse."""


class PageError(PhotosError):
    """A page cannot be written, or cannot be read back."""


class LedgerError(PhotosError):
    """An entry of the ledger cannot be read."""


class ImageError(PhotosError):
    """A picture cannot be decoded."""


class ReadOnly(PhotosError):
    """A cache can be read, but not written."""


class MetadataError(PhotosError):
    """A file's metadata cannot be cleaned without guessing."""


class ClusterError(PhotosError):
    """The machines that are to make renditions cannot be had."""


class PublishError(PhotosError):
    """The bucket or the CDN refused."""


class BrokenOff(PublishError):
    """An object came in part; the rest of it may be asked for."""


class Damaged(PublishError):
    """An object in the bucket holds other bytes than were published."""


class Overtaken(PublishError):
    """Another machine has published, and this one would take some of it back."""

    exit_status = 2


class Guarded(PublishError):
    """It is seldom meant, such as a publish into a stranger's bucket; an option says that it is."""

    exit_status = 2
