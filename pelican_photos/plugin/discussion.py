"""Which comments a page shows: all but those that the site's owner hid.  Pure."""

from collections.abc import Iterable
from dataclasses import replace

from pelican_photos.model import Comment


def shown(comments: Iterable[Comment]) -> tuple[Comment, ...]:
    """Leave out each hidden comment, and with it the answers that would stand alone."""
    return tuple(
        replace(comment, answers=shown(comment.answers))
        for comment in comments
        if not comment.hidden
    )
