"""A publish in a process of its own, which a signal ends in the midst of its requests.

It is forked: what it needs is loaded already, and it begins at once.
"""

import os
import signal
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from invoke import Exit

from pelican_photos.publish import Options, publish
from pelican_photos.terminal import display


@dataclass(frozen=True)
class Ended:
    """How it ended: as a shell would say it (-9 is killed), and what it said."""

    status: int
    complaints: str


def publish_until(
    site, server, number: int, *, sign: int = signal.SIGKILL, later: float = 0, delete: bool = False
) -> Ended:
    """Publish in a fork, and send it a signal when the server sees the n-th request from now.

    ``later`` are seconds from then on.  What was being sent is still carried out.
    """
    heard, seen = server.on_request, 0
    with tempfile.TemporaryDirectory() as folder:
        complaints = Path(folder, "stderr")
        child = _forked(lambda: _publish(site, server.url, delete=delete), complaints)

        def count(request) -> None:
            nonlocal seen
            seen += 1
            if seen == number:
                threading.Timer(later, os.kill, (child, sign)).start()
            heard(request)

        server.on_request = count
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        finally:
            server.on_request = heard
        return Ended(status, complaints.read_text("utf-8"))


def _forked(run: Callable[[], int], complaints: Path) -> int:
    complaints.touch()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the server's, not needed
        child = os.fork()
    if child:
        return child
    status = 1
    try:
        # Python's own streams are pytest's.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - until the end
        sys.stderr = complaints.open("w", buffering=1)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        status = run()
    except BaseException:  # noqa: BLE001 - the test shows it
        traceback.print_exc()
    finally:
        os._exit(status)


def _publish(site, url: str, *, delete: bool) -> int:
    """Publish as the task does; gives the status."""
    try:
        with display() as shown:
            outcome = publish(
                site.settings(s3_endpoint=url),
                site.originals(),
                Options(delete=delete),
                confirm=lambda _: True,
                say=shown.say,
                progress=shown.advance,
            )
            return outcome.exit_status
    except Exit as ended:
        return ended.code
