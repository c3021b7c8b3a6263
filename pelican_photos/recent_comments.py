"""Comments of recent posts alone: what others said since the import.

A timeline says of a dozen posts in one request how many comments each has; only where that
number changed are they asked for.  Nothing else of a page is touched.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pelican_photos.commenting import Commenting
from pelican_photos.ledger import Entry
from pelican_photos.model import Post, Unreadable
from pelican_photos.report import Report
from pelican_photos.sources import Source
from pelican_photos.storing import Site, Storing

# So many posts of any age may stand before the newest one.
_PINNED_AT_MOST = 3

# Told once for each recent post: how many so far, how many expected (None: unknown), and what.
Progress = Callable[[int, int | None, str], None]


def refresh_comments(
    source: Source, site: Site, report: Report, *, since: datetime, progress: Progress
) -> None:
    """Bring the comments of posts that are on the site and not older than ``since``.

    A live timeline is read until only older posts follow; they are merged, never deleted, and
    ``report.uncommented`` gets a reason for each post whose comments could not be had.

    Raises:
        SourceError: the source cannot go on; what came before is stored.
    """
    storing = Storing(source, site)
    commenting = Commenting(source, site.library, site.ledger, report)
    older = recent = 0
    for post in source.posts():
        if isinstance(post, Unreadable):
            continue
        if post.published < since:
            older += 1
            if source.live and older > _PINNED_AT_MOST:
                return
            continue
        recent += 1
        progress(recent, None, f"asked about {post.uid}")
        if (known := _known(post, site, storing)) is None:
            continue
        report.add(post.uid, "unchanged")
        entry = commenting.store(post, *known)
        if source.live and post.comment_count not in (None, entry.comment_count):
            report.uncommented.setdefault(post.uid, f"{source.name} shows them to no stranger")


def _known(post: Post, site: Site, storing: Storing) -> tuple[Entry, Path] | None:
    """Find what the ledger knows of a post, and its page; None without one of them."""
    entry = site.ledger.get(post.uid)
    page_file = storing.page_of(entry) if entry and entry.slug else None
    return (entry, page_file) if entry and page_file else None
