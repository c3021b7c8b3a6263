"""A photo from the camera, as a person adds it: looked through, asked about, shown, stored."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.text import Text

from pelican_photos.adding import preview
from pelican_photos.adding.choosing import check_picture, files_in, look_through
from pelican_photos.adding.chosen import Chosen, shown_path
from pelican_photos.adding.composing import post_of
from pelican_photos.adding.duplicates import AlreadyHere, Verdict
from pelican_photos.adding.posters import HOW_TO, draw_poster
from pelican_photos.adding.questions import ask_again, ask_words
from pelican_photos.adding.shelf import Shelf, Shelved
from pelican_photos.adding.summary import coordinates_kept_out, summary
from pelican_photos.adding.wording import Clock, Said, Wording, wording_of
from pelican_photos.caption import one_line
from pelican_photos.errors import SettingsError
from pelican_photos.model import Post
from pelican_photos.publish_command import read_publish_settings, run_publish
from pelican_photos.publish_options import Options
from pelican_photos.settings import Settings
from pelican_photos.sources.files import MOST_IN_ALBUM
from pelican_photos.terminal import Display

_COLUMNS, _ROWS = 48, 16  # of a picture in the terminal, at most
_NAMED = 3  # pages in the last sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to add, and how."""

    files: tuple[Path, ...]
    said: Said = field(default_factory=Said)
    posters: tuple[Path, ...] = ()  # one for each film, in the order of the films
    separately: bool = False
    anyway: bool = False
    yes: bool = False
    publish: bool = False
    dry_run: bool = False


class _Lot(NamedTuple):
    """Files that become one post."""

    chosen: Sequence[Chosen]
    said: Said
    verdict: Verdict


def run_add(settings: Settings, request: Request, display: Display) -> bool:
    """Add the files; nothing is stored before all of them were looked at.

    Returns whether all is there; what is not was said.

    Raises:
        SettingsError: a file cannot be added, or is on the site already.
    """
    production = read_publish_settings() if request.publish and not request.dry_run else None
    with tempfile.TemporaryDirectory(prefix="photostream-") as folder:
        adding = _Adding(settings, request, display, Path(folder))
        added: list[Shelved] = []
        try:
            for lot in adding.lots():
                if shelved := adding.add(lot):
                    added.append(shelved)  # noqa: PERF401 - what came before an error counts
        except BaseException:
            if added:  # what is stored stays, whatever stopped the rest
                display.say(_closing(added, settings.root, ""))
            raise
        whole = adding.finish()
    if request.dry_run:
        return True
    before = ""
    if production is not None and added and whole:
        whole = run_publish(production, display, Options(), yes=request.yes)
        before = f"{production.siteurl}/"
    display.say(_closing(added, settings.root, before))
    return whole


