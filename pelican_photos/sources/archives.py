"""Several zips and folders, given together, as one read-only view of the files in them.

Nothing is unpacked to disk.  What the files mean is not known here.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from pelican_photos.errors import SourceError
from pelican_photos.sources.instaloader_files import files_below, is_inside
from pelican_photos.sources.loose_json import as_line
from pelican_photos.sources.zip_archive import SIGNATURES, Member, ZipArchive

__all__ = ["Archives", "Member", "is_zip"]

_PIECE = 2**18  # bytes


class Root(Protocol):
    """A zip or a folder, open for reading."""

    name: str

    def members(self) -> Iterator[Member]:
        """Yield the files in it."""
        ...

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of one of them; a ``SourceError`` says why not."""
        ...


class Archives:
    """The files of zips and folders; a zip that lies in a folder counts as given too.

    Args:
        paths: zips and folders.  One that is given twice is read once.

    Raises:
        SourceError: one of them is missing, damaged, or is neither.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._roots: list[Root] = []
        for path in dict.fromkeys(_with_zips_inside(paths)):
            number = len(self._roots)
            self._roots.append(
                FolderArchive(path, number) if path.is_dir() else ZipArchive(path, number)
            )

    def members(self) -> Iterator[Member]:
        """Yield every file, root by root; what a Mac adds to archives of its own is left out.

        Raises:
            SourceError: a folder cannot be listed, or a zip holds something hostile.
        """
        for root in self._roots:
            yield from (member for member in root.members() if not _is_mac_litter(member.path))

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a file, in pieces.

        Raises:
            SourceError: they are damaged, or not those that were there when it was listed.
        """
        return self._roots[member.root].pieces(member)

    def shown(self, member: Member) -> str:
        """Name a file for a person."""
        return f"{as_line(member.path)} in {self._roots[member.root].name}"


class FolderArchive:
    """A folder and all below it; links to folders are not followed.

    Args:
        path: the folder, resolved.
        root: the number that its members carry.
    """

    def __init__(self, path: Path, root: int = 0) -> None:
        self.name = as_line(str(path))
        self._path = path
        self._root = root

    def members(self) -> Iterator[Member]:
        """Yield the files, zips left out; pipes and devices are none."""
        for file in _files(self._path):
            if file.is_file() and not is_zip(file):
                yield self._member(file)

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a file."""
        file, shown = self._path / member.path, f"{as_line(member.path)} in {self.name}"
        if file.is_symlink() and not is_inside(self._path, file):
            raise SourceError(f"{shown}: leads out of the folder; copy the file itself into it")
        given = 0
        try:
            with file.open("rb") as stream:
                while piece := stream.read(_PIECE):
                    given += len(piece)
                    yield piece
        except OSError as error:
            raise SourceError(f"{shown}: cannot be read ({error.strerror})") from error
        if given != member.size:
            raise SourceError(f"{shown}: has changed while it was read; import again")

    def _member(self, file: Path) -> Member:
        path = file.relative_to(self._path).as_posix()
        try:
            status = file.stat()
        except OSError as error:
            raise SourceError(f"{as_line(str(file))}: cannot be read ({error.strerror})") from error
        if file.suffix.lower() not in (".json", ".html"):
            return Member(self._root, path, status.st_size)
        modified = datetime.fromtimestamp(int(status.st_mtime), UTC).isoformat()
        return Member(self._root, path, status.st_size, modified)


def is_zip(path: Path) -> bool:
    """Tell whether a file is a zip by its name and its first bytes."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(4) in SIGNATURES
    except OSError:  # as a file of a folder it will say so when it is read
        return False


def _with_zips_inside(paths: Sequence[Path]) -> Iterator[Path]:
    for given in paths:
        path = Path(os.path.realpath(given))
        if not path.exists():
            raise SourceError(f"{as_line(str(given))}: there is nothing; check the path")
        yield path
        if path.is_dir():
            inside = (file for file in _files(path) if is_zip(file))
            yield from (Path(os.path.realpath(f)) for f in inside if is_inside(path, f))


def _files(folder: Path) -> Iterator[Path]:
    try:
        for directory, names in files_below(folder):
            yield from (directory / name for name in names)
    except OSError as error:
        where = as_line(str(error.filename or folder))
        raise SourceError(f"{where}: cannot be read ({error.strerror}); allow it first") from error


def _is_mac_litter(path: str) -> bool:
    """Recognise AppleDouble files (RFC 1740), which have the names of pictures."""
    folder, _, name = path.rpartition("/")
    return name.startswith("._") or folder.partition("/")[0] == "__MACOSX"
