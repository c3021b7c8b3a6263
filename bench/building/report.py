"""Numbers as people read them: tables, and a line for each target."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from building.contenders import PHASES
from building.rounds import Results

_NONE = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A number beside what it should at most be."""

    name: str
    value: float
    target: float

    @property
    def met(self) -> bool:
        return self.value <= self.target

    def __str__(self) -> str:
        met = "ok" if self.met else "SHORT"
        return f"{self.name}: {self.value:.3g} (target ≤ {self.target:g}) {met}"


def table(results: Results, against: str) -> list[list[str]]:
    """Give a row for each contender, the dearest last; ``against`` is whose ratio is given."""
    phases = [phase for phase in PHASES if any(results.has(name, phase) for name in results.costs)]
    head = [
        "",
        "cold, CPU s",
        f"of {against}",
        "wall s",
        *(f"{each}, CPU s" for each in phases[1:]),
    ]
    rows = [[*head, "peak MB", "written MB"]]
    for name in sorted(results.costs, key=lambda name: results.median(name, "cold", "cpu")):
        ratio = results.ratio(name, against, "cold")
        row = [name, _cpu(results, name, "cold"), f"{ratio:.2f}"]
        row.append(f"{results.median(name, 'cold', 'wall'):.1f}")
        row += [_cpu(results, name, phase) for phase in phases[1:]]
        written = results.median(name, "cold", "written")
        rows.append([*row, f"{results.peak(name):.0f}", _or_dash(written)])
    return rows


def _cpu(results: Results, name: str, phase: str) -> str:
    if not results.has(name, phase):
        return _NONE
    value = results.median(name, phase, "cpu")
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _or_dash(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.0f}"


def plain(rows: Sequence[Sequence[str]]) -> str:
    """Set a table in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )
    return "\n".join(lines)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Set a table as Markdown."""
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" + "|---:" * (len(rows[0]) - 1) + "|", *others])


def verdict_lines(verdicts: Iterable[Verdict], *, as_markdown: bool) -> str:
    return "\n".join(f"* {each}" if as_markdown else str(each) for each in verdicts)