class _Adding:
    """One run of the task."""

    def __init__(
        self, settings: Settings, request: Request, display: Display, folder: Path
    ) -> None:
        self._settings = settings
        self._request = request
        self._display = display
        self._folder = folder
        now = datetime.now(UTC).replace(microsecond=0)
        self._clock = Clock(now, _zone(settings.timezone))
        self._asks = display.interactive and not request.yes
        self._shelf = Shelf(settings)
        self._posters: dict[Path, Path] = {}

    def lots(self) -> list[_Lot]:
        """Look through all files, and refuse what cannot be added."""
        said = self._said()
        chosen = look_through(self._files(), self._looking, keep_places=self._settings.keep_gps)
        self._assign_posters(chosen)
        if len(said.alts) > len(chosen):
            raise SettingsError(
                f"--alt is given {len(said.alts)} times, but there are {len(chosen)} files"
            )
        lots = list(self._divided(chosen, said))
        doubts = [doubt for lot in lots for doubt in lot.verdict.doubts]
        if doubts and not self._asks and not self._request.anyway:
            raise SettingsError(f"{doubts[0]}; --anyway adds it all the same")
        return lots

    def add(self, lot: _Lot) -> Shelved | None:
        """Ask, show and store one post; None when the owner does not want it after all."""
        if not self._is_wanted_anyway(lot.verdict):
            return None
        self._draw_posters(lot.chosen)
        details = [one.details for one in lot.chosen]
        unfinished = lot.verdict.unfinished
        earlier = unfinished.upstream if unfinished else {}
        wording = wording_of(lot.said, details, earlier, self._clock)
        said = lot.said
        while True:
            if self._asks:
                wording = ask_words(wording, lot.chosen, said, self._album(lot), self._display)
            self._show(lot, wording)
            answer = self._answer()
            if answer == "yes":
                return self._store(lot, wording)
            if answer == "no":
                return None
            said = ask_again(said)

    def finish(self) -> bool:
        """Say what is missing; gives whether nothing is."""
        self._shelf.finish()
        for reason in self._shelf.pending.values():
            self._display.say(f"not complete: {reason}; run the same command again")
        return not self._shelf.pending

    def _looking(self, done: int, total: int, name: str) -> None:
        """Show a bar while large files are looked through; a log has no use for it."""
        if self._display.console.is_terminal:
            self._display.advance("Looking through", done, total, name)

    def _said(self) -> Said:
        said = self._request.said
        return replace(said, caption=sys.stdin.read()) if said.caption == "-" else said

    def _files(self) -> Sequence[Path]:
        files: Sequence[Path] = self._request.files
        if len(files) == 1 and files[0].is_dir():
            files = self._files_of(files[0])
        if len(files) > MOST_IN_ALBUM and not self._request.separately:
            raise SettingsError(
                f"{len(files)} files: an album holds {MOST_IN_ALBUM} at most;"
                " choose fewer, or make a page of each with --separately"
            )
        return files

    def _files_of(self, folder: Path) -> Sequence[Path]:
        files, others = files_in(folder)
        if others:
            self._display.say(f"{others} other files in {one_line(str(folder))} are left out")
        shape = "a page of each" if self._request.separately else "one album of them"
        number = f"{len(files)} pictures or films"
        if self._asks and not self._display.agree(f"{number}, by capture time. Make {shape}?"):
            raise SettingsError("nothing was added; name the files that you want")
        return files

    def _divided(self, chosen: Sequence[Chosen], said: Said) -> Iterator[_Lot]:
        """Make one lot, or one of each file; then those that are here already are passed over."""
        judge = self._shelf.duplicates.judge
        if not self._request.separately or len(chosen) == 1:
            yield _Lot(chosen, said, judge(chosen))
            return
        known: list[AlreadyHere] = []
        for number, one in enumerate(chosen):
            try:
                verdict = judge([one])
            except AlreadyHere as error:
                known.append(error)
                continue
            yield _Lot([one], replace(said, alts=said.alts[number : number + 1]), verdict)
        if len(known) == len(chosen):
            raise known[0]
        for one_known in known:
            self._display.say(f"{one_known}; left out")

    def _is_wanted_anyway(self, verdict: Verdict) -> bool:
        return self._request.anyway or all(
            self._display.confirm(f"{doubt}. Add it all the same?") for doubt in verdict.doubts
        )

    def _assign_posters(self, chosen: Sequence[Chosen]) -> None:
        films = [one for one in chosen if one.kind == "video"]
        given = [poster.absolute() for poster in self._request.posters]
        if len(given) > len(films):
            raise SettingsError(
                f"--poster is given {len(given)} times, but there are {len(films)} films"
            )
        for film, poster in zip(films, given, strict=False):
            check_picture(poster)
            self._posters[film.path] = poster

    def _draw_posters(self, chosen: Sequence[Chosen]) -> None:
        for one in chosen:
            if one.kind == "video" and one.path not in self._posters:
                poster = draw_poster(one, self._folder)
                if poster is None:
                    self._display.say(f"{one.name} gets no poster: {HOW_TO}")
                else:
                    self._posters[one.path] = poster

    def _album(self, lot: _Lot) -> list[Text | None]:
        """Draw the pictures of an album, to be seen while one writes about them."""
        return [self._drawing(one) for one in lot.chosen] if len(lot.chosen) > 1 else []

    def _drawing(self, one: Chosen) -> Text | None:
        """Draw a picture where the terminal has colours; None elsewhere, and without a poster."""
        console = self._display.console
        picture = self._posters.get(one.path) if one.kind == "video" else one.path
        if picture is None or not console.color_system or console.no_color:
            return None
        return preview.half_blocks(picture, min(_COLUMNS, console.width), _ROWS)

    def _show(self, lot: _Lot, wording: Wording) -> None:
        """Show what will be on the page, where somebody looks; else say what has to be said."""
        for one in lot.chosen:
            if one.uncleanable:
                self._display.say(
                    f"{one.name} may say where it was taken, or with whose camera, and cannot be"
                    f" published so: {one.uncleanable}; save it again without metadata"
                )
        if not self._asks and not self._request.dry_run:
            if coordinates_kept_out(wording):
                self._display.say("its coordinates are kept out of the page; --geo shows them")
            return
        drawing = self._drawing(lot.chosen[0]) if self._asks else None
        if drawing is not None:
            self._display.console.print(drawing, end="")
        shelved = self._shelf.foretell(self._post(lot, wording), lot.verdict.unfinished)
        for line in summary(
            wording,
            lot.chosen,
            shown_path(shelved.page, self._settings.root),
            f"{self._settings.siteurl}/{shelved.address}",
            keep_gps=self._settings.keep_gps,
        ):
            self._display.say(line)

    def _answer(self) -> str:
        if self._request.dry_run:
            self._display.say("would be added")
            return "no"
        if not self._asks:
            return "yes"
        answers = {"": "yes", "y": "yes", "yes": "yes", "n": "no", "no": "no", "e": "edit"}
        while (answer := self._display.ask("Add it? [Y/n/e]").lower()) not in answers:
            self._display.say("y adds it, n does not, e asks again")
        return answers[answer]

    def _post(self, lot: _Lot, wording: Wording) -> Post:
        return post_of(lot.verdict.uid, lot.chosen, wording, self._clock, self._posters)

    def _store(self, lot: _Lot, wording: Wording) -> Shelved:
        return self._shelf.store(
            self._post(lot, wording),
            {str(one.path): one.sha256 for one in lot.chosen},
            wording.all_tags,
        )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(
            f"TIMEZONE is {name!a}, but should be a name like Europe/Lisbon"
        ) from None


def _closing(added: Sequence[Shelved], root: Path, before: str) -> str:
    """Say where it is, in one sentence; ``before`` is the site's address once it is published."""
    if not added:
        return "Nothing was added"
    names = [shown_path(shelved.page, root) for shelved in added[:_NAMED]]
    more = f" and {len(added) - _NAMED} more" if len(added) > _NAMED else ""
    published = f"; it is at {before}{added[0].address}" if before else ""
    return f"Added {', '.join(names)}{more}{published}"
