"""The pictures of the profile that an export has."""

from collections.abc import Iterator
from datetime import UTC, datetime

from pelican_photos.model import Media
from pelican_photos.sources.export_early import time_of
from pelican_photos.sources.export_files import Contents, Document
from pelican_photos.sources.export_media import medium_of, uri_in
from pelican_photos.sources.export_text import repaired_all
from pelican_photos.sources.loose_json import as_mapping, as_time

_NEVER = datetime.min.replace(tzinfo=UTC)


def newest_picture(contents: Contents) -> Media | None:
    """Find the newest picture of the profile; one whose file is missing does not count.

    Raises:
        SourceError: a file cannot be read.
    """
    candidates = [
        found
        for export in contents.exports()
        for document in export
        for found in _pictures(contents, document)
        if contents.find(found[1].picture)
    ]
    return max(candidates, key=lambda found: found[0])[1] if candidates else None


def _pictures(contents: Contents, document: Document) -> Iterator[tuple[datetime, Media]]:
    if document.form != "json" or document.role not in ("profile", "early"):
        return
    for key, value in contents.elements(document):
        raw = as_mapping(value)
        if document.role == "early" and key != "profile":
            continue
        if document.role != "early":
            raw = as_mapping(repaired_all(raw))
        if uri_in(raw):
            when = as_time(raw.get("creation_timestamp")) or time_of(raw) or _NEVER
            yield when, medium_of(raw, contents.look)
