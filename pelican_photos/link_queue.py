"""What a queue of links remembers between runs, in a machine's own notes.

Which posts are gone, and how many were asked for in the last 24 hours.  Instagram counts
requests by account and address, so all queues of a machine share one count.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pelican_photos import atomic
from pelican_photos.pauses import now_in_utc, shown

_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Left:
    """What a run left for later ones; ``opens`` is when they may go on, None when at once."""

    count: int
    opens: datetime | None = None

    def __str__(self) -> str:
        """Say it in half a sentence: "3,790 links left, to go on with after 14:05"."""
        links = f"{self.count:,} link" + ("" if self.count == 1 else "s")
        when = f", to go on with after {shown(self.opens)}" if self.opens and self.count else ""
        return f"{links} left{when}"


class QueueState:
    """The notes of one queue, written down before each step, so that no stop loses any.

    Args:
        folder: where the notes are kept.
        kind: what the links are: "liked", "saved".
        per_day: requests that all queues together may make in any 24 hours.
        clock: gives the time.
    """

    def __init__(
        self,
        folder: Path,
        kind: str,
        *,
        per_day: int,
        clock: Callable[[], datetime] = now_in_utc,
    ) -> None:
        self._file = folder / f"queue-{kind}.json"
        self._spent = folder / "queue-requests.json"
        self._per_day = per_day
        self._clock = clock
        gone = _read(self._file).get("gone")
        notes = gone.items() if isinstance(gone, Mapping) else ()
        self._gone = {code: reason for code, reason in notes if isinstance(reason, str)}

    @property
    def per_day(self) -> int:
        """How many requests fit into 24 hours."""
        return self._per_day

    @property
    def gone(self) -> Mapping[str, str]:
        """The shortcodes behind which there is no post any more, each with the reason."""
        return self._gone

    def note_gone(self, code: str, reason: str) -> None:
        """Remember that a post is deleted or private."""
        self._write_gone({**self._gone, code: reason})

    def forget_gone(self, code: str) -> None:
        """Forget it, as the post is there again."""
        if code in self._gone:
            self._write_gone({key: why for key, why in self._gone.items() if key != code})

    @property
    def budget(self) -> int:
        """How many requests may still be made now."""
        return max(0, self._per_day - len(self._asked()))

    @property
    def opens(self) -> datetime | None:
        """When the next request may be made; None when at once."""
        asked = self._asked()
        return asked[-self._per_day] + _DAY if len(asked) >= self._per_day else None

    def spend(self) -> None:
        """Count one request, before it is made."""
        times = [*self._asked(), self._clock()]
        _write(self._spent, {"asked": [moment.isoformat() for moment in times]})

    def _asked(self) -> list[datetime]:
        """List when requests were made in the last 24 hours, the oldest first.

        A time beyond tomorrow was noted by a clock that went wrong, and would block for ever.
        """
        now = self._clock()
        noted = _read(self._spent).get("asked")
        moments = map(_moment, noted if isinstance(noted, list) else ())
        return sorted(m for m in moments if m is not None and now - _DAY < m < now + _DAY)

    def _write_gone(self, gone: dict[str, str]) -> None:
        _write(self._file, {"gone": gone})
        self._gone = gone


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _read(file: Path) -> Mapping[str, Any]:
    """Read a note; a lost or broken one costs requests, and nothing else."""
    try:
        note = json.loads(file.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return note if isinstance(note, Mapping) else {}


def _write(file: Path, note: Mapping[str, Any]) -> None:
    atomic.write_bytes(file, json.dumps(note, indent=1).encode())
