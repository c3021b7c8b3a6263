"""Runs contenders in turn, again and again, and keeps what each phase cost."""

import random
import shutil
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from building.contenders import Phases, Run
from building.peers import PACKAGES
from building.process_tree import Cost, Failed
from building.site import Shot

Costs = dict[str, list[Cost]]  # by phase
# Who is held against whom runs one after the other: how much a second of CPU time does may change
# within minutes, where the machine is shared.
_TOGETHER = (("ours", "sigal"), ("our renditions, as shipped", "bare loop, as shipped"))


class Results:
    """The costs of every contender, by name and phase, a value for each round."""

    def __init__(self) -> None:
        self.costs: dict[str, Costs] = {}
        self.rounds = 0  # that are whole
        self.stopped = False  # by Ctrl-C

    def stop(self) -> None:
        """Keep what whole rounds have measured."""
        self.stopped = True
        kept = {
            name: {phase: each[: self.rounds] for phase, each in costs.items()}
            for name, costs in self.costs.items()
        }
        self.costs = kept if self.rounds else {}

    def note(self, name: str, phase: str, cost: Cost) -> None:
        self.costs.setdefault(name, {}).setdefault(phase, []).append(cost)

    def has(self, name: str, phase: str) -> bool:
        return phase in self.costs.get(name, {})

    def median(self, name: str, phase: str, what: str) -> float:
        values: list[float] = [getattr(each, what) for each in self.costs[name][phase]]
        return statistics.median(values)

    def ratio(self, name: str, other: str, phase: str, what: str = "cpu") -> float:
        """Compare two contenders within each round; the median of that."""
        pairs = zip(self.costs[name][phase], self.costs[other][phase], strict=True)
        ratios: list[float] = [getattr(a, what) / getattr(b, what) for a, b in pairs]
        return statistics.median(ratios)

    def peak(self, name: str) -> float:
        return max(each.memory for costs in self.costs[name].values() for each in costs)


def compete(
    contenders: Mapping[str, Run],
    shots: Sequence[Shot],
    more: Sequence[Shot],
    folder: Path,
    rounds: int,
) -> Results:
    """Let all run in each round, in an order drawn by lot; see ``in_turn``.

    A peer that fails is left out from then on, and that is said.  Ctrl-C ends it after the last
    round that was whole.

    Raises:
        Failed: it was no peer, but ours or what ours is held against.
    """
    results, running = Results(), dict(contenders)
    try:
        for number in range(rounds):
            for name in in_turn(running):
                root = folder / f"{number}-{name.replace(' ', '-').replace(',', '')}"
                root.mkdir()
                try:
                    _run(name, running[name](root, shots, more), results)
                except Failed as failure:
                    if name not in PACKAGES:
                        raise
                    print(f"{name}: left out: {failure}", flush=True)
                    results.costs.pop(name, None)
                    del running[name]
                shutil.rmtree(root)
            results.rounds += 1
    except KeyboardInterrupt:
        results.stop()
    return results


def _run(name: str, phases: Phases, results: Results) -> None:
    for phase, cost in phases:
        results.note(name, phase, cost)
        print(f"  {results.rounds + 1}. {name}, {phase}: {said(cost)}", flush=True)


def in_turn(names: Iterable[str]) -> list[str]:
    """Draw an order by lot in which those that are held against each other are neighbours."""
    alone = {name: (name,) for name in names}
    groups = {name: pair for pair in _TOGETHER if alone.keys() >= set(pair) for name in pair}
    drawn = list({**alone, **groups}.values())
    random.shuffle(drawn)
    return [name for group in dict.fromkeys(drawn) for name in random.sample(group, len(group))]


def said(cost: Cost) -> str:
    return f"{cost.cpu:.2f} CPU s, {cost.wall:.2f} s, {cost.memory:.0f} MB"
