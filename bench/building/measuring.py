"""What was measured, held against the targets."""

import shutil
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from building import corpus
from building.contenders import (
    PYTHON,
    SAMPLED,
    Findings,
    Run,
    pages_contender,
    site_contender,
)
from building.pelican_sites import Ours
from building.posts import write_post
from building.report import Verdict
from building.rounds import Results, said
from building.similarity import lost
from building.site import DISPLAY, QUALITY, THUMBNAIL, Shot

from pelican_photos.settings import DEFAULT_QUALITY, DEFAULT_RENDITIONS

_FLAT = 10  # times as many
_COMPARED = 24  # pictures whose similarity is computed


def shots(files: Sequence[Path], new: int) -> tuple[list[Shot], list[Shot]]:
    """Say something about each photo; the last ``new`` of them are newer than all others."""
    old = len(files) - new
    made = [
        Shot(write_post(number if number < old else old - 1 - number), file)
        for number, file in enumerate(files)
    ]
    return made[:old], made[old:]


def pictures_verdicts(
    results: Results, findings: Findings, drawn: Sequence[Shot], cpus: int
) -> Iterator[Verdict]:
    """Judge what was measured with pictures."""
    name, loop = "our renditions, as shipped", "bare loop, as shipped"
    if results.has("sigal", "cold"):
        yield Verdict("cold CPU, of sigal's", results.ratio("ours", "sigal", "cold"), 0.5)
    yield Verdict("renditions' cold CPU, of a bare loop's", results.ratio(name, loop, "cold"), 1.1)
    if cpus > 1:
        walls = [each.wall / each.cpu for each in results.costs[name]["cold"]]
        yield Verdict("renditions' cold wall time, of their CPU time", min(walls), 0.6)
    yield Verdict("originals opened with nothing changed", findings.opened, 0)
    still = min(findings.seconds["no-op"])
    yield Verdict(f"CPU s of renditions in a no-op of {len(drawn):,} photos", still, 0.1)
    [more] = (phase for phase in findings.seconds if phase.startswith("+"))
    yield Verdict(f"CPU of {more}, of as many cold ones", added(findings, more), 1.25)
    peak = max(results.peak("ours"), results.peak("ours, as shipped"))
    yield Verdict("peak MB", peak, 200)
    chosen = [shot.file for shot in drawn[:_COMPARED]]
    less = "SSIM below Pillow's defaults in as many bytes"
    yield Verdict(less, lost(chosen, (f"{THUMBNAIL}w", f"{DISPLAY}w"), QUALITY), 0.003)
    yield Verdict(f"{less}, as shipped", lost(chosen, DEFAULT_RENDITIONS, DEFAULT_QUALITY), 0.003)


def added(findings: Findings, phase: str) -> float:
    """Compare what each new photo costs with one in a first build of a few, a moment later."""
    new = int(phase[1:].partition(" ")[0])
    rounds = zip(*(findings.seconds[each] for each in ("no-op", phase, SAMPLED)), strict=True)
    return statistics.median(
        (more - still) / new / (few / findings.sampled) for still, more, few in rounds
    )


def pages_verdicts(results: Results, findings: Findings) -> Iterator[Verdict]:
    """Judge what was measured with pages alone: what as many HTML pages of each cost.

    Of as many photos, we make more: a list for each day of the year, for one.
    """
    share = {kind: made / findings.pages["Ours"] for kind, made in findings.pages.items()}
    cold, still = (results.ratio("ours", "Pelican", phase) for phase in ("cold", "no-op"))
    yield Verdict("cold CPU, of as many pages of Pelican's own", cold * share["Articles"], 0.9)
    yield Verdict(
        "nothing changed, of Pelican's rebuild of as many", still * share["Articles"], 0.25
    )
    if results.has("hugo", "no-op"):
        ratio = results.ratio("ours", "hugo", "no-op")
        yield Verdict("nothing changed, of Hugo's rebuild of as many", ratio * share["Hugo"], 1)
    yield Verdict("pages rendered with nothing changed", findings.rendered, 0)
    yield Verdict("files written anew with nothing changed", findings.rewritten, 0)


def flat_pictures(
    folder: Path, draw: corpus.Draw, results: Results, photos: int
) -> Iterator[Verdict]:
    """Build ten times as many photos, once."""
    contender, few = site_contender(Ours, PYTHON), results.median("ours", "cold", "cpu")
    start, many = (_cold(folder, draw, count, contender) for count in (1, photos * _FLAT))
    name = f"cost of a photo of {photos * _FLAT:,}, of one of {photos:,}"
    yield Verdict(name, growth(start, few, many), 1.15)


def flat_pages(folder: Path, results: Results, pages: int) -> Iterator[Verdict]:
    """Build a tenth of the pages, once."""
    contender, few = pages_contender(Ours, PYTHON), max(2, pages // _FLAT)
    start, cost = (_cold(folder, corpus.draw_tiny, count, contender) for count in (1, few))
    many = results.median("ours", "cold", "cpu") * few * _FLAT / pages
    yield Verdict(
        f"cost of a page of {pages:,}, of one of {few:,}", growth(start, cost, many), 1.15
    )


def growth(start: float, few: float, many: float) -> float:
    """Compare what one costs among ten times as many; a build of a single one is the start."""
    return (many - start) / _FLAT / (few - start)


def _cold(folder: Path, draw: corpus.Draw, count: int, contender: Run) -> float:
    """Give the CPU seconds of a first build."""
    made, _ = shots(draw(folder / f"flat-drawn-{count}", count).files, 0)
    root = folder / f"flat-{count}"
    root.mkdir()
    _, cost = next(iter(contender(root, made, ())))
    print(f"{count:,} cold: {said(cost)}", flush=True)
    shutil.rmtree(root)
    return cost.cpu
