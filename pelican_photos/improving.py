"""A photo that is here already, made better by what another source has of it.

A larger picture replaces a smaller one, as long as its owner has not put another one there;
what is replaced is kept in ``.photos/replaced/``.  A video gets the poster or the subtitles
that the first source lacked; without a poster anywhere, a still of itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pelican_photos import atomic, film_still, images
from pelican_photos.errors import ImageError, MediaError, MediaExpired, MediaSmaller
from pelican_photos.ledger import Item
from pelican_photos.library import Library, file_beside, page_text
from pelican_photos.matching import difference
from pelican_photos.model import Media
from pelican_photos.originals import (
    Fetched,
    digest_of,
    fetch_picture,
    film_details,
    refuse_to_replace,
    still_of,
    store_subtitles,
)
from pelican_photos.page import header_value
from pelican_photos.sources import Source

# After so many failures in a row, a live source is not asked for better files any more.
_FAILURES_IN_A_ROW = 3
# A larger one has more pixels by a twentieth; less is how an encoder rounds.
_WORTH_IT = 1.05
# Bits of the difference hash: the same picture, once cut otherwise, differs by more.
_SAME_PICTURE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Improved:
    """What became of an item: which keys of its page change, and what its owner keeps."""

    item: Item
    changes: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    problem: str = ""  # why a better file could not be had this time
    spare: Path | None = None  # what the page names no more, and is kept elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A medium that a source offers, for a page that is here."""

    media: Media
    item: Item
    page_file: Path
    original: Path | None  # None on a page that names none
    subtitles: str
    note: Callable[[Item], None]  # writes an item into the ledger

    @property
    def stem(self) -> str:
        """What a new picture of the page is called, but for its extension."""
        return (self.original or self.page_file).stem


class Improving:
    """Improves the photos of one site with the files of one source."""

    def __init__(self, source: Source, library: Library, replaced: Path) -> None:
        self._source = source
        self._library = library
        self._replaced = replaced
        self._failures = 0  # in a row, of a live source

    def improve(
        self, media: Media, item: Item, page_file: Path, note: Callable[[Item], None]
    ) -> Improved:
        """Take from a source's medium what is better than what the page has.

        A file that turned out not to be better is remembered, and never read again.  A live
        source that fails is asked again by the next run, but not for long by this one.
        ``note`` writes an item into the ledger.
        """
        begun = self._completed(item, page_file)
        if media.kind == "video" and not media.picture and not begun.item.original:
            begun = self._with_still(media, begun, page_file, note)
        if offer_of(media) in item.offered or self._failures >= _FAILURES_IN_A_ROW:
            return begun
        case = self._case(media, begun.item, page_file, note)
        if case is None:
            return begun
        found, settled = begun, not self._source.live
        try:
            found = self._picture(case, begun)
            found = self._with_subtitles(case, found)
        except MediaExpired:  # the next run has fresh addresses
            settled = False
        except MediaSmaller:
            settled = True
        except (MediaError, ImageError) as error:
            settled = settled or isinstance(error, ImageError)
            found = replace(found, problem=str(error) if self._source.live else "")
        if found.problem:
            self._failures += 1
        elif found.changes or found.kept:
            self._failures = 0
        self._write(found, page_file)
        found = replace(found, changes={**begun.changes, **found.changes})
        return _looked_at(found, media) if settled or found.kept else found

    def _completed(self, item: Item, page_file: Path) -> Improved:
        """Take over what a killed run has placed, if it came so far."""
        file = _beside(page_file, item.larger)
        if file is None or digest_of(file) != item.larger_sha256:
            return Improved(item=_at_rest(item))
        try:
            checked = images.check(file)
        except ImageError:  # whatever decoded it then is not what decodes now
            return Improved(item=_at_rest(item))
        picture = Fetched(
            extension=file.suffix,
            sha256=item.larger_sha256,
            width=checked.width,
            height=checked.height,
            look="" if film_still.is_ours(file) else checked.look,
        )
        found = _placed(item, page_file, file, picture)
        self._write(found, page_file)
        return found

    def _case(
        self, media: Media, item: Item, page_file: Path, note: Callable[[Item], None]
    ) -> _Case | None:
        """Look at what is here; None where the original is elsewhere, as in a clone."""
        text = self._library.text_of(page_file)
        original = file_beside(page_file, text, "Original")
        if header_value(text, "Original") and not (original and original.is_file()):
            return None
        return _Case(
            media=media,
            item=item,
            page_file=page_file,
            original=original,
            subtitles=header_value(text, "Subtitles"),
            note=note,
        )

    def _picture(self, case: _Case, found: Improved) -> Improved:
        media, present = case.media, case.original
        drawn = present is not None and film_still.is_ours(present)
        pixels = _pixels(present) if present and not drawn else 0
        unwanted = not media.picture or (present and media.kind == "video" and not drawn)
        if unwanted or 0 < media.width * media.height <= pixels:
            return found
        with atomic.staged(case.page_file.with_name(f"{case.stem}.picture")) as part:
            fetched = fetch_picture(self._source, media.picture, part, pixels)
            refusal = _refusal(present, found.item, fetched) if present else ""
            if refusal:
                return replace(found, kept=(refusal,))
            return self._place(case, fetched, part)

    def _with_still(
        self, media: Media, begun: Improved, page_file: Path, note: Callable[[Item], None]
    ) -> Improved:
        """Draw a still of a film that lies beside a page without a picture."""
        case = self._case(media, begun.item, page_file, note)
        film = file_beside(page_file, self._library.text_of(page_file), "Video")
        if case is None or case.original or film is None or not film.is_file():
            return begun
        known = page_file.with_name(f"{case.stem}.jpg")
        if known.is_file() and not film_still.is_ours(known):
            how = f"write Original: {known.name} into the page to make it the poster"
            return replace(begun, kept=(f"{known.name}: your picture stays; {how}",))
        with atomic.staged(page_file.with_name(f"{case.stem}.picture")) as part:
            still = still_of(film, film_details(film).duration, part, known)
            if still is None:
                return begun
            found = self._place(case, still, part)
        self._write(found, page_file)
        return found

    def _place(self, case: _Case, fetched: Fetched, part: Path) -> Improved:
        """Keep the present picture aside and give the new one its name, which is noted first."""
        present, item = case.original, case.item
        file = case.page_file.with_name(f"{case.stem}.{fetched.extension}")
        if file != present:
            refuse_to_replace(file, fetched.sha256)
        if present:
            atomic.copy(present, self._replaced / f"{item.sha256[:12]}-{present.name}")
        case.note(replace(item, larger=file.name, larger_sha256=fetched.sha256))
        atomic.place(part, file)
        return _placed(case.item, case.page_file, file, fetched)

    def _with_subtitles(self, case: _Case, found: Improved) -> Improved:
        if not case.media.subtitles or case.subtitles or found.item.subtitles:
            return found
        folder, stem = case.page_file.parent, case.page_file.stem
        name = store_subtitles(self._source, case.media.subtitles, folder, stem)
        return replace(
            found,
            item=replace(found.item, subtitles=name),
            changes={**found.changes, "Subtitles": name},
        )

    def _write(self, found: Improved, page_file: Path) -> None:
        """Name the new files on the page, and only then remove what it named before."""
        if found.changes:
            self._library.edit(page_file, found.changes)
        if found.spare is not None and not _is_shown(found.spare):
            with atomic.plain_disk_errors(found.spare):
                found.spare.unlink(missing_ok=True)


