"""Comments on a post, asked for with Instaloader.

They need a session, come from an endpoint that changes often, and are worth
less than the photo: what fails here alone never fails it.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import instaloader

from pelican_photos.errors import (
    CheckpointNeeded,
    CommentsError,
    LoginNeeded,
    RateLimited,
    SourceError,
)
from pelican_photos.model import Comment, Post
from pelican_photos.sources.instagram_comments import comments_of
from pelican_photos.sources.instagram_errors import explained
from pelican_photos.sources.instagram_pace import QuietContext


class Discussion:
    """Asks for comments."""

    def __init__(self, context: QuietContext) -> None:
        self._context = context

    def comments(self, post: Post) -> tuple[Comment, ...] | None:
        """Give the comments with their answers; None without a session, which they need.

        Raises:
            CommentsError: Instagram refuses these comments alone.
            SourceError: Instagram refuses everything.
        """
        if not self._context.is_logged_in:
            return None
        if post.comment_count == 0:
            return ()
        try:
            with explained("these comments"):
                found = _asked(self._context, post).get_comments()
                return comments_of(_entry(comment) for comment in found)
        except (RateLimited, CheckpointNeeded):
            raise
        except LoginNeeded as error:
            # The endpoint for phones says so also when the session is good for all the rest.
            if self._context.test_login() is None:
                raise
            raise CommentsError(str(error)) from error
        except SourceError as error:
            raise CommentsError(str(error)) from error


def _asked(context: QuietContext, post: Post) -> instaloader.Post:
    """Make the least that Instaloader needs to ask for comments without a further request."""
    code = post.uid.partition(":")[2]
    struct = post.raw.get("iphone_struct", post.raw)
    pk = str(struct.get("pk") or "") if isinstance(struct, Mapping) else ""
    # A private account's longer code begins with the usual eleven characters.
    number = pk if pk.isdecimal() else instaloader.Post.shortcode_to_mediaid(code[:11])
    # A count above one page leads to the endpoint that works for any number.
    page = instaloader.NodeIterator.page_length()
    count = page + 1 if post.comment_count is None else post.comment_count
    node = {
        "shortcode": code,
        "id": str(number),
        "edge_media_to_parent_comment": {"count": count, "edges": []},
    }
    return instaloader.Post(context, node)


def _entry(comment: instaloader.PostComment | instaloader.PostCommentAnswer) -> dict[str, Any]:
    """Write a comment as Instaloader writes it to a file, which ``comments_of`` reads."""
    answers = comment.answers if isinstance(comment, instaloader.PostComment) else ()
    return {
        "id": str(comment.id),
        "created_at": int(comment.created_at_utc.replace(tzinfo=UTC).timestamp()),
        "text": comment.text,
        "owner": {"username": comment.owner.username},
        "likes_count": comment.likes_count,
        "answers": [_entry(answer) for answer in answers],
    }
