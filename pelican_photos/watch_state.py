"""What a watch remembers from one look to the next; survives restarts.

A machine's own note, ``.photos/watch.json``.  One that is broken or lost costs one early look.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pelican_photos import atomic
from pelican_photos.cadence import Tier

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The last look at a source, and when the next one is due."""

    last_check: datetime = _LONG_AGO
    next_check: datetime = _LONG_AGO
    tier: Tier = Tier.DAILY
    errors: int = 0  # in a row
    behind: bool = False  # pages came that no build or publish has shown yet

    def wait(self, now: datetime) -> timedelta:
        """How long until the next look: none when it is due, and never more than was planned.

        A clock that was put back since the last look says nothing of how long ago that was: the
        whole wait begins anew, by ``restarted``.
        """
        planned = self.next_check - self.last_check
        return max(timedelta(0), min(self.next_check - now, planned))

    def restarted(self, now: datetime) -> "State":
        """Give the state by a clock that was put back: as if the last look were now."""
        return State(
            last_check=now,
            next_check=now + (self.next_check - self.last_check),
            tier=self.tier,
            errors=self.errors,
            behind=self.behind,
        )


def read_state(file: Path) -> State:
    """Read the state; a broken or missing file is as none."""
    try:
        said = json.loads(file.read_text("utf-8"))
        state = State(
            last_check=_moment(said["last_check"]),
            next_check=_moment(said["next_check"]),
            tier=Tier[said["tier"]],
            errors=max(0, int(said["errors"])),
            behind=said["behind"] is True,
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return State()
    # A look that is due before the last one, or in weeks, nobody ever planned.
    planned = state.next_check - state.last_check
    return state if timedelta(0) <= planned <= timedelta(days=7) else State(behind=state.behind)


def write_state(file: Path, state: State) -> None:
    """Write the state in one step.

    Raises:
        PhotosError: the disk is full, or the folder cannot be written.
    """
    said = {
        "last_check": state.last_check.isoformat(timespec="seconds"),
        "next_check": state.next_check.isoformat(timespec="seconds"),
        "tier": state.tier.name,
        "errors": state.errors,
        "behind": state.behind,
    }
    atomic.make_private(file.parent)
    atomic.write_bytes(file, f"{json.dumps(said, indent=1)}\n".encode())


def _moment(text: Any) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
