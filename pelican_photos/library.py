"""The pages below ``content/photos``, on disk: find, read, add, edit.

The page file is the database.  Nothing here decides what a page says, and nothing
here looks at a picture.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from pelican_photos import atomic
from pelican_photos.comment_files import (
    all_comments,
    change_comments,
    marked,
    merge_comments,
    read_comments,
)
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
from pelican_photos.page_files import page_files
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
        self._unlisted: list[str] = []  # a sentence for each folder that nobody could look into

    def files(self) -> list[Path]:
        """List the page files by path; folders and files with a leading dot are not pages."""
        return list(map(Path, self._files()))

    def stored(self) -> Iterator[Stored]:
        """Yield every page that can be read; ``problems`` gets a sentence for each other one."""
        self.problems.clear()
        self._unreadable.clear()
        files = self.files()
        self.problems += self._unlisted
        for file in files:
            try:
                yield Stored(file, read_page(file.read_text("utf-8-sig"), file.stem))
            except (PageError, UnicodeDecodeError, OSError) as error:
                self.problems.append(f"{file.relative_to(self._content)}: {error}")
                self._unreadable.append(file)

    def settled(self) -> list[Stored]:
        """Give every page that can be read, but for photos whose album's page cannot.

        Nobody knows who may see those: the album's status is theirs.  In a folder that cannot be
        looked into may be the page of any album.
        """
        stored = list(self.stored())
        if not self.problems:
            return stored
        visibility, waiting = Visibility(stored), set[Path]()
        unreadable = {each.stem for each in self._unreadable}
        for file, page in stored:
            if not isinstance(page, Photo) or not page.album:
                continue
            if self._unlisted or page.album in unreadable:
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
        return change_comments(page_file, lambda kept: merge_comments(kept, comments))

    def hide_comment(self, page_file: Path, comment_id: str, *, hidden: bool) -> bool:
        """Keep one comment off its page, or show it again; it stays in the file either way.

        Returns whether the file changed.

        Raises:
            PageError: there is no comment of that id beside the page.
        """
        known = {comment.id for comment in all_comments(read_comments(page_file))}
        if comment_id not in known:
            raise PageError(f"{page_file.stem} has no comment {comment_id!r}; list them without it")
        return change_comments(
            page_file, lambda kept: tuple(marked(each, comment_id, hidden=hidden) for each in kept)
        )

    def _files(self) -> list[str]:
        """List the page files as texts."""
        files, unlisted = page_files(self.folder)
        self._unlisted = [
            f"{os.path.relpath(folder, self._content)} cannot be looked into: {why}"
            for folder, why in unlisted.items()
        ]
        return files

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
        files = self._files()
        if self._unlisted:
            raise PageError(f"{self._unlisted[0]}; so it is not known which photos are here")
        for file in map(Path, files):
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


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PageError(f"{file} cannot be read: {error.strerror}") from error
