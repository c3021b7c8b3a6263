"""What an import did, in one sentence and in numbers.  Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Outcome = Literal[
    "new",
    "completed",
    "merged",
    "unchanged",
    "pending",
    "gone",
    "deleted",
    "ambiguous",
    "unreadable",
]

_ORDER: tuple[Outcome, ...] = get_args(Outcome)
_NO_NEWS = ("unchanged", "merged")
_INCOMPLETE = {"pending", "unreadable", "ambiguous"}
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
    # Of each post, by page: the keys that took upstream's value, and sentences on those that
    # their owner keeps.
    merged: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    kept: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    posterless: int = 0  # films that came without a poster, and got none
    absent: dict[str, str] = field(default_factory=dict)  # by address: asked for, and not there
    notes: list[str] = field(default_factory=list)  # what a person should know besides

    def add(self, uid: str, outcome: Outcome, reason: str = "") -> Outcome:
        """Note what became of a post; the last word counts, but "unchanged" is no news."""
        if outcome in _NO_NEWS and self.outcomes.get(uid) in ("new", "completed"):
            outcome = self.outcomes[uid]
        self.outcomes[uid] = outcome
        self.reasons.pop(uid, None)
        if reason:
            self.reasons[uid] = reason
        return outcome

    def lines(self) -> Iterator[str]:
        """Say what a person may want to look after, a line each."""
        yield from (f"{self.outcomes[uid]}: {uid}: {why}" for uid, why in self.reasons.items())
        yield from (f"not there: {address}: {why}" for address, why in self.absent.items())
        yield from (f"comments of {uid}: {why}" for uid, why in self.uncommented.items())
        for pages in self.kept.values():
            yield from (f"{page}: {said}" for page, all_said in pages.items() for said in all_said)
        if self.posterless:
            films = "1 film has" if self.posterless == 1 else f"{self.posterless:,} films have"
            yield f"{films} no poster: `invoke doctor` says what to do"
        yield from self.notes

    def as_data(self, page_of: Callable[[str], str]) -> dict[str, Any]:
        """Give everything as JSON takes it; posts that did not change are only counted.

        ``page_of`` names the page of a Uid; "" where there is none.
        """
        posts: dict[str, list[dict[str, str]]] = {}
        for uid, outcome in self.outcomes.items():
            if outcome != "unchanged":
                said = {"uid": uid, "page": page_of(uid), "why": self.reasons.get(uid, "")}
                posts.setdefault(outcome, []).append({k: v for k, v in said.items() if v})
        return {
            "sentence": str(self),
            "complete": not self.incomplete,
            "unchanged": self.count("unchanged"),
            "posts": posts,
            "merged": self.merged,
            "kept": self.kept,
            "without_comments": self.uncommented,
            "not_there": self.absent,
            "without_poster": self.posterless,
            "notes": self.notes,
        }

    @property
    def incomplete(self) -> bool:
        """Whether something that was asked for is missing."""
        return bool(self.absent or self.may_be_completed)

    @property
    def may_be_completed(self) -> bool:
        """Whether the same run may go better another time."""
        return bool(self.uncommented or _INCOMPLETE & set(self.outcomes.values()))

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
        if self.kept:
            parts.append(f"{len(self.kept)} with edits of yours kept")
        total = len(self.outcomes)
        posts = f"{total:,} post" + ("" if total == 1 else "s")
        if self.absent:
            parts.append(f"{len(self.absent)} not there")
        return f"{posts}: {', '.join(parts)}" if parts else "no posts"
