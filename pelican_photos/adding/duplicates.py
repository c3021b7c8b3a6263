"""Which of the chosen files are here already, were taken back, or look like one that is here."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from pelican_photos.adding.chosen import Chosen, shown_path
from pelican_photos.errors import PhotosError, SettingsError
from pelican_photos.ledger import Entry, Ledger
from pelican_photos.library import Library
from pelican_photos.matching import difference
from pelican_photos.naming import photo_uid
from pelican_photos.sources.files import uid_of

# Of 64 bits of a difference hash: so many change when a picture is scaled or compressed again.
_ALIKE = 4


class AlreadyHere(SettingsError):
    """A file is on the site already; the message names its page."""


class _Place(NamedTuple):
    """A medium of a known post."""

    entry: Entry
    page: Path | None  # None when its owner deleted it


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of some files that shall be one post."""

    uid: str  # the one that their post gets
    unfinished: Entry | None = None  # of the run that began with them and was cut short
    doubts: tuple[str, ...] = ()  # sentences: the owner has to want it all the same


class Duplicates:
    """The media of a site, by what is in them and by how they look.

    Args:
        library: the pages.
        ledger: what was stored, with digests.
        interrupted: Uids that a run began with and did not come to its end with.
        root: the folder from which messages name pages.
    """

    def __init__(
        self, library: Library, ledger: Ledger, interrupted: Container[str], root: Path
    ) -> None:
        self._library = library
        self._ledger = ledger
        self._interrupted = interrupted
        self._root = root
        self._digests: dict[str, _Place] = {}
        self._looks: list[tuple[str, _Place]] = []
        for entry in ledger:
            for place, item in self._places(entry):
                self._digests |= dict.fromkeys(filter(None, item[:2]), place)
                if item[2] and place.page is not None:
                    self._looks.append((item[2], place))

    def judge(self, chosen: Sequence[Chosen]) -> Verdict:
        """Say under which Uid some files can be added, and what speaks against it.

        Raises:
            AlreadyHere: one of them is on the site already; it names the page.
        """
        base = uid_of([one.sha256 for one in chosen])
        uid, entry = self._free(base)
        if entry is not None:
            return Verdict(uid=uid, unfinished=entry, doubts=tuple(self._once_deleted(chosen, uid)))
        for one in chosen:
            found = self._digests.get(one.sha256)
            page = found.page if found else None
            if page is not None:
                raise AlreadyHere(f"{one.name} is on the site already: {self._shown(page)}")
        page = self._library.find_any(base)
        if page is not None:
            raise AlreadyHere(f"{chosen[0].name} is on the site already: {self._shown(page)}")
        deleted = self._once_deleted(chosen, uid)
        return Verdict(uid=uid, doubts=(*deleted, *self._alike(chosen)))

    def _free(self, base: str) -> tuple[str, Entry | None]:
        """Find a Uid without a past; that of something deleted stays as it is, for it forbids."""
        for number in range(1, len(self._digests) + 3):
            uid = base if number == 1 else f"{base}-{number}"
            entry = self._ledger.get(uid)
            if entry is None:
                return uid, None
            if self._is_unfinished(entry):
                return uid, entry
        raise PhotosError(f"{base}: was added and deleted more often than can be meant")

    def _is_unfinished(self, entry: Entry) -> bool:
        if not entry.slug:  # it was only opened
            return not entry.forgotten
        here = self._library.find_any(entry.uid) is not None
        if entry.uid in self._interrupted and here:
            return True
        return entry.pending and (here or not entry.stored_something)

    def _once_deleted(self, chosen: Sequence[Chosen], uid: str) -> Iterator[str]:
        for one in chosen:
            found = self._digests.get(one.sha256)
            if found and found.page is None and found.entry.uid != uid:
                yield f"{one.name} was on the site as {found.entry.slug}, and you deleted it"

    def _alike(self, chosen: Sequence[Chosen]) -> Iterator[str]:
        for one in chosen:
            if not one.look:
                continue
            near = ((difference(one.look, look), place.page) for look, place in self._looks)
            distance, page = min(near, key=itemgetter(0), default=(64, None))
            if distance <= _ALIKE and page is not None:
                yield f"{one.name} looks like {self._shown(page)}"

    def _places(self, entry: Entry) -> Iterator[tuple[_Place, tuple[str, str, str]]]:
        for index, item in enumerate(entry.items):
            page = self._library.find(photo_uid(entry.uid, index + 1 if entry.is_album else 0))
            yield _Place(entry, page), (item.sha256, item.video_sha256, item.look)

    def _shown(self, page: Path) -> str:
        return shown_path(page, self._root)
