"""The pages below ``content/photos``, on disk: find, read, add, edit.

The page file is the database.  Nothing here decides what a page says, and nothing
here looks at a picture.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Literal, NamedTuple

from pelican_photos import atomic
from pelican_photos.errors import PageError
from pelican_photos.model import Album, Comment, Page, Photo
from pelican_photos.naming import DRAFTS, comments_name, original_path, page_path
from pelican_photos.page import (
    edit_body,
    edit_page,
    header_value,
    plain_file_name,
    read_page,
    write_page,
)
from pelican_photos.visibility import Visibility


class Stored(NamedTuple):
    """A page, and the file that holds it."""

    file: Path
    page: Photo | Album


class Library:
    """The photos of one site."""

    def __init__(self, content: Path, path: str) -> None:
        self.folder = content / path
        self._content = content
        self._path = path
        self.problems: list[str] = []
        self._unreadable: list[Path] = []

    def files(self) -> list[Path]:
        """List the page files by path; folders and files with a leading dot are not pages."""
        return list(map(Path, self._files()))

    def stored(self) -> Iterator[Stored]:
        """Yield every page that can be read; ``problems`` gets a sentence for each other one."""
        self.problems.clear()
        self._unreadable.clear()
        for file in self.files():
            try:
                yield Stored(file, read_page(file.read_text("utf-8-sig"), file.stem))
            except (PageError, UnicodeDecodeError, OSError) as error:
                self.problems.append(f"{file.relative_to(self._content)}: {error}")
                self._unreadable.append(file)

    def settled(self) -> list[Stored]:
        """Give every page that can be read, but for photos whose album's page cannot.

        Nobody knows who may see those: the album's status is theirs.
        """
        stored = list(self.stored())
        if not self._unreadable:
            return stored
        visibility, waiting = Visibility(stored), set[Path]()
        unreadable = {each.stem for each in self._unreadable}
        for file, page in stored:
            if isinstance(page, Photo) and page.album in unreadable:
                found = visibility.album_of(file, page)
                is_beside = found is not None and found[0].parent == file.parent
                if not is_beside:
                    waiting.add(file)
        return [each for each in stored if each.file not in waiting]

    def find(self, uid: str) -> Path | None:
        """Find the page of a Uid, wherever its owner moved it, be it a moment ago."""
        return self._present("by_uid", uid)

    def find_any(self, uid: str) -> Path | None:
        """Find a page of a post: its own, or that of a photo of its album."""
        return self.find(uid) or self._present("by_post", uid)

    def named(self, slug: str) -> Path | None:
        """Find a page by its file's name, also when its owner removed the Uid."""
        return self._present("by_name", slug)

    def text_of(self, file: Path) -> str:
        """Read a page; see ``page_text``."""
        return page_text(file)

    def has_comments(self, page_file: Path) -> bool:
        """Whether comments lie beside a page, under its present name."""
        return page_file.with_name(comments_name(page_file.stem)).is_file()

    def originals(self, until: datetime | None = None) -> Iterator[tuple[str, Path]]:
        """Yield the originals and videos that the pages name: path below the site, and file.

        Pages later than ``until`` are drafts.
        """
        stored = self.settled()
        visibility = Visibility(stored, until)
        for file, page in stored:
            status = visibility.status(file, page)
            if isinstance(page, Photo) and status != "skip":
                # A draft's original has its page's address: who knows neither finds neither.
                before = DRAFTS if status == "draft" else ""
                for name in filter(None, (page.original, page.video)):
                    key = PurePosixPath(before, original_path(self._path, page, name))
                    yield str(key), file.with_name(name)

    def slugs(self) -> frozenset[str]:
        """Give every name in use, also those of files that nobody asked us to overwrite."""
        return frozenset(file.stem for file in atomic.files_below(self.folder))

    def folder_of(self, page: Page) -> Path:
        """Say where a new page and its original go."""
        return (self._content / page_path(self._path, page)).parent

    def add(self, page: Photo | Album, folder: Path | None = None) -> Path:
        """Write a new page, into its year's folder or another one; its original is there already.

        Raises:
            PageError: a page of that name exists; nothing is overwritten.
        """
        file = (folder or self.folder_of(page)) / f"{page.slug}.md"
        if file.exists():
            raise PageError(f"{file} exists already; rename or remove it, then run again")
        atomic.write_bytes(file, write_page(page).encode())
        self._index.note(page.uid, file)
        return file

    def edit(self, file: Path, changes: Mapping[str, str | None], body: str | None = None) -> None:
        """Change some keys of a page, and its body; nothing is written when nothing changes.

        Raises:
            PageError: the page is no UTF-8, so that writing it would lose something.
        """
        try:
            before = _bytes_of(file).decode("utf-8")
        except UnicodeDecodeError as error:
            raise PageError(f"{file} is not in UTF-8: save it so, then import again") from error
        after = edit_page(before, changes)
        if body is not None:
            after = edit_body(after, body)
        if after != before:
            atomic.write_bytes(file, after.encode())

    def add_comments(self, page_file: Path, comments: Iterable[Comment]) -> bool:
        """Merge comments into the file beside a page: none is ever deleted.

        Returns whether the file changed.
        """
        return self._change_comments(page_file, lambda kept: merge_comments(kept, comments))

    def hide_comment(self, page_file: Path, comment_id: str, *, hidden: bool) -> bool:
        """Keep one comment off its page, or show it again; it stays in the file either way.

        Returns whether the file changed.

        Raises:
            PageError: there is no comment of that id beside the page.
        """
        known = {comment.id for comment in all_comments(read_comments(page_file))}
        if comment_id not in known:
            raise PageError(f"{page_file.stem} has no comment {comment_id!r}; list them without it")
        return self._change_comments(
            page_file, lambda kept: tuple(_marked(each, comment_id, hidden=hidden) for each in kept)
        )

    def _change_comments(
        self, page_file: Path, change: Callable[[tuple[Comment, ...]], tuple[Comment, ...]]
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

    def _files(self) -> list[str]:
        """List the page files as texts."""
        below, hidden = len(str(self.folder)), f"{os.sep}."
        found = (
            file
            for file in atomic.names_below(self.folder)
            if file.endswith(".md") and hidden not in file[below:]
        )
        return sorted(found, key=lambda text: text.replace(os.sep, "\0"))

    def _present(self, index: Literal["by_uid", "by_post", "by_name"], name: str) -> Path | None:
        """Look a page up; what is not there any more was moved, deleted or renamed by now."""
        found: str | None = getattr(self._index, index).get(name)
        if found is not None and not Path(found).exists():
            del self._index
            found = getattr(self._index, index).get(name)
        return None if found is None else Path(found)

    @cached_property
    def _index(self) -> "_Index":
        """Index every page, also one that its owner broke: it is still that photo's page."""
        index = _Index({}, {}, {})
        for file in map(Path, self._files()):
            uid = header_value(self.text_of(file), "Uid")
            first = index.by_uid.get(uid)
            index.note("" if first else uid, file)
            spare = first and f"{file} has the Uid of {Path(first).name}; one of them is spare"
            if spare and spare not in self.problems:
                self.problems.append(spare)
        return index


class _Index(NamedTuple):
    """Where pages are: by their Uid, by that of their post, and by the names of their files.

    Texts, as in ``Library._files``.
    """

    by_uid: dict[str, str]
    by_post: dict[str, str]
    by_name: dict[str, str]

    def note(self, uid: str, file: Path) -> None:
        self.by_name[file.stem] = text = str(file)
        if uid:
            self.by_uid[uid] = text
            self.by_post.setdefault(uid.partition("#")[0], text)


def page_text(file: Path) -> str:
    """Read a page as far as its bytes are text.

    Raises:
        PageError: it cannot be read, or is gone since it was found.
    """
    return _bytes_of(file).decode("utf-8-sig", "replace")


def file_beside(page_file: Path, text: str, key: str) -> Path | None:
    """Find what a key of a page names; None without a plain name: a page never leads elsewhere."""
    name = plain_file_name(header_value(text, key))
    return page_file.with_name(name) if name else None


def read_comments(page_file: Path) -> tuple[Comment, ...]:
    """Read the comments beside a page, oldest first; none when there is no file.

    Raises:
        PageError: the file is not what this package writes.
    """
    return _read_comments(page_file.with_name(comments_name(page_file.stem)))


def comments_text(page_file: Path) -> bytes:
    """Give the comments beside a page as they are written; nothing where none can be read."""
    try:
        with open(comments_name(str(page_file).removesuffix(".md")), "rb") as file:  # noqa: PTH123 - of thousands of pages
            return file.read()
    except FileNotFoundError:
        return b""


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


def _marked(comment: Comment, comment_id: str, *, hidden: bool) -> Comment:
    """Give a comment with the mark set on it, or on that one of its answers."""
    answers = tuple(_marked(answer, comment_id, hidden=hidden) for answer in comment.answers)
    mark = hidden if comment.id == comment_id else comment.hidden
    return replace(comment, answers=answers, hidden=mark)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PageError(f"{file} cannot be read: {error.strerror}") from error


def _read_comments(file: Path) -> tuple[Comment, ...]:
    try:
        return tuple(map(_comment, json.loads(file.read_text("utf-8"))))
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise PageError(f"{file} cannot be read: {error}; correct or remove it") from error


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
