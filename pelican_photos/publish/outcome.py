"""What came of a publish, for people: its lines beforehand, and its closing sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pelican_photos.publish.objects import Change, Reason
from pelican_photos.publish.plan import Plan, in_words
from pelican_photos.publish.price import Price, price_of

_VERBS = {Reason.HEADERS: "repair", Reason.MOVED: "copy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The numbers of a publish, over all its buckets."""

    uploaded: int
    repaired: int  # headers set right within the server
    moved: int  # copied within the server, from another name
    deleted: int
    unchanged: int
    stale: int  # ours, not wanted any more, and still there
    resting: int  # likewise, until their grace is over
    sent: int  # bytes
    missing: tuple[str, ...]  # originals that are neither here nor in the bucket
    dry_run: bool
    site_elsewhere: bool  # PHOTOS_SITE_BUCKET is not set
    price: Price

    @property
    def exit_status(self) -> int:
        """1 while a page of the site has no original."""
        return 1 if self.missing else 0

    def __str__(self) -> str:
        would = "would be " if self.dry_run else ""
        parts = [
            f"{self.uploaded:,} {would}uploaded ({in_words(self.sent)})",
            f"{self.moved:,} {would}copied within the bucket" if self.moved else "",
            f"{self.repaired:,} {would}repaired" if self.repaired else "",
            f"{self.deleted:,} {would}deleted" if self.deleted else "",
            f"{self.stale:,} stale and kept (--delete removes them)" if self.stale else "",
            f"{self.resting:,} stale and kept for a while" if self.resting else "",
            f"{self.unchanged:,} unchanged",
        ]
        return "; ".join([", ".join(part for part in parts if part), *self._remarks()])

    def _remarks(self) -> Iterator[str]:
        if self.missing:
            shown = ", ".join(self.missing[:3]) + (", …" if len(self.missing) > 3 else "")
            yield (
                f"originals that are neither here nor in the bucket: {len(self.missing):,}"
                f" ({shown}); import them again, or publish from the machine that has them"
            )
        if self.dry_run:
            yield f"about {self.price}"
        if self.site_elsewhere:
            yield "the site itself is deployed elsewhere, as PHOTOS_SITE_BUCKET is not set"


def outcome_of(
    plans: Sequence[Plan], *, deleted: bool, dry_run: bool, site_elsewhere: bool
) -> Outcome:
    """Add up plans that were carried out, or would be."""
    changes = [change for plan in plans for change in plan.changes]
    stale = sum(len(plan.stale) for plan in plans)
    return Outcome(
        uploaded=sum(len(plan.uploads) for plan in plans),
        repaired=_count(changes, Reason.HEADERS),
        moved=_count(changes, Reason.MOVED),
        deleted=stale if deleted else 0,
        unchanged=sum(plan.unchanged for plan in plans),
        stale=0 if deleted else stale,
        resting=sum(len(plan.resting) for plan in plans),
        sent=sum(plan.size for plan in plans),
        missing=tuple(key for plan in plans for key in plan.missing),
        dry_run=dry_run,
        site_elsewhere=site_elsewhere,
        price=price_of(plans),
    )


def _count(changes: Sequence[Change], reason: Reason) -> int:
    return sum(change.reason is reason for change in changes)


def lines_of(plan: Plan, *, delete: bool) -> Iterator[str]:
    """Say each change of a plan in a line, in the order in which it would be made."""
    for change in plan.changes:
        verb = _VERBS.get(change.reason, "upload")
        source = f": {change.source}" if change.source else ""
        yield f"  {verb} {change.key} ({in_words(change.size)}): {change.reason}{source}"
    for key in plan.stale:
        yield f"  {'delete' if delete else 'stale, kept:'} {key}"
    for key in plan.resting:
        yield f"  stale, kept for a while: {key}"
    for key in plan.missing:
        yield f"  missing: {key}"
