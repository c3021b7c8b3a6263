"""Who is measured, and what each of them goes through.

A contender is a function: it gets an empty folder and the photos, and yields a phase and its cost
after each run.  What lies in its output is looked at, so that nobody is quick by doing less.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from building.other_sites import Hugo, Sigal
from building.peers import Peer
from building.pelican_sites import Articles, ImageProcess, Ours, Photos, Shipped
from building.posts import EDITED
from building.process_tree import Cost, Failed, measure
from building.site import CHANGED, DISPLAY, ROOT, THUMBNAIL, Shot, Site, link, plain_environment
from PIL import Image

PHASES = ("cold", "no-op", "edited page", "template", "+10 photos")
SAMPLED = "a few cold"  # no phase of its own: what a photo costs in the minute of the last phase
_SAMPLE = 5  # times as many photos as are new
PROGRAMS = ROOT / "bench" / "contenders"
PYTHON = Path(sys.executable)


Phases = Iterator[tuple[str, Cost]]
Run = Callable[[Path, Sequence[Shot], Sequence[Shot]], Phases]


@dataclass(slots=True)
class Findings:
    """What was found out about our own builds beside their cost."""

    seconds: dict[str, list[float]] = field(default_factory=dict)  # of the renditions, by phase
    sampled: int = 0  # photos in the phase that is called so
    opened: int = 0  # originals, with nothing changed in the site
    rendered: int = 0  # pages from our templates
    rewritten: int = 0  # files of the gallery
    pages: dict[str, int] = field(default_factory=dict)  # HTML files that each has made, by kind


def site_contender(kind: type[Site], program: Path, findings: Findings | None = None) -> Run:
    """Make, build and change a site; ours also says what a build with nothing to do does."""

    def run(root: Path, shots: Sequence[Shot], more: Sequence[Shot]) -> Phases:
        site = kind(root, program)
        site.create(shots)
        yield "cold", build(site)
        check(site, len(shots))
        yield "no-op", build(site)
        if findings and isinstance(site, Ours):
            look_at_no_op(site, findings)
        yield from changes(site, shots)
        for shot in more:
            site.add(shot)
        yield f"+{len(more)} photos", build(site)

    return run


def pages_contender(kind: type[Site], program: Path, findings: Findings | None = None) -> Run:
    """As above with pages alone: pictures are tiny, and our renditions of them are there."""

    def run(root: Path, shots: Sequence[Shot], more: Sequence[Shot]) -> Phases:
        del more
        site = kind(root, program, pictures=issubclass(kind, Ours))
        site.create(shots)
        if site.pictures:
            words = [PROGRAMS / "renditions.py", root / "content", root / ".cache/photos", "same"]
            measure([PYTHON, *words], root, site.environment())
        yield "cold", build(site)
        if findings:
            findings.pages[kind.__name__] = site.pages_with("")
        yield "no-op", build(site)
        if findings and isinstance(site, Ours):
            look_at_no_op(site, findings)
        yield from changes(site, shots)

    return run


def changes(site: Site, shots: Sequence[Shot]) -> Phases:
    """Change one page, then the template of all, and see that the site shows it."""
    site.edit(shots[len(shots) // 2])
    yield "edited page", build(site)
    if site.shows_captions and not site.pages_with(EDITED):
        raise Failed("an edited caption is on no page")
    site.change_template()
    yield "template", build(site)
    if (changed := site.pages_with(CHANGED)) < len(shots):
        raise Failed(f"a changed template is seen in {changed} of {len(shots)} pages")


def build(site: Site) -> Cost:
    return measure(site.command(), site.root, site.environment())


def check(site: Site, photos: int) -> None:
    """See that every photo has its two renditions, in WebP.

    Raises:
        Failed: some are missing.
    """
    if isinstance(site, Shipped):
        return
    made = widths(site.root / site.output)
    for width in (DISPLAY, THUMBNAIL):
        if made[width] < photos:
            raise Failed(f"{made[width]} of {photos} photos have a WebP of {width} pixels")


def widths(folder: Path) -> Counter[int]:
    """Count pictures by their width."""
    found: Counter[int] = Counter()
    for file in folder.rglob("*.webp"):
        with Image.open(file) as image:
            found[image.width] += 1
    return found


def look_at_no_op(site: Ours, findings: Findings) -> None:
    """Build once more with nothing changed, and count what our plugin does.

    Pelican writes its own pages, as the home page, anew in each build; those are not ours.
    """
    gallery = site.root / site.output / "photos"
    before = stamps(gallery)
    measure(site.counted(), site.root, site.environment())
    counts = json.loads((site.root / "counts.json").read_text("utf-8"))
    findings.opened = counts["opened"]
    findings.rendered = sum(
        times for name, times in counts["rendered"].items() if name.startswith("photos/")
    )
    after = stamps(gallery)
    findings.rewritten = sum(before[file] != after.get(file) for file in before)


def stamps(folder: Path) -> Mapping[Path, tuple[int, int]]:
    found = ((file, file.stat()) for file in folder.rglob("*") if file.is_file())
    return {file: (status.st_mtime_ns, status.st_ino) for file, status in found}


# Without a site


def loop_contender(*words: object, **environment: str) -> Run:
    """Run a program that makes renditions of a folder, and remembers nothing."""

    def run(root: Path, shots: Sequence[Shot], more: Sequence[Shot]) -> Phases:
        del more
        originals = linked(root, shots)
        command = [each if each is not ... else originals for each in words]
        yield "cold", measure(command, root, plain_environment(**environment))
        if not widths(root / "made"):
            raise Failed(f"{command[1]} made no picture")

    return run


def bare(kind: str) -> Run:
    program = PROGRAMS / "pillow_loop.py"
    return loop_contender(PYTHON, program, ..., "made", kind, PYTHONPATH=str(ROOT))


def sharp(peer: Peer) -> Run:
    modules = str(peer.folder / "node_modules")
    return loop_contender(peer.program, PROGRAMS / "sharp.cjs", ..., "made", NODE_PATH=modules)


def renditions(kind: str, findings: Findings) -> Run:
    """Our renditions without a site."""

    def go(root: Path, phase: str) -> tuple[str, Cost]:
        words = [PROGRAMS / "renditions.py", root / "originals", root / "cache", kind]
        cost = measure([PYTHON, *words], root, plain_environment(PYTHONPATH=str(ROOT)))
        said = json.loads((root / "output.log").read_text("utf-8").splitlines()[-1])
        findings.seconds.setdefault(phase, []).append(said["seconds"])
        return phase, cost

    def run(root: Path, shots: Sequence[Shot], more: Sequence[Shot]) -> Phases:
        linked(root, shots)
        yield go(root, "cold")
        yield go(root, "no-op")
        linked(root, more)
        yield go(root, f"+{len(more)} photos")
        few = (*more, *shots)[: _SAMPLE * len(more)]
        linked(root / "few", few)
        findings.sampled = len(few)
        yield go(root / "few", SAMPLED)

    return run


def linked(root: Path, shots: Sequence[Shot]) -> Path:
    for shot in shots:
        link(shot.file, root / "originals" / shot.name)
    return root / "originals"


OTHERS: Mapping[str, type[Site]] = {
    "sigal": Sigal,
    "photos": Photos,
    "image-process": ImageProcess,
    "hugo": Hugo,
}


def with_pictures(peers: Sequence[Peer], findings: Findings) -> dict[str, Run]:
    """Who makes pictures, by name."""
    own = {
        "Pillow's defaults": bare("default"),
        "bare loop": bare("same"),
        "ours": site_contender(Ours, PYTHON, findings),
        "bare loop, as shipped": bare("shipped"),
        "our renditions, as shipped": renditions("shipped", findings),
        "ours, as shipped": site_contender(Shipped, PYTHON),
    }
    others = {
        peer.name: sharp(peer)
        if peer.name == "sharp"
        else site_contender(OTHERS[peer.name], peer.program)
        for peer in peers
    }
    return {**own, **others}


def with_pages(peers: Sequence[Peer], findings: Findings) -> dict[str, Run]:
    """Who writes pages, by name."""
    others = {peer.name: peer.program for peer in peers if peer.name == "hugo"}
    return {
        "ours": pages_contender(Ours, PYTHON, findings),
        "Pelican": pages_contender(Articles, PYTHON, findings),
        **{name: pages_contender(Hugo, program, findings) for name, program in others.items()},
    }
