"""What an import did, in one sentence and in numbers.  Pure."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["new", "completed", "unchanged", "pending", "gone", "deleted", "unreadable"]

_ORDER: tuple[Outcome, ...] = (
    *("new", "completed", "unchanged", "pending", "gone", "deleted", "unreadable"),
)
_WORDS = {
    "gone": "gone upstream",
    "deleted": "deleted by you and left so",
    "unreadable": "not understood",
}


@dataclass(slots=True)
class Report:
    """The outcome of each post of a run, by Uid, and a reason for what is missing."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    opened: int = 0  # posts that were not known before, whatever became of them
    commented: int = 0  # posts with new comments
    uncommented: dict[str, str] = field(default_factory=dict)  # why comments are missing, by Uid

    def add(self, uid: str, outcome: Outcome, reason: str = "") -> Outcome:
        """Note what became of a post; the last word counts, but "unchanged" is no news."""
        if outcome == "unchanged" and self.outcomes.get(uid) in ("new", "completed"):
            outcome = self.outcomes[uid]
        self.outcomes[uid] = outcome
        self.reasons.pop(uid, None)
        if reason:
            self.reasons[uid] = reason
        return outcome

    @property
    def incomplete(self) -> bool:
        """Whether something is still missing that another run may bring."""
        return bool(self.uncommented or {"pending", "unreadable"} & set(self.outcomes.values()))

    def count(self, outcome: Outcome) -> int:
        """Count the posts that ended so."""
        return sum(found == outcome for found in self.outcomes.values())

    def __str__(self) -> str:
        """Say it in one sentence: "26 posts: 24 new, 1 unchanged, 1 pending"."""
        counts = Counter(self.outcomes.values())
        parts = [f"{counts[o]} {_WORDS.get(o, o)}" for o in _ORDER if counts[o]]
        if self.commented:
            parts.append(f"{self.commented} with new comments")
        if self.uncommented:
            parts.append(f"{len(self.uncommented)} without their comments")
        total = len(self.outcomes)
        posts = f"{total:,} post" + ("" if total == 1 else "s")
        return f"{posts}: {', '.join(parts)}" if parts else "no posts"
