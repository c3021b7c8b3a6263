"""Whose a post is, and what that means for showing it.  Pure."""

from collections.abc import Container
from dataclasses import replace

from pelican_photos.model import Post, Unreadable


def hide_foreign(entry: Post | Unreadable, own: Container[str]) -> Post | Unreadable:
    """Mark a post of somebody else's as foreign and hidden; a post shared with them is own.

    ``own`` are user names in small letters.  A post that does not say whose it is counts as
    somebody else's.
    """
    if isinstance(entry, Unreadable) or any(
        name in own for name in (entry.owner, *entry.coauthors)
    ):
        return entry
    silent = entry.silent - {"status"}  # of this one we do say it
    return replace(entry, foreign=True, status="hidden", silent=silent)
