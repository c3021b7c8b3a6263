"""A headless Chromium, driven through two pipes by its own protocol: no port, no library.

With ``--remote-debugging-pipe`` Chromium reads commands from its file 3 and writes answers
and events to its file 4: JSON, each followed by a zero byte.  The methods and their words are
those of the DevTools protocol, https://chromedevtools.github.io/devtools-protocol/.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any, BinaryIO, Self

from pelican_photos.errors import PhotosError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --hide-scrollbars --no-first-run --mute-audio"
    " --remote-debugging-pipe --disable-background-networking --disable-component-update"
    " --disable-sync"
).split()
_PATIENCE = 60  # seconds for one answer
_PIECE = 2**16  # bytes
_HIGH = 10  # a file number beyond those that a program begins with

# A picture that is fetched lazily is there a little after the page is.  Gives the address of one
# that did not come.
_PAINTED = """
(async () => {
  const seen = [...document.images].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && box.top < innerHeight;
  });
  await Promise.all(seen.map((each) => each.decode().catch(() => "not a picture")));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return seen.find((each) => !each.naturalWidth)?.currentSrc ?? "";
})()
"""


def find_chromium() -> str:
    """Find the browser.

    Raises:
        PhotosError: there is none.
    """
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    raise PhotosError("Chromium is not installed; on Debian: apt-get install chromium")


class Chromium:
    """One browser with one window, to be used by one thread.

    Raises:
        PhotosError: from every method, when the browser refuses, ends, or is silent for too long.
    """

    def __init__(self, commands: BinaryIO, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._unread = b""
        self._count = 0
        self._session: dict[str, str] = {}
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        self._ask("Page.enable")

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Start a browser with an empty profile, and end it."""
        with ExitStack() as stack:
            profile = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="photostream-", ignore_cleanup_errors=True)
            )
            theirs_in, commands = _high_pipe()
            answers, theirs_out = _high_pipe()
            stack.callback(os.close, answers)
            words = [find_chromium(), *_FLAGS, f"--user-data-dir={profile}"]
            ends = [(os.POSIX_SPAWN_DUP2, theirs_in, 3), (os.POSIX_SPAWN_DUP2, theirs_out, 4)]
            quiet = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
            number = os.posix_spawn(words[0], words, os.environ, file_actions=[*ends, quiet])
            stack.callback(_end, number)
            os.close(theirs_in)
            os.close(theirs_out)
            yield cls(stack.enter_context(os.fdopen(commands, "wb", buffering=0)), answers)

    def picture(self, url: str, *, width: int, height: int, scale: int, dark: bool) -> bytes:
        """Open an address in a window of so many CSS pixels, and give a PNG of what it shows."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        opened = self._ask("Page.navigate", url=url)
        if "errorText" in opened:
            raise PhotosError(f"Chromium could not open {url}: {opened['errorText']}")
        self._read(lambda message: message.get("method") == "Page.loadEventFired")
        painted = self._ask(
            "Runtime.evaluate", expression=_PAINTED, awaitPromise=True, returnByValue=True
        )
        if missing := painted["result"].get("value"):
            raise PhotosError(f"a picture of {url} is missing: {missing}")
        taken = self._ask("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])

    def _ask(self, method: str, **words: Any) -> Any:
        self._count += 1
        number = self._count
        message = {"id": number, "method": method, "params": words, **self._session}
        try:
            self._commands.write(json.dumps(message).encode() + b"\0")
        except OSError as error:
            raise PhotosError(f"Chromium ended: {error.strerror}") from error
        answer = self._read(lambda message: message.get("id") == number)
        if "error" in answer:
            raise PhotosError(f"Chromium refused {method}: {answer['error'].get('message')}")
        return answer["result"]

    def _read(self, wanted: Any) -> Any:
        """Read up to the first message that is wanted; the others are of no interest."""
        end = monotonic() + _PATIENCE
        while True:
            while b"\0" not in self._unread:
                self._unread += self._piece(end - monotonic())
            first, _, self._unread = self._unread.partition(b"\0")
            message = json.loads(first)
            if wanted(message):
                return message

    def _piece(self, patience: float) -> bytes:
        ready, _, _ = select.select([self._answers], [], [], max(patience, 0))
        if not ready:
            raise PhotosError(f"Chromium did not answer for {_PATIENCE} seconds")
        piece = os.read(self._answers, _PIECE)
        if not piece:
            raise PhotosError("Chromium ended before it had answered")
        return piece


def _end(process: int) -> None:
    os.kill(process, signal.SIGTERM)
    os.waitpid(process, 0)


def _high_pipe() -> tuple[int, int]:
    """Make a pipe whose two ends are surely neither file 3 nor 4, which are to be made of them."""
    ends = []
    for low in os.pipe():
        ends.append(fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, _HIGH))
        os.close(low)
    return ends[0], ends[1]
