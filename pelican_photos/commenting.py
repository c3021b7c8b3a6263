"""The comments of a post: asked for politely, merged, and missing rather than fatal."""

from dataclasses import replace
from pathlib import Path

from pelican_photos.errors import CommentsError, PageError
from pelican_photos.ledger import Entry, Ledger
from pelican_photos.library import Library
from pelican_photos.model import Comment, Post
from pelican_photos.report import Report
from pelican_photos.sources import Source

# After so many posts in a row without an answer, a source is not asked for comments any more.
_SILENT_IN_A_ROW = 3


class Commenting:
    """Stores the comments of one source's posts."""

    def __init__(self, source: Source, library: Library, ledger: Ledger, report: Report) -> None:
        self._source = source
        self._library = library
        self._ledger = ledger
        self._report = report
        self._silence = 0  # posts in a row whose comments could not be had

    def store(self, post: Post, entry: Entry, page_file: Path) -> Entry:
        """Add what is new beside a page; the report hears what could not be had, and why."""
        if not self._is_due(post, entry, page_file):
            return entry
        try:
            comments = self._ask(post)
            if comments is None:
                return entry
            self._report.commented += self._library.add_comments(page_file, comments)
        except (CommentsError, PageError) as error:  # a PageError: only the owner can mend the file
            self._report.uncommented[post.uid] = str(error)
            return entry
        count = len(comments) if post.comment_count is None else post.comment_count
        entry = replace(entry, comment_count=count)
        self._ledger.put(entry)
        return entry

    def _is_due(self, post: Post, entry: Entry, page_file: Path) -> bool:
        """A live source is asked only when it says that the number changed, or ours are lost."""
        lost = bool(entry.comment_count) and not self._library.has_comments(page_file)
        return lost or not self._source.live or post.comment_count != entry.comment_count

    def _ask(self, post: Post) -> tuple[Comment, ...] | None:
        if post.comment_count == 0:
            return ()
        if self._silence >= _SILENT_IN_A_ROW:
            raise CommentsError("not asked for any more in this run")
        self._silence += 1
        comments = self._source.comments(post)
        self._silence = 0
        return comments
