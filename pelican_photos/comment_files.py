"""The comments beside a page: a JSON file of its name, which only grows."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pelican_photos import atomic
from pelican_photos.errors import PageError
from pelican_photos.model import Comment
from pelican_photos.naming import comments_name


def read_comments(page_file: Path) -> tuple[Comment, ...]:
    """Read the comments beside a page, oldest first; none when there is no file.

    Raises:
        PageError: the file is not what this package writes.
    """
    return _read_comments(page_file.with_name(comments_name(page_file.stem)))


def comments_text(page_file: Path) -> bytes:
    """Give the comments beside a page as they are written; nothing when there is no file.

    Raises:
        PageError: nobody can read it.
    """
    name = comments_name(str(page_file).removesuffix(".md"))
    try:
        with open(name, "rb") as file:  # noqa: PTH123 - of thousands of pages
            return file.read()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unreadable(name, error) from error


def change_comments(
    page_file: Path, change: Callable[[tuple[Comment, ...]], tuple[Comment, ...]]
) -> bool:
    """Write the comments beside a page anew; returns whether that changed the file."""
    file = page_file.with_name(comments_name(page_file.stem))
    before = _read_comments(file)
    after = change(before)
    if after == before:
        return False
    text = json.dumps([_comment_json(c) for c in after], ensure_ascii=False, indent=1)
    # Half a surrogate pair has no bytes of its own: it stays the escape that JSON has for it.
    atomic.write_bytes(file, f"{text}\n".encode("utf-8", "backslashreplace"))
    return True


def merge_comments(kept: Iterable[Comment], new: Iterable[Comment]) -> tuple[Comment, ...]:
    """Join two lists by id, oldest first; what only one of them has stays.

    What the owner hid stays hidden: upstream knows nothing of that.
    """
    joined = {comment.id: comment for comment in kept}
    for comment in new:
        known = joined.get(comment.id)
        answers = merge_comments(known.answers if known else (), comment.answers)
        joined[comment.id] = Comment(
            id=comment.id,
            author=comment.author,
            published=comment.published,
            text=comment.text,
            likes=comment.likes,
            answers=answers,
            hidden=known.hidden if known else comment.hidden,
        )
    return tuple(sorted(joined.values(), key=lambda comment: (comment.published, comment.id)))


def all_comments(comments: Iterable[Comment]) -> Iterator[Comment]:
    """Yield each comment, followed by the answers to it."""
    for comment in comments:
        yield comment
        yield from all_comments(comment.answers)


def marked(comment: Comment, comment_id: str, *, hidden: bool) -> Comment:
    """Give a comment with the mark set on it, or on that one of its answers."""
    answers = tuple(marked(answer, comment_id, hidden=hidden) for answer in comment.answers)
    mark = hidden if comment.id == comment_id else comment.hidden
    return replace(comment, answers=answers, hidden=mark)


def _read_comments(file: Path) -> tuple[Comment, ...]:
    try:
        return tuple(map(_comment, json.loads(file.read_text("utf-8"))))
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path | str, error: Exception) -> PageError:
    return PageError(f"{file} cannot be read: {error}; correct or remove it")


def _comment(raw: Mapping[str, Any]) -> Comment:
    return Comment(
        id=str(raw["id"]),
        author=str(raw["author"]),
        published=_aware(datetime.fromisoformat(raw["time"])),
        text=str(raw["text"]),
        likes=int(raw.get("likes", 0)),
        answers=tuple(map(_comment, raw.get("answers", ()))),
        hidden=raw.get("hidden") is True,
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _comment_json(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "author": comment.author,
        "time": comment.published.isoformat(),
        "text": comment.text,
        "likes": comment.likes,
        "answers": [_comment_json(answer) for answer in comment.answers],
        **({"hidden": True} if comment.hidden else {}),
    }
