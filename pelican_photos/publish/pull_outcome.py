"""What a pull would do, did, or found, for people. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pelican_photos.publish.plan import in_words
from pelican_photos.publish.pull_plan import Act

_VERBS = {
    Act.FETCH: "fetch",
    Act.REPAIR: "repair",
    Act.UNCOVER: "replace",
    Act.BESIDE: "keep, with the bucket's beside it:",
}
_DONE = {
    Act.FETCH: "fetched",
    Act.REPAIR: "repaired",
    Act.UNCOVER: "replaced by the untouched file",
    Act.BESIDE: "kept as changed here, with the bucket's version beside",
}
_LACKING = (Act.MISSING, Act.FOREIGN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be done about one original."""

    key: str
    act: Act
    size: int = 0  # bytes to fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class PullOutcome:
    """What came of a pull, over all originals that the pages name."""

    verdicts: Sequence[Verdict]
    failed: Sequence[str] = ()  # sentences: what could not be brought, or not be compared
    undone: int = 0  # of the verdicts that fetch, those that failed, or were not begun
    received: int = 0  # bytes
    unvouched: int = 0  # fetched without a digest to compare with
    unnamed: int = 0  # originals in the bucket that no page here names
    dry_run: bool = False
    verify: bool = False

    @property
    def exit_status(self) -> int:
        """1 while something is lacking or could not be looked at; 3 for drift, when verifying."""
        if self.failed or (not self.verify and self._count(*_LACKING)):
            return 1
        drift = len(self.verdicts) - self._count(Act.FINE)
        return 3 if self.verify and drift else 0

    def lines(self) -> Iterator[str]:
        """Say in a line each what is not as in the bucket."""
        for verdict in self.verdicts:
            if verdict.act.fetches and not self.verify:
                size = in_words(verdict.size)
                yield f"  {_VERBS[verdict.act]} {verdict.key} ({size}): {verdict.act}"
            elif verdict.act is not Act.FINE:
                yield f"  {verdict.key}: {verdict.act}"

    def __str__(self) -> str:
        parts = self._found() if self.verify else self._done()
        return "; ".join([", ".join(parts), *self._remarks()])

    def _done(self) -> Iterator[str]:
        would = "would be " if self.dry_run else ""
        fetches = [verdict for verdict in self.verdicts if verdict.act.fetches]
        counts = Counter(verdict.act for verdict in fetches)
        size = sum(verdict.size for verdict in fetches) if self.dry_run else self.received
        if self.undone:
            brought = len(fetches) - self.undone
            yield f"{brought:,} of {len(fetches):,} brought ({in_words(size)})"
        else:
            yield f"{counts[Act.FETCH]:,} {would}{_DONE[Act.FETCH]} ({in_words(size)})"
            for act in (Act.REPAIR, Act.UNCOVER, Act.BESIDE):
                if counts[act]:
                    yield f"{counts[act]:,} {would}{_DONE[act]}"
        yield f"{self._count(Act.FINE, Act.OVERWRITTEN):,} as they were"

    def _found(self) -> Iterator[str]:
        for act, count in Counter(verdict.act for verdict in self.verdicts).items():
            if act is not Act.FINE:
                yield f"{count:,} {act}"
        yield f"{self._count(Act.FINE):,} the same here and in the bucket"

    def _remarks(self) -> Iterator[str]:
        if self.failed:
            more = f" (and {len(self.failed) - 1:,} more like it)" if len(self.failed) > 1 else ""
            yield f"{self.failed[0]}{more}"
        if self.undone:
            yield "the next pull goes on from here"
        if not self.verify:
            yield from self._lacking()
        if count := self._count(Act.UNSURE):
            yield f"{count:,} left as they are, as without the manifest nothing tells more"
        if self.unvouched:
            yield f"{self.unvouched:,} fetched twice alike, as no digest vouches for them"
        if self.unnamed:
            yield f"{self.unnamed:,} originals in the bucket are named by no page here"

    def _lacking(self) -> Iterator[str]:
        for act, advice in (
            (Act.MISSING, "publish from the machine that has them, or import them again"),
            (Act.FOREIGN, "publish from a machine that has them"),
        ):
            keys = [verdict.key for verdict in self.verdicts if verdict.act is act]
            if keys:
                shown = ", ".join(keys[:3]) + (", …" if len(keys) > 3 else "")
                yield f"{len(keys):,} lacking, {act} ({shown}); {advice}"
        if count := self._count(Act.ONLY_HERE, Act.OVERWRITTEN):
            yield f"{count:,} are here alone until the next publish"

    def _count(self, *acts: Act) -> int:
        return sum(verdict.act in acts for verdict in self.verdicts)
