"""Takes a photo or an album off this machine, for good: the one place that deletes originals.

The page goes last, so that whoever is interrupted can ask again; the ledger remembers, so
that no import brings the post back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pelican_photos import atomic
from pelican_photos.errors import SettingsError
from pelican_photos.ledger import Entry
from pelican_photos.library import file_beside
from pelican_photos.naming import comments_name, ledger_name, photo_uid
from pelican_photos.page import header_value
from pelican_photos.storing import Site, item_uid

_BESIDE = ("Original", "Video", "Subtitles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """What forgetting a slug would delete: files in the order in which they go."""

    entry: Entry | None  # of the whole post; None for a photo of an album, or one by hand
    files: tuple[Path, ...]
    pages: int


def doomed(site: Site, slug: str) -> Doomed:
    """List what belongs to a slug, and to no page besides.

    Raises:
        SettingsError: nothing here is called so, or several pages are.
    """
    page = _only_page(site, slug)
    uid = header_value(site.library.text_of(page), "Uid") if page else ""
    entry = site.ledger.get(uid) if uid else site.ledger.named(slug)
    if entry is not None and entry.uid != uid and page is not None and uid:
        entry = None  # a photo of an album, whose others stay
    if page is None and (entry is None or entry.slug != slug):
        raise SettingsError(f"{slug}: no photo or album is called so; name a page without its .md")
    pages = list(_pages(site, page, entry))
    spared = set(_named_by_others(site, pages))
    beside = [file for each in pages for file in _beside(site, each) if file not in spared]
    found = dict.fromkeys((*_traces(site, entry, [*beside, *pages]), *beside, *pages))
    files = [file for file in found if file.is_file() or file.is_symlink()]
    return Doomed(entry=entry, files=tuple(files), pages=len(pages))


def forget(site: Site, found: Doomed) -> None:
    """Delete what ``doomed`` found, and see to it that no import brings it back."""
    if found.entry is not None:
        site.ledger.put(replace(found.entry, forgotten=True))
    for file in found.files:
        with atomic.plain_disk_errors(file):
            file.unlink(missing_ok=True)


def bring_back(site: Site, slug: str) -> Entry:
    """Let the next import bring a forgotten or deleted post again.

    Raises:
        SettingsError: no post ever had this name, or it is here.
    """
    entry = site.ledger.named(slug)
    if entry is None:
        raise SettingsError(f"{slug}: no import ever gave this name; look into the ledger")
    if any(site.library.find(uid) for uid in _uids(entry)):
        raise SettingsError(f"{slug}: is here; delete or forget it first")
    site.ledger.drop(entry.uid)
    return entry


def _only_page(site: Site, slug: str) -> Path | None:
    pages = [file for file in site.library.files() if file.stem == slug]
    if len(pages) > 1:
        shown = ", ".join(map(str, pages))
        raise SettingsError(f"{slug}: several pages are called so; rename all but one: {shown}")
    return next(iter(pages), None)


def _uids(entry: Entry) -> Iterator[str]:
    yield entry.uid
    yield from (item_uid(entry, index) for index in range(len(entry.items)))


def _pages(site: Site, page: Path | None, entry: Entry | None) -> Iterator[Path]:
    """Yield the photos' pages before the album's: it stands for all of them."""
    if entry is not None:
        found = [site.library.find(uid) for uid in reversed(list(_uids(entry)))]
        yield from dict.fromkeys(file for file in found if file and file != page)
    elif page is not None:
        uid = header_value(site.library.text_of(page), "Uid")
        numbered = (site.library.find(photo_uid(uid, n)) for n in range(1, 101)) if uid else ()
        yield from (file for file in numbered if file)
    if page is not None:
        yield page


def _beside(site: Site, page: Path) -> Iterator[Path]:
    text = site.library.text_of(page)
    for key in _BESIDE:
        if file := file_beside(page, text, key):
            yield file
    yield page.with_name(comments_name(page.stem))


def _named_by_others(site: Site, pages: Iterable[Path]) -> Iterator[Path]:
    own = set(pages)
    folders = {page.parent for page in own}
    for file in site.library.files():
        if file not in own and file.parent in folders:
            yield from _beside(site, file)


def _traces(site: Site, entry: Entry | None, own: Iterable[Path]) -> Iterator[Path]:
    """Yield what else this machine keeps: raw answers, and pictures that were replaced."""
    items = entry.items if entry else ()
    yield from (site.raw / ledger_name(uid) for uid in (entry.uids if entry else ()))
    stems = {file.stem for file in own} | {Path(item.original).stem for item in items}
    if site.replaced.is_dir():  # "<hash>-<name>"; a larger one may have another extension
        yield from (
            file
            for file in sorted(site.replaced.iterdir())
            if file.stem.partition("-")[2] in stems - {""}
        )