def _placed(item: Item, page_file: Path, file: Path, picture: Fetched) -> Improved:
    before = _beside(page_file, item.original)
    spare = before if before and before != file and digest_of(before) == item.sha256 else None
    return Improved(
        item=replace(_at_rest(item), original=file.name, sha256=picture.sha256, look=picture.look),
        changes={"Original": file.name, "Size": f"{picture.width}x{picture.height}"},
        spare=spare,
    )


def _beside(page_file: Path, name: str) -> Path | None:
    """Find a file that the ledger names, where it is."""
    file = page_file.with_name(Path(name).name) if name else None
    return file if file and file.is_file() else None


def _at_rest(item: Item) -> Item:
    return replace(item, larger="", larger_sha256="")


def offer_of(media: Media) -> str:
    """Name a file that a source offers, so that the same one is not looked at twice.

    A film with its poster is another offer than the film alone.
    """
    name = next(iter((*media.names, media.id)), "") or media.picture or media.video
    alone = ":alone" if media.kind == "video" and not media.picture else ""
    return f"{name}:{media.file_size or f'{media.width}x{media.height}'}{alone}"


def _looked_at(found: Improved, media: Media) -> Improved:
    offered = (*found.item.offered, offer_of(media))
    return replace(found, item=replace(found.item, offered=offered))


def _pixels(picture: Path) -> int:
    """How many pixels another picture may have without being larger."""
    try:
        measured = images.measure(picture)
    except ImageError:  # whatever lies there is its owner's
        return 2**62
    return int(measured.width * measured.height * _WORTH_IT)


def _refusal(present: Path, item: Item, fetched: Fetched) -> str:
    """Say why a larger picture does not replace the present one; "" when it does."""
    if digest_of(present) != item.sha256:
        return f"{present.name}: your picture stays; upstream has a larger one"
    if not film_still.is_ours(present) and not _look_alike(_look_of(item, present), fetched.look):
        return f"{present.name}: upstream has a larger one that looks different"
    return ""


def _look_of(item: Item, picture: Path) -> str:
    """Give how an item's picture looks; an older ledger did not note it."""
    return item.look or images.check(picture).look


def _look_alike(look: str, other: str) -> bool:
    return bool(look and other) and difference(look, other) <= _SAME_PICTURE


def _is_shown(picture: Path) -> bool:
    """Whether a page beside a picture names it."""
    pages = picture.parent.glob("*.md")
    return any(file_beside(page, page_text(page), "Original") == picture for page in pages)
