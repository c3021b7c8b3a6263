"""How much a build costs, beside bare loops and other programs in the same run.

    python bench/build.py [pictures|pages|all] [--photos 1000] [--pages 10000] [--loops 3]
                          [--camera] [--originals FOLDER] [--flat] [--without sigal,hugo]
                          [--markdown]
    python bench/build.py --install

``pictures`` compares what makes renditions of the same photos: bare Pillow loops, ours, sharp, and
sites with a page for each photo.  ``pages`` compares what writes as many pages about photos whose
renditions are there: ours, Pelican's own articles, Hugo.  ``--install`` brings the other programs
into a cache folder; what is not there is left out.

Every contender runs in processes of its own, in an order that is drawn by lot, and what it made is
looked at.  Ratios are taken within a round, then their median.  The last lines read
``name: value (target ≤ x) ok`` or ``SHORT``; the exit status is 1 when one is short, and 2 when
something could not be measured.  Ctrl-C shows the table of the rounds that were whole.
docs/performance.md says what the numbers mean.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from building import corpus, peers, report
from building.contenders import Findings, with_pages, with_pictures
from building.measuring import flat_pages, flat_pictures, pages_verdicts, pictures_verdicts, shots
from building.process_tree import Failed
from building.rounds import Results, compete

# CPU seconds of a first build, about, for one photo from Instagram and for one from a camera; for
# guessing how long all will take.
_EACH = {"own": (1.2, 2.2), "sigal": (0.2, 0.5), "photos": (0.3, 0.6), "image-process": (0.3, 0.7)}
_EACH |= {"hugo": (0.4, 1.5), "sharp": (0.2, 0.4)}
_EACH_OF_DEFAULTS = 0.28
_DEFAULTS = "defaults"  # what --without calls the loop with Pillow's defaults
_EACH_PAGE = 0.04  # all contenders, all phases
_MORE = 10

Part = Callable[[Path, list[peers.Peer], argparse.Namespace], Iterator[report.Verdict]]


def main() -> int:
    options = read_options()
    names = [name for name in peers.PACKAGES if name not in options.without]
    if options.install:
        return 0 if peers.install(options.peers, names) else 2
    there = list(peers.found(options.peers, names))
    if options.originals and not corpus.jpegs(options.originals):
        print(f"{options.originals}: there are no JPEGs; name another folder")
        return 2
    print(f"{describe(there)}\n{estimate(there, options)}", flush=True)
    parts: dict[str, list[Part]] = {"pictures": [pictures], "pages": [pages]}
    verdicts: list[report.Verdict] = []
    try:
        for part in parts.get(options.part, [pictures, pages]):
            with tempfile.TemporaryDirectory(prefix="bench-build-") as folder:
                verdicts += part(Path(folder), there, options)
    except Failed as failure:
        print(report.verdict_lines(verdicts, as_markdown=options.markdown))
        print(f"not measured: {failure}")
        return 2
    except KeyboardInterrupt:
        print(report.verdict_lines(verdicts, as_markdown=options.markdown))
        print("stopped")
        return 130
    print(report.verdict_lines(verdicts, as_markdown=options.markdown))
    return 0 if all(each.met for each in verdicts) else 1


def pictures(
    folder: Path, there: list[peers.Peer], options: argparse.Namespace
) -> Iterator[report.Verdict]:
    """Measure what makes pictures.

    Raises:
        KeyboardInterrupt: it was stopped; what whole rounds have measured was shown.
    """
    draw = corpus.draw_camera if options.camera else corpus.draw_instagram
    if options.originals:
        draw = partial(corpus.from_folder, options.originals)
    drawn = timed(draw, folder / "drawn", options.photos + _MORE)
    old, new = shots(drawn.files, _MORE)
    findings = Findings()
    contenders = with_pictures(there, findings)
    if _DEFAULTS in options.without:
        del contenders["Pillow's defaults"]
    results = compete(contenders, old, new, folder, options.loops)
    show(f"{options.photos:,} {drawn.name} photos", results, "bare loop", options)
    yield from pictures_verdicts(results, findings, old, cpus())
    if options.flat:
        yield from flat_pictures(folder, draw, results, options.photos)


def pages(
    folder: Path, there: list[peers.Peer], options: argparse.Namespace
) -> Iterator[report.Verdict]:
    """Measure what writes pages."""
    drawn = timed(corpus.draw_tiny, folder / "drawn", options.pages)
    old, _ = shots(drawn.files, 0)
    findings = Findings()
    results = compete(with_pages(there, findings), old, (), folder, options.loops)
    show(f"{options.pages:,} pages", results, "Pelican", options)
    counted = (f"{kind} {made:,}" for kind, made in findings.pages.items())
    print(f"HTML pages: {', '.join(counted)}", flush=True)
    yield from pages_verdicts(results, findings)
    if options.flat:
        yield from flat_pages(folder, results, options.pages)


def timed(draw: corpus.Draw, folder: Path, count: int) -> corpus.Corpus:
    start = time.perf_counter()
    drawn = draw(folder, count)
    print(f"{drawn.about}, drawn in {time.perf_counter() - start:.0f} s", flush=True)
    return drawn


def show(title: str, results: Results, against: str, options: argparse.Namespace) -> None:
    if results.costs:
        rows = report.table(results, against)
        laid_out = report.markdown(rows) if options.markdown else report.plain(rows)
        print(f"\n{title}, medians of {results.rounds}\n\n{laid_out}\n", flush=True)
    if results.stopped:
        raise KeyboardInterrupt


def describe(there: list[peers.Peer]) -> str:
    """Say when, where and of what."""
    ours = peers.versions(Path(sys.executable), "pelican", "pillow", "jinja2", "markdown")
    today, busy = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{os.getloadavg()[0]:.1f} of them busy",
    )
    lines = [
        f"{today}, {platform.system()} {platform.machine()}, {cpus()} CPUs ({processor()}), {busy}",
        f"Python {platform.python_version()}, {ours}",
        *(f"{peer.name}: {peer.about}" for peer in there),
        f"command: python bench/build.py {' '.join(sys.argv[1:])}",
    ]
    return "\n".join(lines)


def processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or "unknown"
    names = (line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line)
    return next(names, "unknown")


def cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def estimate(there: list[peers.Peer], options: argparse.Namespace) -> str:
    """Guess how long all will take."""
    seconds = 0.0
    if options.part != "pages":
        names = ["own", *(peer.name for peer in there)]
        each = sum(_EACH[name][options.camera] for name in names)
        each -= _EACH_OF_DEFAULTS if _DEFAULTS in options.without else 0
        seconds += options.loops * options.photos * each
        seconds += 10 * options.photos * 0.1 if options.flat else 0
    if options.part != "pictures":
        seconds += options.loops * options.pages * _EACH_PAGE
    minutes = seconds / 60 / 1.5  # half of them use both CPUs
    return f"this takes about {max(2, round(minutes))} minutes, and longer on a busy machine"


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare a build with that of other programs.")
    parser.add_argument("part", nargs="?", choices=["pictures", "pages", "all"], default="all")
    parser.add_argument("--photos", type=_count, default=0, help="1,000, or 100 of a camera")
    parser.add_argument("--pages", type=_count, default=10_000)
    parser.add_argument("--loops", type=_count, default=3, help="times that each is run")
    parser.add_argument("--camera", action="store_true", help="12 and 24 megapixels, turned")
    parser.add_argument("--originals", type=Path, help="a folder of JPEGs instead of drawn ones")
    parser.add_argument("--flat", action="store_true", help="ten times as many cost as much each")
    parser.add_argument("--without", type=_names, default=(), help="programs to leave out: a,b")
    parser.add_argument("--markdown", action="store_true", help="tables for docs/performance.md")
    parser.add_argument("--install", action="store_true", help="install the other programs")
    parser.add_argument(
        "--peers", type=Path, default=peers.default_folder(), help="where they are (%(default)s)"
    )
    options = parser.parse_args()
    options.photos = options.photos or (100 if options.camera else 1000)
    return options


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    known = (*peers.PACKAGES, _DEFAULTS)
    if unknown := set(names) - set(known):
        raise argparse.ArgumentTypeError(
            f"{', '.join(sorted(unknown))}: known are {', '.join(known)}"
        )
    return names


if __name__ == "__main__":
    sys.exit(main())
