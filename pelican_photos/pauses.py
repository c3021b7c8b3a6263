"""When a source that sent us away may be asked again; survives restarts.

A machine's own note, in ``.photos/``: another machine has another address, and the
source counts by address.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pelican_photos import atomic
from pelican_photos.cadence import back_off
from pelican_photos.errors import RateLimited


def now_in_utc() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


class Pause:
    """The pause of one source, in one small file."""

    def __init__(self, file: Path, clock: Callable[[], datetime] = now_in_utc) -> None:
        self._file = file
        self._clock = clock

    def check(self) -> None:
        """Let a run begin, unless the source asked us to stay away a while longer.

        Raises:
            RateLimited: with the time to come back.
        """
        retry_at, _ = self._read()
        if self._clock() < retry_at:
            raise RateLimited(
                f"Instagram asked for a pause; run again after {shown(retry_at)}",
                retry_at,
            )

    def refused(self, error: RateLimited) -> RateLimited:
        """Note a refusal; gives it back with the time to come back, longer after each."""
        _, refusals = self._read()
        retry_at = self._clock() + back_off(refusals + 1)
        retry_at = max(retry_at, error.retry_at or retry_at)
        note = {"retry_at": retry_at.isoformat(timespec="seconds"), "refusals": refusals + 1}
        atomic.write_bytes(self._file, json.dumps(note).encode())
        return RateLimited(f"{error}; run again after {shown(retry_at)}", retry_at)

    def clear(self) -> None:
        """Forget earlier refusals, as the source answers again."""
        self._file.unlink(missing_ok=True)

    def _read(self) -> tuple[datetime, int]:
        try:
            note = json.loads(self._file.read_text())
            return datetime.fromisoformat(note["retry_at"]), int(note["refusals"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):  # a lost note costs a request
            return datetime.min.replace(tzinfo=UTC), 0


def shown(moment: datetime) -> str:
    """Say a time as the clock on the wall does; with the day, unless it is today."""
    local = moment.astimezone()
    today = local.date() == datetime.now().astimezone().date()
    return f"{local:%H:%M}" if today else f"{local:%H:%M on %d %B}"
