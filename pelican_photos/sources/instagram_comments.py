"""Comments as Instagram and Instaloader write them, read as ``Comment``.  Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from pelican_photos.errors import SourceOutdated
from pelican_photos.model import Comment
from pelican_photos.sources.instagram_users import owner_in
from pelican_photos.sources.loose_json import (
    as_count,
    as_id,
    as_line,
    as_mapping,
    as_mappings,
    as_text,
    as_time,
    edge_nodes,
)


def comment_of(raw: Mapping[str, Any]) -> Comment:
    """Read a comment, with its answers, in any of three dialects.

    They are Instaloader's ``_comments.json`` (``likes_count``, ``answers``), GraphQL
    (``edge_liked_by``, ``edge_threaded_comments``) and the mobile API's (``pk``, ``user``,
    ``comment_like_count``, ``preview_child_comments``).

    Raises:
        SourceOutdated: it has no id or no time.
    """
    answers = [
        *as_mappings(raw.get("answers")),
        *as_mappings(raw.get("preview_child_comments")),
        *edge_nodes(raw.get("edge_threaded_comments")),
    ]
    # Instagram nests once; more would only be somebody's attempt at our stack.
    alone = [_comment(answer, answers=()) for answer in answers if _is_whole(answer)]
    return _comment(raw, answers=_in_order(alone))


def comments_of(entries: Iterable[Any]) -> tuple[Comment, ...]:
    """Read comments, oldest first and each once.

    An entry without an id or a time is left out: it could neither be merged nor placed.
    """
    whole = (entry for entry in entries if isinstance(entry, Mapping) and _is_whole(entry))
    return _in_order(comment_of(entry) for entry in whole)


def _in_order(comments: Iterable[Comment]) -> tuple[Comment, ...]:
    """Sort by time; of two with one id the one with more answers stays."""
    found: dict[str, Comment] = {}
    for comment in comments:
        known = found.get(comment.id)
        if known is None or len(known.answers) < len(comment.answers):
            found[comment.id] = comment
    return tuple(sorted(found.values(), key=lambda comment: (comment.published, comment.id)))


def _comment(raw: Mapping[str, Any], *, answers: tuple[Comment, ...]) -> Comment:
    published, number = as_time(raw.get("created_at")), _id(raw)
    if published is None or not number:
        lacking = "time" if number else "id"
        raise SourceOutdated(f"a comment has no {lacking}; upgrade, or import without comments")
    hearts = as_mapping(raw.get("edge_liked_by")).get("count")
    return Comment(
        id=number,
        author=as_line(owner_in(raw).get("username")),
        published=published,
        text=as_text(raw.get("text")),
        likes=as_count(raw.get("likes_count"), raw.get("comment_like_count"), hearts) or 0,
        answers=answers,
    )


def _id(raw: Mapping[str, Any]) -> str:
    return as_id(raw.get("id")) or as_id(raw.get("pk"))


def _is_whole(raw: Mapping[str, Any]) -> bool:
    return bool(_id(raw)) and as_time(raw.get("created_at")) is not None
