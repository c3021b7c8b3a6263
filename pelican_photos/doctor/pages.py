"""Checks of the pages and of what lies beside them."""

import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from pelican_photos import images
from pelican_photos.describing import is_machines, undescribed
from pelican_photos.doctor.finding import Finding, bad, count, ok, unknown
from pelican_photos.doctor.site import Site
from pelican_photos.errors import ImageError, LedgerError
from pelican_photos.ledger import Ledger
from pelican_photos.plugin.gallery import Rules, gallery_of

_NAMED = 3


def readable(site: Site) -> Iterator[Finding]:
    """Pages that cannot be read, and pages that can but are in no list."""
    pages = len(site.stored)
    problems = site.library.problems
    left_out = gallery_of(site.stored, {}, Rules(path=site.settings.path)).problems
    mends = {"page": "correct the page, or bring its folder back", "gallery": "correct the page"}
    for about, found in (("page", problems), ("gallery", left_out)):
        for problem in found[:_NAMED]:
            yield bad(about, problem, mends[about])
        if len(found) > _NAMED:
            more = count(len(found) - _NAMED, f"more {about}")
            yield bad(about, f"{more} like these", "the log of `invoke build` names each")
    if not pages and not problems:
        yield unknown(
            "pages",
            f"there are none below {site.below_root(site.settings.photos)}",
            "`invoke import-instagram` or `invoke add` brings photos",
        )
    elif not problems and not left_out:
        yield ok("pages", f"{count(pages, 'page')} can be read")


def originals(site: Site) -> Iterator[Finding]:
    """Files that pages name: whether they are here, and whether pictures open."""
    named = [
        (file.with_name(name), name == photo.original)
        for file, photo in site.photos
        for name in filter(None, (photo.original, photo.video))
    ]
    missing = [file for file, _ in named if not file.is_file()]
    here = [file for file, is_picture in named if is_picture and file.is_file()]
    broken = list(filter(None, map(_problem_of, here)))
    if missing:
        yield _missing(site, missing)
    for problem in broken[:_NAMED]:
        yield bad("pictures", problem, "put a whole one in its place")
    if len(broken) > _NAMED:
        yield bad("pictures", f"{len(broken) - _NAMED} more cannot be opened", "as above")
    if named and not missing and not broken:
        yield ok("originals", f"{count(len(named), 'file')} are here, and every picture opens")


def _missing(site: Site, missing: Sequence[Path]) -> Finding:
    what = f"{_some(site, missing)} {'is' if len(missing) == 1 else 'are'} missing"
    elsewhere = not site.settings.carries_originals
    again = "`invoke import-instagram --missing` brings back what Instagram has"
    if elsewhere:
        return unknown("originals", what, f"they may lie in the bucket alone; {again}")
    return bad("originals", what, f"{again}; others come from your backup")


def _problem_of(picture: Path) -> str:
    """Open a picture as far as its size: to decode every one would take minutes."""
    try:
        images.measure(picture)
    except ImageError as error:
        return str(error)
    return ""


def descriptions(site: Site) -> Iterator[Finding]:
    """Photos that people who cannot see them know nothing of."""
    bare = undescribed(site.stored)
    if bare:
        names = _names([each.photo.slug for each in bare])
        what = f"{count(len(bare), 'photo')} without alternative text: {names}"
        yield bad("descriptions", what, "`invoke alt` asks for each")
    elif site.photos:
        yield ok("descriptions", "every photo has an alternative text")
    machines = sum(is_machines(photo) for _, photo in site.photos)
    if machines:
        yield unknown(
            "descriptions",
            f"{count(machines, 'text')} as Instagram's machine wrote them",
            "read them once, and change `Alt:` where they are wrong",
        )


def posters(site: Site) -> Iterator[Finding]:
    """Films that show nothing until they are played."""
    films = [photo for _, photo in site.photos if photo.video]
    bare = [film.slug for film in films if not film.original]
    if bare:
        again = "import again, which draws a still of each"
        by_import = again if shutil.which("ffmpeg") else f"install ffmpeg and {again}"
        yield bad(
            "posters",
            f"{count(len(bare), 'film')} without a poster: {_names(bare)}",
            f"{by_import}; or put a picture beside the page, and name it as `Original:`",
        )
    elif films:
        yield ok("posters", f"{count(len(films), 'film')} with a poster")


def pending(site: Site) -> Iterator[Finding]:
    """What an import could not bring yet."""
    folder = site.settings.photos / ".import"
    if not folder.is_dir():
        return
    try:
        ledger = Ledger(folder)
    except LedgerError as error:
        yield bad("import", str(error), "restore the file from git")
        return
    waiting = ledger.pending()
    if not waiting:
        yield ok("import", "nothing is pending")
        return
    reasons = [entry.slug for uid in islice(waiting, _NAMED) if (entry := ledger.get(uid))]
    yield bad(
        "import",
        f"{count(len(waiting), 'post')} pending: {_names(reasons, len(waiting))}",
        "`invoke import-instagram` again, as you ran it before, completes them",
    )


def _some(site: Site, files: Sequence[Path]) -> str:
    return f"{count(len(files), 'file')}: {_names([site.below_root(file) for file in files])}"


def _names(names: Sequence[str], total: int = 0) -> str:
    more = max(total, len(names)) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {more:,} more" if more > 0 else shown
